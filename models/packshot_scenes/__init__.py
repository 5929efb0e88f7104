"""Photoreal training scenes with exact alpha, rendered by Blender's Cycles as a Python module.

Only training uses this package; it needs `bpy`, `OpenEXR`, `numpy` and `pillow`, and nothing of Packshot's own.

- `assets`: what there is to render, told apart by kind; what is held out for measuring
- `blender`: the few things asked of Blender: an empty scene, materials, imports, a rendered picture
- `subjects`: what the picture is about; every part of it is labelled
- `surroundings`: ground, wall, lower-ranked things, light and what throws shadows
- `camera`: where the picture is taken from, and how the sensor's light becomes 8 bit
- `scenes`: one scene from a seed
"""

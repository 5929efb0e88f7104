"""The few things that are asked of Blender."""
from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from mathutils import Vector


@contextmanager
def quiet():
    """Blender prints from C++: both standard streams are closed while it works."""
    kept = os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1), os.dup2(nothing, 2)
    try:
        yield
    finally:
        for fd, old in zip((1, 2), kept):
            os.dup2(old, fd), os.close(old)
        os.close(nothing)


def empty_scene(side: int, samples: int, denoise: bool, threads: int):
    """A new scene for pictures of `side` x `side` with coverage by object."""
    with quiet():
        bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("world")
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.use_adaptive_sampling, cycles.use_denoising = "CPU", samples, False, denoise
    if denoise:
        cycles.denoiser, cycles.denoising_input_passes, cycles.denoising_prefilter = "OPENIMAGEDENOISE", "RGB_ALBEDO_NORMAL", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 4, 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect, cycles.blur_glossy = 4, 1
    render = scene.render
    render.resolution_x = render.resolution_y = side
    render.use_persistent_data, render.threads_mode, render.threads = True, "FIXED", threads
    layer = scene.view_layers[0]
    layer.use_pass_cryptomatte_object, layer.pass_cryptomatte_depth = True, 4
    image = render.image_settings
    image.media_type, image.file_format = "MULTI_LAYER_IMAGE", "OPEN_EXR_MULTILAYER"
    image.color_depth, image.exr_codec = "32", "ZIP"
    return scene


def material(colour=(.8, .8, .8), roughness=.6, texture: Path | None = None, scale=1.0, bump=.15, glow=0.0):
    """A plain or textured surface; `glow` makes a picture shine by itself, as a wall far behind does."""
    made = bpy.data.materials.new("surface")
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = next(n for n in nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Base Color"].default_value = (*colour, 1)
    if texture is None:
        return made
    image, mapping, place = (nodes.new(f"ShaderNode{name}") for name in ("TexImage", "Mapping", "TexCoord"))
    image.image = bpy.data.images.load(str(texture), check_existing=True)
    mapping.inputs["Scale"].default_value = (scale,) * 3
    links.new(place.outputs["UV"], mapping.inputs[0])
    links.new(mapping.outputs[0], image.inputs[0])
    links.new(image.outputs[0], shader.inputs["Base Color"])
    if glow:
        links.new(image.outputs[0], shader.inputs["Emission Color"])
        shader.inputs["Emission Strength"].default_value = glow
    elif bump:
        relief = nodes.new("ShaderNodeBump")
        relief.inputs["Strength"].default_value = bump
        links.new(image.outputs[0], relief.inputs["Height"])
        links.new(relief.outputs[0], shader.inputs["Normal"])
    return made


def clear(objects) -> None:
    """Catalogue glass is a half-transparent coat; real glass refracts."""
    for slot in (s for o in objects for s in o.material_slots if s.material and s.material.use_nodes):
        for shader in (n for n in slot.material.node_tree.nodes if n.type == "BSDF_PRINCIPLED"):
            alpha = shader.inputs["Alpha"]
            if not alpha.is_linked and alpha.default_value < .9:
                alpha.default_value = 1
                shader.inputs["Transmission Weight"].default_value = 1
                shader.inputs["Roughness"].default_value = 0
                shader.inputs["IOR"].default_value = 1.45


def plane(size, location, rotation, surface):
    with quiet():
        bpy.ops.mesh.primitive_plane_add(size=size, location=location, rotation=rotation)
    made = bpy.context.object
    made.data.materials.append(surface)
    return made


def load(path: Path):
    """The root of a glTF file, its meshes, and everything that came with it."""
    before = set(bpy.data.objects)
    with quiet():
        bpy.ops.import_scene.gltf(filepath=str(path))
    new = [o for o in bpy.data.objects if o not in before]
    root = bpy.data.objects.new("root", None)
    bpy.context.scene.collection.objects.link(root)
    for o in new:
        if o.parent is None:
            o.parent = root
        for slot in getattr(o, "material_slots", []):
            if slot.material and slot.material.use_nodes:
                # A texture that was not in the file would be magenta.
                lost = [n for n in slot.material.node_tree.nodes if n.type == "TEX_IMAGE" and n.image and n.image.size[0] == 0]
                for node in lost:
                    slot.material.node_tree.nodes.remove(node)
    return root, [o for o in new if o.type == "MESH"], new


def bounds(objects) -> tuple[Vector, Vector]:
    """Lowest and highest corner of the evaluated meshes, in the world."""
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for o in objects:
        evaluated = o.evaluated_get(graph)
        mesh = evaluated.to_mesh()
        points = np.empty(len(mesh.vertices) * 3)
        mesh.vertices.foreach_get("co", points)
        evaluated.to_mesh_clear()
        if len(points):
            points = points.reshape(-1, 3) @ np.array(o.matrix_world.to_3x3()).T + np.array(o.matrix_world.translation)
            low, high = np.minimum(low, points.min(0)), np.maximum(high, points.max(0))
    return Vector(low), Vector(high)


def render(scene, path: Path, names: set[str]) -> tuple[np.ndarray, np.ndarray]:
    """Linear light (side, side, 3) and the coverage of the named objects (side, side), 0 to 1.

    Coverage is Cryptomatte's (Friedman and Jones 2015): it has the pixel filter and the depth of field of the picture.
    """
    scene.render.filepath = str(path)
    with quiet():
        bpy.ops.render.render(write_still=True)
    light, ids, layers = {}, {}, {}
    for part in OpenEXR.File(str(path), separate_channels=True).parts:
        for key, value in part.header.items():
            if "manifest" in key and isinstance(value, str):
                ids |= json.loads(value)
        for channel, values in part.channels.items():
            name = f"{part.name()}.{channel}"
            if "CryptoObject" in name:
                layers.setdefault(name.split("CryptoObject")[1][:2], {})[name[-1].lower()] = values.pixels
            elif "Combined" in name:
                light[name[-1].upper()] = values.pixels
    wanted = np.array([int(ids[n], 16) for n in names if n in ids], np.uint32)
    coverage = np.zeros(light["R"].shape, np.float32)
    for layer in layers.values():
        for who, share in (("r", "g"), ("b", "a")):
            if who in layer:
                found = np.ascontiguousarray(layer[who], np.float32).view(np.uint32)
                coverage += np.where(np.isin(found, wanted), layer[share], 0)
    return np.stack([light[c] for c in "RGB"], -1), np.clip(coverage, 0, 1)

"""What is around the subject: ground and wall, things of lower rank, light, and what throws shadows."""
from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import bpy
from mathutils import Vector

from . import blender
from .assets import Assets
from .subjects import Subject, put, recolour


@dataclass
class Wall:
    """A plane that is set up behind the subject, anew for each view."""

    surface: object
    large: bool
    plane: object = None

    def stand_behind(self, subject: Subject, azimuth: float, distance: float) -> None:
        if self.plane:
            bpy.data.objects.remove(self.plane)
        away = subject.centre - Vector((math.cos(azimuth), math.sin(azimuth), 0)) * subject.span * distance
        size = subject.span * (14 if self.large else 8)
        place = (away.x, away.y, subject.span * 2)
        self.plane = blender.plane(size, place, (math.pi / 2, 0, azimuth + math.pi / 2), self.surface)


def environment(scene, assets: Assets, rng: Random) -> None:
    """A high dynamic range panorama lights the scene from a random side."""
    scene.world.use_nodes = True
    nodes, links = scene.world.node_tree.nodes, scene.world.node_tree.links
    nodes.clear()
    place, turn, sky, strength, out = (nodes.new(f"ShaderNode{n}") for n in ("TexCoord", "Mapping", "TexEnvironment", "Background", "OutputWorld"))
    sky.image = bpy.data.images.load(str(rng.choice(assets.environments)), check_existing=True)
    turn.inputs["Rotation"].default_value[2] = rng.uniform(0, math.tau)
    strength.inputs[1].default_value = rng.uniform(.4, 1.2)
    links.new(place.outputs["Generated"], turn.inputs[0])
    links.new(turn.outputs[0], sky.inputs[0])
    links.new(sky.outputs[0], strength.inputs[0])
    links.new(strength.outputs[0], out.inputs[0])


def dress(subject: Subject, assets: Assets, rng: Random) -> tuple[str, Wall | None]:
    """Ground and wall, and what they make hard: `tone` is tone on tone, `alike` a subject textured like its ground."""
    pale = rng.uniform(.75, .95)
    sweep = (pale * rng.uniform(.95, 1), pale * rng.uniform(.95, 1), pale)
    texture, scale = rng.choice(assets.textures), rng.uniform(2, 7)
    look = rng.choices(["studio", "place", "tone", "alike"], [30, 40, 18, 12])[0]
    if look == "tone":
        dark = rng.random() < .25
        level = rng.uniform(.03, .12) if dark else pale
        sweep = (level, level * rng.uniform(.95, 1.05), level)
        if rng.random() < .6 and subject.kind not in ("worn", "glass"):
            recolour(subject, blender.material(sweep, rng.uniform(.4, .95)))
    elif look == "alike" and subject.kind not in ("worn", "glass"):
        recolour(subject, blender.material(roughness=rng.uniform(.4, .95), texture=texture, scale=rng.uniform(1, 5)))
    elif subject.kind in ("soft", "ghost") and rng.random() < .45:
        own = rng.choice(assets.textures) if rng.random() < .6 else None
        recolour(subject, blender.material(tuple(rng.random() for _ in range(3)), rng.uniform(.5, .95), own, rng.uniform(1, 4)))
    plain = look in ("studio", "tone")
    colour = sweep if look == "tone" or rng.random() < .6 else tuple(rng.random() for _ in range(3))
    ground = blender.material(colour, rng.uniform(.2, .9), None if plain else texture, scale)
    blender.plane(14 * max(1, subject.span), (0, 0, 0), (0, 0, rng.uniform(0, math.tau)), ground)
    if rng.random() > .75:
        return look, None
    if plain:
        surface = ground
    elif rng.random() < .5:
        surface = blender.material(roughness=.8, texture=rng.choice(assets.backdrops), glow=.7)
    else:
        surface = blender.material(tuple(rng.random() for _ in range(3)), .8, rng.choice(assets.textures) if rng.random() < .6 else None, rng.uniform(1, 4))
    return look, Wall(surface, rng.random() < .5)


def lesser_things(subject: Subject, assets: Assets, rng: Random, azimuth: float) -> None:
    """Things behind or beside the subject: smaller or much farther away, so that there is no doubt which is meant."""
    others = assets.of("product", "box", "thin", "furniture", "glass", "soft")
    for _ in range(rng.randint(1, 7)):
        side = azimuth + math.pi + rng.uniform(-1.4, 1.4)
        far = rng.random() < .6
        away = subject.span * (rng.uniform(2, 3.5) if far else rng.uniform(.9, 1.4))
        at = (subject.centre.x + away * math.cos(side), subject.centre.y + away * math.sin(side), 0)
        put(rng.choice(others), rng, at=at, size=subject.span * (rng.uniform(.4, 1) if far else rng.uniform(.15, .32)))


def lamps(subject: Subject, rng: Random) -> None:
    """Sometimes a lamp besides the panorama, sometimes with slats before it whose shadows cross the subject."""
    if rng.random() > .45:
        return
    from_above = Vector((rng.uniform(-3, 3), rng.uniform(-3, 3), rng.uniform(1.5, 4))) * max(1, subject.span)
    with blender.quiet():
        bpy.ops.object.light_add(type=rng.choice(["SUN", "AREA"]), location=from_above)
    lamp = bpy.context.object
    lamp.rotation_euler = (subject.centre - from_above).to_track_quat("-Z", "Y").to_euler()
    if lamp.data.type == "SUN":
        lamp.data.energy, lamp.data.angle = rng.uniform(1, 5), math.radians(rng.uniform(.3, 12))
    else:
        lamp.data.energy, lamp.data.size = rng.uniform(40, 220) * max(1, subject.span) ** 2, rng.uniform(.1, 2)
    if rng.random() < .4:
        surface, count = blender.material((.1, .1, .1)), rng.randint(2, 6)
        middle, turn = from_above.lerp(subject.centre, rng.uniform(.3, .6)), lamp.rotation_euler.copy()
        for k in range(count):
            slat = blender.plane(1, middle + Vector((0, 0, (k - count / 2) * subject.span * rng.uniform(.18, .3))), turn, surface)
            slat.scale = (subject.span * 3, subject.span * rng.uniform(.04, .12), 1)
            slat.visible_camera = slat.visible_glossy = False

"""What a picture is about. Everything of equal rank is labelled: both shoes of a pair, all mugs of a set.

Each function puts its things around the origin, on the ground z = 0 (or above it), about one unit large.
"""
from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

import bpy
from mathutils import Matrix, Vector

from . import blender
from .assets import Assets, Thing
from .labels import label

# Share of each kind of subject; what nets got wrong so far has the most.
SHARES = {"product": 16, "pair": 12, "group": 8, "ghost": 12, "worn": 15, "soft": 14, "box": 10, "glass": 6, "thin": 6, "vehicle": 5, "furniture": 6}


@dataclass
class Subject:
    """Meshes that are the subject, the box around them, and how it may be photographed."""

    kind: str
    meshes: list = field(default_factory=list)
    low: Vector = field(default_factory=lambda: Vector((math.inf,) * 3))
    high: Vector = field(default_factory=lambda: Vector((-math.inf,) * 3))
    # Lies flat: seen from above.
    flat: bool = False
    # Has a front, towards -y.
    front: bool = False
    # May be cut by the picture's edge: people from head to waist, a sleeve.
    crop: bool = False

    def add(self, placed) -> None:
        meshes, low, high = placed
        self.meshes += meshes
        self.low = Vector(map(min, self.low, low))
        self.high = Vector(map(max, self.high, high))

    @property
    def names(self) -> set[str]:
        return {o.name for o in self.meshes}

    @property
    def centre(self) -> Vector:
        return (self.low + self.high) / 2

    @property
    def span(self) -> float:
        return max(self.high - self.low)


def make(kind: str, assets: Assets, rng: Random) -> Subject:
    """A subject of one of `SHARES`' kinds."""
    return globals()[f"_{kind}"](assets, rng)


def put(thing: Thing, rng: Random, at=(0.0, 0.0, 0.0), size=1.0, turn: float | None = None, tilt=0.0):
    """Imports a thing, stands it on `at`, and gives its meshes and corners."""
    root, meshes, new = blender.load(thing.path)
    if thing.rigged:
        root.scale = (.01,) * 3
        bpy.context.view_layer.update()
        lower_arms(new, rng)
        size *= .58
    root.scale = root.scale * size
    root.rotation_euler = (tilt, 0, rng.uniform(0, math.tau) if turn is None else turn)
    low, high = blender.bounds(meshes)
    middle = (low + high) / 2
    root.location += Vector((at[0] - middle.x, at[1] - middle.y, at[2] - low.z))
    low, high = blender.bounds(meshes)
    blender.clear(meshes)
    return meshes, low, high


def lower_arms(objects, rng: Random) -> None:
    """From a T-pose to arms that hang, each by an angle of its own."""
    for armature in (o for o in objects if o.type == "ARMATURE"):
        for bone in (b for b in armature.pose.bones if b.name.endswith(("LeftArm", "RightArm"))):
            angle, best = math.radians(rng.uniform(25, 80)), None
            for sign in (1, -1):
                kept = bone.matrix.copy()
                head = armature.matrix_world @ bone.head
                turn = Matrix.Translation(head) @ Matrix.Rotation(sign * angle, 4, "Y") @ Matrix.Translation(-head)
                bone.matrix = armature.matrix_world.inverted() @ turn @ armature.matrix_world @ kept
                bpy.context.view_layer.update()
                hand = bone.children_recursive[-1].tail if bone.children_recursive else bone.tail
                height = (armature.matrix_world @ hand).z
                if best is None or height < best[0]:
                    best = height, bone.matrix.copy()
                bone.matrix = kept
                bpy.context.view_layer.update()
            bone.matrix = best[1]
            bpy.context.view_layer.update()


def recolour(subject: Subject, surface) -> None:
    for mesh in subject.meshes:
        mesh.data.materials.clear()
        mesh.data.materials.append(surface)


def _one(kind: str, thing: Thing, rng: Random, **more) -> Subject:
    subject = Subject(kind)
    subject.add(put(thing, rng, **more))
    return subject


def _product(assets: Assets, rng: Random) -> Subject:
    lies = rng.random() < .15
    tilt = rng.choice([-1, 1]) * math.pi / 2 if lies else 0
    subject = _one("product", rng.choice(assets.of("product", "shoe")), rng, tilt=tilt)
    subject.flat = lies and rng.random() < .5
    return subject


def _row(kind: str, thing: Thing, count: int, rng: Random, jitter: float) -> Subject:
    """The same thing several times, near each other, nearly parallel."""
    subject, turn = Subject(kind), rng.uniform(0, math.tau)
    first = put(thing, rng, turn=turn)
    subject.add(first)
    size = first[2] - first[1]
    along = rng.uniform(-.5, .5)
    for k in range(1, count):
        step = Vector((size.x * rng.uniform(.75, 1.25), size.y * along, 0)) * k
        subject.add(put(thing, rng, at=step, turn=turn + rng.gauss(0, jitter)))
    return subject


def _pair(assets: Assets, rng: Random) -> Subject:
    return _row("pair", rng.choice(assets.of("shoe") if rng.random() < .6 else assets.of("product", "shoe", "thin")), 2, rng, .15)


def _group(assets: Assets, rng: Random) -> Subject:
    if rng.random() < .5:
        return _row("group", rng.choice(assets.of("product", "glass", "box")), rng.randint(3, 5), rng, .4)
    subject = Subject("group")
    for k in range(rng.randint(2, 4)):
        at = (k * rng.uniform(.4, .8), rng.uniform(-.3, .3), 0)
        subject.add(put(rng.choice(assets.of("product", "glass", "box", "shoe")), rng, at=at, size=rng.uniform(.7, 1.1)))
    return subject


def _ghost(assets: Assets, rng: Random) -> Subject:
    """A garment without a body: as on an invisible mannequin, or laid flat."""
    flat = rng.random() < .35
    subject = _one("ghost", rng.choice(assets.of("wear")), rng, turn=rng.gauss(0, .3) + rng.choice([0, 0, 0, math.pi]),
                   tilt=-math.pi / 2 if flat else 0, at=(0, 0, 0 if flat else rng.choice([0, .3])))
    subject.flat, subject.front = flat, not flat
    subject.crop = rng.random() < .15
    return subject


def _worn(assets: Assets, rng: Random) -> Subject:
    subject = _one("worn", rng.choice(assets.of("person")), rng, turn=rng.uniform(-.9, .9) + rng.choice([0, 0, 0, math.pi]))
    subject.front, subject.crop = True, rng.random() < .55
    return subject


def _soft(assets: Assets, rng: Random) -> Subject:
    things = assets.of("soft")
    flat = rng.random() < .3
    subject = _one("soft", rng.choice(things), rng, tilt=rng.choice([-1, 1]) * math.pi / 2 if not flat and rng.random() < .4 else 0)
    if rng.random() < .25:
        at = (rng.uniform(.3, .9), rng.uniform(-.3, .3), 0)
        subject.add(put(rng.choice(things), rng, at=at, size=rng.uniform(.7, 1.1)))
    subject.flat = flat
    return subject


def _box(assets: Assets, rng: Random) -> Subject:
    """Cartons and books of our own, printed on each side, and those of the catalogue."""
    if rng.random() < .3:
        return _one("box", rng.choice(assets.of("box")), rng)
    subject, x = Subject("box"), 0.0
    for _ in range(1 if rng.random() < .65 else rng.randint(2, 4)):
        size = Vector((rng.uniform(.3, 1), rng.uniform(.08, .8), rng.uniform(.25, 1.1)))
        with blender.quiet():
            bpy.ops.mesh.primitive_cube_add(size=1)
        made = bpy.context.object
        made.scale = size
        made.rotation_euler = (0, 0, rng.gauss(0, .5))
        edge = made.modifiers.new("edge", "BEVEL")
        edge.width, edge.segments = rng.uniform(.003, .02), 2
        pale = rng.random() < .35
        for face in range(6):
            picture = label(rng, pale) if face in (0, 1, 3) or rng.random() < .5 else None
            colour = (rng.uniform(.8, .95),) * 3 if pale else tuple(rng.random() for _ in range(3))
            made.data.materials.append(blender.material(colour, rng.uniform(.15, .8), picture, bump=0))
            made.data.polygons[face].material_index = face
        made.location = (x, rng.uniform(-.2, .2), size.z / 2)
        x += size.x * rng.uniform(.7, 1.2)
        subject.add(([made], *blender.bounds([made])))
    return subject


def _glass(assets: Assets, rng: Random) -> Subject:
    return _one("glass", rng.choice(assets.of("glass")), rng)


def _thin(assets: Assets, rng: Random) -> Subject:
    lies = rng.random() < .4
    subject = _one("thin", rng.choice(assets.of("thin")), rng, tilt=math.pi / 2 if lies else 0)
    subject.flat = lies and rng.random() < .6
    return subject


def _vehicle(assets: Assets, rng: Random) -> Subject:
    return _one("vehicle", rng.choice(assets.of("vehicle")), rng)


def _furniture(assets: Assets, rng: Random) -> Subject:
    return _one("furniture", rng.choice(assets.of("furniture")), rng)

"""One scene from a seed, seen from several sides."""
from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

from . import blender, surroundings
from .assets import Assets
from .camera import Camera, develop
from .subjects import SHARES, make

# The first view of a scene costs two seconds more than the next.
VIEWS = 5
# Samples a pixel: most pictures are denoised; the others keep fine weave and print, and the renderer's own grain.
FEW, MANY, SHARE_OF_MANY = 8, 40, .12


def views(seed: int, assets: Assets, side: int, threads: int, scratch: Path) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    """Pictures (side, side, 3) uint8 with the coverage of their subject (side, side) uint8, and what they show.

    Views in which the subject fills too little or too much, or is mostly soft, are left out.
    """
    rng = Random(seed)
    many = rng.random() < SHARE_OF_MANY
    scene = blender.empty_scene(side, MANY if many else FEW, not many, threads)
    surroundings.environment(scene, assets, rng)
    subject = make(rng.choices(list(SHARES), list(SHARES.values()))[0], assets, rng)
    look, wall = surroundings.dress(subject, assets, rng)
    base = -math.pi / 2 if subject.front else rng.uniform(0, math.tau)
    if look in ("place", "alike") and not subject.flat and rng.random() < .65:
        surroundings.lesser_things(subject, assets, rng, base)
    surroundings.lamps(subject, rng)
    camera = Camera(scene)
    for _ in range(VIEWS):
        azimuth = base + rng.uniform(-.8, .8)
        camera.aim(subject, azimuth, look != "studio" and rng.random() < .5, rng)
        if wall and not subject.flat:
            wall.stand_behind(subject, azimuth, rng.uniform(1.2, 4))
        light, coverage = blender.render(scene, scratch, subject.names)
        if usable(coverage):
            yield develop(light, rng), (coverage * 255 + .5).astype(np.uint8), f"{subject.kind} {look}"


def usable(coverage: np.ndarray) -> bool:
    area, soft = (coverage > .5).mean(), ((coverage > .08) & (coverage < .92)).mean()
    return .02 < area < .93 and soft < .3 * (coverage > .08).mean()

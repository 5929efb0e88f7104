"""Where a picture is taken from, and how light becomes 8 bit."""
from __future__ import annotations

import math
from itertools import product
from random import Random

import bpy
import numpy as np
from mathutils import Vector

from .subjects import Subject


class Camera:
    """One camera in a scene; `aim` moves it to a new view of the subject."""

    def __init__(self, scene) -> None:
        self.lens = bpy.data.cameras.new("camera")
        self.body = bpy.data.objects.new("camera", self.lens)
        self.lens.clip_start = .01
        scene.collection.objects.link(self.body)
        scene.camera = self.body

    def aim(self, subject: Subject, azimuth: float, blurred: bool, rng: Random) -> None:
        """Points at the subject from this side; `blurred` throws what is behind it out of focus."""
        elevation = math.radians(rng.uniform(60, 89) if subject.flat else rng.uniform(2, 42))
        self.lens.angle = math.radians(rng.uniform(18, 46))
        towards = Vector((math.cos(azimuth) * math.cos(elevation), math.sin(azimuth) * math.cos(elevation), math.sin(elevation)))
        facing = (-towards).to_track_quat("-Z", "Y")
        target = subject.centre
        distance = self.fitting(subject, facing, rng.triangular(.45, 1.05, .85))
        if subject.crop:
            target = Vector((target.x, target.y, subject.low.z + (subject.high.z - subject.low.z) * rng.uniform(.3, .8)))
            distance *= rng.uniform(.35, .75)
        aside = Vector((rng.uniform(-.12, .12), rng.uniform(-.12, .12), 0)) * distance * math.tan(self.lens.angle / 2)
        self.body.location = target + facing @ aside + towards * distance
        self.body.rotation_euler = facing.to_euler()
        self.body.rotation_euler.rotate_axis("Z", rng.gauss(0, .05))
        field = self.lens.dof
        # One unit stands for a thing of some centimetres, so the stops are those of close-ups.
        field.use_dof, field.focus_distance, field.aperture_fstop = blurred, distance, rng.uniform(.2, .9)


    def fitting(self, subject: Subject, facing, share: float) -> float:
        """The distance from which the subject's box takes this share of the picture."""
        half = math.tan(self.lens.angle / 2) * share
        corners = product(*zip(subject.low, subject.high))
        seen = [facing.conjugated() @ (Vector(corner) - subject.centre) for corner in corners]
        return max(max(abs(v.x), abs(v.y)) / half + v.z for v in seen)


def develop(light: np.ndarray, rng: Random) -> np.ndarray:
    """Linear light to sRGB, uint8: white balance as a camera's, most of the way to gray; exposure by a percentile; and a
    shoulder in most pictures.

    Noise, sharpening and JPEG are left to training, which draws them anew each time a picture is seen.
    """
    light = np.maximum(light, 0)
    mean = light.reshape(-1, 3).mean(0) + 1e-6
    light = light * np.clip(mean[1] / mean, .7, 1.4) ** rng.uniform(.4, 1) * np.array([rng.uniform(.95, 1.05), 1, rng.uniform(.95, 1.05)])
    level = np.percentile(light @ np.array([.2126, .7152, .0722], np.float32), rng.uniform(60, 96))
    light = light * (rng.uniform(.35, .95) / max(level, 1e-3))
    if rng.random() < .6:
        knee = .8
        light = np.where(light < knee, light, knee + (1 - knee) * (1 - np.exp(-(light - knee) / (1 - knee))))
    light = np.clip(light, 0, 1)
    return (np.where(light <= .0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - .055) * 255 + .5).astype(np.uint8)

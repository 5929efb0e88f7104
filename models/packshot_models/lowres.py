"""Pairs of small and large pictures: tiles on disk, cut, recoloured, reduced and, if asked, damaged on the fly."""
from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

TILE = 256  # side of the sharp tiles in the pool
MARGIN = 8  # small pixels cut off around each pair after reduction, so that no filter saw a border
SHARE = {"photo": .52, "product": .14, "render": .12, "print": .22}


def reduce(rgb: np.ndarray, scale: int) -> np.ndarray:
    """Antialiased bicubic (a = -0.5) reduction of RGB bytes by a whole factor."""
    h, w = rgb.shape[:2]
    return np.asarray(Image.fromarray(rgb).resize((w // scale, h // scale), Image.Resampling.BICUBIC))


def jpeg(rgb: np.ndarray, quality: int, full: bool) -> np.ndarray:
    """There and back; `full` keeps chroma at its size (4:4:4), else it is halved (4:2:0)."""
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if full else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]


def noise(rgb: np.ndarray, rng: np.random.Generator, level: float) -> np.ndarray:
    """Sensor noise: a floor plus a part that grows with the light; `level` is its deviation in 8-bit steps in mid-gray."""
    x = rgb.astype(np.float32)
    grain = rng.normal(0, 1, x.shape).astype(np.float32)
    if rng.random() < .5:  # mostly in brightness
        grain = grain * .4 + grain.mean(-1, keepdims=True) * 1.4
    if rng.random() < .3:  # as after demosaicing
        grain = cv2.GaussianBlur(grain, (0, 0), rng.uniform(.4, .7)) * 1.6
    return np.clip(x + grain * level * np.sqrt(.4 + 1.2 * x / 255) + .5, 0, 255).astype(np.uint8)


def damage(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Slight blur, sensor noise and JPEG, each at times; sometimes nothing at all."""
    if rng.random() < .06:
        return rgb
    if rng.random() < .2:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(.3, .7))
    if rng.random() < .45:
        rgb = noise(rgb, rng, rng.uniform(.5, 7))
    if rng.random() < .92:
        rgb = jpeg(rgb, int(rng.integers(30, 96)), rng.random() < .35)
    return rgb


def recolour(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Swapped channels, gain and gamma; at times gray or negative."""
    if rng.random() < .5:
        rgb = rgb[..., rng.permutation(3)]
    if rng.random() < .4:
        gamma, gain = np.exp(rng.uniform(-.35, .35)), rng.uniform(.75, 1.1, 3) if rng.random() < .5 else rng.uniform(.75, 1.1)
        ramp = np.arange(256)[:, None] / 255
        table = np.clip(255 * ramp ** gamma * gain + .5, 0, 255).astype(np.uint8)
        rgb = np.stack([table[:, c if table.shape[1] == 3 else 0][rgb[..., c]] for c in range(3)], -1)
    if rng.random() < .06:
        rgb = np.repeat(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)[..., None], 3, -1)
    return 255 - rgb if rng.random() < .08 else rgb


class Pairs:
    """Draws pairs from the tile pools that `generate_upscale.py` makes."""

    def __init__(self, cache: Path, scale: int, side: int, damaged: bool) -> None:
        self.scale, self.side, self.damaged = scale, side, damaged
        self.pools = {name: np.load(cache / f"tiles-{name}.npy", mmap_mode="r") for name in SHARE}
        if (side + 2 * MARGIN) * scale > TILE:
            raise ValueError(f"pairs of {side} px do not fit into tiles of {TILE} px at a factor of {scale}")

    def pair(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Small side x side x 3 and large (scale side) x (scale side) x 3, bytes."""
        name = str(rng.choice(list(SHARE), p=list(SHARE.values())))
        tile = self.pools[name][rng.integers(len(self.pools[name]))]
        s, n = self.scale, (self.side + 2 * MARGIN) * self.scale
        y, x = rng.integers(0, TILE - n + 1, 2)
        large = recolour(np.asarray(tile[y:y + n, x:x + n]), rng)
        large = np.rot90(large, int(rng.integers(4)))
        large = np.ascontiguousarray(large[:, ::-1] if rng.random() < .5 else large)
        small = reduce(large, s)
        if self.damaged:
            small = damage(small, rng)
        a, b = (rng.integers(2, 2 * MARGIN - 1, 2) if self.damaged else (MARGIN, MARGIN))  # JPEG's grid anywhere
        return small[a:a + self.side, b:b + self.side], large[a * s:(a + self.side) * s, b * s:(b + self.side) * s]

    def batch(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """count x 3 x side x side and count x 3 x (scale side) x (scale side), float32 of 0..1."""
        pairs = [self.pair(rng) for _ in range(count)]
        return tuple(np.stack([p[k] for p in pairs]).transpose(0, 3, 1, 2).astype(np.float32) / 255 for k in (0, 1))

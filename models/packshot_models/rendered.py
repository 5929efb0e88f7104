"""Pools made of photoreal scenes (`render_scenes.py`): whole views, cut-outs of their subjects, and real places.

All three say with their done flags what exists, so they grow while scenes are rendered and while nets train.
"""
from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from packshot_scenes.assets import Assets

from . import pools

VIEWS = 5  # of a scene
SIDE = 320
SMALLEST = 120  # pixels; smaller subjects make blurred cut-outs


def read_rgb(path: Path) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def cutout(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray | None:
    """The subject on a square of its own size, without the old ground's colours at its edge; none if the frame cuts it."""
    border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    ys, xs = np.nonzero(alpha > 8)
    if (border > 8).any() or not len(ys) or max(np.ptp(ys), np.ptp(xs)) < SMALLEST:
        return None
    a = alpha.astype(np.float32) / 255
    solid = (a > .97).astype(np.float32)
    near = cv2.GaussianBlur(rgb * solid[..., None], (0, 0), 2.5)
    share = cv2.GaussianBlur(solid, (0, 0), 2.5)[..., None]
    edge = near / np.maximum(share, 1e-3)
    known = np.clip(share * 50, 0, 1) * (1 - solid[..., None])  # thin parts have no solid pixel near: they keep their own
    colour = rgb * (1 - known) + edge * known
    side = max(np.ptp(ys), np.ptp(xs)) + 5
    y, x = (ys.min() + ys.max() + 1 - side) // 2, (xs.min() + xs.max() + 1 - side) // 2
    whole = np.dstack([np.clip(colour, 0, 255).astype(np.uint8), alpha])
    whole = cv2.copyMakeBorder(whole, side, side, side, side, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))[y + side:y + 2 * side, x + side:x + 2 * side]
    return cv2.resize(whole, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def add_views(cache: Path, scenes: Path, first_seed: int, count: int) -> tuple[int, int]:
    """Fills the pools `view` and `rendered` with what `render_scenes.py` has finished; gives how many they hold now."""
    views, have = pools.create(cache, "view", count * VIEWS, SIDE, 4)
    cutouts, usable = pools.create(cache, "rendered", count * VIEWS, SIDE, 4)
    for path in sorted(scenes.glob("*.png")):
        seed, view = map(int, path.stem.split("-"))
        slot = (seed - first_seed) * VIEWS + view
        jpg = path.with_suffix(".jpg")
        if not 0 <= slot < len(have) or have[slot] or not jpg.exists():
            continue
        rgb, alpha = read_rgb(jpg), cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if alpha is None or alpha.shape != (SIDE, SIDE):
            continue  # it is being written
        if (cut := cutout(rgb, alpha)) is not None:
            cutouts[slot], usable[slot] = cut, 1
        views[slot], have[slot] = np.dstack([rgb, alpha]), 1
    return int(have.sum()), int(usable.sum())


def add_places(cache: Path, assets: Path, side: int = 384) -> int:
    """Fills the pool `place` with the photos of empty places that are not held out."""
    out = np.stack([cv2.resize(square(read_rgb(p)), (side, side), interpolation=cv2.INTER_AREA) for p in Assets(assets, held_out=False).backdrops])
    np.save(cache / "place.tmp.npy", out)
    os.replace(cache / "place.tmp.npy", cache / "place.npy")
    return len(out)


def square(rgb: np.ndarray) -> np.ndarray:
    n = min(rgb.shape[:2])
    y, x = (rgb.shape[0] - n) // 2, (rgb.shape[1] - n) // 2
    return rgb[y:y + n, x:x + n]

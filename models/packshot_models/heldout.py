"""Pictures with exact alpha from seeds that training never uses (900000 and up)."""
from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .backgrounds import background
from .composite import finish, shadows, warp
from .products import scene
from .relief import relief

SEED = 900000


def heldout(i: int, n: int) -> np.ndarray:
    """Picture i: even ones are ray-marched scenes, odd ones drawn things on a background; no photo is used."""
    rng = np.random.default_rng((SEED, i))
    if i % 2 == 0:
        rgba = scene(rng, n, [])
        img, a = rgba[..., :3], rgba[..., 3]
    else:
        bg = background(rng, n, []).astype(np.float32) / 255
        cut = (relief(rng, n, [])[1] * 255).astype(np.uint8)
        fg, a = warp(rng, cut, n, rng.uniform(.4, .95), *rng.normal(0, .04, 2), rng.normal(0, .1))
        bg = shadows(rng, fg, a, bg)
        img = fg * a[..., None] + bg * (1 - a[..., None])
    return np.dstack([finish(rng, img), (np.clip(a, 0, 1) * 255 + .5).astype(np.uint8)])


def heldout_set(cache: Path, count: int, n: int = 448) -> np.ndarray:
    """The first `count` held-out pictures, kept in the cache."""
    path = cache / f"heldout-{count}-{n}.npy"
    if not path.exists():
        cv2.setNumThreads(1)
        np.save(path, np.stack([heldout(i, n) for i in range(count)]))
    return np.load(path, mmap_mode="r")

"""Renders the training pools: cut-outs, backgrounds, scenes, and real cut-outs.

Picture i of a pool depends only on (seed, pool, i), so pools can be grown, split over processes, and
rebuilt bit by bit. Evaluation uses seeds from 900000 up; training never does.
"""
from __future__ import annotations

import argparse
import multiprocessing as mp
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from packshot_models import pools, sources
from packshot_models.backgrounds import background
from packshot_models.relief import relief
from packshot_models.textures import Rng

PHOTOS: list[np.ndarray] = []


def as_bytes(rgba: np.ndarray) -> np.ndarray:
    return (np.clip(rgba, 0, 1) * 255 + .5).astype(np.uint8)


def make_relief(rng: Rng, n: int) -> np.ndarray:
    return as_bytes(relief(rng, n, PHOTOS)[1])


def make_background(rng: Rng, n: int) -> np.ndarray:
    return background(rng, n, PHOTOS)


def make_march(rng: Rng, n: int) -> np.ndarray:
    from packshot_models.products import cutout
    return as_bytes(cutout(rng, n, PHOTOS))


def make_scene(rng: Rng, n: int) -> np.ndarray:
    from packshot_models.products import scene
    return as_bytes(scene(rng, n, PHOTOS))


def make_outdoor(rng: Rng, n: int) -> np.ndarray:
    from packshot_models.outdoor import outdoor
    return outdoor(rng, n, PHOTOS)


def make_hard(rng: Rng, n: int) -> np.ndarray:
    """More of what is hardest: vehicles that mirror their surroundings, animals, people, shoes, clothes."""
    from packshot_models.outdoor import outdoor
    name = str(rng.choice(["saloon", "creature", "figure", "shoe", "garment"], p=[.36, .3, .14, .1, .1]))
    env = cv2.GaussianBlur(outdoor(rng, 128, PHOTOS), (0, 0), 2).astype(np.float32) / 255 * 1.3 if name == "saloon" else None
    return as_bytes(relief(rng, n, PHOTOS, name, env)[1])


def make_trim(rng: Rng, n: int) -> np.ndarray:
    return as_bytes(relief(rng, n, PHOTOS, "trimmed")[1])


def make_near(rng: Rng, n: int) -> np.ndarray:
    """What the first net got wrong; cars mirror their surroundings."""
    from packshot_models.closeups import DRAWN
    from packshot_models.outdoor import outdoor
    name = str(rng.choice([f.__name__ for f, _ in DRAWN], p=[p for _, p in DRAWN]))
    env = cv2.GaussianBlur(outdoor(rng, 128, PHOTOS), (0, 0), 2).astype(np.float32) / 255 * 1.3 if name == "front" else None
    return as_bytes(relief(rng, n, PHOTOS, name, env)[1])


MAKERS: dict[str, tuple[Callable[[Rng, int], np.ndarray], int, int, int]] = {  # maker, count, side, channels
    "relief": (make_relief, 2200, 320, 4),
    "background": (make_background, 1400, 384, 3),
    "outdoor": (make_outdoor, 700, 384, 3),
    "hard": (make_hard, 900, 320, 4),
    "trim": (make_trim, 400, 320, 4),
    "near": (make_near, 900, 320, 4),
    "march": (make_march, 900, 320, 4),
    "scene": (make_scene, 600, 320, 4),
}


def fill(job: tuple[str, Path, int, int, int, int, str]) -> None:
    """Worker: renders pictures first, first + step, ... of one pool into its memory map."""
    name, cache, seed, count, first, step, extra = job
    cv2.setNumThreads(1)
    PHOTOS[:] = list(sources.free_photos(Path(extra) if extra else None).values())
    maker, _, side, channels = MAKERS[name]
    data, done = pools.create(cache, name, count, side, channels)
    key = {"background": 0, "march": 1, "relief": 2, "scene": 3, "outdoor": 4, "hard": 5, "trim": 6, "near": 7}[name]
    for i in range(first, count, step):
        if not done[i]:
            data[i] = maker(np.random.default_rng((seed, key, i)), side)
            done[i] = 1


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", type=Path, default=pools.default_cache())
    ap.add_argument("--photos", type=Path, help="folder with the free photos named in sources.py")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--workers", type=int, default=2)
    ap.add_argument("--pools", nargs="*", default=["background", "relief", "real", "march", "scene", "outdoor", "hard", "trim", "near"])
    ap.add_argument("--scale", type=float, default=1.0, help="multiplies the number of pictures of each pool")
    args = ap.parse_args()
    if args.seed >= 900000:
        ap.error("seeds from 900000 up are kept for evaluation")
    args.cache.mkdir(parents=True, exist_ok=True)
    extra = str(args.photos) if args.photos else ""
    for name in args.pools:
        if name == "real":
            np.save(args.cache / "real.npy", sources.real_cutouts(sources.data_root() / "training" / "products", 448))
        else:
            _, count, side, channels = MAKERS[name]
            count = int(count * args.scale)
            pools.create(args.cache, name, count, side, channels)
            jobs = [(name, args.cache, args.seed, count, k, args.workers, extra) for k in range(args.workers)]
            with mp.get_context("spawn").Pool(args.workers) as pool:
                pool.map(fill, jobs, chunksize=1)
        print(name, "done", flush=True)


if __name__ == "__main__":
    main()

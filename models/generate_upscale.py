"""Makes the tiles that the upscaling nets learn from: sharp 256 px squares of photos, products, renders and print.

Tile i depends only on (seed, kind, i). The renders are taken from the pools that `generate.py` makes.
"""
from __future__ import annotations

import argparse
import multiprocessing as mp
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from packshot_models import pools, sources
from packshot_models.lowres import TILE
from packshot_models.prints import colour, printed

COUNTS = {"photo": 2600, "product": 700, "render": 700, "print": 1200}


def shrink(rgb: np.ndarray, factor: float) -> np.ndarray:
    """Makes a photo smaller by `factor` (at most 1), sharply, but never smaller than a tile."""
    h, w = rgb.shape[:2]
    factor = min(1.0, max(factor, (TILE + 1) / min(h, w)))
    return np.asarray(Image.fromarray(rgb).resize((round(w * factor), round(h * factor)), Image.Resampling.LANCZOS))


def busy(rgb: np.ndarray) -> float:
    """How much detail a picture has."""
    return float(np.abs(cv2.Laplacian(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.CV_32F)).mean())


def cut(rgb: np.ndarray, rng: np.random.Generator, tries: int) -> np.ndarray:
    """The busiest of some squares."""
    def square() -> np.ndarray:
        y, x = (int(rng.integers(0, side - TILE + 1)) for side in rgb.shape[:2])
        return np.ascontiguousarray(rgb[y:y + TILE, x:x + TILE])
    return max((square() for _ in range(tries)), key=busy)


class Maker:
    """Holds the sources of one process."""

    def __init__(self, cache: Path, photos: Path) -> None:
        small, large = sources.free_photos(photos), sources.wallpapers(photos)
        self.photos = [shrink(img, f) for img in large.values() for f in (.55, .38, .27, .2)]
        self.photos += [shrink(img, f) for img in small.values() for f in (.9, .65)]
        self.weights = np.sqrt([img.size for img in self.photos])
        folder = sources.data_root() / "training" / "products"
        self.products = [sources.real_cutouts(folder, n) for n in (288, 384, 512)]
        self.pools = [pools.Pool(cache, name) for name in ("scene", "outdoor", "background", "march", "relief", "hard")]

    def photo(self, rng: np.random.Generator) -> np.ndarray:
        img = self.photos[rng.choice(len(self.photos), p=self.weights / self.weights.sum())]
        return cut(img, rng, int(rng.choice([1, 2, 4])))

    def on_ground(self, rgba: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """On white, one colour, a ramp or, at times, a photo."""
        n, kind = len(rgba), rng.random()
        ground = np.full((n, n, 3), 255.0)
        if .4 < kind < .8:
            ramp = np.linspace(0, rng.uniform(-40, 40), n)[:, None, None]
            ground = np.clip(np.array(colour(rng), float) + ramp, 0, 255) * np.ones((n, n, 3))
        elif kind >= .8:
            ground = cv2.resize(self.photo(rng), (n, n), interpolation=cv2.INTER_AREA if n < TILE else cv2.INTER_CUBIC).astype(float)
        a = rgba[..., 3:] / 255
        return (rgba[..., :3] * a + ground * (1 - a) + .5).astype(np.uint8)

    def product(self, rng: np.random.Generator) -> np.ndarray:
        size = self.products[rng.integers(len(self.products))]
        return cut(self.on_ground(size[rng.integers(len(size))], rng), rng, 3)

    def render(self, rng: np.random.Generator) -> np.ndarray:
        img = np.asarray(self.pools[rng.integers(len(self.pools))].pick(rng))
        img = img[..., :3] if img.shape[2] == 3 or rng.random() < .3 else self.on_ground(img, rng)
        return cut(shrink(np.ascontiguousarray(img), rng.uniform(.7, 1)), rng, 2)

    def print(self, rng: np.random.Generator) -> np.ndarray:
        return printed(rng, TILE)


def fill(job: tuple[Path, Path, int, int, int]) -> None:
    """Worker: tiles first, first + step, ... of every kind."""
    cache, photos, seed, first, step = job
    cv2.setNumThreads(1)
    maker = Maker(cache, photos)
    for k, (name, count) in enumerate(COUNTS.items()):
        data = np.load(cache / f"tiles-{name}.npy", mmap_mode="r+")
        for i in range(first, count, step):
            data[i] = getattr(maker, name)(np.random.default_rng((seed, 100 + k, i)))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", type=Path, default=pools.default_cache())
    ap.add_argument("--photos", type=Path, required=True, help="folder with the free photos and wallpapers named in sources.py")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--workers", type=int, default=2)
    args = ap.parse_args()
    for name, count in COUNTS.items():
        np.lib.format.open_memmap(args.cache / f"tiles-{name}.npy", "w+", np.uint8, (count, TILE, TILE, 3))
    with mp.get_context("spawn").Pool(args.workers) as pool:
        pool.map(fill, [(args.cache, args.photos, args.seed, k, args.workers) for k in range(args.workers)], chunksize=1)


if __name__ == "__main__":
    main()

"""Renders the committed test pictures (testdata/renders) and the large example pictures.

Their seeds lie in the held-out range. Everything is traced at twice the size and averaged down.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from packshot_models.heldout import SEED
from packshot_models.products import scene

HERE = Path(__file__).parent
# name, held in a hand, share of glass, place, zoom, seed offset
TESTS = [("bottle", False, 1.0, "studio", .95, 1), ("mug", False, 0, "table", .8, 2), ("tube", True, 0, None, .8, 3),
         ("jar", False, 0, "studio", .85, 4), ("chair", False, 0, "table", .95, 5), ("toy", False, 0, "table", .9, 6),
         ("vehicle", False, 0, None, .8, 7), ("handbag", False, 0, "studio", .9, 8), ("headphones", False, 0, "studio", .95, 9),
         ("lumps", False, 0, "table", .7, 10), ("bowl", False, 1.0, "table", .8, 11), ("carton", True, 0, "studio", .8, 12)]
EXAMPLES = [("mug", False, 0, "table", .8, 532), ("handbag", False, 0, "studio", .9, 838), ("bottle", False, 1.0, "studio", .95, 831)]


def picture(spec: tuple, n: int) -> np.ndarray:
    """One scene at n x n from twice the size, float RGBA."""
    name, held, glass, place, zoom, seed = spec
    rng = np.random.default_rng((SEED, 10_000 + seed))
    big = scene(rng, 2 * n, [], name, held, glass, place, zoom)
    out = cv2.resize(big, (n, n), interpolation=cv2.INTER_AREA)
    out[..., :3] += rng.normal(0, .006, (n, n, 1))
    return np.clip(out, 0, 1)


def low_contrast(rgba: np.ndarray) -> np.ndarray:
    """White on white: lifts everything towards the brightest tone."""
    out = rgba.copy()
    g = out[..., :3].mean(2, keepdims=True)
    out[..., :3] = .62 + .38 * (.8 * g + .2 * out[..., :3])
    return np.clip(out, 0, 1)


def write(rgba: np.ndarray, jpg: Path, quality: int, alpha: bool) -> None:
    jpg.parent.mkdir(parents=True, exist_ok=True)
    b = (rgba * 255 + .5).astype(np.uint8)
    cv2.imwrite(str(jpg), cv2.cvtColor(b[..., :3], cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if alpha:
        cv2.imwrite(str(jpg.with_suffix(".alpha.png")), b[..., 3], [cv2.IMWRITE_PNG_COMPRESSION, 9])


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--renders", type=Path, default=HERE / "testdata" / "renders")
    ap.add_argument("--examples", type=Path, help="also render the large examples into this folder")
    args = ap.parse_args()
    for i, spec in enumerate(TESTS, 1):
        rgba = picture(spec, 512)
        write(low_contrast(rgba) if spec[0] == "jar" else rgba, args.renders / f"{i:02d}.jpg", 88, True)
    if args.examples:
        for spec in EXAMPLES:
            write(picture(spec, 1200), args.examples / f"rendered-{spec[0]}.jpg", 90, False)


if __name__ == "__main__":
    main()

"""Training pictures of three sources in every batch, so that what one of them teaches does not displace the others.

- `fresh`: composed anew each time, with exact alpha (`composite.py`)
- `views`: photoreal scenes as they were rendered, framed anew, with exact alpha
- `taught`: composed or rendered once, with exact alpha and a teacher's answer. It costs several times what a training
  step costs, so it is kept and its pictures are used again; where the two disagree on what the subject is, the
  picture is left out: a scene that puzzles a good net teaches a small one to doubt.
"""
from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .composite import Composer, bars, finish, shrink, window
from .inference import Onnx
from .metrics import iou
from .pools import Pool
from .textures import Rng

SHARES = {"fresh": .4, "views": .25, "taught": .35}
SIDE = 288  # of taught pictures
AGREE = .6  # IoU of teacher and truth from which a picture is taught


class Mixture:
    """Draws training pictures of any size; `trust` is the teacher's share in the targets of taught pictures."""

    def __init__(self, composer: Composer, cache: Path, shares: dict[str, float], trust: float) -> None:
        self.composer, self.trust = composer, trust
        self.views, self.taught = Pool(cache, "view"), Pool(cache, "taught")
        self.shares = shares

    def refresh(self) -> None:
        for part in (self.composer, self.views, self.taught):
            part.refresh()

    def sample(self, rng: Rng, n: int, exact: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """RGB uint8 n x n x 3 and target uint8 n x n; with `exact`, pictures for the edge: composed at this size only."""
        names = ["fresh"] if exact else [k for k in self.shares if k == "fresh" or len(getattr(self, k))]
        w = np.array([self.shares[k] for k in names]) + 1e-9
        name = names[rng.choice(len(names), p=w / w.sum())]
        if name == "fresh":
            return self.composer.sample(rng, n)
        if name == "views":
            img, a = view(rng, self.views.pick(rng), n)
        else:
            img, a = self.lesson(rng, n)
        if rng.random() < .04:
            img, a = bars(rng, img, a)
        return finish(rng, img), (np.clip(a, 0, 1) * 255 + .5).astype(np.uint8)

    def lesson(self, rng: Rng, n: int) -> tuple[np.ndarray, np.ndarray]:
        """A taught picture, mirrored and cropped a little: the teacher's answer would stay the same."""
        kept = self.taught.pick(rng)
        target = cv2.addWeighted(kept[..., 3], 1 - self.trust, kept[..., 4], self.trust, 0)
        return window(rng, np.dstack([kept[..., :3], target]), n, .85, tint=False)


def view(rng: Rng, rgba: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A rendered view, as it is or closer: subjects of shop photos fill more of the picture than those of scenes."""
    side = rgba.shape[0]
    ys, xs = np.nonzero(rgba[..., 3] > 100)
    box = max(np.ptp(ys), np.ptp(xs)) + 1
    low = max(.45 * side, box * rng.uniform(.8, 1.15))
    c = int(side if low >= side or rng.random() < .15 else rng.uniform(low, min(side, max(low, box * 2))))
    corner = [int(np.clip((v.min() + v.max() - c) / 2 + rng.normal(0, .12) * max(0, c - np.ptp(v)) + rng.normal(0, .01) * side, 0, side - c)) for v in (ys, xs)]
    t = shrink(rgba[corner[0]:corner[0] + c, corner[1]:corner[1] + c], n)[:, ::rng.choice([-1, 1])].astype(np.float32) / 255
    return np.ascontiguousarray(t[..., :3]), np.ascontiguousarray(t[..., 3])


def lesson(rng: Rng, mixture: Mixture, teacher: Onnx, views: float) -> np.ndarray:
    """A new taught picture: RGB, exact alpha, the teacher's answer. Draws until the teacher agrees on the subject."""
    while True:
        if rng.random() < views and len(mixture.views):
            img, a = view(rng, mixture.views.pick(rng), SIDE)
        else:
            img, a = mixture.composer.compose(rng, SIDE)
        rgb = (np.clip(img, 0, 1) * 255 + .5).astype(np.uint8)
        answer = teacher(rgb)
        if iou(answer, a) >= AGREE:
            return np.dstack([rgb, (np.clip(np.dstack([a, answer]), 0, 1) * 255 + .5).astype(np.uint8)])

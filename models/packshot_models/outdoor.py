"""Streets, gardens and yards in sharp focus: the places where a net mistakes dark trees for a subject."""
from __future__ import annotations

import cv2
import numpy as np

from . import textures as tx
from .backgrounds import perspective_plane, ramp
from .textures import Rng, color, mix, noise


def foliage(rng: Rng, n: int) -> np.ndarray:
    """Leaves seen from some way off: strong fine contrast under broad light and shade."""
    fine = noise(rng, n, n, rng.uniform(20, 70), 3, .9)
    broad = noise(rng, n, n, rng.uniform(3, 8), 4, .6)
    t = np.clip((fine - .5) * rng.uniform(2, 5) + (broad - .5) * rng.uniform(1, 4) + rng.uniform(.2, .6), 0, 1.3)
    tint = color(rng, "leaf") if rng.random() < .85 else color(rng, "earth")
    return np.clip((tint * 1.3) * t[..., None] + .02, 0, 1).astype(np.float32)


def trees(rng: Rng, img: np.ndarray, horizon: float) -> np.ndarray:
    """A row of crowns on trunks before whatever is there."""
    n = img.shape[0]
    leaf = foliage(rng, n)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / n
    for _ in range(int(rng.integers(1, 7))):
        cx, r = rng.uniform(-.1, 1.1), rng.uniform(.08, .35)
        cy = horizon - rng.uniform(.05, .45)
        base = rng.uniform(horizon - .02, horizon + .06)
        w = rng.uniform(.006, .04)
        img = np.ascontiguousarray(img)
        cv2.line(img, (int(cx * n), int(cy * n)), (int((cx + rng.normal(0, .02)) * n), int(base * n)),
                 (color(rng, "earth") * rng.uniform(.15, .7)).tolist(), max(1, int(w * n)), cv2.LINE_AA)
        d = np.hypot((x - cx), (y - cy) * rng.uniform(.6, 1.5)) / r + (noise(rng, n, n, 14, 4, .7) - .5) * 1.6
        img = mix(np.clip((1 - d) * 12, 0, 1), img, leaf * rng.uniform(.4, 1.2))
    return img


def houses(rng: Rng, img: np.ndarray, horizon: float) -> np.ndarray:
    """Walls with windows and roofs along the horizon."""
    n = img.shape[0]
    img = np.ascontiguousarray(img)
    for _ in range(int(rng.integers(1, 4))):
        w, h = int(rng.uniform(.15, .6) * n), int(rng.uniform(.12, .5) * n)
        x0, y1 = int(rng.uniform(-.2, .9) * n), int((horizon + rng.uniform(0, .04)) * n)
        y0 = max(0, y1 - h)
        wall = tx.texture(rng, 128, 128, None, rough=True) * rng.uniform(.4, 1)
        a, b = max(0, x0), min(n, x0 + w)
        if b - a < 4 or y1 - y0 < 4:
            continue
        img[y0:y1, a:b] = cv2.resize(wall, (b - a, y1 - y0))
        roof = np.array([(x0 - .04 * n, y0), (x0 + w * rng.uniform(.2, .8), y0 - h * rng.uniform(.1, .6)), (x0 + w + .04 * n, y0)]).astype(np.int32)
        cv2.fillPoly(img, [roof], (color(rng, "earth") * rng.uniform(.2, .9)).tolist(), cv2.LINE_AA)
        nx, ny = rng.integers(1, 6, 2)
        pane = (color(rng, "black") if rng.random() < .7 else color(rng, "sky")).tolist()
        for i in range(nx):
            for j in range(ny):
                p = (int(x0 + w * (i + .25) / nx), int(y0 + h * (j + .25) / ny))
                cv2.rectangle(img, p, (int(p[0] + w * .5 / nx), int(p[1] + h * .5 / ny)), pane, -1)
    return img


def outdoor(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """One place, uint8 n x n x 3."""
    y = np.linspace(0, 1, n, dtype=np.float32)[:, None]
    sky = color(rng, "sky") if rng.random() < .6 else color(rng, "white")
    img = mix(np.broadcast_to(y, (n, n)), sky, np.minimum(sky * .6 + .4, 1))
    img = mix(np.clip((noise(rng, n, n, 3, 5, .55, (2, 1)) - .5) * rng.uniform(0, 4), 0, 1), img, np.ones(3, np.float32) * .95)
    horizon = rng.uniform(.2, .75)
    if rng.random() < .4:  # hills or mountains
        prof = horizon - rng.uniform(.05, .4) * noise(rng, 1, n, rng.uniform(2, 8), 5, .6)[0]
        hill = mix(noise(rng, n, n, 12, 5, .7), color(rng, "leaf"), color(rng, "earth" if rng.random() < .6 else "gray"))
        img = mix((y > prof[None]).astype(np.float32), img, hill * .6 + sky * .4)
    if rng.random() < .45:
        img = houses(rng, img, horizon)
    if rng.random() < .75:
        img = trees(rng, img, horizon)
    u = rng.random()
    if u < .45:  # road, sand, gravel
        ground = np.clip(color(rng, "gray" if rng.random() < .6 else "earth") * (.6 + .8 * noise(rng, n, n, 70, 3, .9))[..., None], 0, 1)
        if rng.random() < .4:
            cv2.line(ground, (int(rng.uniform(0, n)), 0), (int(rng.uniform(0, n)), n), (.9, .9, .85), int(rng.integers(2, 14)))
    elif u < .8:  # grass, undergrowth
        ground = foliage(rng, n) * rng.uniform(.6, 1.3)
    else:
        ground = tx.texture(rng, n, n, photos, rough=True)
    img = mix(ramp(n, n, horizon, .003, rng.normal(0, .03)), img, perspective_plane(rng, n, ground.astype(np.float32), horizon))
    if rng.random() < .5:  # shade of trees on the ground
        t = np.clip((noise(rng, n, n, rng.uniform(3, 12), 4, .6, (2.5, 1)) - .5) * 8 + .5, 0, 1)
        img = img * (1 - rng.uniform(.2, .65) * (t * (y > horizon)))[..., None]
    if rng.random() < .35:  # a close wall of leaves, dark, behind the subject
        t = np.clip((noise(rng, n, n, 5, 5, .65) - rng.uniform(.3, .6)) * 15, 0, 1)
        img = mix(t, img, foliage(rng, n) * rng.uniform(.15, .7))
    if rng.random() < .3:
        img = cv2.GaussianBlur(img.astype(np.float32), (0, 0), rng.uniform(.6, 4))
    return (np.clip(img * rng.uniform(.6, 1.2), 0, 1) * 255 + .5).astype(np.uint8)

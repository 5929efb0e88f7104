"""Empty places to photograph something in: studio sweeps, tables, walls, rooms, streets, gardens, shores."""
from __future__ import annotations

import cv2
import numpy as np

from . import textures as tx
from .textures import Rng, color, mix, noise


def ramp(h: int, w: int, at: float, soft: float, tilt: float = 0) -> np.ndarray:
    """0 above a horizon at height `at`, 1 below, with a soft edge: the bend of a paper sweep."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    return 1 / (1 + np.exp(np.clip(-((y / h - at) + tilt * (x / w - .5)) / max(soft, .002), -30, 30)))


def light(rng: Rng, h: int, w: int, strength: float) -> np.ndarray:
    """A soft pool of light, about 1 on average."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    d = np.hypot((x / w - rng.uniform(.1, .9)), (y / h - rng.uniform(-.1, 1)))
    return (1 + strength * (.45 - d))[..., None].astype(np.float32)


def studio(rng: Rng, n: int) -> np.ndarray:
    """White, gray or coloured paper sweep."""
    base = color(rng, str(rng.choice(["white", "gray", "pastel", "vivid", "black", "any"], p=[.4, .2, .15, .1, .05, .1])))
    floor = np.clip(base * rng.uniform(.75, 1.15), 0, 1)
    img = mix(ramp(n, n, rng.uniform(.35, .9), rng.uniform(.005, .2)), base, floor)
    if rng.random() < .2:
        img[:] = base
    img = img * light(rng, n, n, rng.uniform(0, .6))
    return img + (noise(rng, n, n, 3, 2)[..., None] - .5) * rng.uniform(0, .05)


def perspective_plane(rng: Rng, n: int, tex: np.ndarray, horizon: float) -> np.ndarray:
    """A texture laid on the floor below the horizon."""
    spread = rng.uniform(.05, 1.2)
    y0 = horizon * n
    src = np.float32([[0, 0], [n, 0], [n, n], [0, n]])
    dst = np.float32([[n * -.1, y0], [n * 1.1, y0], [n * (1.1 + spread), n], [n * (-.1 - spread), n]])
    return cv2.warpPerspective(tex, cv2.getPerspectiveTransform(src, dst), (n, n), flags=cv2.INTER_AREA,
                               borderMode=cv2.BORDER_REFLECT)


def tabletop(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """A textured table or floor before a wall; the wall is often out of focus."""
    wall = tx.texture(rng, n, n, photos, rough=True) if rng.random() < .6 else tx.flat(rng, n, n)
    if rng.random() < .3:
        wall = clutter(rng, n, photos)
    if rng.random() < .7:
        wall = cv2.GaussianBlur(wall, (0, 0), rng.uniform(1, 12))
    horizon = rng.uniform(.1, .75)
    floor = perspective_plane(rng, n, tx.texture(rng, n, n, photos, rough=True), horizon)
    img = mix(ramp(n, n, horizon, rng.uniform(.002, .012), rng.normal(0, .03)), wall, floor)
    return img * light(rng, n, n, rng.uniform(0, .8))


def flatlay(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """A surface seen from above or from the front, in perspective."""
    t = tx.texture(rng, n, n, photos, rough=True)
    if rng.random() < .6:
        j = rng.uniform(0, .35)
        src = np.float32([[0, 0], [n, 0], [n, n], [0, n]])
        dst = src + rng.uniform(-j, j, (4, 2)).astype(np.float32) * n
        t = cv2.warpPerspective(t, cv2.getPerspectiveTransform(src, dst), (n, n), borderMode=cv2.BORDER_REFLECT)
    return t * light(rng, n, n, rng.uniform(0, .8))


def leaves(rng: Rng, n: int) -> np.ndarray:
    """Foliage: hundreds of leaf strokes from dark (far) to bright (near)."""
    img = np.ascontiguousarray(mix(noise(rng, n, n, 5, 4), color(rng, "leaf") * .3, color(rng, "leaf") * .6))
    base = color(rng, "leaf" if rng.random() < .85 else "any")
    long = rng.uniform(1, 7)
    size = rng.uniform(.006, .06) * n
    for i in range(int(rng.integers(150, 900))):
        t = i / 900
        c = np.clip(base * (.3 + 1.2 * t) * rng.uniform(.5, 1.5) + rng.normal(0, .04, 3), 0, 1)
        s = size * rng.uniform(.4, 1.6)
        cv2.ellipse(img, tuple(int(v) for v in rng.integers(0, n, 2)), (max(1, int(s)), max(1, int(s * long))),
                    rng.uniform(0, 180), 0, 360, c.tolist(), -1, cv2.LINE_AA)
    return img


def outdoors(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """Sky, something at the horizon (trees, hills, houses, sea), and ground."""
    sky = color(rng, "sky") if rng.random() < .8 else color(rng, "white")
    y = np.linspace(0, 1, n, dtype=np.float32)[:, None]
    img = mix(np.broadcast_to(y, (n, n)) * .8, sky, np.minimum(sky * .6 + .45, 1))
    img = mix(np.clip((noise(rng, n, n, 3, 5, .55, (2, 1)) - .5) * rng.uniform(0, 4), 0, 1), img, np.ones(3, np.float32) * .95)
    horizon = rng.uniform(.15, .7)
    for layer in range(int(rng.integers(0, 4))):
        profile = horizon - rng.uniform(0, .35) * noise(rng, 1, n, rng.uniform(2, 30), 5, .6)[0]
        if rng.random() < .3:
            k = int(rng.integers(3, 14))
            profile = np.repeat(horizon - rng.uniform(0, .4, k), n // k + 1)[:n]
        body = leaves(rng, n) if rng.random() < .5 else tx.texture(rng, n, n, photos, rough=True)
        mask = (y > profile[None]).astype(np.float32)
        haze = .5 * (1 - (layer + 1) / 4)
        img = mix(mask, img, body * (1 - haze) + sky * haze)
    ground = tx.texture(rng, n, n, photos, rough=True)
    if rng.random() < .6:
        ground = mix(noise(rng, n, n, 50, 4, .8), color(rng, "earth"), color(rng, "gray" if rng.random() < .5 else "leaf"))
    img = mix(ramp(n, n, horizon, .004, rng.normal(0, .02)), img, perspective_plane(rng, n, ground, horizon))
    if rng.random() < .5:
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(.8, 6))
    return img


def clutter(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """A busy room or street: overlapping textured boxes, poles and discs, usually out of focus."""
    img = np.ascontiguousarray(tx.texture(rng, n, n, photos, rough=rng.random() < .5))
    for _ in range(int(rng.integers(4, 30))):
        w, h = (rng.uniform(.03, .6, 2) * n).astype(int) + 2
        x, y = (rng.uniform(-.15, 1, 2) * n).astype(int)
        kind = rng.random()
        if kind < .5:
            x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, n), min(y + h, n)
            if x1 > x0 and y1 > y0:
                patch = tx.texture(rng, 64, 64, photos) if rng.random() < .5 else color(rng)[None, None]
                img[y0:y1, x0:x1] = cv2.resize(np.broadcast_to(patch, (max(patch.shape[0], 2), max(patch.shape[1], 2), 3)).copy(),
                                               (x1 - x0, y1 - y0)) * rng.uniform(.4, 1.1)
        elif kind < .75:
            cv2.line(img, (int(x), int(y)), (int(x + rng.normal(0, n)), int(y + rng.normal(0, n))), color(rng).tolist(),
                     int(rng.integers(1, 18)), cv2.LINE_AA)
        else:
            cv2.circle(img, (int(x), int(y)), int(w // 3) + 1, color(rng).tolist(), -1, cv2.LINE_AA)
    img = img * light(rng, n, n, rng.uniform(0, 1))
    return cv2.GaussianBlur(img, (0, 0), rng.uniform(.6, 9)) if rng.random() < .85 else img


def bokeh(rng: Rng, n: int) -> np.ndarray:
    """Lights far out of focus."""
    img = np.ascontiguousarray(cv2.GaussianBlur(tx.cloud(rng, n, n), (0, 0), 10) * rng.uniform(.2, 1))
    for _ in range(int(rng.integers(8, 50))):
        layer = np.zeros_like(img)
        cv2.circle(layer, tuple(int(v) for v in rng.integers(0, n, 2)), int(rng.uniform(.01, .09) * n) + 1,
                   (color(rng) * rng.uniform(.2, .8)).tolist(), -1, cv2.LINE_AA)
        img = 1 - (1 - img) * (1 - layer)
    return cv2.GaussianBlur(img, (0, 0), rng.uniform(1, 4))


def background(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """One background, uint8 n x n x 3."""
    kind = rng.choice(8, p=[.26, .17, .12, .08, .16, .1, .03, .08])
    img = (studio(rng, n) if kind == 0 else tabletop(rng, n, photos) if kind == 1 else flatlay(rng, n, photos) if kind == 2
           else leaves(rng, n) if kind == 3 else outdoors(rng, n, photos) if kind == 4 else clutter(rng, n, photos) if kind == 5
           else bokeh(rng, n) if kind == 6 else tx.photo_crop(rng, photos, n, n, .3, 1) if photos else clutter(rng, n, photos))
    if kind == 3:
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(.5, 7)) * light(rng, n, n, rng.uniform(0, 1.2))
    return (np.clip(img, 0, 1) * 255 + .5).astype(np.uint8)

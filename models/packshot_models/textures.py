"""Procedural textures and colours. All functions take a numpy Generator, so a seed fixes the picture.

Textures are float32 HxWx3 in 0..1 (RGB). Resizing small random grids gives smooth noise in a fraction
of the time that per-pixel noise would take.
"""
from __future__ import annotations

import os

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Rng = np.random.Generator
WORDS = ("FRESH NATURAL ORIGINAL PURE 500g 250ml COFFEE TEA HONEY SOAP ULTRA PRO MAX LEMON CARE OLIVE No.7 "
         "STUDIO CLASSIC NEW EST.1987 Dark Roast handmade Sport CITRUS Nordic 1L bio MINT extra Vanille").split()
_FONTS: list[str] = []


def fonts() -> list[str]:
    """Scalable fonts of this machine (DejaVu is enough); an empty list means text is skipped."""
    if not _FONTS:
        for root in ("/usr/share/fonts", "/usr/local/share/fonts"):
            for folder, _, names in os.walk(root):
                _FONTS.extend(os.path.join(folder, n) for n in names if n.lower().endswith((".ttf", ".otf")))
        _FONTS.sort()
    return _FONTS


def color(rng: Rng, kind: str | None = None) -> np.ndarray:
    """One RGB colour in 0..1. Products are often white, black, gray or saturated; so is this."""
    kind = kind or rng.choice(["any", "white", "black", "gray", "vivid", "pastel", "wood", "skin"],
                              p=[.28, .13, .12, .1, .19, .1, .06, .02])
    h = rng.random()
    s, v = {"any": (rng.random(), rng.random()), "white": (rng.random() * .08, rng.uniform(.85, 1)),
            "black": (rng.random() * .3, rng.uniform(.02, .18)), "gray": (rng.random() * .1, rng.uniform(.2, .85)),
            "vivid": (rng.uniform(.7, 1), rng.uniform(.5, 1)), "pastel": (rng.uniform(.15, .4), rng.uniform(.8, 1)),
            "wood": (rng.uniform(.35, .7), rng.uniform(.25, .75)), "skin": (rng.uniform(.25, .6), rng.uniform(.3, .95)),
            "leaf": (rng.uniform(.3, .9), rng.uniform(.08, .6)), "earth": (rng.uniform(.1, .5), rng.uniform(.2, .75)),
            "sky": (rng.uniform(.05, .6), rng.uniform(.7, 1))}[kind]
    h = {"wood": rng.uniform(.04, .11), "skin": rng.uniform(.03, .09), "leaf": rng.uniform(.17, .4),
         "earth": rng.uniform(.05, .14), "sky": rng.uniform(.52, .63)}.get(kind, h)
    i, f = int(h * 6) % 6, h * 6 % 1
    p, q, t = v * (1 - s), v * (1 - s * f), v * (1 - s * (1 - f))
    return np.array([(v, t, p), (q, v, p), (p, v, t), (p, q, v), (t, p, v), (v, p, q)][i], np.float32)


def noise(rng: Rng, h: int, w: int, cells: float = 4, octaves: int = 4, gain: float = .5,
          stretch: tuple[float, float] = (1, 1)) -> np.ndarray:
    """Fractal value noise in about 0..1, `cells` across at the coarsest octave."""
    out = np.zeros((h, w), np.float32)
    amp, total = 1.0, 0.0
    for _ in range(octaves):
        ny, nx = max(2, int(cells * stretch[0])), max(2, int(cells * stretch[1]))
        if total and min(ny, nx) > max(h, w):
            break
        grid = rng.random((min(ny, h), min(nx, w)), dtype=np.float32)
        out += amp * cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC)
        total, amp, cells = total + amp, amp * gain, cells * 2
    return out / total


def mix(t: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Colour a where t is 0, b where it is 1."""
    t = np.clip(t, 0, 1)[..., None]
    return (a * (1 - t) + b * t).astype(np.float32)


def grid(h: int, w: int, angle: float, cells: float) -> tuple[np.ndarray, np.ndarray]:
    """Rotated coordinates counted in cells."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32) * np.float32(cells / max(h, w))
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return x * c + y * s, y * c - x * s


def stripes(rng: Rng, h: int, w: int) -> np.ndarray:
    u, v = grid(h, w, rng.uniform(0, np.pi), rng.uniform(3, 30))
    if rng.random() < .4:
        u = u + noise(rng, h, w, 4, 3) * rng.uniform(0, 4)
    t = (u % 1 < rng.uniform(.2, .8)).astype(np.float32)
    if rng.random() < .3:
        t = np.maximum(t, (v % 1 < .4) * .7)
    return mix(cv2.GaussianBlur(t, (3, 3), 0), color(rng), color(rng))


def dots(rng: Rng, h: int, w: int) -> np.ndarray:
    u, v = grid(h, w, rng.uniform(0, np.pi), rng.uniform(4, 20))
    d = np.hypot(u % 1 - .5, v % 1 - .5)
    return mix(np.clip((rng.uniform(.15, .4) - d) * 20, 0, 1), color(rng), color(rng))


def checks(rng: Rng, h: int, w: int) -> np.ndarray:
    u, v = grid(h, w, rng.uniform(0, np.pi), rng.uniform(3, 16))
    return mix(((np.floor(u) + np.floor(v)) % 2).astype(np.float32), color(rng), color(rng))


def blotches(rng: Rng, h: int, w: int) -> np.ndarray:
    """Camouflage, animal coats, terrazzo: thresholded noise, stretched at random."""
    st = (rng.uniform(.4, 3), rng.uniform(.4, 3))
    n = noise(rng, h, w, rng.uniform(3, 25), 3, .5, st)
    t = np.clip((n - rng.uniform(.4, .6)) * rng.uniform(5, 40) + .5, 0, 1)
    return mix(t, color(rng), color(rng))


def cloud(rng: Rng, h: int, w: int) -> np.ndarray:
    n = noise(rng, h, w, rng.uniform(2, 8), 6, rng.uniform(.4, .8))
    return mix((n - .5) * rng.uniform(1, 4) + .5, color(rng), color(rng))


def marble(rng: Rng, h: int, w: int) -> np.ndarray:
    n = noise(rng, h, w, rng.uniform(2, 6), 6, .55)
    t = np.abs(np.sin((n * rng.uniform(3, 10)) * np.pi)) ** rng.uniform(.1, .5)
    return mix(t, color(rng), color(rng, "white" if rng.random() < .6 else None))


def wood(rng: Rng, h: int, w: int) -> np.ndarray:
    """Planks with grain."""
    a = color(rng, "wood")
    n = noise(rng, h, w, rng.uniform(2, 5), 6, .65, (rng.uniform(6, 14), 1))
    t = mix((n - .5) * 2.5 + .5, a * rng.uniform(.5, .8), np.minimum(a * 1.25, 1))
    if rng.random() < .6:
        k = int(rng.integers(2, 9))
        for i in range(k):
            y0, y1 = i * h // k, (i + 1) * h // k
            t[y0:y1] *= rng.uniform(.8, 1.1)
            t[y0:y0 + max(1, h // 200)] *= .4
    if rng.random() < .5:
        t = np.ascontiguousarray(t.transpose(1, 0, 2)) if h == w else t
    return np.clip(t, 0, 1)


def weave(rng: Rng, h: int, w: int) -> np.ndarray:
    """Knit and woven cloth: small periodic shading on a base colour."""
    u, v = grid(h, w, rng.uniform(-.3, .3), rng.uniform(25, 90))
    if rng.random() < .5:
        t = .5 + .5 * np.sin(2 * np.pi * (u + .5 * np.abs((v % 1) - .5)))
    else:
        t = np.where((np.floor(u) + np.floor(v)) % 2 > 0, u % 1, v % 1)
    base = color(rng)
    shade = 1 - rng.uniform(.1, .5) * t + .15 * (noise(rng, h, w, 60, 2) - .5)
    return np.clip(base * shade[..., None], 0, 1).astype(np.float32)


def hair(rng: Rng, h: int, w: int) -> np.ndarray:
    """Fur-like strokes."""
    n = noise(rng, h, w, rng.uniform(6, 14), 4, .8, (1, rng.uniform(4, 9)))
    big = noise(rng, h, w, rng.uniform(2, 6), 3)
    a, b = color(rng), color(rng)
    return np.clip(mix((big - .5) * 5 + .5, a, b) * (.45 + 1.1 * n[..., None]), 0, 1)


def cells(rng: Rng, h: int, w: int) -> np.ndarray:
    """Voronoi patches: stones, pebbles, mosaics."""
    k = int(rng.integers(20, 300))
    pts = rng.random((k, 2)) * (h // 2, w // 2)
    lab = np.ones((h // 2, w // 2), np.uint8)
    lab[pts[:, 0].astype(int), pts[:, 1].astype(int)] = 0
    d, idx = cv2.distanceTransformWithLabels(lab, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    base, spread = color(rng), rng.uniform(.05, .5)
    pal = np.clip(base + rng.normal(0, spread, (idx.max() + 1, 1)) + rng.normal(0, spread / 3, (idx.max() + 1, 3)), 0, 1)
    out = pal[idx].astype(np.float32)
    if rng.random() < .6:
        out *= np.clip(1.2 - d / (d.max() + 1e-6) * rng.uniform(.5, 1.3), 0, 1)[..., None]
    return np.clip(cv2.resize(out, (w, h), interpolation=cv2.INTER_LINEAR), 0, 1)


def bricks(rng: Rng, h: int, w: int) -> np.ndarray:
    """Bricks or tiles in running bond, seen from the front."""
    ny = rng.uniform(5, 18)
    u, v = grid(h, w, 0 if rng.random() < .6 else np.pi / 2, ny)
    u = u / rng.uniform(1, 3.2)
    row = np.floor(v)
    u = u + (row % 2) * (.5 if rng.random() < .75 else 0)
    ids = (np.floor(u).astype(int) * 73 + row.astype(int) * 151) % 997
    base, mortar = (color(rng, "earth"), color(rng, "gray")) if rng.random() < .7 else (color(rng), color(rng))
    tone = rng.normal(1, rng.uniform(.03, .2), 997).astype(np.float32)[ids]
    m = rng.uniform(.02, .07)
    gap = ((v % 1 < m * 1.6) | (u % 1 < m)).astype(np.float32)
    out = base * tone[..., None] * (.7 + .6 * noise(rng, h, w, 30, 4, .7))[..., None]
    return np.clip(mix(cv2.GaussianBlur(gap, (3, 3), 0), out, mortar), 0, 1)


def printed(rng: Rng, h: int, w: int) -> np.ndarray:
    """Packaging print: bands, words, bars and simple emblems."""
    img = Image.new("RGB", (w, h), tuple(int(255 * c) for c in color(rng)))
    d = ImageDraw.Draw(img)
    for _ in range(int(rng.integers(2, 9))):
        c = tuple(int(255 * k) for k in color(rng))
        x, y = rng.uniform(-.1, .9) * w, rng.uniform(-.1, .95) * h
        kind = rng.integers(0, 5)
        if kind == 0:
            d.rectangle([0, y, w, y + rng.uniform(.02, .3) * h], fill=c)
        elif kind == 1:
            r = rng.uniform(.03, .3) * w
            d.ellipse([x - r, y - r, x + r, y + r], fill=c)
        elif kind == 2:
            d.polygon([tuple(rng.random(2) * (w, h)) for _ in range(3)], fill=c)
        elif fonts():
            font = ImageFont.truetype(str(rng.choice(fonts())), int(rng.uniform(.04, .25) * h))
            for line in range(int(rng.integers(1, 4))):
                d.text((x, y + line * font.size * 1.15), str(rng.choice(WORDS)), font=font, fill=c)
    return np.asarray(img, np.float32) / 255


def flat(rng: Rng, h: int, w: int) -> np.ndarray:
    base = color(rng)
    n = noise(rng, h, w, rng.uniform(2, 60), 3)[..., None] - .5
    return np.clip(base * (1 + rng.uniform(0, .2) * n), 0, 1).astype(np.float32)


KINDS = [(flat, .3), (printed, .16), (weave, .1), (stripes, .08), (blotches, .08), (wood, .06), (hair, .06),
         (cloud, .05), (marble, .04), (dots, .03), (checks, .02), (cells, .02)]
ROUGH = [(cells, .2), (cloud, .2), (wood, .15), (bricks, .15), (weave, .08), (hair, .08), (blotches, .06), (marble, .08)]


def texture(rng: Rng, h: int, w: int, photos: list[np.ndarray] | None = None, rough: bool = False) -> np.ndarray:
    """One texture. Now and then a crop of a real photo, recoloured, stands in for a procedural one."""
    if photos and rng.random() < (.35 if rough else .2):
        return photo_crop(rng, photos, h, w)
    table = ROUGH if rough else KINDS
    p = np.array([k[1] for k in table])
    fn = table[rng.choice(len(table), p=p / p.sum())][0]
    return fn(rng, h, w)


def photo_crop(rng: Rng, photos: list[np.ndarray], h: int, w: int, lo: float = .15, hi: float = .9) -> np.ndarray:
    """A random, mirrored, recoloured window of one of the free photos."""
    ph = photos[rng.integers(len(photos))]
    side = int(rng.uniform(lo, hi) * min(ph.shape[:2]))
    y, x = rng.integers(0, ph.shape[0] - side + 1), rng.integers(0, ph.shape[1] - side + 1)
    crop = ph[y:y + side, x:x + side][:, ::rng.choice([-1, 1])]
    t = cv2.resize(np.ascontiguousarray(crop), (w, h), interpolation=cv2.INTER_AREA if side > w else cv2.INTER_CUBIC)
    t = t.astype(np.float32) / 255
    if rng.random() < .5:
        t = t[..., rng.permutation(3)]
    if rng.random() < .4:
        g = t.mean(2)
        t = mix(g * rng.uniform(.8, 1.3), color(rng, "black"), color(rng))
    return np.clip(t * rng.uniform(.5, 1.3, (1, 1, 3)) if rng.random() < .5 else t, 0, 1).astype(np.float32)

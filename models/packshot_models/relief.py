"""Inflates drawn parts to rounded bodies and lights them: a cut-out in a few hundredths of a second.

Each part's height comes from the distance to its outline, normals from the height, light from a small
random environment. That is no ray tracer (raymarch.py is), but its outlines are as varied as
silhouettes.py can draw them, and outlines are what a matting net has to learn.
"""
from __future__ import annotations

import cv2
import numpy as np

from . import textures as tx
from .silhouettes import Part, sketch
from .textures import Rng, color, noise


def inflate(mask: np.ndarray, roundness: float, span: float) -> np.ndarray:
    """Height above the part's plane in pixels: a quarter circle of radius `span` px at the rim, then level."""
    d = cv2.distanceTransform((mask > .5).astype(np.uint8), cv2.DIST_L2, 5)
    r = max(2.0, min(float(d.max()), span))
    t = np.clip(d / r, 0, 1)
    return cv2.GaussianBlur((np.sqrt(np.maximum(1 - (1 - t) ** 2, 0)) * (r * roundness)).astype(np.float32), (0, 0), 1.5)


def normals(height: np.ndarray) -> np.ndarray:
    gx = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=.125)
    gy = cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=.125)
    n = np.dstack([-gx, -gy, np.ones_like(gx)])
    return n / np.linalg.norm(n, axis=2, keepdims=True)


def shade(rng: Rng, nrm: np.ndarray, albedo: np.ndarray, gloss: float, metal: float, lights: np.ndarray,
          env_map: np.ndarray | None = None) -> np.ndarray:
    """Soft key light, sky-to-floor ambient, highlight, and reflections for glossy things: of a place
    (`env_map`) when there is one, else window-like bands."""
    n_l = np.clip(nrm @ lights[0], 0, 1)
    n_f = np.clip(nrm @ lights[1], 0, 1)
    amb = .5 - .35 * nrm[..., 1]
    diffuse = .35 * amb + .75 * n_l + .2 * n_f
    half = lights[0] + np.array([0, 0, 1.0])
    half /= np.linalg.norm(half)
    spec = np.clip(nrm @ half, 0, 1) ** (8 + 120 * gloss)
    refl = 2 * nrm[..., 2:] * nrm - np.array([0, 0, 1.0])
    v = refl[..., 1] * 2.5 + .6 * refl[..., 0]
    env = .35 + .35 * np.sin(v * rng.uniform(1, 4) + rng.uniform(0, 6)) + .3 * np.clip((-refl[..., 1] - .2) * 8, 0, 1)
    if env_map is not None:
        k = env_map.shape[0] - 1
        env = env_map[((refl[..., 1] * .5 + .5) * k).astype(int), ((refl[..., 0] * .5 + .5) * k).astype(int)]
    else:
        env = env[..., None]
    fres = metal + (1 - metal) * gloss * (.5 if env_map is None else .9) * (1 - nrm[..., 2]) ** 3
    out = albedo * diffuse[..., None] * (1 - .7 * metal) + (gloss * .6 * spec)[..., None]
    tint = albedo if metal > .5 else np.ones(3)
    return out * (1 - fres[..., None] * .5) + fres[..., None] * env * tint


def material(rng: Rng, n: int, hint: str, photos: list[np.ndarray]) -> tuple[np.ndarray, float, float, float]:
    """Albedo, gloss, metalness and opacity for a part."""
    gloss, metal, opacity = float(rng.random() ** 2), 0.0, 1.0
    if hint == "metal" or rng.random() < .06:
        return tx.flat(rng, n, n) * .5 + .35, .9, .9, 1.0
    if hint == "skin" and rng.random() < .8:
        tone = np.array([.24, .14, .09]) * (1 - (t := rng.random())) + np.array([.95, .76, .64]) * t
        return np.broadcast_to(tone, (n, n, 3)).astype(np.float32) * (.92 + .16 * noise(rng, n, n, 12, 2, 1))[..., None], .2, 0, 1.0
    if hint == "glass":
        return np.broadcast_to(color(rng, "black") + .05, (n, n, 3)).astype(np.float32), 1.0, .3, 1.0
    if hint == "fur" and rng.random() < .8:
        fn = tx.hair if rng.random() < .6 else tx.blotches
        return np.clip(fn(rng, n, n) * (.7 + .6 * noise(rng, n, n, 60, 2, 1, (1, .3)))[..., None], 0, 1), .05, 0, 1.0
    if hint == "print" and rng.random() < .7:
        return tx.printed(rng, n, n), gloss, 0, 1.0
    if hint == "gloss" and rng.random() < .7:
        return np.broadcast_to(color(rng), (n, n, 3)).astype(np.float32), 1.0, rng.uniform(.1, .5), 1.0
    if hint == "leaf":
        return np.clip(color(rng, "leaf") * 1.3 * (.7 + .6 * noise(rng, n, n, 30, 2))[..., None], 0, 1), .3, 0, 1.0
    if hint == "lathe" and rng.random() < .15:
        opacity = rng.uniform(.35, .85)
    return tx.texture(rng, n, n, photos), gloss, metal, opacity


def relief(rng: Rng, n: int, photos: list[np.ndarray], name: str | None = None,
           env_map: np.ndarray | None = None) -> tuple[str, np.ndarray]:
    """One shaded cut-out: (kind, float32 n x n x 4 with straight alpha)."""
    big = int(n * 1.5)
    name, parts = sketch(rng, big, name)
    lights = np.array([[rng.normal(0, .6), -abs(rng.normal(.6, .4)), rng.uniform(.3, 1)],
                       [rng.normal(0, 1), rng.normal(0, .3), .4]])
    lights = (lights / np.linalg.norm(lights, axis=1, keepdims=True)).astype(np.float32)
    rgb = np.zeros((big, big, 3), np.float32)
    alpha = np.zeros((big, big), np.float32)
    mats: dict[int, tuple[np.ndarray, float, float, float]] = {}
    exposure = rng.uniform(.8, 1.6)
    for part in parts:
        if part.group not in mats:
            mats[part.group] = material(rng, big, part.hint, photos)
        albedo, gloss, metal, opacity = mats[part.group]
        box = extent(part.mask, 14)
        mask = np.ascontiguousarray(part.mask[box])
        height = inflate(mask, part.round, big * rng.uniform(.05, .2))
        if part.hint == "cloth":
            height = (height + folds(rng, big)[box]).astype(np.float32)
        col = np.clip(shade(rng, normals(height), albedo[box], gloss, metal, lights, env_map) * exposure, 0, 1).astype(np.float32)
        m = mask
        if part.hint in ("fur", "leaf") and rng.random() < .6:
            m = ragged(rng, part.mask)[box]
        if opacity < 1:  # glass: see-through in the middle, denser at the rim
            rim = 1 - np.clip(height / (height.max() + 1e-6), 0, 1)
            m = m * np.clip(opacity + (1 - opacity) * rim ** 2 + col.mean(2) ** 4, 0, 1)
        below, under = rgb[box], alpha[box]
        below = below * (1 - .45 * cv2.GaussianBlur(mask, (0, 0), big * .012) * (under > 0))[..., None]
        over = m + under * (1 - m)
        rgb[box] = np.where(over[..., None] > 1e-4, (col * m[..., None] + below * (under * (1 - m))[..., None]) /
                            np.maximum(over, 1e-4)[..., None], below)
        alpha[box] = over
    out = np.dstack([rgb * alpha[..., None], alpha])
    out = cv2.resize(out, (n, n), interpolation=cv2.INTER_AREA)
    out[..., :3] /= np.maximum(out[..., 3:], 1e-4)
    return name, np.clip(out, 0, 1)


def extent(mask: np.ndarray, margin: int) -> tuple[slice, slice]:
    """The part's box with a margin, so that small parts cost little."""
    x, y, w, h = cv2.boundingRect((mask > 0).astype(np.uint8))
    return slice(max(0, y - margin), y + h + margin), slice(max(0, x - margin), x + w + margin)


def folds(rng: Rng, n: int) -> np.ndarray:
    """Wrinkles of cloth, as height in pixels."""
    w = noise(rng, n, n, rng.uniform(3, 7), 3, .6, (1, rng.uniform(.5, 3)))
    m = cv2.getRotationMatrix2D((n / 2, n / 2), rng.uniform(0, 180), 1.5)
    w = cv2.warpAffine(w, m, (n, n), borderMode=cv2.BORDER_REFLECT)
    return cv2.GaussianBlur(np.abs(w - .5), (0, 0), 2) * n * rng.uniform(.02, .12)


def ragged(rng: Rng, m: np.ndarray) -> np.ndarray:
    """Frayed edge: hair and leaves do not end in a clean line."""
    n = m.shape[0]
    j = rng.uniform(2, 7)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    dx = (noise(rng, n, n, 90, 2, 1) - .5) * 2 * j
    dy = (noise(rng, n, n, 90, 2, 1) - .5) * 2 * j
    return cv2.remap(m, x + dx, y + dy, cv2.INTER_LINEAR)

"""Ray-marched cut-outs and whole scenes: solids.py shaded with material, shadow and occlusion."""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .backgrounds import background, studio, tabletop
from .raymarch import trace
from .relief import material, shade
from .solids import Solid, solid
from .textures import Rng, color


@dataclass
class View:
    """A rendered solid: colour, opacity, full coverage, floor light (1 = unshadowed) and normals."""
    rgb: np.ndarray
    alpha: np.ndarray
    cover: np.ndarray
    ground: np.ndarray
    normal: np.ndarray


def camera(rng: Rng, zoom: float, x: float, y: float) -> tuple:
    """Eye and axes looking at the middle of the thing from the front, a bit above."""
    az, el = rng.uniform(-.6, .6), rng.uniform(.05, .75)
    focal = rng.uniform(1.2, 2.6)
    dist = focal / zoom * 1.35
    eye = np.array([np.sin(az) * np.cos(el), np.sin(el), np.cos(az) * np.cos(el)]) * dist + (0, .45, 0)
    fwd = np.array([0, .45, 0]) - eye
    fwd /= np.linalg.norm(fwd)
    right = np.cross(fwd, (0, 1, 0))
    right /= np.linalg.norm(right)
    up = np.cross(right, fwd)
    fwd = fwd - right * x / focal - up * y / focal
    return eye, right, up, fwd / np.linalg.norm(fwd), focal


def render(rng: Rng, s: Solid, n: int, photos: list[np.ndarray], zoom: float, x: float = 0, y: float = 0, floor: bool = True,
           glass: float = .12) -> View:
    """Traces at n x n and shades."""
    eye, right, up, fwd, focal = camera(rng, zoom, x, y)
    key = np.array([rng.normal(0, .7), rng.uniform(.5, 1.3), rng.uniform(-.2, 1)])
    key /= np.linalg.norm(key)
    rows = np.array(s.rows)
    cover, nrm, uv, mat, sun, occ, ground = trace(rows, np.array(s.tables), n, eye, right, up, fwd, focal, key,
                                                  rng.uniform(.03, .5), floor, 1.0)
    lights = np.array([[key @ right, -(key @ up), -(key @ fwd)], [rng.normal(0, 1), -.2, .5]])
    lights[1] /= np.linalg.norm(lights[1])
    rgb = np.zeros((n, n, 3), np.float32)
    alpha = cover.copy()
    side = 256
    exposure = rng.uniform(.85, 1.7)
    for m in np.unique(mat[cover > 0]):
        hint = s.hints.get(int(m), "")
        if hint == "skin":
            tex, gloss, metal, opacity = np.broadcast_to(color(rng, "skin"), (side, side, 3)), .3, 0.0, 1.0
        else:
            tex, gloss, metal, opacity = material(rng, side, "" if hint == "lathe" else hint, photos)
            if hint == "lathe" and rng.random() < glass:
                opacity, gloss = rng.uniform(.3, .7), 1.0
                tex = np.broadcast_to(np.clip(color(rng, "pastel") * 1.1, 0, 1), (side, side, 3))
        sel = (mat == m) & (cover > 0)
        scale = rng.uniform(.6, 1.2)
        u = ((uv[sel] * scale + rng.random(2)) * side).astype(int) % side
        nv = nrm[sel][:, None]
        lit = shade(rng, nv, np.ascontiguousarray(tex)[u[:, 1], u[:, 0]][:, None], gloss, metal, lights)[:, 0]
        lit = lit * ((.35 + .65 * sun[sel]) * (.35 + .65 * occ[sel]))[:, None]
        rgb[sel] = np.clip(lit * exposure, 0, 1)
        if opacity < 1:  # see-through in the middle, denser where it is seen at a grazing angle or shines
            rim = (1 - np.clip(nrm[sel][:, 2], 0, 1)) ** 2
            alpha[sel] *= np.clip(opacity + (1 - opacity) * rim + rgb[sel].mean(1) ** 6, 0, 1)
    return View(rgb, alpha, cover, ground, nrm)


def cutout(rng: Rng, n: int, photos: list[np.ndarray]) -> np.ndarray:
    """RGBA of one solid alone."""
    v = render(rng, solid(rng, held=rng.random() < .1), n, photos, rng.uniform(.95, 1.15), floor=False)
    return np.dstack([v.rgb, v.alpha])


def scene(rng: Rng, n: int, photos: list[np.ndarray], name: str | None = None, held: bool | None = None, glass: float = .15,
          place: str | None = None, zoom: float | None = None) -> np.ndarray:
    """A whole picture with true shadows: RGB plus exact alpha of the subject (its shadow is not part of it)."""
    held = rng.random() < .12 if held is None else held
    things = [solid(rng, name, held)]
    z = zoom or rng.uniform(.45, 1.05)
    x, y = rng.normal(0, .05, 2)
    v = render(rng, things[0], n, photos, z, x, y, floor=not held, glass=glass)
    if place == "studio" or (place is None and rng.random() < .45):
        bg = np.clip(studio(rng, n), 0, 1)
    elif place == "table":
        bg = np.clip(tabletop(rng, n, photos), 0, 1)
    else:
        bg = background(rng, n, photos).astype(np.float32) / 255
    if rng.random() < .3:  # something else, farther off and out of focus
        far = render(rng, solid(rng), n // 2, photos, z * rng.uniform(.3, .7), rng.choice([-1, 1]) * rng.uniform(.25, .5), .1)
        a = cv2.resize(far.alpha, (n, n))[..., None]
        f = cv2.resize(far.rgb * far.alpha[..., None], (n, n))
        s = n * rng.uniform(.008, .025)
        bg = cv2.GaussianBlur(f, (0, 0), s) + bg * (1 - cv2.GaussianBlur(a[..., 0], (0, 0), s)[..., None])
    bg = bg * (1 - (1 - v.ground) * rng.uniform(.3, 1))[..., None]
    if (v.cover - v.alpha).max() > .1:  # glass: the background is seen displaced through it
        yy, xx = np.mgrid[0:n, 0:n].astype(np.float32)
        k = np.float32(.06 * n) * (v.cover > v.alpha + .02)
        bg = cv2.remap(bg.astype(np.float32), xx - v.normal[..., 0] * k, yy - v.normal[..., 1] * k, cv2.INTER_LINEAR,
                       borderMode=cv2.BORDER_REFLECT)
    img = v.rgb * v.alpha[..., None] + bg * (1 - v.alpha[..., None])
    return np.dstack([img, v.alpha]).astype(np.float32)

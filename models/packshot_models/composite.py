"""Puts cut-outs on backgrounds: one training picture with exact alpha in a few milliseconds.

Shadows, reflections and stray things in the background are painted here and are *not* in alpha: that
is what keeps them out of the matte. The stray things come from the same pools as the subject, so the
net cannot tell a subject by the look of its surface, only by its place, size, sharpness and wholeness.
"""
from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .pools import Pool
from .textures import Rng, photo_crop

WEIGHTS = {"real": .36, "relief": .27, "march": .17, "hard": .2, "trim": .2, "near": .22, "rendered": .5}  # share of subjects by pool, as far as pools exist


class Composer:
    """Draws training pictures of any size from the pools in a cache folder."""

    def __init__(self, cache: Path, photos: list[np.ndarray] | None = None, weights: dict[str, float] | None = None) -> None:
        self.pools = {k: Pool(cache, k) for k in (*WEIGHTS, "background", "outdoor", "place", "scene")}
        self.photos = photos or []
        self.weights = weights or WEIGHTS
        self.scene_share, self.outdoor_share, self.place_share = .1, .27, 0.0

    def refresh(self) -> None:
        for p in self.pools.values():
            p.refresh()

    def subject(self, rng: Rng, pixels: float, plain: float = 0) -> np.ndarray:
        """A cut-out (uint8 RGBA) not much larger than `pixels`, altered so that 34 real ones do not become 34 known ones."""
        return self.pick(rng, pixels, plain)[0]

    def pick(self, rng: Rng, pixels: float, plain: float = 0) -> tuple[np.ndarray, str]:
        """`subject`, and the pool it is from."""
        names = [k for k in self.weights if len(self.pools[k])]
        w = np.array([self.weights[k] for k in names])
        name = names[rng.choice(len(names), p=w / w.sum())]
        fg = self.pools[name].pick(rng)
        side = max(48, int(pixels * 1.15))
        if side < fg.shape[0]:
            fg = shrink(fg, side)
        return fg if rng.random() < plain else alter(rng, fg, self, strong=name == "real"), name

    def sample(self, rng: Rng, n: int) -> tuple[np.ndarray, np.ndarray]:
        """RGB uint8 n x n x 3 and alpha uint8 n x n."""
        if rng.random() < self.scene_share and len(self.pools["scene"]):
            img, a = window(rng, self.pools["scene"].pick(rng), n, .75)
        else:
            img, a = self.compose(rng, n)
        if rng.random() < .06:
            img, a = bars(rng, img, a)
        return finish(rng, img), (np.clip(a, 0, 1) * 255 + .5).astype(np.uint8)

    def compose(self, rng: Rng, n: int) -> tuple[np.ndarray, np.ndarray]:
        bg = self.place(rng, n)
        where = placement(rng)
        u = rng.random()
        if u < .18:
            fg, a = self.several(rng, n)
        else:
            cut, pool = self.pick(rng, where[0] * n)
            fg, a = warp(rng, cut, n, *(anchored(rng, cut, *where) if pool == "near" else where))
        if .18 < u < .28:  # a second thing beside or behind the first: both are the subject
            where = placement(rng, group=True)
            fg2, a2 = warp(rng, self.subject(rng, where[0] * n), n, *where)
            fg = fg * a[..., None] + fg2 * (1 - a[..., None])
            a = a + a2 * (1 - a)
        u = rng.random()
        if u < .4:
            fg, bg = harmonise(rng, fg, a, bg)
        elif u < .5:
            fg, bg = alike(rng, fg, bg)
        bg = shadows(rng, fg, a, bg)
        if rng.random() < .2:  # light and shade of something outside the picture, over everything or the place alone
            k = int(rng.integers(3, 9))
            t = cv2.resize(rng.random((k, k), dtype=np.float32), (n, n), interpolation=cv2.INTER_CUBIC)
            t = np.clip((t - .5) * rng.uniform(2, 12) + .5, 0, 1)[..., None] * np.float32(rng.uniform(.2, .6))
            bg = bg * (1 - t)
            fg = fg * (1 - t) if rng.random() < .5 else fg
        if rng.random() < .25:
            a3 = cv2.GaussianBlur(a, (0, 0), rng.uniform(.4, 1.4))
            fg, a = spread(fg, a, a3), a3
        return fg * a[..., None] + bg * (1 - a[..., None]), a

    def several(self, rng: Rng, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Two to four of the same thing in a row or overlapping: a pair of shoes, a set of mugs."""
        k = int(rng.choice([2, 3, 4], p=[.7, .2, .1]))
        size = rng.uniform(.3, .62) * (1 if k == 2 else .75)
        cut = self.subject(rng, size * n)
        step = size * rng.uniform(.45, 1.05) * (.6 if k > 2 else 1)
        tilt = rng.normal(0, .15)
        fg, a = np.zeros((n, n, 3), np.float32), np.zeros((n, n), np.float32)
        for i in range(k):
            t = (i - (k - 1) / 2) * step
            f, b = warp(rng, cut, n, size, t + rng.normal(0, .01), t * tilt + rng.normal(0, .02), rng.normal(0, .06))
            fg, a = f * b[..., None] + fg * (1 - b[..., None]), b + a * (1 - b)
        return fg, a

    def place(self, rng: Rng, n: int) -> np.ndarray:
        """A background crop, with stray things in a good part of the pictures."""
        outdoor = rng.random() < self.outdoor_share and len(self.pools["outdoor"]) > 0
        real = rng.random() < self.place_share and len(self.pools["place"]) > 0
        src = self.pools["place" if real else "outdoor" if outdoor else "background"].pick(rng)
        side = src.shape[0]
        c = int(side * rng.uniform(.45, 1))
        y, x = rng.integers(0, side - c + 1, 2)
        bg = shrink(src[y:y + c, x:x + c], n)
        bg = bg[:, ::rng.choice([-1, 1])].astype(np.float32) / 255
        if rng.random() < (.1 if outdoor else .3):
            bg = bg[..., rng.permutation(3)]
        bg = np.clip(bg * rng.uniform(.6, 1.3) + rng.uniform(-.08, .08), 0, 1)
        u = rng.random()
        if u < .22:
            blur = rng.uniform(0, .02) * n
            for _ in range(int(rng.integers(1, 9))):
                bg = self.stray(rng, bg, rng.uniform(.06, .22), rng.uniform(0, 1, 2), .75)
            bg = cv2.GaussianBlur(bg, (0, 0), blur) if blur > .4 else bg
        elif u < .34:  # big things at the border, or a crowd far out of focus
            for _ in range(int(rng.integers(1, 6))):
                side_ = rng.choice([-.1, .0, 1.0, 1.1])
                at = rng.permutation([side_, rng.random()])
                bg = self.stray(rng, bg, rng.uniform(.2, .9), at, .9)
            blur = rng.uniform(.01, .05) * n
            bg = cv2.GaussianBlur(bg, (0, 0), blur)
        return np.ascontiguousarray(bg)

    def stray(self, rng: Rng, bg: np.ndarray, size: float, at: np.ndarray, opacity: float) -> np.ndarray:
        n = bg.shape[0]
        fg, a = warp(rng, self.subject(rng, size * n, plain=.7), n, size, at[0] - .5, at[1] - .5, rng.normal(0, .5))
        a = (a * rng.uniform(opacity, 1))[..., None]
        return fg * rng.uniform(.5, 1) * a + bg * (1 - a)


def placement(rng: Rng, group: bool = False) -> tuple[float, float, float, float]:
    """Size (of the longer side, in frames), offset, rotation. Most subjects stand whole and near the middle."""
    u = rng.random()
    size = rng.uniform(.45, .85) if u < .5 else rng.uniform(.75, 1.0) if u < .72 else rng.uniform(.22, .5) if u < .86 \
        else rng.uniform(1, 1.9)
    room = max(0.0, (1 - size) / 2)
    x, y = rng.normal(0, .35, 2) * room + rng.normal(0, .015, 2)
    if group:
        size, x, y = size * .8, x + rng.normal(0, .25), y + rng.normal(.02, .06)
    if size > 1:
        x, y = rng.uniform(-.25, .25, 2)
    if rng.random() < .12:  # a close-up: the frame cuts it off on one side, mostly below
        size = rng.uniform(.7, 1.6)
        x, y = rng.normal(0, .08), size / 2 - .5 + rng.uniform(.05, .35) * min(size, 1)
        if rng.random() < .35:
            x, y = float(rng.choice([-1, 1])) * y, x
    angle = rng.normal(0, .08) if rng.random() < .7 else rng.normal(0, .6) if rng.random() < .7 else rng.uniform(-3.1, 3.1)
    return size, x, y, angle


def anchored(rng: Rng, cut: np.ndarray, size: float, x: float, y: float, angle: float) -> tuple[float, float, float, float]:
    """The placement, moved so that the frame cuts what the border of the cut-out cuts."""
    low, high = ((cut[row, :, 3] > 128).mean() > .1 for row in (-1, 0))
    beyond = size * rng.uniform(.47, .55) - rng.uniform(.0, .1)
    if low and high:
        return max(size, rng.uniform(1.1, 1.5)), x, y * .3, angle * .3
    if low or high:
        return size, x, (.5 - beyond if low else beyond - .5) + (.06 if low else -.06), angle * .3
    return size, x, y, angle


def warp(rng: Rng, fg: np.ndarray, n: int, size: float, x: float, y: float, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Scales, stretches, turns and moves a cut-out onto an n x n canvas; straight colour and alpha in 0..1."""
    side = fg.shape[0]
    s = size * n / side
    while s < .6:  # halve first: warping alone would alias
        fg = cv2.resize(fg, None, fx=.5, fy=.5, interpolation=cv2.INTER_AREA)
        side, s = fg.shape[0], s * 2
    stretch = np.exp(rng.normal(0, .23))
    flip = rng.choice([-1, 1])
    c, si = np.cos(angle), np.sin(angle)
    m = np.array([[c, -si], [si, c]]) @ np.array([[1, rng.normal(0, .06)], [0, 1]]) @ np.diag([s * stretch * flip, s / stretch])
    centre = np.array([n / 2 + x * n, n / 2 + y * n])
    t = centre - m @ np.array([side / 2, side / 2])
    mat = np.hstack([m, t[:, None]])
    if rng.random() < .3:
        p = np.vstack([mat, [*rng.normal(0, .0006, 2), 1]])
        p[2, 2] = 1 - p[2, :2] @ np.array([side / 2, side / 2])
        out = cv2.warpPerspective(fg, p, (n, n), flags=cv2.INTER_LINEAR)
    else:
        out = cv2.warpAffine(fg, mat, (n, n), flags=cv2.INTER_LINEAR)
    f = out.astype(np.float32) * np.float32(1 / 255)
    return f[..., :3], np.ascontiguousarray(f[..., 3])


def alter(rng: Rng, fg: np.ndarray, src: Composer, strong: bool) -> np.ndarray:
    """Recolours a cut-out; `strong` also bends its outline and prints other textures over it."""
    out = fg
    if strong and rng.random() < .5:
        k = fg.shape[0]
        d = [cv2.resize(rng.normal(0, k * rng.uniform(.007, .035), (4, 4)).astype(np.float32), (k, k), interpolation=cv2.INTER_CUBIC) for _ in range(2)]
        y, x = np.mgrid[0:k, 0:k].astype(np.float32)
        out = cv2.remap(out, x + d[0], y + d[1], cv2.INTER_LINEAR)
    if rng.random() < (.75 if strong else .35):
        rgb = out[..., :3]
        u = rng.random()
        if u < .4:
            hsv = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2HSV)
            lut = np.arange(256, dtype=np.float32)
            h = ((np.arange(256) + rng.integers(0, 180)) % 180).astype(np.uint8)
            s = np.clip(lut * rng.uniform(0, 1.3), 0, 255).astype(np.uint8)
            v = np.clip(255 * (lut / 255) ** np.exp(rng.normal(0, .5)) * rng.uniform(.7, 1.2), 0, 255).astype(np.uint8)
            rgb = cv2.cvtColor(np.dstack([h[hsv[..., 0]], s[hsv[..., 1]], v[hsv[..., 2]]]), cv2.COLOR_HSV2RGB)
        elif u < .6:  # dark becomes light and the other way round, in another colour
            g = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
            ends = rng.uniform(0, 255, (2, 3))
            t = np.linspace(0, 1, 256)[:, None]
            rgb = np.clip(ends[0] * (1 - t) + ends[1] * t, 0, 255).astype(np.uint8)[g]
        elif u < .85:  # another surface, shaded by the old one
            k = out.shape[0]
            if src.photos and rng.random() < .5:
                tex = (photo_crop(rng, src.photos, k // 2, k // 2) * 255).astype(np.uint8)
            else:
                b = src.pools["background"].pick(rng)
                c = int(rng.uniform(.2, 1) * b.shape[0])
                tex = b[:c, :c]
            tex = cv2.resize(np.ascontiguousarray(tex), (k, k), interpolation=cv2.INTER_LINEAR)
            g = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32)
            mean = g[out[..., 3] > 128].mean() if (out[..., 3] > 128).any() else 128
            rgb = np.clip(tex * np.clip(g / max(mean, 12), .2, 2)[..., None], 0, 255).astype(np.uint8)
        else:
            rgb = rgb[..., rng.permutation(3)]
        out = np.dstack([rgb, out[..., 3]])
    return out


def harmonise(rng: Rng, fg: np.ndarray, a: np.ndarray, bg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Brings subject and place together: common tint, or near-equal brightness (white on white, dark on dark)."""
    u = rng.random()
    m = (fg * a[..., None]).sum((0, 1)) / max(float(a.sum()), 1)
    b = bg.mean((0, 1))
    if u < .5:
        k = rng.uniform(.1, .5)
        gain = np.clip((b + .15) / (m + .15), .5, 2) ** k
        fg = np.clip(fg * gain, 0, 1)
    else:
        k = rng.uniform(.3, .95)
        bg = np.clip(bg + (m - b) * k + rng.normal(0, .03, 3), 0, 1).astype(np.float32)
    return fg.astype(np.float32), bg


def alike(rng: Rng, fg: np.ndarray, bg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """White on white or black on black: what is left of colour and contrast is small in both."""
    tone = np.float32(rng.uniform(.85, 1) if rng.random() < .75 else rng.uniform(0, .08))
    out = []
    for img, strength in ((fg, rng.uniform(.25, .6)), (bg, rng.uniform(.03, .25))):
        grey = img.mean(2, keepdims=True)
        grey = grey + (img - grey) * np.float32(rng.uniform(0, .7))
        if tone > .5:  # keeps shading: dark parts stay darkest
            grey = 1 - (1 - grey) * np.float32(strength)
            out.append(np.clip(grey * tone, 0, 1))
        else:
            out.append(np.clip(grey * np.float32(strength) + tone, 0, 1))
    return out[0], out[1]


def shadows(rng: Rng, fg: np.ndarray, a: np.ndarray, bg: np.ndarray) -> np.ndarray:
    """Contact, drop and cast shadows, and floor reflections, at random."""
    n = a.shape[0]
    rows = np.nonzero(a.max(1) > .5)[0]
    cols = np.nonzero(a.max(0) > .5)[0]
    if len(rows) < 4 or len(cols) < 4:
        return bg
    y1, x0, x1 = rows[-1], cols[0], cols[-1]
    tone = np.float32(rng.uniform(0, .25)) * bg.mean((0, 1))

    def darken(mask: np.ndarray, strength: float) -> np.ndarray:
        t = (np.clip(mask, 0, 1) * strength)[..., None].astype(np.float32)
        return bg * (1 - t) + tone * t

    if rng.random() < .22:  # reflection in the floor
        h = max(2, int((y1 - rows[0]) * rng.uniform(.1, .5)))
        k = min(h, n - 1 - y1)
        if k > 1:
            src_f, src_a = fg[y1 - k:y1][::-1], a[y1 - k:y1][::-1]
            t = (src_a * np.linspace(rng.uniform(.2, .6), 0, h, dtype=np.float32)[:k, None])[..., None]
            bg = bg.copy()
            bg[y1:y1 + k] = src_f * t + bg[y1:y1 + k] * (1 - t)
    if rng.random() < .5:  # ellipse on the ground, touching or some way below (things often float in shop pictures)
        m = np.zeros((n, n), np.float32)
        gap = rng.uniform(0, .12) * n if rng.random() < .5 else 0
        w = (x1 - x0) / 2 * rng.uniform(.6, 1.15)
        cv2.ellipse(m, (int((x0 + x1) / 2 + rng.normal(0, .02) * n), int(y1 + gap)), (int(w) + 1, int(w * rng.uniform(.03, .25)) + 1),
                    0, 0, 360, 1, -1, cv2.LINE_AA)
        bg = darken(cv2.GaussianBlur(m, (0, 0), n * rng.uniform(.004, .04)), rng.uniform(.15, .8))
    if rng.random() < .4:  # drop shadow of something lying or hanging close to a surface
        d = rng.normal(0, .025, 2) * n
        m = cv2.warpAffine(a, np.float32([[1, 0, d[0]], [0, 1, d[1] + .01 * n]]), (n, n))
        bg = darken(cv2.GaussianBlur(m, (0, 0), n * rng.uniform(.003, .04)), rng.uniform(.1, .7))
    if rng.random() < .35:  # shadow cast along the floor, hard or soft
        shear, squash = rng.normal(0, 1.1), rng.uniform(.1, .55) * rng.choice([-1, 1], p=[.3, .7])
        mat = np.float32([[1, -shear, shear * y1], [0, squash, y1 - squash * y1]])
        m = cv2.warpAffine(a, mat, (n, n))
        bg = darken(cv2.GaussianBlur(m, (0, 0), n * rng.uniform(.002, .03)), rng.uniform(.1, .85))
    return bg


def spread(fg: np.ndarray, a: np.ndarray, wide: np.ndarray) -> np.ndarray:
    """Foreground colours continued outward, so that a softened edge shows no black rim."""
    pre = cv2.GaussianBlur(fg * a[..., None], (0, 0), 2)
    den = cv2.GaussianBlur(a, (0, 0), 2)[..., None]
    t = np.clip(a * 4, 0, 1)[..., None]
    return fg * t + pre / np.maximum(den, 1e-3) * (1 - t)


def window(rng: Rng, rgba: np.ndarray, n: int, smallest: float, tint: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """A random mirrored crop of a whole labelled picture; `tint` may swap its colours."""
    side = rgba.shape[0]
    c = int(side * rng.uniform(smallest, 1))
    y, x = rng.integers(0, side - c + 1, 2)
    t = shrink(rgba[y:y + c, x:x + c], n)
    t = t[:, ::rng.choice([-1, 1])].astype(np.float32) / 255
    img = t[..., :3]
    if tint and rng.random() < .3:
        img = img[..., rng.permutation(3)]
    return np.ascontiguousarray(img), np.ascontiguousarray(t[..., 3])


def shrink(img: np.ndarray, n: int) -> np.ndarray:
    """To n x n; halves first, which is quick and antialiased, then interpolates."""
    while img.shape[0] >= 1.7 * n:
        img = cv2.resize(img[:img.shape[0] // 2 * 2, :img.shape[1] // 2 * 2], None, fx=.5, fy=.5, interpolation=cv2.INTER_AREA)
    return cv2.resize(img, (n, n), interpolation=cv2.INTER_LINEAR)


def bars(rng: Rng, img: np.ndarray, a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Black or white bars, as around a picture of another aspect; mostly above and below."""
    n = a.shape[0]
    b = int(n * rng.uniform(.03, .2))
    out, alpha = np.full((n, n, 3), rng.choice([0, 0, 1]), np.float32), np.zeros((n, n), np.float32)
    out[b:n - b] = cv2.resize(img, (n, n - 2 * b), interpolation=cv2.INTER_AREA)
    alpha[b:n - b] = cv2.resize(a, (n, n - 2 * b), interpolation=cv2.INTER_AREA)
    return (out, alpha) if rng.random() < .7 else (np.ascontiguousarray(out.transpose(1, 0, 2)), np.ascontiguousarray(alpha.T))


def finish(rng: Rng, img: np.ndarray) -> np.ndarray:
    """Camera and file: exposure, cast, vignette, blur, noise, JPEG."""
    n = img.shape[0]
    img = img * rng.uniform(.8, 1.3)
    if rng.random() < .4:
        img = img * rng.uniform(.88, 1.12, 3).astype(np.float32)
    if rng.random() < .3:
        img = np.clip(img, 0, 1) ** np.float32(rng.uniform(.75, 1.35))
    if rng.random() < .25:
        y, x = np.mgrid[-1:1:n * 1j, -1:1:n * 1j]
        img = img * (1 - rng.uniform(.05, .35) * (x * x + y * y))[..., None].astype(np.float32)
    if rng.random() < .2:
        img = cv2.GaussianBlur(img.astype(np.float32), (0, 0), rng.uniform(.3, 1.1))
    if rng.random() < .35:
        img = img + rng.standard_normal(img.shape, dtype=np.float32) * np.float32(rng.uniform(.003, .035))
    out = (np.clip(img, 0, 1) * 255 + .5).astype(np.uint8)
    if rng.random() < .5:
        ok, buf = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))])
        if ok:
            out = cv2.imdecode(buf, cv2.IMREAD_COLOR)
    return out

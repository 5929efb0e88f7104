"""Drawn outlines of things, as stacks of parts. relief.py inflates and shades them.

A part is (mask, roundness): mask float32 0..1 at canvas size, roundness 0 (flat card) to 1 (sausage).
Coordinates are in units of the canvas, x right, y down, the thing centred on (0, 0) within about +-0.45.
"""
from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .textures import Rng, fonts

SHIFT = 4  # sub-pixel bits of the OpenCV drawing calls


@dataclass
class Part:
    """One shape of a thing; parts sharing `group` share their material."""
    mask: np.ndarray
    round: float
    group: int = 0
    hint: str = ""


@dataclass
class Sketch:
    """A canvas that collects parts from back to front."""
    n: int
    parts: list[Part] = field(default_factory=list)

    def _px(self, pts: np.ndarray) -> np.ndarray:
        return np.round((np.asarray(pts, np.float64) + .5) * self.n * (1 << SHIFT)).astype(np.int32)

    def blank(self) -> np.ndarray:
        return np.zeros((self.n, self.n), np.uint8)

    def add(self, m: np.ndarray, round_: float, group: int = 0, hint: str = "") -> None:
        if m.any():
            self.parts.append(Part(m.astype(np.float32) / 255, round_, group, hint))

    def poly(self, pts: np.ndarray, round_: float = .5, group: int = 0, smooth: int = 0, hole: np.ndarray | None = None,
             hint: str = "") -> None:
        """Filled polygon; `smooth` rounds of corner cutting; `hole` is cut out of it."""
        m = self.blank()
        cv2.fillPoly(m, [self._px(chaikin(np.asarray(pts, np.float64), smooth))], 255, cv2.LINE_AA, SHIFT)
        if hole is not None:
            cv2.fillPoly(m, [self._px(hole)], 0, cv2.LINE_AA, SHIFT)
        self.add(m, round_, group, hint)

    def ellipse(self, x: float, y: float, rx: float, ry: float, angle: float = 0, round_: float = .8, group: int = 0,
                hole: float = 0, hint: str = "") -> None:
        """Ellipse, or a ring when `hole` is the inner share of the radius."""
        t = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        c, s = np.cos(angle), np.sin(angle)
        unit = np.stack([np.cos(t) * rx, np.sin(t) * ry], 1) @ np.array([[c, s], [-s, c]])
        self.poly(unit + (x, y), round_, group, 0, unit * hole + (x, y) if hole else None, hint)

    def stroke(self, pts: np.ndarray, width: float | np.ndarray, round_: float = 1, group: int = 0, smooth: int = 2,
               hint: str = "") -> None:
        """Line of a given (possibly changing) width: straps, limbs, rods, handles."""
        p = chaikin(np.asarray(pts, np.float64), smooth, closed=False)
        dense = np.stack([np.interp(np.linspace(0, len(p) - 1, 80), np.arange(len(p)), p[:, i]) for i in (0, 1)], 1)
        ws = np.interp(np.linspace(0, 1, 80), np.linspace(0, 1, np.size(width)), np.atleast_1d(width)) if np.size(width) > 1 \
            else np.full(80, float(np.ravel(width)[0]))
        m = self.blank()
        q = self._px(dense)
        for i in range(79):
            cv2.line(m, q[i].tolist(), q[i + 1].tolist(), 255, max(1, int(ws[i] * self.n)), cv2.LINE_AA, SHIFT)
        self.add(m, round_, group, hint)


def chaikin(p: np.ndarray, times: int, closed: bool = True) -> np.ndarray:
    """Corner cutting: turns a few control points into a smooth outline."""
    for _ in range(times):
        q = np.roll(p, -1, 0) if closed else p[1:]
        a = p if closed else p[:-1]
        out = np.empty((2 * len(a), 2))
        out[0::2], out[1::2] = a * .75 + q * .25, a * .25 + q * .75
        p = out if closed else np.vstack([p[:1], out, p[-1:]])
    return p


def mirror(half: list[tuple[float, float]]) -> np.ndarray:
    """Closes a right-hand outline (top to bottom) symmetrically."""
    h = np.array(half, np.float64)
    return np.vstack([h, (h * (-1, 1))[::-1]])


def blob(rng: Rng, sk: Sketch) -> None:
    k = int(rng.integers(5, 14))
    t = np.sort(rng.random(k) + np.arange(k)) / k * 2 * np.pi
    r = rng.uniform(.42 * rng.uniform(.3, 1), .44, k)
    sk.poly(np.stack([np.cos(t) * r, np.sin(t) * r * rng.uniform(.4, 1)], 1), rng.random(), 0, int(rng.integers(0, 4)))


def vessel(rng: Rng, sk: Sketch) -> None:
    """Bottle, jar, vase, cup or lamp: a symmetric profile, with lid, label and handle at random."""
    w = rng.uniform(.1, .36)
    k = int(rng.integers(3, 8))
    y = np.linspace(-.42, .44, k)
    x = w * rng.uniform(.45, 1, k)
    if rng.random() < .5:
        x[0] = w * rng.uniform(.2, .5)
        x[1:] = w * rng.uniform(.85, 1)
    if rng.random() < .45:
        s = rng.choice([-1, 1])
        r = rng.uniform(.1, .2)
        cy = rng.uniform(-.1, .15)
        sk.ellipse(s * (w + r * .3), cy, r, r * rng.uniform(.8, 1.5), 0, 1, 0, rng.uniform(.55, .8))
    sk.poly(mirror(list(zip(x, y, strict=True))), rng.uniform(.6, 1), 0, int(rng.integers(0, 3)), hint="lathe")
    if rng.random() < .5:
        c = x[0] * rng.uniform(.9, 1.15)
        sk.poly(mirror([(c, -.46), (c, -.46 + rng.uniform(.04, .14))]), .8, 1, 0, hint="lathe")
    if rng.random() < .4:
        sk.poly(mirror([(w * .8, -.05), (w * .8, rng.uniform(.1, .35))]), .3, 2, 0, hint="print")


def garment(rng: Rng, sk: Sketch) -> None:
    """T-shirt, pullover, dress or coat laid flat or on an invisible model."""
    sh, hem, waist = rng.uniform(.2, .28), rng.uniform(.17, .3), rng.uniform(.16, .25)
    length = rng.uniform(.3, .46)
    sleeve, drop = rng.uniform(.05, .3), rng.uniform(.02, .42)
    neck = rng.uniform(.06, .11)
    tip = np.array([sh + sleeve, -.36 + drop])
    cuff = rng.uniform(.03, .08)
    out = [(neck, -.42), (sh, -.38), tuple(tip + (cuff * .6, -cuff)), tuple(tip + (-cuff * .6, cuff)), (sh - .03, -.18),
           (waist, .05), (hem, length)]
    if rng.random() < .3:
        sk.ellipse(0, -.41, neck * 1.3, rng.uniform(.08, .16), 0, .6, 0, hint="cloth")
    pts = mirror(out) + rng.normal(0, .008, (14, 2))
    sk.poly(pts, rng.uniform(.15, .5), 0, int(rng.integers(1, 3)), hint="cloth")
    sk.ellipse(0, -.42, neck * .9, rng.uniform(.02, .08), 0, .1, 1, hint="cloth")
    if rng.random() < .5:
        sk.poly(mirror([(.1, -.15), (.1, rng.uniform(-.05, .15))]), 0, 2, 0, hint="print")


def trousers(rng: Rng, sk: Sketch) -> None:
    w, gap, leg = rng.uniform(.13, .2), rng.uniform(.0, .12), rng.uniform(.07, .12)
    for s in (-1, 1):
        sk.poly(np.array([(0, -.44), (s * w, -.44), (s * (w + .03), -.2), (s * (gap + leg + .05), .45), (s * (gap + .02), .45),
                          (0, -.16)]), .5, 0, 1, hint="cloth")
    if rng.random() < .5:
        for s in (-1, 1):
            sk.ellipse(s * (gap + leg * .7 + .03), .45, leg * .9, .035, 0, .8, 1)


def shoe(rng: Rng, sk: Sketch) -> None:
    h = rng.uniform(.14, .4)
    toe = rng.uniform(.02, .12)
    up = np.array([(-.4, .12), (-.4, -h), (-.16, -h), (-.02, -h * .4), (.22, -toe), (.42, .02), (.43, .13)])
    sk.poly(up, .6, 0, 2)
    sole = rng.uniform(.03, .08)
    heel = rng.uniform(0, .15) * (rng.random() < .3)
    sk.poly(np.array([(-.42, .1), (.45, .1), (.45, .1 + sole), (0, .1 + sole), (-.2, .1 + sole + heel), (-.42, .1 + sole + heel)]), .3, 1, 1)
    for i in range(int(rng.integers(0, 6))):
        sk.stroke(np.array([(-.1 + i * .05, -h * .4 + i * .03), (.0 + i * .05, -h * .5 + i * .05)]), .014, 1, 2)


def bag(rng: Rng, sk: Sketch) -> None:
    w, h, top = rng.uniform(.2, .4), rng.uniform(.18, .33), rng.uniform(.6, 1.05)
    hh = rng.uniform(.1, .3)
    for _ in range(int(rng.integers(1, 3))):
        a = w * rng.uniform(.3, .8)
        sk.stroke(np.array([(-a, -.05), (-a * .9, -.1 - hh), (a * .9, -.1 - hh), (a, -.05)]), rng.uniform(.012, .05), 1, 1, 2)
    sk.poly(mirror([(w * top, -.1), (w, .15), (w * rng.uniform(.85, 1), -.1 + 1.7 * h)]), rng.uniform(.2, .7), 0, int(rng.integers(0, 3)),
            hint="cloth")
    if rng.random() < .4:
        sk.poly(mirror([(w * .5, .05), (w * .5, .25)]), 0, 2, 0, hint="print")


def creature(rng: Rng, sk: Sketch) -> None:
    """An animal or soft toy: body, legs, neck, head, ears, tail."""
    bl, bh = rng.uniform(.18, .3), rng.uniform(.08, .18)
    lying = rng.random() < .35
    leg = rng.uniform(.03, .12) if lying else rng.uniform(.12, .28)
    lw = rng.uniform(.03, .08)
    tail = np.cumsum(np.vstack([[-bl, -.02], rng.normal((-.06, 0), .06, (3, 2))]), 0)
    sk.stroke(tail, np.linspace(rng.uniform(.02, .07), .015, 5), 1, 0, 2, hint="fur")
    for k in range(4):
        x = (-.75, .6, -.55, .8)[k] * bl
        knee = x + rng.normal(0, .05)
        foot = x + rng.normal(0, .08) + (rng.uniform(0, .15) if lying else 0)
        sk.stroke(np.array([(x, 0), (knee, leg * .5 + bh * .5), (foot, bh * .8 + leg), (foot + .04, bh * .8 + leg)]),
                  np.linspace(lw * 1.4, lw * .8, 5), 1, 0, 1, hint="fur")
    sk.ellipse(0, 0, bl, bh, rng.normal(0, .12), .9, 0, hint="fur")
    hr = rng.uniform(.07, .14)
    hx, hy = bl + rng.uniform(-.04, .1), -bh - rng.uniform(-.05, .16)
    sk.stroke(np.array([(bl * .6, -.02), (hx, hy)]), np.linspace(bh * 1.3, hr * 1.2, 5), .9, 0, 0, hint="fur")
    for s in (-1, 1):
        sk.ellipse(hx + s * hr * .6, hy - hr * .9, hr * .3, hr * rng.uniform(.35, 1.1), s * rng.uniform(0, .8), .6, 1, hint="fur")
    sk.ellipse(hx, hy, hr, hr * rng.uniform(.8, 1.1), 0, .9, 0, hint="fur")
    sk.ellipse(hx + hr * .7, hy + hr * .3, hr * .6, hr * .42, .2, .9, 2, hint="fur")
    for s in (-.2, .5):
        sk.ellipse(hx + s * hr, hy - hr * .15, hr * .12, hr * .12, 0, 1, 3)


def figure(rng: Rng, sk: Sketch) -> None:
    """A standing person; often only the upper part will be in the frame."""
    def pose(x: float) -> np.ndarray:
        return np.array([(x, -.22), (x * 2 + rng.normal(0, .04), -.05 + rng.normal(0, .06)),
                         (x * 2 + rng.normal(0, .1), .1 + rng.normal(0, .12))])
    for s in (-1, 1):
        a = pose(.09 * s)
        sk.stroke(a, np.array([.07, .05, .035]), 1, 4, 1)
        sk.stroke(a[:2], np.array([.08, .06]), 1, 0, 1, hint="cloth")
        foot = s * rng.uniform(.03, .13)
        sk.stroke(np.array([(s * .05, .05), (s * .06 + rng.normal(0, .02), .24), (foot, .42)]), np.array([.11, .08, .05]), .9, 1, 1, hint="cloth")
        sk.ellipse(foot + .02, .44, .045, .02, 0, .8, 3)
    if rng.random() < .5:
        sk.ellipse(0, -.34, .08, rng.uniform(.08, .17), 0, .8, 5, hint="fur")
    sk.poly(mirror([(.04, -.27), (.11, -.24), (.09, -.05), (rng.uniform(.09, .16), rng.uniform(.08, .25))]), .7, 0, 1, hint="cloth")
    sk.ellipse(0, -.36, .055, .072, 0, .9, 4)
    sk.ellipse(0, -.41, .06, .04, 0, .8, 5, hint="fur")


def car(rng: Rng, sk: Sketch) -> None:
    """A car, van or toy vehicle from the side or slightly turned."""
    roof, bonnet, base = rng.uniform(-.2, -.08), rng.uniform(-.03, .02), .1
    f, r = rng.uniform(.08, .2), rng.uniform(.05, .32)
    pts = np.array([(-.46, base), (-.46, bonnet + rng.uniform(-.04, .03)), (-r - .06, bonnet - .02), (-r + .08, roof), (f - .08, roof),
                    (f + .1, bonnet), (.4, bonnet + .03), (.46, .06), (.45, base)])
    wr = rng.uniform(.06, .1)
    sk.poly(pts, rng.uniform(.4, .8), 0, 2, hint="gloss")
    inset = np.array([(-r + .05, bonnet - .015), (-r + .1, roof + .03), (f - .09, roof + .03), (f + .05, bonnet - .015)])
    sk.poly(inset, .4, 1, 1, hint="glass")
    sk.stroke(np.array([((f - r) / 2, roof), ((f - r) / 2, .08)]), .008, .3, 0, 0)
    for x in (-.29, .29):
        sk.ellipse(x, base, wr, wr, 0, .6, 2)
        sk.ellipse(x, base, wr * .62, wr * .62, 0, .5, 3, hint="metal")
        for k in range(5):
            a = k * 1.257 + rng.random()
            sk.stroke(np.array([(x, base), (x + np.cos(a) * wr * .55, base + np.sin(a) * wr * .55)]), .012, .6, 2, 0)
    sk.ellipse(.43, bonnet + .05, .025, .015, .2, .8, 4)
    sk.ellipse(-.45, bonnet + .03, .012, .025, 0, .8, 5)


def saloon(rng: Rng, sk: Sketch) -> None:
    """A road car with wheel arches, sills, side windows and lamps, low sports cars to vans."""
    roof, waist, floor = rng.uniform(-.22, -.1), rng.uniform(-.06, -.02), rng.uniform(.09, .13)
    back, front = rng.uniform(-.44, -.12), rng.uniform(-.06, .14)
    screen, tail = front + rng.uniform(.1, .22), max(back - rng.uniform(.02, .18), -.44)
    nose = rng.uniform(.0, .05)
    wr = rng.uniform(.07, .1)
    axles = (rng.uniform(-.33, -.26), rng.uniform(.26, .33))
    sk.poly(np.array([(-.4, floor), (.4, floor), (.4, floor + wr * .55), (-.4, floor + wr * .55)]), .1, 2, 1)
    sk.poly(np.array([(-.46, floor), (-.47, waist + .04), (-.44, waist - rng.uniform(0, .03)), (tail, waist), (back, roof), (front, roof),
                      (screen, waist), (.4, nose), (.465, nose + .05), (.46, floor)]), rng.uniform(.4, .9), 0, 2, hint="gloss")
    sk.poly(np.array([(tail + .05, waist - .005), (back + .03, roof + .025), (front - .02, roof + .025), (screen - .04, waist - .005)]), .3, 1, 1,
            hint="glass")
    mid = (back + front) / 2 + rng.normal(0, .03)
    sk.stroke(np.array([(mid, roof + .02), (mid + .01, waist)]), .014, .3, 0, 0)
    sk.stroke(np.array([(mid + .02, waist), (mid + .03, floor - .02)]), .004, .1, 2, 0)
    sk.stroke(np.array([(-.42, waist + .05), (.4, nose + .04)]), .005, .5, 6, 1)
    sk.stroke(np.array([(axles[0], floor - .005), (axles[1], floor - .005)]), .018, .5, 7, 0)
    for x in axles:
        sk.ellipse(x, floor - .01, wr * 1.13, wr * 1.13, 0, .05, 2)
        sk.ellipse(x, floor, wr, wr, 0, .5, 2)
        sk.ellipse(x, floor, wr * .74, wr * .74, 0, .4, 3, hint="metal")
        turn = rng.random()
        for k in range(int(rng.integers(5, 10))):
            a = k * .7 + turn
            sk.stroke(np.array([(x, floor), (x + np.cos(a) * wr * .68, floor + np.sin(a) * wr * .68)]), wr * .16, .6, 2, 0)
    sk.ellipse(.42, nose + .035, .03, .013, .3, .8, 4)
    sk.ellipse(-.455, waist + .04, .012, .025, 0, .8, 5)


def furniture(rng: Rng, sk: Sketch) -> None:
    w, seat = rng.uniform(.2, .42), rng.uniform(-.15, .15)
    lw, splay = rng.uniform(.012, .05), rng.uniform(0, .08)
    for x in (-1, -.6, .6, 1):
        sk.stroke(np.array([(x * w * .9, seat), (x * (w * .9 + splay), .44 if abs(x) == 1 else .36)]), lw, 1, 1, 0)
    if rng.random() < .6:
        bh = rng.uniform(.15, .4)
        if rng.random() < .5:
            sk.poly(mirror([(w * .9, seat - bh), (w, seat)]), .4, 0, 1, hint="cloth")
        else:
            for x in np.linspace(-.9, .9, int(rng.integers(2, 7))):
                sk.stroke(np.array([(x * w, seat), (x * w * 1.05, seat - bh)]), lw, 1, 1, 0)
            sk.stroke(np.array([(-w, seat - bh), (w, seat - bh)]), lw * 1.5, 1, 1, 0)
    sk.poly(mirror([(w, seat - rng.uniform(.02, .1)), (w * 1.03, seat + .03)]), .5, 0, 1, hint="cloth" if rng.random() < .5 else "wood")


def tool(rng: Rng, sk: Sketch) -> None:
    """Cutlery, brushes, keys, pens, screwdrivers: a long handle with one or several heads."""
    hw = rng.uniform(.015, .06)
    sk.stroke(np.array([(0, .44), (rng.normal(0, .01), -.1)]), np.array([hw, hw * rng.uniform(.6, 1.2), hw * .6]), 1, 0, 0, hint="wood")
    kind = rng.integers(0, 4)
    if kind == 0:
        sk.ellipse(0, -.26, rng.uniform(.06, .14), .18, 0, .7, 1, rng.choice([0, .6]), hint="metal")
    elif kind == 1:
        for x in np.linspace(-.07, .07, int(rng.integers(3, 6))):
            sk.stroke(np.array([(0, -.08), (x, -.2), (x, -.44)]), .016, 1, 1, 1, hint="metal")
    elif kind == 2:
        sk.poly(np.array([(-.03, -.05), (.03, -.05), (rng.uniform(.03, .09), -.3), (0, -.46), (-.03, -.4)]), .4, 1, 1, hint="metal")
    else:
        sk.poly(mirror([(rng.uniform(.06, .2), -.4), (rng.uniform(.06, .2), -.22)]), .5, 1, 1)


def ring(rng: Rng, sk: Sketch) -> None:
    """Watches, bracelets, headphones, glasses, hoops: things with a hole in them."""
    kind = rng.integers(0, 3)
    if kind == 0:
        r = rng.uniform(.25, .43)
        sk.ellipse(0, 0, r, r * rng.uniform(.4, 1), rng.uniform(0, 3), 1, 0, rng.uniform(.5, .9))
    elif kind == 1:
        for s in (-1, 1):
            sk.ellipse(s * .22, 0, .18, rng.uniform(.12, .18), 0, 1, 0, rng.uniform(.75, .9))
            sk.stroke(np.array([(s * .4, -.05), (s * .46, -.2)]), .02, 1, 0, 0)
        sk.stroke(np.array([(-.06, -.02), (0, -.06), (.06, -.02)]), .025, 1, 0)
    else:
        sk.stroke(np.array([(-.3, .1), (-.32, -.4), (.32, -.4), (.3, .1)]), rng.uniform(.03, .07), 1, 0, 3)
        for s in (-1, 1):
            sk.ellipse(s * .3, .18, .1, .17, 0, .8, 1)


def plant(rng: Rng, sk: Sketch) -> None:
    w = rng.uniform(.1, .2)
    for _ in range(int(rng.integers(5, 22))):
        tip = np.array([rng.normal(0, .22), rng.uniform(-.44, .1)])
        sk.stroke(np.vstack([(0, .2), (tip[0] * .2, tip[1] * .5), tip]), .01, 1, 1)
        sk.ellipse(tip[0], tip[1], rng.uniform(.03, .06), rng.uniform(.05, .14), rng.uniform(0, 3), .3, 1, hint="leaf")
    sk.poly(mirror([(w * 1.1, .12), (w, .2), (w * .8, .45)]), .8, 0, int(rng.integers(0, 2)), hint="lathe")


def card(rng: Rng, sk: Sketch) -> None:
    """Boxes, books, phones, cushions, cartons: quadrilaterals, also with a visible side."""
    w, h = rng.uniform(.12, .42), rng.uniform(.12, .42)
    q = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) + rng.uniform(-.09, .09, (4, 2)) * rng.choice([0, 1])
    if rng.random() < .5:
        d = rng.normal(0, .08, 2)
        for i in range(4):
            j = (i + 1) % 4
            sk.poly(np.array([q[i], q[j], q[j] + d, q[i] + d]), .02, 1 + i % 2, 0)
    sk.poly(q, rng.choice([.02, .02, .3, .6]), 0, int(rng.choice([0, 0, 0, 1, 3])), hint="print")
    if rng.random() < .3:
        sk.poly(q * rng.uniform(.75, .92), .02, 3, 0, hint="gloss")


def glyph(rng: Rng, sk: Sketch) -> None:
    """A letter or symbol of a system font as a solid thing: endless outlines with holes and thin parts."""
    chars = "&@%#ABRSQ8gk?" + "".join(map(chr, [*range(0x2600, 0x266B), *range(0x2654, 0x2660), *range(0x2701, 0x2760)]))
    if not fonts():
        return blob(rng, sk)
    img = Image.new("L", (sk.n, sk.n))
    font = ImageFont.truetype(next((f for f in fonts() if f.endswith("DejaVuSans-Bold.ttf")), fonts()[0]), int(sk.n * .8))
    ImageDraw.Draw(img).text((sk.n / 2, sk.n / 2), str(rng.choice(list(chars))), 255, font, anchor="mm")
    sk.add(np.asarray(img), rng.random(), 0)


def toys(rng: Rng, sk: Sketch) -> None:
    """Several primitive shapes piled together."""
    for k in range(int(rng.integers(2, 8))):
        x, y = rng.uniform(-.25, .25, 2)
        r = rng.uniform(.06, .2)
        if rng.random() < .5:
            sk.ellipse(x, y, r, r * rng.uniform(.4, 1), rng.uniform(0, 3), rng.random(), k, rng.choice([0, 0, .5]))
        else:
            sk.stroke(np.vstack([(0, 0), (x, y), rng.uniform(-.4, .4, 2)]), rng.uniform(.02, .15), rng.uniform(.3, 1), k)


SHAPES = [(blob, .09), (vessel, .13), (garment, .1), (trousers, .03), (shoe, .07), (bag, .07), (creature, .11), (figure, .06),
          (car, .1), (furniture, .06), (tool, .03), (ring, .03), (plant, .03), (card, .09), (glyph, .03), (toys, .04)]


def sole(x: float, w: float, h: float, side: float) -> np.ndarray:
    """Outline of a shoe seen from above."""
    return np.array([(-.5, -.35), (-.36, -.5), (.36, -.5), (.5, -.35), (.46, 0), (.56 + .08 * side, .25), (.4, .47), (0, .52), (-.4, .47),
                     (-.56 + .08 * side, .25), (-.46, 0)]) * (w, h) + (x, 0)


def trimmed(rng: Rng, sk: Sketch) -> None:
    """Flat things with a border of another colour, shoes from above, frames, badges: a closed line is not a hole."""
    if rng.random() < .5:
        w, h = rng.uniform(.17, .36), rng.uniform(.6, .92)
        pair = rng.random() < .7
        gap = w * rng.uniform(.52, .85)
        mouth = rng.uniform(.15, .45)
        for side in (-1, 1) if pair else (1,):
            x = side * gap if pair else 0
            out = sole(x, w, h, side)
            sk.poly(out, .4, 0, 2)
            k = rng.uniform(.78, .93)
            sk.poly((out - (x, 0)) * (k, .5 + k / 2) + (x, 0), .5, 1, 2, hint="cloth")
            sk.ellipse(x, -h * .5 + h * mouth * .62, w * .36, h * mouth * .5, 0, .3, 0)
            sk.ellipse(x, -h * .5 + h * mouth * .62, w * .3, h * mouth * .44, 0, .2, 2)
        return
    base = Sketch(sk.n)
    (blob, card, garment, bag, vessel)[rng.integers(5)](rng, base)
    whole = np.max([q.mask for q in base.parts], 0)
    d = cv2.distanceTransform((whole > .5).astype(np.uint8), cv2.DIST_L2, 5)
    sk.parts.append(Part(whole, rng.uniform(0, .5), 0))
    t = float(d.max()) * rng.uniform(.04, .3)
    inner = np.clip(d - t, 0, 1)
    sk.parts.append(Part(inner, rng.uniform(0, .3), 1, str(rng.choice(["", "print", "cloth"]))))
    if rng.random() < .4:
        sk.parts.append(Part(np.clip(d - t * 1.6, 0, 1), .1, 0))
        sk.parts.append(Part(np.clip(d - t * 2, 0, 1), .1, 1))


EXTRA = [saloon, trimmed]  # drawn only when asked for by name


def sketch(rng: Rng, n: int, name: str | None = None) -> tuple[str, list[Part]]:
    """One random thing (or the named kind); its name and parts from back to front."""
    sk = Sketch(n)
    p = np.array([s[1] for s in SHAPES])
    from .closeups import DRAWN
    fn = next((f for f in [f for f, _ in SHAPES + DRAWN] + EXTRA if f.__name__ == name), None) or SHAPES[rng.choice(len(SHAPES), p=p / p.sum())][0]
    fn(rng, sk)
    return fn.__name__, sk.parts

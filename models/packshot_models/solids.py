"""Recipes for products and other things as lists of primitives. y is up, things stand on y = 0, about 1 tall."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .raymarch import BOX, CAPSULE, CYLINDER, ELLIPSOID, LATHE, PRIM, TABLE, TORUS
from .textures import Rng


def rotation(rx: float = 0, ry: float = 0, rz: float = 0) -> np.ndarray:
    """Local-to-world rotation about x, then y, then z."""
    cx, sx, cy, sy, cz, sz = np.cos(rx), np.sin(rx), np.cos(ry), np.sin(ry), np.cos(rz), np.sin(rz)
    return (np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]]) @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
            @ np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]]))


@dataclass
class Solid:
    """Collects primitives; `hints` names the material wanted per material number."""
    rows: list[np.ndarray] = field(default_factory=list)
    tables: list[np.ndarray] = field(default_factory=list)
    hints: dict[int, str] = field(default_factory=dict)

    def add(self, kind: int, at: tuple[float, float, float], size: tuple[float, ...], rot: np.ndarray | None = None,
            blend: float = 0, mat: int = 0, cut: bool = False, table: np.ndarray | None = None, hint: str = "") -> None:
        row = np.zeros(PRIM)
        row[0], row[1:10], row[10:13] = kind, (np.eye(3) if rot is None else rot.T).ravel(), at
        row[13:13 + len(size)] = size
        row[17:20] = blend, mat, cut
        if table is not None:
            row[20] = len(self.tables)
            self.tables.append(table)
            slope = np.abs(np.diff(table)).max() / (2 * size[1] / (TABLE - 1))
            row[15] = 1 / np.sqrt(1 + min(slope, 3.0) ** 2)
        if hint:
            self.hints[mat] = hint
        self.rows.append(row)

    def rod(self, a: np.ndarray, b: np.ndarray, r0: float, r1: float | None = None, blend: float = 0, mat: int = 0, hint: str = "") -> None:
        """A capsule from point a to point b."""
        a, b = np.asarray(a, float), np.asarray(b, float)
        v = b - a
        ln = max(float(np.linalg.norm(v)), 1e-3)
        y = v / ln
        x = np.cross(y, (0, 0, 1.0) if abs(y[2]) < .9 else (1.0, 0, 0))
        x /= np.linalg.norm(x)
        rot = np.stack([x, y, np.cross(x, y)], 1)
        self.add(CAPSULE, tuple((a + b) / 2), (ln / 2, r0, r0 if r1 is None else r1), rot, blend, mat, hint=hint)

    def lathe(self, profile: list[tuple[float, float]], mat: int = 0, hint: str = "lathe", wobble: float = .03) -> None:
        """A turned body; profile is (height 0..1 upward, radius), joined smoothly."""
        p = np.array(profile)
        t = np.interp(np.linspace(p[0, 0], p[-1, 0], TABLE), p[:, 0], p[:, 1])
        k = np.hanning(7) / np.hanning(7).sum()
        t = np.convolve(np.pad(t, 3, mode="edge"), k, "valid")
        h = (p[-1, 0] - p[0, 0]) / 2
        self.add(LATHE, (0, p[0, 0] + h, 0), (0, h, 1), mat=mat, table=t, hint=hint)


def bottle(rng: Rng, s: Solid) -> None:
    w, n = rng.uniform(.13, .3), rng.uniform(.04, .1)
    sh = rng.uniform(.5, .8)
    s.lathe([(0, w * .9), (.03, w), (sh, w * rng.uniform(.85, 1)), (min(sh + rng.uniform(.05, .2), .9), n), (.95, n)])
    s.add(CYLINDER, (0, .97, 0), (n * rng.uniform(1, 1.5), rng.uniform(.03, .09), 0, .01), mat=1)
    if rng.random() < .6:
        s.add(CYLINDER, (0, sh * .5, 0), (w * 1.012, sh * rng.uniform(.15, .35), 0, .004), mat=2, hint="print")


def jar(rng: Rng, s: Solid) -> None:
    w, h = rng.uniform(.25, .42), rng.uniform(.3, .8)
    s.lathe([(0, w * .85), (.05, w), (h * .8, w), (h, w * .8)])
    s.add(CYLINDER, (0, h + .05, 0), (w * rng.uniform(.8, 1.05), rng.uniform(.04, .1), 0, .015), mat=1)
    if rng.random() < .6:
        s.add(CYLINDER, (0, h * .45, 0), (w * 1.01, h * .25, 0, .004), mat=2, hint="print")


def mug(rng: Rng, s: Solid) -> None:
    w, h = rng.uniform(.25, .36), rng.uniform(.35, .85)
    top = w * rng.uniform(.9, 1.3)
    s.add(TORUS, (w * 1.05, h * .5, 0), (h * rng.uniform(.2, .32), rng.uniform(.025, .05), rng.uniform(0, .08)), mat=0)
    s.lathe([(0, w * rng.uniform(.6, 1)), (.06, w), (h, top)])
    s.add(CYLINDER, (0, h, 0), (top * .88, h * .7, 0, .02), mat=1, cut=True)


def bowl(rng: Rng, s: Solid) -> None:
    w, h = rng.uniform(.4, .6), rng.uniform(.15, .4)
    s.lathe([(0, w * .35), (.03, w * .4), (h * .5, w * .85), (h, w)])
    s.add(ELLIPSOID, (0, h, 0), (w * .93, h * .8, w * .93), mat=1, cut=True)
    for _ in range(int(rng.integers(0, 7))):
        r = rng.uniform(.08, .17)
        a = rng.uniform(0, 6.3)
        s.add(ELLIPSOID, (np.cos(a) * w * .4, h * .8, np.sin(a) * w * .4), (r, r, r), mat=2)


def carton(rng: Rng, s: Solid) -> None:
    a, b, c = rng.uniform(.12, .45), rng.uniform(.06, .5), rng.uniform(.06, .4)
    s.add(BOX, (0, b, 0), (a, b, c, rng.choice([.004, .02, min(a, b, c) * .5])), rotation(0, rng.uniform(0, 6.3)), hint="print")
    if rng.random() < .3:
        s.add(BOX, (0, 2 * b + .06, 0), (a * .7, .06, c * .7, .01), rotation(0, rng.uniform(0, 6.3)), mat=1, hint="print")


def tube(rng: Rng, s: Solid) -> None:
    r, h = rng.uniform(.08, .35), rng.uniform(.2, .95)
    s.add(CYLINDER, (0, h / 2, 0), (r, h / 2, 0, r * .1), hint="print")
    s.add(CYLINDER, (0, h, 0), (r * rng.uniform(.85, 1.02), .03, 0, .01), mat=1)


def lamp(rng: Rng, s: Solid) -> None:
    r = rng.uniform(.02, .04)
    s.rod((0, .02, 0), (0, .6, 0), r, mat=1, hint="metal")
    s.add(CYLINDER, (0, .03, 0), (rng.uniform(.15, .28), .03, 0, .01), mat=1)
    s.lathe([(.55, rng.uniform(.2, .4)), (.95, rng.uniform(.1, .3))], mat=0)


def chair(rng: Rng, s: Solid) -> None:
    w, d, h, r = rng.uniform(.22, .34), rng.uniform(.2, .3), rng.uniform(.3, .5), rng.uniform(.015, .035)
    ry = rng.uniform(-1, 1)
    m = rotation(0, ry)
    for sx in (-1, 1):
        for sz in (-1, 1):
            s.rod(m @ (sx * w * 1.08, 0, sz * d * 1.08), m @ (sx * w, h, sz * d), r, mat=1, hint="wood")
        s.rod(m @ (sx * w, h, -d), m @ (sx * w, 1, -d * 1.2), r, mat=1)
    s.add(BOX, (0, h, 0), (w * 1.05, rng.uniform(.02, .07), d * 1.05, .015), m, mat=0)
    for k in range(int(rng.integers(1, 4))):
        s.add(BOX, tuple(m @ (0, .6 + k * .15, -d * 1.12)), (w, .05, .015, .01), m, mat=0)


def table(rng: Rng, s: Solid) -> None:
    w, d, h, r = rng.uniform(.35, .6), rng.uniform(.2, .4), rng.uniform(.3, .6), rng.uniform(.015, .04)
    m = rotation(0, rng.uniform(-.8, .8))
    for sx in (-1, 1):
        for sz in (-1, 1):
            s.rod(m @ (sx * w * .9, 0, sz * d * .9), m @ (sx * w * .85, h, sz * d * .85), r, mat=1)
    s.add(BOX, (0, h, 0), (w, .025, d, .01), m, hint="wood")


def toy(rng: Rng, s: Solid) -> None:
    """Bear-like soft toy."""
    b, hd = rng.uniform(.2, .28), rng.uniform(.16, .24)
    k = .06
    s.add(ELLIPSOID, (0, b * 1.1, 0), (b, b * 1.1, b * .9), blend=k, hint="fur")
    y = b * 2.1 + hd * .7
    s.add(ELLIPSOID, (0, y, .03), (hd * 1.05, hd, hd), blend=k)
    for sx in (-1, 1):
        s.add(ELLIPSOID, (sx * hd * .8, y + hd * .8, 0), (hd * .4, hd * rng.uniform(.35, 1.2), .06), blend=.03)
        s.rod((sx * b * .7, b * 1.6, 0), (sx * b * rng.uniform(1.2, 1.8), b * rng.uniform(.6, 2.2), .1), .075, .065, blend=k)
        s.rod((sx * b * .5, b * .4, .05), (sx * b * .9, .09, b * rng.uniform(.9, 1.6)), .09, .085, blend=k)
        s.add(ELLIPSOID, (sx * hd * .35, y + hd * .2, hd), (.025, .03, .025), mat=2, hint="gloss")
    s.add(ELLIPSOID, (0, y - hd * .25, hd * .9), (hd * .4, hd * .3, hd * .4), mat=1)


def animal(rng: Rng, s: Solid) -> None:
    ln, r, leg = rng.uniform(.25, .4), rng.uniform(.12, .2), rng.uniform(.1, .4)
    m = rotation(0, rng.uniform(0, 6.3))
    k = .08
    y = leg + r
    s.rod(m @ (-ln, y, 0), m @ (ln, y + rng.normal(0, .03), 0), r, r * rng.uniform(.8, 1.1), blend=k, hint="fur")
    for sx in (-1, 1):
        for sz in (-1, 1):
            s.rod(m @ (sx * ln * .85, y, sz * r * .55), m @ (sx * ln * .85 + rng.normal(0, .06), .04, sz * r * .6), .07, .045, blend=k)
    hx, hy, hr = ln + rng.uniform(.08, .25), y + rng.uniform(0, .35), rng.uniform(.1, .15)
    s.rod(m @ (ln, y, 0), m @ (hx, hy, 0), r * .8, hr * .8, blend=k)
    s.add(ELLIPSOID, tuple(m @ (hx, hy, 0)), (hr * 1.2, hr, hr), m, blend=k)
    s.rod(m @ (hx + hr * .6, hy - .03, 0), m @ (hx + hr * 1.6, hy - .06, 0), hr * .55, hr * .4, blend=.04)
    for sz in (-1, 1):
        s.rod(m @ (hx - .02, hy + hr * .6, sz * hr * .6), m @ (hx - .04, hy + hr * rng.uniform(1.2, 2.2), sz * hr * .8), .04, .015, blend=.03)
    s.rod(m @ (-ln, y + .04, 0), m @ (-ln - rng.uniform(.1, .3), y + rng.normal(0, .2), 0), .04, .02, blend=k)


def vehicle(rng: Rng, s: Solid) -> None:
    ln, h, w = rng.uniform(.5, .62), rng.uniform(.09, .14), rng.uniform(.2, .27)
    m = rotation(0, rng.uniform(0, 6.3))
    wr = rng.uniform(.09, .13)
    y = wr + h * .7
    s.add(BOX, (0, y, 0), (ln, h, w, h * .7), m, blend=.05, hint="gloss")
    c = rng.uniform(-.15, .08)
    s.add(ELLIPSOID if rng.random() < .6 else BOX, tuple(m @ (c, y + h, 0)), (ln * rng.uniform(.45, .65), h * rng.uniform(1.1, 1.9), w * .86, .08), m, blend=.06)
    s.add(ELLIPSOID, tuple(m @ (c, y + h * 1.15, 0)), (ln * .5, h * 1.25, w * .9), m, mat=1, hint="glass")
    for sx in (-.62, .62):
        for sz in (-1, 1):
            at = m @ (sx * ln, wr, sz * w * .92)
            rot = m @ rotation(np.pi / 2)
            s.add(CYLINDER, tuple(at), (wr, .05, 0, .02), rot, mat=2)
            s.add(CYLINDER, tuple(at + m @ (0, 0, sz * .01)), (wr * .6, .05, 0, .01), rot, mat=3, hint="metal")


def sneaker(rng: Rng, s: Solid) -> None:
    m = rotation(0, rng.uniform(0, 6.3))
    for k in ([0] if rng.random() < .5 else [-1, 1]):
        o = np.array([0, 0, k * .2])
        s.add(BOX, tuple(m @ (o + (0, .05, 0))), (.46, .05, .15, .045), m, blend=.02, mat=1)
        s.rod(m @ (o + (-.26, .17, 0)), m @ (o + (.3, .12, 0)), .15, .1, blend=.06)
        s.rod(m @ (o + (-.3, .2, 0)), m @ (o + (-.25, rng.uniform(.25, .5), 0)), .13, .13, blend=.08)
        s.add(ELLIPSOID, tuple(m @ (o + (-.24, .52, 0))), (.12, .2, .1), m, cut=True, mat=2)


def handbag(rng: Rng, s: Solid) -> None:
    a, b, c = rng.uniform(.25, .42), rng.uniform(.18, .35), rng.uniform(.08, .18)
    m = rotation(0, rng.uniform(-.9, .9))
    s.add(TORUS, tuple(m @ (0, 2 * b, 0)), (a * rng.uniform(.4, .7), rng.uniform(.015, .035), rng.uniform(0, .15)), m, mat=1)
    s.add(BOX, (0, b, 0), (a, b, c, c * .8), m)
    s.add(BOX, tuple(m @ (0, 1.5 * b, c * .9)), (a * .95, b * .45, .03, .02), m, mat=2)


def headphones(rng: Rng, s: Solid) -> None:
    m = rotation(0, rng.uniform(-1, 1))
    s.add(TORUS, (0, .5, 0), (.36, .035, .1), m)
    s.add(BOX, (0, .05, 0), (.6, .12, .6, .01), m, cut=True, mat=0)
    for sx in (-1, 1):
        s.add(CYLINDER, tuple(m @ (sx * .35, .3, 0)), (.16, .06, 0, .05), m @ rotation(0, 0, np.pi / 2), mat=1)


def camera(rng: Rng, s: Solid) -> None:
    m = rotation(0, rng.uniform(-1, 1))
    s.add(BOX, (0, .25, 0), (.4, .25, .13, .05), m)
    s.add(BOX, tuple(m @ (0, .53, 0)), (.13, .07, .1, .03), m)
    s.add(CYLINDER, tuple(m @ (0, .25, .22)), (.19, rng.uniform(.1, .25), 0, .02), m @ rotation(np.pi / 2), mat=1)
    s.add(ELLIPSOID, tuple(m @ (0, .25, .42)), (.13, .13, .05), m, mat=2, hint="glass")


def weights(rng: Rng, s: Solid) -> None:
    """Dumbbell, bone or roller: two ends on a bar."""
    m = rotation(0, rng.uniform(0, 3))
    r = rng.uniform(.12, .25)
    s.rod(m @ (-.35, r, 0), m @ (.35, r, 0), rng.uniform(.03, .07), mat=1, hint="metal")
    for sx in (-1, 1):
        s.add(CYLINDER, tuple(m @ (sx * .35, r, 0)), (r, rng.uniform(.05, .15), 0, .03), m @ rotation(0, 0, np.pi / 2))


def lumps(rng: Rng, s: Solid) -> None:
    """Fruit, stones, dough: smooth unions of balls."""
    for _ in range(int(rng.integers(1, 7))):
        r = rng.uniform(.12, .32, 3)
        x, z = rng.uniform(-.3, .3, 2)
        s.add(ELLIPSOID, (x, r[1] + rng.uniform(0, .3), z), tuple(r), rotation(0, rng.uniform(0, 3), rng.normal(0, .3)), blend=rng.uniform(0, .2))


def hand(rng: Rng, s: Solid, at: np.ndarray, side: float) -> None:
    """A hand and forearm that hold something at `at`, coming from one side. Skin counts as the subject."""
    c = np.asarray(at, float)
    wrist = c + (side * .3, -.14, .05)
    s.rod(c + (side * 1.6, -.8, .1), wrist, .13, .085, blend=.05, mat=8, hint="skin")
    s.add(ELLIPSOID, tuple(c + (side * .2, -.05, .08)), (.14, .16, .08), blend=.06, mat=8)
    for k in range(4):
        y = .1 - .075 * k
        knuckle = c + (side * .14, y, .16)
        s.rod(c + (side * .22, y * .8, .08), knuckle, .042, .038, blend=.03, mat=8)
        s.rod(knuckle, c + (-side * .05, y, .2), .037, .03, blend=.02, mat=8)
    s.rod(c + (side * .2, .05, .02), c + (side * .05, .22, .1), .05, .035, blend=.04, mat=8)


RECIPES = [bottle, jar, mug, bowl, carton, tube, lamp, chair, table, toy, animal, vehicle, vehicle, sneaker, handbag, headphones, camera,
           weights, lumps]


def solid(rng: Rng, name: str | None = None, held: bool = False) -> Solid:
    """A random thing, or the named recipe; `held` adds a hand."""
    s = Solid()
    fn = next((f for f in RECIPES if f.__name__ == name), None) or RECIPES[rng.integers(len(RECIPES))]
    fn(rng, s)
    if held:
        hand(rng, s, np.array([0, .4, .12]), float(rng.choice([-1, 1])))
    if not s.tables:
        s.tables.append(np.ones(TABLE))
    return s

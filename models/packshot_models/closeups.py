"""More drawn outlines, of what the first net got wrong: faces, torsos, legs, cars at an angle, trainers, cushions, straps.

As silhouettes.py, whose conventions hold here too. Some reach the border of their canvas; there the frame of the photo
will cut them.
"""
from __future__ import annotations

import numpy as np

from .silhouettes import Sketch, mirror
from .textures import Rng


def face(rng: Rng, sk: Sketch) -> None:
    """An animal's or toy's head from the front, with chest."""
    w, h = rng.uniform(.2, .3), rng.uniform(.2, .3)
    y = rng.uniform(-.16, -.05)
    sk.poly(mirror([(w * .6, y), (w * rng.uniform(.8, 1.5), .3), (w * rng.uniform(.8, 1.7), .5)]), .8, 0, 2, hint="fur")
    if rng.random() < .4:
        sk.ellipse(0, .42, w * .6, .2, 0, .6, 1, hint="fur")
    long, lean = rng.uniform(.08, .34), rng.uniform(0, .35)
    for s in (-1, 1):
        base, tip = np.array([s * w * .62, y - h * .55]), np.array([s * (w * .62 + lean * long + .03), y - h * .6 - long])
        ear = np.array([base - (s * .09, 0), tip, base + (s * .09, .05)])
        sk.poly(ear, .5, 0, 1, hint="fur")
        sk.poly(base + (ear - base) * (.55, .75), .2, 2, 1, hint="fur")
    sk.ellipse(0, y, w, h, 0, .9, 0, hint="fur")
    if rng.random() < .5:  # mask or cheeks of another colour
        for s in (-1, 1):
            sk.ellipse(s * w * .5, y + h * rng.uniform(-.2, .4), w * .45, h * .4, s * .4, .7, 1, hint="fur")
    sk.ellipse(0, y + h * .42, w * .5, h * .4, 0, .9, 1 if rng.random() < .6 else 0, hint="fur")
    sk.ellipse(0, y + h * .28, w * .18, h * .11, 0, .8, 3)
    r = w * rng.uniform(.09, .2)
    for s in (-1, 1):
        sk.ellipse(s * w * .42, y - h * .12, r, r * rng.uniform(.7, 1.1), s * .3, 1, 4, hint="gloss")
        sk.ellipse(s * w * .42, y - h * .12, r * .45, r * .7, 0, .5, 3)


def torso(rng: Rng, sk: Sketch) -> None:
    """A person from the neck or head to the hip, arms and perhaps a strap; the hands stay outside or hold something."""
    sh, hip = rng.uniform(.22, .32), rng.uniform(.16, .26)
    top = rng.uniform(-.42, -.2)
    for s in (-1, 1):
        elbow = np.array([s * (sh + rng.uniform(.02, .14)), rng.uniform(-.02, .2)])
        hand = np.array([s * rng.uniform(.0, .32), rng.uniform(.1, .5)])
        arm = np.array([(s * sh * .9, top + .12), elbow, hand])
        sk.stroke(arm, np.array([.12, .09, .06]), 1, 4, 1, hint="skin")
        sk.stroke(arm[:2] if rng.random() < .6 else np.vstack([arm[0], arm[:2].mean(0)]), np.array([.15, .12]), .9, 0, 1, hint="cloth")
    if top > -.33:
        sk.poly(mirror([(.06, top - .12), (.09, top + .06)]), .9, 4, 1, hint="skin")
        sk.ellipse(0, top - .16, .1, .13, 0, .9, 4, hint="skin")
        sk.ellipse(0, top - .23, .115, .09, 0, .8, 5, hint="fur")
    sk.poly(mirror([(.08, top), (sh, top + .07), (sh * .95, top + .3), (hip, .35), (hip * 1.1, .5)]), .6, 0, 2, hint="cloth")
    sk.ellipse(0, top + .01, .08, .05, 0, .3, 4, hint="skin")
    if rng.random() < .5:
        sk.poly(mirror([(hip, rng.uniform(.3, .42)), (hip * 1.15, .5)]), .5, 1, 1, hint="cloth")
    if rng.random() < .5:
        s = rng.choice([-1, 1])
        sk.stroke(np.array([(s * sh * .7, top + .05), (-s * hip * .7, .4)]), rng.uniform(.012, .05), .4, 6, 1)
        if rng.random() < .5:
            sk.poly(np.array([(0, .3), (.24, .32), (.22, .5), (.01, .5)]) * (-s, 1), .5, 6, 1)


def legs(rng: Rng, sk: Sketch) -> None:
    """Trousers on a person, from the hip down, with shoes."""
    w, spread = rng.uniform(.1, .15), rng.uniform(.03, .1)
    bottom = rng.uniform(.3, .42)
    for s in (-1, 1):
        foot = np.array([s * (spread + w * .6) + rng.normal(0, .03), bottom + .02])
        sk.ellipse(*(foot + (s * .04, .02)), rng.uniform(.06, .1), .04, 0, .8, 1)
        sk.ellipse(*(foot + (s * .04, .045)), rng.uniform(.07, .1), .018, 0, .4, 2)
        knee = np.array([s * (spread + w * .65) + rng.normal(0, .015), .0])
        side = np.array([(s * .005, -.5), (s * (w + spread), -.5), (knee[0] + s * w * .55, knee[1]), (foot[0] + s * w * .5, bottom),
                         (foot[0] - s * w * .4, bottom), (knee[0] - s * w * .5, knee[1]), (s * .005, -.25)])
        sk.poly(side, .7, 0, 1, hint="cloth")
    if rng.random() < .4:
        sk.poly(mirror([(w + spread + .02, -.5), (w + spread + .03, rng.uniform(-.42, -.25))]), .5, 3, 1, hint="cloth")


def front(rng: Rng, sk: Sketch) -> None:
    """A car from the front or back, mostly turned so that one side shows."""
    w, turn = rng.uniform(.36, .56), rng.uniform(0, .6)
    roof, waist, floor = rng.uniform(-.26, -.16), rng.uniform(-.08, .02), rng.uniform(.14, .22)
    side = turn * rng.uniform(.5, .9)
    c = -side / 2
    left, right = c - w / 2, c + w / 2
    end = min(right + side, .48)
    rise = rng.uniform(.0, .06)
    wr = rng.uniform(.06, .09)
    sk.poly(np.array([(left + .04, floor - .02), (end - .04, floor - .04), (end - .06, floor + .04), (left + .06, floor + .05)]), .1, 2, 0)
    for x in (left + wr * .7, right - wr * .3):
        sk.poly(np.array([(x - wr * .5, floor - .04), (x + wr * .5, floor - .04), (x + wr * .5, floor + .09), (x - wr * .5, floor + .09)]), .5, 2, 1)
    sk.poly(np.array([(right - .03, waist + .02), (right - w * .2, roof + .01), (end - side * .35, roof + rise * .3), (end - .01, waist - rise), (end, floor - .06),
                      (right, floor + .02)]), .6, 0, 1, hint="gloss")
    if side > .12:
        sk.poly(np.array([(right - .01, waist), (right - w * .16, roof + .035), (end - side * .38, roof + .04), (end - side * .2, waist - rise)]), .3, 1, 0,
                hint="glass")
        for x in (right + side * .14, end - side * .17):
            sk.ellipse(x, floor - .01, wr * .62, wr * 1.08, 0, .4, 2)
            sk.ellipse(x, floor - .01, wr * .42, wr * .76, 0, .4, 3, hint="metal")
    sk.poly(np.array([(left + w * .2, roof), (right - w * .2, roof), (right - .01, waist), (right, floor - .02), (right - .03, floor + .04),
                      (left + .03, floor + .04), (left, floor - .02), (left + .01, waist)]), rng.uniform(.3, .8), 0, 1, hint="gloss")
    sk.poly(np.array([(left + w * .24, roof + .03), (right - w * .24, roof + .03), (right - w * .1, waist - .01), (left + w * .1, waist - .01)]), .2, 1, 0,
            hint="glass")
    for x, s in ((left, 1), (right, -1)):
        sk.ellipse(x + s * w * .16, waist + .08, w * .11, rng.uniform(.015, .04), s * .2, .8, 4)
        sk.ellipse(x - s * .03, waist - .01, .035, .022, 0, .8, 0)
    sk.poly(mirror([(w * .24, waist + .07), (w * .3, floor - .03)]) + (c, 0), .1, 5, 0)
    if rng.random() < .6:
        sk.poly(mirror([(w * .12, floor - .07), (w * .12, floor - .035)]) + (c, 0), 0, 6, 0, hint="print")


def trainer(rng: Rng, sk: Sketch) -> None:
    """A shoe from the side, with a thick sole, toe cap, heel patch, laces; often one after the other as a pair."""
    def one(dx: float, dy: float) -> None:
        at = np.array([dx, dy])
        sk.poly(np.array([(-.4, .1), (-.4, -ankle), (-.33, -ankle - .04), (-.15, -ankle), (.0, -.1), (.2, -toe), (.38, .0), (.42, .1)]) + at, .6, 0, 2, hint="cloth")
        sk.poly(np.array([(.18, .1), (.2, -toe), (.38, .0), (.42, .1)]) + at, .5, 1, 1)
        sk.poly(np.array([(-.4, .1), (-.405, -.04), (-.3, -.03), (-.26, .1)]) + at, .4, 1, 1)
        for i in range(stripes):
            x = -.15 + .08 * i
            sk.poly(np.array([(x, .1), (x + .04, .1), (x + .1, -.05), (x + .06, -.05)]) + at, .1, 2, 0)
        for i in range(laces):
            sk.stroke(np.array([(-.13 + i * .05, -ankle + .06 + i * .035), (-.04 + i * .05, -ankle + .07 + i * .03)]) + at, .016, 1, 3, 1)
        sk.poly(np.array([(-.42, .07), (.43, .08), (.44, .08 + sole), (.34, .09 + sole), (-.41, .09 + sole)]) + at, .4, 4, 1)

    ankle, toe, sole = rng.uniform(.12, .26), rng.uniform(.02, .07), rng.uniform(.04, .11)
    stripes, laces = int(rng.integers(0, 4)), int(rng.integers(0, 6))
    if rng.random() < .35:
        one(rng.uniform(-.08, .08), -rng.uniform(.06, .16))
    one(0, 0)


def cushion(rng: Rng, sk: Sketch) -> None:
    """Cushion, sachet or folded cloth: corners drawn out, sides drawn in, a tag or a zip."""
    w, h = rng.uniform(.3, .44), rng.uniform(.26, .44)
    pull = rng.uniform(.0, .08)
    corners = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) + rng.normal(0, .02, (4, 2))
    out = []
    for i in range(4):
        a, b = corners[i], corners[(i + 1) % 4]
        inward = -(a + b) / 2 / max(1e-6, float(np.linalg.norm((a + b) / 2)))
        out += [a, a * .7 + b * .3 + inward * pull * .8, (a + b) / 2 + inward * pull, a * .3 + b * .7 + inward * pull * .8]
    if rng.random() < .5:
        i = int(rng.integers(4))
        at = corners[i] * .6 + corners[(i + 1) % 4] * .4
        sk.poly(np.array([(-.02, -.03), (.03, -.03), (.03, .03), (-.02, .03)]) + at, .1, 1, 0)
    sk.poly(np.array(out), rng.uniform(.5, 1), 0, 1, hint="print" if rng.random() < .6 else "cloth")


def strap(rng: Rng, sk: Sketch) -> None:
    """Thin things around holes: a bag on a long strap, spectacles, a necklace, a cable with plugs, a wire basket."""
    kind = rng.integers(0, 4)
    thin = rng.uniform(.008, .025)
    if kind == 0:
        w = rng.uniform(.12, .26)
        sk.stroke(np.array([(-w, .1), (-w * rng.uniform(.4, 1.3), -.45), (w * rng.uniform(.4, 1.3), -.45), (w, .1)]), thin * 1.5, 1, 1, 3)
        sk.poly(mirror([(w, .04), (w * 1.05, .2), (w * .9, .42)]), .5, 0, 1, hint="cloth")
        sk.poly(mirror([(w, .04), (w * .9, rng.uniform(.12, .26))]), .4, 2, 1, hint="cloth")
    elif kind == 1:
        rx, ry = rng.uniform(.15, .19), rng.uniform(.1, .17)
        for s in (-1, 1):
            sk.ellipse(s * .22, 0, rx, ry, s * .1, 1, 0, 1 - thin / rx * 1.6)
            sk.stroke(np.array([(s * (.22 + rx), -.03), (s * .46, -.06), (s * rng.uniform(.3, .48), -rng.uniform(.1, .3))]), thin, 1, 0, 1)
        sk.stroke(np.array([(-.22 + rx, -.02), (0, -.05), (.22 - rx, -.02)]), thin, 1, 0)
    elif kind == 2:
        drop = rng.uniform(.1, .4)
        sk.stroke(np.array([(-.25, -.42), (-.3, -.1), (0, drop), (.3, -.1), (.25, -.42), (0, -.47), (-.25, -.42)]), thin, 1, 0, 3, hint="metal")
        sk.ellipse(0, drop * .75 + .05, rng.uniform(.03, .09), rng.uniform(.03, .1), 0, .8, 1)
    else:
        pts = np.cumsum(np.vstack([rng.uniform(-.3, 0, (1, 2)), rng.normal(0, .22, (6, 2))]), 0)
        pts = np.clip(pts, -.42, .42)
        sk.stroke(pts, thin * 1.4, 1, 0, 4)
        for p in (pts[0], pts[-1]):
            sk.poly(np.array([(-.03, -.05), (.03, -.05), (.03, .05), (-.03, .05)]) + p, .5, 1, 0)


DRAWN = [(face, .2), (torso, .17), (legs, .1), (front, .2), (trainer, .14), (cushion, .1), (strap, .09)]

"""Print, line art and fine patterns, drawn large and reduced, as sharp targets for the upscaling nets."""
from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts")
WORDS = ("Organic", "Cotton", "100%", "250 ml", "Made in", "SALE", "Nº 7", "Extra", "coffee", "Tea", "Size M", "Shampoo", "No.", "Ingredients:",
         "aqua", "glycerin", "sodium", "EUR 19.99", "Best before", "08/2027", "Wash at 30°", "Fragile", "Natural", "wool", "Studio", "Lot 4711",
         "Handle with care", "Keep dry", "Vitamin C", "Serum", "www", "Premium", "Net wt.", "Type B", "Model", "X-20", "fabric", "Limited edition")


@cache
def fonts() -> list[str]:
    """The machine's TrueType fonts (here: DejaVu and Liberation)."""
    return sorted(str(p) for p in FONTS.rglob("*.ttf"))


def colour(rng: np.random.Generator) -> tuple[int, int, int]:
    if rng.random() < .5:
        return (int(rng.choice([0, 10, 30, 60, 200, 240, 255, 255])),) * 3
    return tuple(int(v) for v in rng.integers(0, 256, 3))


def words(rng: np.random.Generator, draw: ImageDraw.ImageDraw, n: int) -> None:
    """Lines of one typeface from somewhere in the left to beyond the right border."""
    size = int(np.exp(rng.uniform(np.log(n * .025), np.log(n * .3))))
    font = ImageFont.truetype(str(rng.choice(fonts())), size)
    y, x, ink = int(rng.integers(0, n // 2)), int(rng.integers(-n // 4, n // 3)), colour(rng)
    for _ in range(int(rng.integers(1, 10))):
        text = " ".join(rng.choice(WORDS, max(2, n // (4 * size))))
        draw.text((x, y), text.upper() if rng.random() < .2 else text, fill=ink, font=font)
        y += int(size * rng.uniform(1.1, 1.6))


def lines(rng: np.random.Generator, draw: ImageDraw.ImageDraw, n: int) -> None:
    """Rays, barcodes, rings, boxes and curves with a few widths."""
    kind, ink, w = rng.integers(5), colour(rng), int(rng.integers(1, max(2, n // 60)))
    x, y = (int(v) for v in rng.integers(0, n, 2))
    if kind == 0:
        for a in np.linspace(0, np.pi * 2, int(rng.integers(8, 60)), endpoint=False):
            draw.line([x, y, x + n * np.cos(a), y + n * np.sin(a)], fill=ink, width=w)
    elif kind == 1:
        high, unit = int(rng.integers(n // 8, n)), max(1, n // int(rng.integers(60, 250)))
        while x < n:
            draw.rectangle([x, y, x + unit * int(rng.integers(1, 4)) - 1, y + high], fill=ink)
            x += unit * int(rng.integers(2, 7))
    elif kind == 2:
        for r in range(w + 2, int(rng.integers(n // 8, n)), max(2, w * int(rng.integers(2, 6)))):
            draw.ellipse([x - r, y - r, x + r, y + r], outline=ink, width=w)
    elif kind == 3:
        for _ in range(int(rng.integers(1, 6))):
            a, b = np.sort(rng.integers(0, n, (2, 2)), axis=0)
            draw.rounded_rectangle([*a, *(b + 1)], radius=int(rng.integers(0, n // 12)), outline=ink, fill=colour(rng) if rng.random() < .4 else None, width=w)
    else:
        for _ in range(int(rng.integers(1, 5))):
            t = np.linspace(0, 1, 60)[:, None]
            p = rng.uniform(-.2, 1.2, (4, 2)) * n
            curve = (1 - t) ** 3 * p[0] + 3 * (1 - t) ** 2 * t * p[1] + 3 * (1 - t) * t ** 2 * p[2] + t ** 3 * p[3]
            draw.line([tuple(q) for q in curve], fill=ink, width=w, joint="curve")


def weave(rng: np.random.Generator, n: int) -> np.ndarray:
    """Stripes, checks and woven threads at an angle, with uneven threads; n x n x 3, 0..255."""
    yy, xx = np.mgrid[0:n, 0:n].astype(np.float32)
    a, period = rng.uniform(0, np.pi), n * np.exp(rng.uniform(np.log(.02), np.log(.12)))
    u = (xx * np.cos(a) + yy * np.sin(a)) / period
    v = (yy * np.cos(a) - xx * np.sin(a)) / period * rng.uniform(.5, 2)
    bend = cv2.GaussianBlur(rng.normal(0, 1, (n, n)).astype(np.float32), (0, 0), n / 12)
    u, v = u + bend * rng.uniform(0, 15), v + bend * rng.uniform(0, 15)
    sharp = rng.uniform(1, 12)
    s, t = np.clip(np.sin(u * np.pi * 2) * sharp, -1, 1), np.clip(np.sin(v * np.pi * 2) * sharp, -1, 1)
    kind = rng.integers(4)
    m = s if kind == 0 else s * t if kind == 1 else np.maximum(s, t) if kind == 2 else np.where((np.floor(u) + np.floor(v)) % 2 == 0, s, t)
    m = (m * .5 + .5)[..., None]
    return m * np.array(colour(rng), np.float32) + (1 - m) * np.array(colour(rng), np.float32)


def printed(rng: np.random.Generator, n: int) -> np.ndarray:
    """n x n RGB bytes: text, lines and patterns, drawn at three times the size."""
    big = n * 3
    if rng.random() < .3:
        base = weave(rng, big)
    else:
        ramp = np.linspace(0, 1, big, dtype=np.float32)[:, None, None]
        first = np.array(colour(rng), np.float32)
        base = np.broadcast_to(first + ramp * (np.array(colour(rng), np.float32) - first) * (rng.random() < .4), (big, big, 3))
    img = Image.fromarray(np.clip(base, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(img)
    for _ in range(int(rng.integers(1, 4))):
        (words if rng.random() < .6 else lines)(rng, draw, big)
    if rng.random() < .5:
        img = img.rotate(rng.uniform(-30, 30), Image.Resampling.BICUBIC, fillcolor=colour(rng))
    return np.asarray(img.resize((n, n), Image.Resampling.LANCZOS if rng.random() < .5 else Image.Resampling.BICUBIC))

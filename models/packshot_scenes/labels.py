"""Printed sides for boxes: a ground, shapes and words, as pictures in a temporary folder."""
from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIDE = 384
WORDS = ("Organic", "Cotton", "250 ml", "Nº 7", "Extra", "Coffee", "Tea", "Soap", "Natural", "Studio", "Vitamin C", "Fragile", "Novel", "Size M",
         "Keep dry", "Best before 08/27", "Premium", "Type B", "X-20", "Limited")
_FOLDER = tempfile.TemporaryDirectory()


def label(rng: Random, pale: bool) -> Path:
    """A new picture; a pale one is nearly white, as much packaging is."""
    def colour() -> tuple[int, int, int]:
        return tuple(rng.randint(215, 255) if pale and rng.random() < .6 else rng.randint(0, 255) for _ in range(3))

    picture = Image.new("RGB", (SIDE, SIDE), (rng.randint(228, 255),) * 3 if pale else colour())
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.randint(0, 6)):
        x, y = rng.randint(-40, SIDE), rng.randint(-40, SIDE)
        w, h = rng.randint(10, SIDE), rng.randint(4, SIDE // 2)
        shape = rng.choice([draw.rectangle, draw.ellipse])
        shape([x, y, x + w, y + h], fill=colour() if rng.random() < .7 else None, outline=colour(), width=rng.randint(1, 8))
    for _ in range(rng.randint(0, 5)):
        font = ImageFont.load_default(size=rng.randint(14, 90))
        draw.text((rng.randint(0, SIDE // 2), rng.randint(0, SIDE - 40)), rng.choice(WORDS), fill=colour(), font=font)
    if rng.random() < .3:
        x, y = rng.randint(0, SIDE - 120), rng.randint(0, SIDE - 70)
        draw.rectangle([x, y, x + 110, y + 60], fill="white")
        for k in range(4, 106, 3):
            if rng.random() < .6:
                draw.line([x + k, y + 4, x + k, y + 52], fill="black", width=rng.choice([1, 2]))
    path = Path(_FOLDER.name) / f"{rng.getrandbits(64):016x}.png"
    picture.save(path)
    return path

"""Writes testdata/upscale: one small picture with print, and what each upscaling net and the half of each pair make of it."""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from packshot_models.prints import fonts
from packshot_models.upscale_export import blend_files
from packshot_models.upscalers import Ours

HERE = Path(__file__).parent


def label() -> np.ndarray:
    """A coloured label with text on white, 24 x 20 pixels, reduced from a large drawing."""
    img = Image.new("RGB", (384, 320), "white")
    draw = ImageDraw.Draw(img)
    font = ImageFont.truetype(next(f for f in fonts() if f.endswith("DejaVuSans-Bold.ttf")), 120)
    draw.rounded_rectangle([40, 60, 340, 250], radius=40, fill=(200, 60, 40), outline=(30, 40, 90), width=14)
    draw.text((70, 80), "No7", fill=(250, 240, 210), font=font)
    draw.line([0, 300, 384, 270], fill=(20, 120, 60), width=10)
    return np.asarray(img.resize((24, 20), Image.Resampling.BICUBIC))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--weights", type=Path, default=HERE / "weights")
    ap.add_argument("--out", type=Path, default=HERE / "testdata" / "upscale")
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    small = label()
    cv2.imwrite(str(args.out / "input.png"), small[..., ::-1])
    for scale in (2, 4):
        plain, denoise = (args.weights / f"packshot-upscale-{scale}x{kind}-1.onnx" for kind in ("", "-denoise"))
        for name, share in ((f"{scale}x", 0), (f"{scale}x-half", .5), (f"{scale}x-denoise", 1)):
            cv2.imwrite(str(args.out / f"{name}.png"), Ours(blend_files(plain, denoise, share), scale)(small)[..., ::-1])


if __name__ == "__main__":
    main()

"""Writes seeds/: tiny valid files of every kind that a target reads, and a few that are cut short.

Run it with Pillow installed, from any folder. The same version of Pillow writes the same bytes.
"""

import io
import struct
from pathlib import Path

from PIL import Image, ImageCms

SEEDS = Path(__file__).parent / "seeds"
POLICIES = Path(__file__).parent.parent / "service" / "policy" / "tests" / "wrong"
JPEGS = Path(__file__).parent.parent / "core" / "tests" / "data" / "jpeg"
RARE = ("scans-2x2", "spectral-restart", "base-1x1_2x2_2x2", "inks-11111122-2", "late-height", "no-tables")
SIZE = (9, 7)


def picture(mode):
    """A gradient in which every sample differs from its neighbours."""
    channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "P": 1, "1": 1}[mode]
    width, height = SIZE
    places = ((x, y, c) for y in range(height) for x in range(width) for c in range(channels))
    samples = bytes((31 * x + 17 * y + 53 * c) % 256 for x, y, c in places)
    if mode == "1":
        return Image.frombytes("L", SIZE, samples).convert("1")
    image = Image.frombytes(mode, SIZE, samples)
    if mode == "P":
        image.putpalette([value % 256 for value in range(768)])
    return image


def sixteen_bit():
    samples = (997 * (x + 9 * y) % 65536 for y in range(SIZE[1]) for x in range(SIZE[0]))
    return Image.frombytes("I;16", SIZE, struct.pack("<63H", *samples))


def encoded(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    exif[0x010F] = "Packshot"
    return exif.tobytes()


def photos():
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    srgb[24:36] = bytes(12)  # the time of its making
    srgb = bytes(srgb)
    rgb, rgba, other = picture("RGB"), picture("RGBA"), picture("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for mode in ("L", "RGB", "CMYK"):
        yield f"{mode}.jpg", encoded(picture(mode), "JPEG")
    yield "progressive.jpg", encoded(rgb, "JPEG", progressive=True)
    yield "restart.jpg", encoded(rgb, "JPEG", restart_marker_blocks=1)
    # Scans, samplings and headers that Pillow does not write.
    for path in sorted(JPEGS.glob("*.jpg")):
        if any(kind in path.name for kind in RARE):
            yield path.name[5:], path.read_bytes()
    yield "exif.jpg", encoded(rgb, "JPEG", exif=orientation(6))
    yield "profile.jpg", encoded(rgb, "JPEG", icc_profile=srgb)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield f"{mode}.png", encoded(picture(mode), "PNG")
    yield "16.png", encoded(sixteen_bit(), "PNG")
    yield "transparent.png", encoded(picture("P"), "PNG", transparency=3)
    yield "exif.png", encoded(rgb, "PNG", exif=orientation(3), icc_profile=srgb)
    yield "animated.png", encoded(rgb, "PNG", save_all=True, append_images=[other])
    yield "lossy.webp", encoded(rgb, "WEBP")
    yield "lossless.webp", encoded(rgba, "WEBP", lossless=True)
    yield "alpha.webp", encoded(rgba, "WEBP", exif=orientation(8), icc_profile=srgb)
    yield "animated.webp", encoded(rgb, "WEBP", save_all=True, append_images=[other])
    for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK"):
        yield f"{mode}.tiff", encoded(picture(mode), "TIFF")
    yield "16.tiff", encoded(sixteen_bit(), "TIFF")
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield f"{compression}.tiff", encoded(rgb, "TIFF", compression=compression)
    yield "pages.tiff", encoded(rgb, "TIFF", save_all=True, append_images=[other])


DESCRIPTOR = """\
[input]
name = "input.1"
layout = "nchw"
color = "rgb"
divide = "max"
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]
size = { fixed = [320, 320] }
filter = "lanczos3"

[output]
name = "1959"
activation = "sigmoid"
stretch = "min-max"
scale = 1.0
polarity = "foreground"
"""

SHORT_SIDE = """\
[input]
layout = "nhwc"
color = "bgr"
divide = 255
size = { short_side = 512, multiple_of = 32 }
"""

REGISTRY = """\
[[model]]
id = "u2netp"
task = "remove_background"
title = "U-2-Net, small"
licence = "Apache-2.0"
commercial = true

[[model.files]]
name = "u2netp.onnx"
url = "https://example.org/u2netp.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
bytes = 4574861
precision = "fp32"

[model.input]
size = { fixed = [320, 320] }
"""


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files:
        (folder / name).write_bytes(data)


def main():
    whole = list(photos())
    cut = [(f"cut-{name}", data[: len(data) * 2 // 3]) for name, data in whole if name.startswith("RGB.")]
    write(SEEDS / "decode", whole + cut)
    texts = {"fixed.toml": DESCRIPTOR, "short-side.toml": SHORT_SIDE, "registry.toml": REGISTRY}
    write(SEEDS / "descriptor", [(name, text.encode()) for name, text in texts.items()])
    policy = (POLICIES / "right.toml").read_bytes()
    write(SEEDS / "policy_text", [("right.toml", policy), ("cut.toml", policy[: len(policy) * 2 // 3])])
    # Which preset, how many changes, and then places and values; what is not there counts as zero.
    presets = [(f"preset-{place}", bytes([place, 2, 40, 4, 20, 90, 5, 30, place])) for place in range(5)]
    write(SEEDS / "policy_lint", presets)


main()

"""Pillow: codecs and resampling.

    with_pillow.py decode PHOTO                       samples
    with_pillow.py jpeg SAMPLES WIDTH HEIGHT QUALITY  a JPEG from RGB, colour at half resolution
    with_pillow.py png SAMPLES WIDTH HEIGHT           a PNG from RGBA, at compression level 1
    with_pillow.py resize SAMPLES WIDTH HEIGHT WIDTH HEIGHT
"""

import io
import sys
from pathlib import Path

from PIL import Image
from protocol import serve


def encoded(picture, **options):
    """The bytes of a file."""
    out = io.BytesIO()
    picture.save(out, **options)
    return out.getvalue()


_, task, path, *numbers = sys.argv
data = Path(path).read_bytes()
numbers = [int(number) for number in numbers]
if task == "decode":
    serve(lambda: Image.open(io.BytesIO(data)).tobytes())
else:
    picture = Image.frombytes("RGBA" if task == "png" else "RGB", tuple(numbers[:2]), data)
    if task == "jpeg":
        serve(lambda: encoded(picture, format="JPEG", quality=numbers[2], subsampling="4:2:0"))
    elif task == "png":
        serve(lambda: encoded(picture, format="PNG", compress_level=1))
    else:
        serve(lambda: picture.resize(tuple(numbers[2:]), Image.Resampling.LANCZOS).tobytes())

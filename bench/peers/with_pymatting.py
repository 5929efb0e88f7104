"""PyMatting: alpha from a trimap, colours from alpha.

    with_pymatting.py alpha PHOTO TRIMAP
    with_pymatting.py foreground PHOTO ALPHA
"""

import sys

import numpy as np
from PIL import Image
from protocol import serve
from pymatting import estimate_alpha_cf, estimate_foreground_ml


def to_bytes(values):
    """8-bit samples, rounded."""
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8).tobytes()


_, task, photo, mask = sys.argv
photo = np.asarray(Image.open(photo).convert("RGB")) / 255.0
mask = np.asarray(Image.open(mask).convert("L")) / 255.0
if task == "alpha":
    serve(lambda: to_bytes(estimate_alpha_cf(photo, mask)))
else:
    serve(lambda: to_bytes(estimate_foreground_ml(photo, mask)))

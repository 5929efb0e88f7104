"""PyMatting: alpha from a trimap, colours from alpha.

    with_pymatting.py alpha PHOTO MATTE               in a band of 20 pixels around the sure parts of the matte
    with_pymatting.py foreground PHOTO ALPHA
"""

import sys

import numpy as np
from PIL import Image
from protocol import serve
from pymatting import estimate_alpha_cf, estimate_foreground_ml
from scipy.ndimage import binary_erosion

# rembg's rule for a trimap is 10; the lemur's alpha is better with this.
ERODE = np.ones((20, 20), dtype=bool)


def to_bytes(values):
    """8-bit samples, rounded."""
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8).tobytes()


_, task, photo, mask = sys.argv
photo = np.asarray(Image.open(photo).convert("RGB")) / 255.0
mask = np.asarray(Image.open(mask).convert("L")) / 255.0
if task == "alpha":
    trimap = np.full(mask.shape, 0.5)
    trimap[binary_erosion(mask > 240 / 255, ERODE)] = 1
    trimap[binary_erosion(mask < 10 / 255, ERODE, border_value=1)] = 0
    serve(lambda: to_bytes(estimate_alpha_cf(photo, trimap)))
else:
    serve(lambda: to_bytes(estimate_foreground_ml(photo, mask)))

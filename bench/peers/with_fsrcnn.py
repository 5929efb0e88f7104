"""FSRCNN as its authors use it: the net on luma, colour by bicubic.

    with_fsrcnn.py MODEL PHOTO                        RGB samples, twice as large
"""

import sys

import numpy as np
import onnxruntime
from PIL import Image
from protocol import serve

_, model, photo = sys.argv
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
photo = Image.open(photo).convert("RGB")


def work():
    """A decoded photo to the samples of the larger one."""
    luma, *colors = photo.convert("YCbCr").split()
    size = (2 * photo.width, 2 * photo.height)
    tensor = np.asarray(luma, dtype=np.float32)[None, None] / 255
    answer = session.run(None, {name: tensor})[0][0, 0]
    bands = [Image.fromarray((np.clip(answer, 0, 1) * 255 + 0.5).astype(np.uint8))]
    bands += [band.resize(size, Image.Resampling.BICUBIC) for band in colors]
    return Image.merge("YCbCr", bands).convert("RGB").tobytes()


serve(work)

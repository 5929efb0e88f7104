"""Packshot itself, from Python: what it costs to cross the boundary.

    with_packshot.py bytes PHOTO
    with_packshot.py pixels SAMPLES WIDTH HEIGHT      RGB
"""

import sys
from pathlib import Path

import numpy as np

import packshot
from protocol import serve

engine = packshot.Engine(backend="rten")
data = Path(sys.argv[2]).read_bytes()

if sys.argv[1] == "bytes":
    serve(lambda: engine.remove_background(data).encode("png"))
else:
    width, height = int(sys.argv[3]), int(sys.argv[4])
    pixels = np.frombuffer(data, np.uint8).reshape(height, width, 3)
    serve(lambda: engine.remove_background(pixels).to_numpy())

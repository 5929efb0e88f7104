"""Packshot itself, from Python: what it costs to cross the boundary.

    with_packshot.py bytes PHOTO
    with_packshot.py pixels SAMPLES WIDTH HEIGHT      RGB
    with_packshot.py cancel PHOTO                     the slowest answer to a cancel
"""

import sys
import threading
import time
from pathlib import Path

import numpy as np

import packshot
from protocol import serve

engine = packshot.Engine(backend="rten")
data = Path(sys.argv[2]).read_bytes()

# When each round's cancels come after the start of the work.
CANCELS = [0.005, 0.04, 0.09, 0.16, 0.25]


def cancelled():
    slowest = 0.0
    for wait in CANCELS:
        token, moments = packshot.CancelToken(), []
        timer = threading.Timer(wait, lambda: (moments.append(time.perf_counter()), token.cancel()))
        timer.start()
        try:
            engine.remove_background(data, edges="fine", cancel=token)
        except packshot.CancelledError:
            slowest = max(slowest, time.perf_counter() - moments[0])
        else:
            sys.exit(f"the work was done before {wait} s")
    return slowest


if sys.argv[1] == "cancel":
    serve(cancelled, timed=True)
elif sys.argv[1] == "bytes":
    serve(lambda: engine.remove_background(data).encode("png"))
else:
    width, height = int(sys.argv[3]), int(sys.argv[4])
    pixels = np.frombuffer(data, np.uint8).reshape(height, width, 3)
    serve(lambda: engine.remove_background(pixels).to_numpy())

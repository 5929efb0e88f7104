"""A thousand calls must not make the process grow:

    python soak_memory.py [CALLS]

Each one takes a small photo from bytes and from pixels, cuts it out, looks at the result in every form, makes a piece
of it larger, and runs a recipe that was pickled. Prints the resident memory on the way; the exit code is 1 if the
highest value of the second half of the calls is more than a few pages a call above that of the first. Highest values,
because an allocator keeps a few megabytes now and then, and gives them back.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import time
from pathlib import Path

import numpy

import packshot

ALLOWED_GROWTH = 8 << 20


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
engine, recipe = packshot.Engine(backend="rten"), packshot.Recipe.preset("web")
y, x = numpy.mgrid[:120, :160]
pixels = numpy.stack([x, y, x + y], axis=-1).astype("uint8")
pixels[30:90, 40:120] = (200, 30, 90)
data, seen = packshot.Photo(pixels).encode("jpeg"), 0


def listen(_: packshot.Progress) -> None:
    global seen
    seen += 1


highest, begin = [0, 0], time.perf_counter()
for call in range(1, calls + 1):
    cutout = engine.remove_background(data if call % 2 else pixels, progress=listen)
    assert cutout.to_numpy().shape == (120, 160, 4)
    assert cutout.matte.to_pil().size == (160, 120)
    cutout.encode()
    assert engine.upscale(pixels[:24, :32]).width == 64
    assert engine.run_recipe(data, pickle.loads(pickle.dumps(recipe))).bytes
    with contextlib.suppress(packshot.PhotoError):
        engine.remove_background(b"nothing")
    half = int(call > calls // 2)
    highest[half] = max(highest[half], resident())
    if call % max(calls // 10, 1) == 0:
        print(f"{call:5} calls  {resident() / 2**20:6.1f} MiB  {time.perf_counter() - begin:6.1f} s", flush=True)
growth = highest[1] - highest[0]
print(f"the second half added {growth / 2**20:.2f} MiB")
sys.exit(growth > ALLOWED_GROWTH)

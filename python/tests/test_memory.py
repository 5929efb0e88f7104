"""What many calls take of the machine, and what they leave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import packshot

# In a process of its own: peak and resident memory are the process's. The calls are those of a web server that has many
# requests at once; each takes some 30 MB, most of it for the model, and the engine allows 256 MiB for all together.
CALLS = os.environ.get("PACKSHOT_TEST_CALLS", "16")
PROGRAM = """
import asyncio, sys, time, packshot

def status(key):
    line = next(line for line in open("/proc/self/status") if line.startswith(key))
    return int(line.split()[1]) * 1024

async def main():
    photo = open(sys.argv[1], "rb").read()
    engine = packshot.AsyncEngine(backend="rten", workers=2, memory=256 << 20)
    recipe = packshot.Recipe.preset("white-background")

    async def call():
        return len((await engine.run_recipe(photo, recipe)).bytes)

    await call()
    one = status("VmRSS")
    sizes = await asyncio.gather(*(call() for _ in range(int(sys.argv[2]))))
    assert len(set(sizes)) == 1
    end = time.monotonic() + 1
    while status("VmRSS") > 1.3 * one and time.monotonic() < end:
        time.sleep(0.01)
    return one, status("VmHWM"), status("VmRSS")

print(*asyncio.run(main()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
def test_many_calls_at_once_stay_within_the_memory_of_the_engine_and_give_it_back(tmp_path: Path) -> None:
    y, x = numpy.mgrid[:600, :800]
    pixels = numpy.stack([x // 4, y // 4, (x + y) // 8], axis=-1).astype("uint8")
    pixels[150:450, 200:600] = (200, 30, 90)
    photo = tmp_path / "photo.jpg"
    packshot.Photo(pixels).save(photo)
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM, photo, CALLS], check=True, timeout=300, stdout=subprocess.PIPE
    )
    one, peak, left = map(int, program.stdout.split())
    print(f"{one / 1e6:.0f} MB after one call, {peak / 1e6:.0f} MB at most, {left / 1e6:.0f} MB a second after {CALLS}")
    assert peak - one < 256 << 20
    assert left <= 1.3 * one

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

# A small photo in a large file: what follows the end of a JPEG is not read. All calls but two wait for a worker, the
# only one and that of small photos.
CALLERS = 8
FILE = 32 << 20
WAITING = """
import sys, threading, packshot

def status(key):
    line = next(line for line in open("/proc/self/status") if line.startswith(key))
    return int(line.split()[1]) * 1024

photo = open(sys.argv[1], "rb").read()
engine, recipe = packshot.Engine(backend="rten", workers=1), packshot.Recipe.preset("web")
engine.run_recipe(photo, recipe)
before, references = status("VmHWM"), sys.getrefcount(photo)
threads = [threading.Thread(target=engine.run_recipe, args=(photo, recipe)) for _ in range(int(sys.argv[2]))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
threads.clear()
del thread
print(status("VmHWM") - before, sys.getrefcount(photo) - references)
"""

# Threads of a server that hold large answers at the same time, and again. Noise, so that the files are large.
TAKING = """
import sys, threading, numpy, packshot

def resident():
    line = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024

photo = packshot.Photo(numpy.random.default_rng(1).integers(0, 256, (1200, 1200, 3), "uint8"))
size = len(photo.encode("png"))
one, all_have_it = resident(), threading.Barrier(8)

def take():
    for _ in range(3):
        file = photo.encode("png")
        assert len(file) == size
        all_have_it.wait()
        del file

threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(one, resident(), size)
"""


def photo_file(folder: Path) -> Path:
    """A JPEG of half a million pixels."""
    y, x = numpy.mgrid[:600, :800]
    pixels = numpy.stack([x // 4, y // 4, (x + y) // 8], axis=-1).astype("uint8")
    pixels[150:450, 200:600] = (200, 30, 90)
    photo = folder / "photo.jpg"
    packshot.Photo(pixels).save(photo)
    return photo


def numbers(program: str, *words: object) -> list[int]:
    """What a program prints."""
    command = [sys.executable, "-c", program, *map(str, words)]
    ended = subprocess.run(command, check=True, timeout=300, stdout=subprocess.PIPE)
    return [int(number) for number in ended.stdout.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
def test_many_calls_at_once_stay_within_the_memory_of_the_engine_and_give_it_back(tmp_path: Path) -> None:
    one, peak, left = numbers(PROGRAM, photo_file(tmp_path), CALLS)
    print(f"{one / 1e6:.0f} MB after one call, {peak / 1e6:.0f} MB at most, {left / 1e6:.0f} MB a second after {CALLS}")
    assert peak - one < 256 << 20
    assert left <= 1.3 * one


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
def test_calls_share_the_bytes_of_a_file_and_give_them_back(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    os.truncate(photo, FILE)
    more, references = numbers(WAITING, photo, CALLERS)
    print(f"{CALLERS} calls with one file of {FILE / 1e6:.0f} MB as bytes took {more / 1e6:.0f} MB more than one")
    assert more < FILE, "each call has a copy"
    assert references == 0, "a call keeps the bytes after its end"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
def test_files_that_threads_had_as_bytes_go_back_to_the_system() -> None:
    one, left, size = numbers(TAKING)
    print(f"{one / 1e6:.0f} MB after a file of {size / 1e6:.1f} MB, {left / 1e6:.0f} MB after eight threads had it")
    assert left <= 1.3 * one

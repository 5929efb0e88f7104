"""What Python costs on top of Rust, for a photo of 12 million pixels:

    cargo build --release -p packshot --example overhead
    python overhead.py target/release/examples/overhead [ROUNDS]

Both do the same work in turns, so that what else this machine does falls on both: bytes of a JPEG to bytes of a PNG,
and raw pixels to raw pixels. Install a release build of this package first.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy

import packshot

LARGEST_OVERHEAD = 0.05


def large() -> packshot.Photo:
    """12 million pixels: a bright disc on a soft ground, with some noise for the codecs to work on."""
    y, x = numpy.mgrid[:3000, :4000]
    noise = numpy.random.default_rng(7).integers(0, 8, (3000, 4000))
    disc = (x - 2000) ** 2 + (y - 1500) ** 2 < 1000**2
    gray = numpy.where(disc, 190, 60 + x // 100) + noise
    return packshot.Photo.from_numpy(numpy.stack([gray, gray // 2 + 60, gray // 3 + 90], axis=-1).astype("uint8"))


def milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
engine = packshot.Engine(backend="rten")
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "large.jpg")
    large().save(file)
    data, pixels = file.read_bytes(), packshot.Photo(file).to_numpy()
    rust = subprocess.Popen([program, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    assert rust.stdin is not None
    assert rust.stdout is not None
    forms: dict[str, Callable[[], object]] = {
        "bytes": lambda: engine.remove_background(data).encode("png"),
        "pixels": lambda: engine.remove_background(pixels).to_numpy(),
    }
    failed = False
    for name, work in forms.items():
        ours, theirs = list[float](), list[float]()
        for turn in range(rounds + 1):
            print(name, file=rust.stdin)
            answer = float(rust.stdout.readline().split()[0])
            own = milliseconds(work)
            # The first one loads the model.
            if turn:
                theirs.append(answer)
                ours.append(own)
        overhead = median(ours) / median(theirs) - 1
        failed |= overhead > LARGEST_OVERHEAD
        print(
            f"{name:7} Rust {median(theirs):7.1f} ms  Python {median(ours):7.1f} ms  {overhead:+6.1%}"
            f"  (fastest {min(theirs):.1f} and {min(ours):.1f})"
        )
    rust.stdin.close()
    rust.wait()
sys.exit(failed)

"""A process may end while ONNX Runtime works: it ends with its status, never by a signal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from material import given, photo

PROGRAM = """
import sys, threading, time, packshot

engine = packshot.Engine(backend="onnxruntime", ort_library=sys.argv[1])
begun = threading.Event()

def work():
    while True:
        engine.remove_background(sys.argv[2], progress=lambda at: begun.set() if at.stage == "inference" else None)

for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
begun.wait()
time.sleep(float(sys.argv[3]))
"""

ASYNCIO = """
import asyncio, sys, packshot

async def main():
    engine = packshot.AsyncEngine(backend="onnxruntime", ort_library=sys.argv[1])
    begun = asyncio.Event()
    call = asyncio.create_task(engine.remove_background(sys.argv[2], progress=lambda at: begun.set()))
    await begun.wait()
    await asyncio.sleep(float(sys.argv[3]))
    sys.exit(7)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends all threads before it unloads a library")
@pytest.mark.parametrize(
    ("program", "code"),
    [
        pytest.param(PROGRAM, 0, id="daemon threads at the end of the program"),
        pytest.param(PROGRAM + "sys.exit(7)", 7, id="sys.exit"),
        pytest.param(PROGRAM + "raise KeyboardInterrupt", 130, id="Ctrl-C"),
        pytest.param(ASYNCIO, 7, id="sys.exit in asyncio"),
    ],
)
def test_an_exit_while_onnxruntime_works(program: str, code: int) -> None:
    for wait in (0.0, 0.013, 0.05):
        command = [sys.executable, "-c", program, given("PACKSHOT_TEST_ORT"), str(photo("mug.jpg")), str(wait)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        # A program that Ctrl-C ends does so by the signal, as shells expect of it.
        status = 130 if done.returncode == -2 else done.returncode
        assert status == code, done.stderr

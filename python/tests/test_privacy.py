"""Nothing leaves this computer, also with a version of ONNX Runtime that sends telemetry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import packshot
from material import given, photo

PROGRAM = """
import ctypes, sys, threading

libc, stop, reads = ctypes.CDLL(None), threading.Event(), [0]
libc.getenv.restype = ctypes.c_char_p

def read():
    while not stop.is_set():
        assert libc.getenv(b"PATH") and libc.getenv(b"PACKSHOT_NO_SUCH_VARIABLE") is None
        reads[0] += 1

readers = [threading.Thread(target=read) for _ in range(4)]
for reader in readers:
    reader.start()
assert libc.getenv(b"ORT_DISABLE_TELEMETRY") is None
import packshot
print(libc.getenv(b"ORT_DISABLE_TELEMETRY").decode())
cutout = packshot.Engine(backend="onnxruntime", ort_library=sys.argv[1]).remove_background(sys.argv[2])
stop.set()
for reader in readers:
    reader.join()
assert reads[0] > 1000
cutout.save(sys.argv[3])
print(cutout.ran.backend.version)
"""


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("strace") is None, reason="needs strace, for Linux only")
@pytest.mark.shows("privacy")
def test_a_cut_out_opens_no_socket_and_writes_only_its_result(tmp_path: Path) -> None:
    library, home, trace, out = given("PACKSHOT_TEST_ORT"), tmp_path / "home", tmp_path / "trace", tmp_path / "out.png"
    home.mkdir()
    names = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "TMPDIR")
    environment = {name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "CI")}
    environment |= dict.fromkeys(names, str(home)) | {"PYTHONDONTWRITEBYTECODE": "1"}
    strace = ["strace", "-f", "-qq", "-s", "512", "-e", "trace=%network,%file", "-o", str(trace)]
    command = [*strace, sys.executable, "-c", PROGRAM, library, str(photo("mug.jpg")), str(out)]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    switch, version = done.stdout.split()
    assert switch == "1", "set while the module was imported, where C code sees it"
    assert int(version.split(".")[1]) >= 29, "an older version has no telemetry and proves nothing"

    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    assert any("libonnxruntime" in line for line in lines), "the trace shows the library being loaded"
    assert [line for line in lines if "AF_INET" in line or "AF_NETLINK" in line] == []
    writing = ("O_WRONLY", "O_RDWR", "O_CREAT", "mkdir(", "unlink")
    harmless = (str(tmp_path / "out"), str(tmp_path / "."), '"/dev/null"', '"/proc/self/')
    writes = [line for line in lines if any(call in line for call in writing)]
    assert [line for line in writes if not any(place in line for place in harmless)] == []
    assert out.is_file()
    assert list(home.iterdir()) == []


@pytest.mark.shows("engine.options", "engine.probe")
def test_onnxruntime_gives_the_same(tmp_path: Path, engine: packshot.Engine) -> None:
    program = """
import sys, packshot
engine = packshot.Engine(backend="onnxruntime", ort_library=sys.argv[1])
cutout = engine.remove_background(sys.argv[2])
assert cutout.ran.backend == engine.probe("onnxruntime") and cutout.ran.backend.name == "onnxruntime"
assert cutout.ran.backend.version and str(cutout.ran.backend.library).endswith(sys.argv[1].rsplit("/")[-1])
cutout.save(sys.argv[3])
"""
    out = tmp_path / "out.png"
    command = [sys.executable, "-c", program, given("PACKSHOT_TEST_ORT"), str(photo("mug.jpg")), str(out)]
    subprocess.run(command, check=True, timeout=120)
    difference = packshot.Photo.open(out).to_numpy().astype(int) - engine.remove_background(photo("mug.jpg")).to_numpy()
    assert numpy.abs(difference[:, :, 3]).mean() < 0.1
    assert numpy.abs(difference[:, :, 3]).max() <= 8


def test_a_library_that_is_named_and_missing_is_an_error() -> None:
    with pytest.raises(packshot.FileError) as caught:
        packshot.Engine(backend="onnxruntime", ort_library="/nowhere/libonnxruntime.so").probe()
    assert caught.value.code == "file_missing"

"""The command that the package brings does what the program `packshot` does."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from material import given, photo
from packshot import __main__, _packshot

MODULE = [sys.executable, "-m", "packshot"]
SCRIPT = [str(Path(sys.executable).with_name("packshot.exe" if sys.platform == "win32" else "packshot"))]
# Nothing that would lead it to a folder or a library of this machine.
CLEAN = {"PACKSHOT_ORT_DYLIB": "", "ORT_DYLIB_PATH": "", "PACKSHOT_OFFLINE": "1", "NO_COLOR": "1"}
RTEN = ("--backend", "rten")


def program() -> list[str]:
    return [given("PACKSHOT_TEST_COMMAND")]


def run(command: list[str], *words: str | bytes, **how: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command, *words], env=os.environ | CLEAN, stdin=how.pop("stdin", subprocess.DEVNULL), timeout=120, **how
    )


def told(command: list[str], *words: str | bytes, **how: Any) -> tuple[int, bytes, bytes]:
    done = run(command, *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "--version",
        "--help",
        "help cutout",
        "recipe show white-background",
        "--json models list",
        "policy show narpix",
        "completions bash",
    ],
)
def test_it_says_what_the_program_says(words: str) -> None:
    said = told(program(), *words.split())
    assert said[0] == 0, said[2]
    assert said[1]
    assert told(MODULE, *words.split()) == said


@pytest.mark.parametrize(
    ("words", "code"),
    [("", 2), ("cutout", 2), ("cutuot a.jpg", 2), ("cutout a.jpg --edges soft", 2), ("cutout nowhere.jpg", 3)],
)
def test_it_fails_as_the_program_fails(words: str, code: int, tmp_path: Path) -> None:
    said = told(program(), *words.split(), cwd=tmp_path)
    assert said[0] == code
    assert said[2]
    assert told(MODULE, *words.split(), cwd=tmp_path) == said


def test_some_failed_is_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_text("no photo")
    shutil.copy(photo("mug.jpg"), tmp_path)
    assert told(MODULE, *RTEN, "cutout", "broken.jpg", "mug.jpg", "-o", "out", cwd=tmp_path)[0] == 1
    assert [path.name for path in (tmp_path / "out").glob("*.png")] == ["mug.png"]


def test_a_photo_comes_out_as_the_program_makes_it(tmp_path: Path) -> None:
    made = {}
    for name, command in (("program", program()), ("module", MODULE), ("script", SCRIPT)):
        out = str(tmp_path / name)
        words = ("cutout", str(photo("mug.jpg")), "-o", out, "--background", "white", "--crop", "5%")
        code, said, complaint = told(command, *RTEN, *words)
        assert code == 0, complaint
        assert b"rten" in said
        made[name] = (tmp_path / name / "mug.png").read_bytes()
    assert made["module"] == made["script"] == made["program"]
    # From standard input to standard output, without a byte more.
    with photo("mug.jpg").open("rb") as stdin:
        words = ("cutout", "-", "-o", "-", "--background", "white", "--crop", "5%")
        code, piped, complaint = told(MODULE, *RTEN, *words, stdin=stdin)
    assert code == 0, complaint
    assert piped == made["program"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_of_files_are_bytes(tmp_path: Path) -> None:
    name = b"caf\xe9"
    shutil.copy(photo("mug.jpg"), os.fsencode(tmp_path) + b"/" + name + b".jpg")
    code, _, complaint = told(MODULE, *RTEN, "crop", name + b".jpg", "-o", b"out", "--aspect", "1:1", cwd=tmp_path)
    assert code == 0, complaint
    assert b"caf%E9.png" in os.listdir(os.fsencode(tmp_path) + b"/out"), "results have names that are text"


def test_the_onnxruntime_of_its_package_is_offered() -> None:
    pytest.importorskip("onnxruntime")
    code, said, complaint = told(MODULE, "doctor")
    assert code == 0, complaint
    assert b"onnxruntime" in said
    assert b"offered" in said, said.decode()


def test_a_reader_that_goes_away_is_a_quiet_end() -> None:
    for command in (program(), MODULE):
        reader, writer = os.pipe()
        os.close(reader)
        done = run(command, "models", "path", "nothing", "--json", stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b"")


def begun(command: list[str], **how: Any) -> subprocess.Popen[bytes]:
    """A command that hears Ctrl-C, also where these tests run in the background of a shell."""
    heard = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    return subprocess.Popen(command, env=os.environ | CLEAN, stderr=subprocess.PIPE, preexec_fn=heard, **how)


def a_folder(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for index in range(count):
        shutil.copy(photo("mug.jpg"), folder / f"{index:03}.jpg")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_the_work_well(tmp_path: Path) -> None:
    photos, out = a_folder(tmp_path, 60), tmp_path / "out"
    words = [*RTEN, "cutout", str(photos), "-o", str(out)]
    with begun([*SCRIPT, *words], stdout=subprocess.PIPE) as child:
        while child.poll() is None and not list(out.glob("*.png")):
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        said, complaint = child.communicate(timeout=120)
    assert child.returncode == 130, complaint
    assert b"run the same command to resume" in said
    assert complaint == b"", "Python says nothing of its own"
    made = sorted(path.name for path in out.iterdir() if path.suffix != ".png")
    assert made == [".packshot-journal"], "nothing is half written"
    assert 1 <= len(list(out.glob("*.png"))) < 60


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_a_command_that_waits() -> None:
    from fcntl import ioctl
    from termios import FIONREAD

    for command in (program(), MODULE):
        reader, writer = os.pipe()
        # Of a list of photos it has read the first line, and waits for the rest.
        os.write(writer, b"a.jpg\n")
        with begun([*command, "run", "web", "-", "-o", "out"], stdin=reader) as child:
            while any(ioctl(reader, FIONREAD, bytes(4))):
                time.sleep(0.01)
            child.send_signal(signal.SIGINT)
            assert child.stderr is not None
            assert child.stderr.read() == b""
        assert child.returncode == -signal.SIGINT
        os.close(reader)
        os.close(writer)


def test_a_build_without_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_packshot, "run_command")
    with pytest.raises(SystemExit, match="without the command"):
        __main__.main()

"""The package itself: version, types, the other packages it needs or does not need, forked processes."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest

import packshot
from material import ROOT, given, photo
from packshot import options
from packshot.tools import Tools


@pytest.mark.shows("version")
def test_the_version_is_the_workspaces() -> None:
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    version = re.search(r'^\[workspace\.package\]\nversion = "(.*)"$', manifest, re.MULTILINE)
    assert version is not None
    assert packshot.__version__ == version[1]


def test_it_is_typed() -> None:
    folder = Path(packshot.__file__).parent
    assert (folder / "py.typed").is_file()
    assert (folder / "_packshot.pyi").is_file()


def test_it_needs_no_other_package() -> None:
    known = requires("packshot") or []
    assert {"numpy", "pillow", "onnxruntime"} == {re.split(r"\W", one)[0] for one in known}
    assert all(re.search(r"\bextra ?==", one) for one in known)


def tools() -> dict[str, Any]:
    """The methods that run tools."""
    found = {name: method for name, method in vars(Tools).items() if inspect.isfunction(method)}
    assert len(found) >= 3
    return found


def known(refuse: Any) -> set[str]:
    """The options that the core names when it refuses one that it does not know."""
    with pytest.raises(packshot.OptionError) as caught:
        refuse()
    return set(re.findall("`([a-z_]+)`", caught.value.message)) - {"nothing"}


def test_the_options_are_the_cores(engine: packshot.Engine) -> None:
    for name, method in tools().items():
        arguments = inspect.signature(method).parameters
        pictures = set(arguments) - {"self", "photo", "progress", "cancel", "options"}
        said = set(getattr(options, arguments["options"].annotation[len("Unpack[") : -1]).__annotations__)
        # Where a colour and a picture are one argument, recipes name the file of the picture on its own.
        files = {f"{name}_picture" for name in pictures if "Color" in arguments[name].annotation}
        assert known(lambda name=name: getattr(engine, name)("a.jpg", nothing=1)) == said | pictures | files
    batch = set(options.BatchOptions.__annotations__) | {"inputs", "output"}
    assert known(lambda: engine.batch("web", "a", "b", nothing=1)) == batch
    assert known(lambda: packshot.Photo.open("a.jpg", nothing=1)) == set(options.DecodeOptions.__annotations__)
    encode = set(options.EncodeOptions.__annotations__) | {"format"}
    assert known(lambda: packshot.Photo(photo("mug.jpg")).encode(nothing=1)) == encode
    assert known(lambda: packshot.Engine(nothing=1)) == set(options.EngineOptions.__annotations__)


def test_every_form_has_the_same_methods_and_arguments() -> None:
    for blocking, awaited in (
        (packshot.Engine, packshot.AsyncEngine),
        (packshot.Models, packshot.AsyncModels),
    ):
        methods = {name: method for name, method in inspect.getmembers(blocking, inspect.isfunction) if name[0] != "_"}
        assert methods
        for name, method in methods.items():
            assert inspect.signature(getattr(awaited, name)).parameters == inspect.signature(method).parameters, name
    for name, tool in tools().items():
        function = dict(inspect.signature(getattr(packshot, name)).parameters)
        method = dict(inspect.signature(tool).parameters)
        del method["self"]
        assert function == method


def python(program: str, **environment: str) -> str:
    """What a new process prints."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()


def test_onnxruntime_is_found_and_not_imported() -> None:
    program = """
import sys, packshot
report = packshot.Engine().probe()
print(report.name, report.reason, [name for name in ("onnxruntime", "numpy", "PIL") if name in sys.modules], sep="|")
"""
    clean = {"PACKSHOT_ORT_DYLIB": "", "ORT_DYLIB_PATH": ""}
    name, reason, imported = python(program, **clean).split("|")
    pytest.importorskip("onnxruntime")
    assert (name, imported) == ("onnxruntime", "[]")
    assert "offered" in reason
    chosen = python(program, **clean | {"PACKSHOT_ORT_DYLIB": given("PACKSHOT_TEST_ORT")})
    assert chosen.startswith("onnxruntime|PACKSHOT_ORT_DYLIB"), "what the user names comes first"


def test_an_onnxruntime_that_is_broken_is_passed_over(tmp_path: Path) -> None:
    package = tmp_path / "onnxruntime" / "capi"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").write_text("raise ImportError('must not be imported')")
    for name in ("libonnxruntime.so.1.31.1", "libonnxruntime.1.31.1.dylib", "onnxruntime.dll"):
        (package / name).write_text("no library")
    program = "import packshot; print(packshot.Engine().probe())"
    report = python(program, PYTHONPATH=str(tmp_path), PACKSHOT_ORT_DYLIB="", ORT_DYLIB_PATH="")
    assert "name='rten'" in report
    assert str(package) in report, "it says what was tried"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_before_the_first_call_works() -> None:
    program = """
import os, sys, numpy, packshot
engine = packshot.Engine(backend="rten")
child = os.fork()
made = engine.remove_background(numpy.zeros((48, 64, 3), "uint8"), mask=numpy.full((48, 64), 255, "uint8"))
os.write(1, f"{made}\\n".encode())  # In one piece: both processes write to the same pipe.
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert python(program).splitlines() == ["<Cutout 64 x 48, RGBA, 8 bit>"] * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_after_the_first_call_is_refused() -> None:
    program = """
import os, sys, numpy, packshot
engine, photo = packshot.Engine(backend="rten"), numpy.zeros((48, 64, 3), "uint8")
made = packshot.Photo(photo)
engine.remove_background(photo, mask=photo)
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
for call in (lambda: engine.remove_background(photo), lambda: packshot.Engine().probe(), made.encode):
    try:
        call()
    except packshot.OptionError as error:
        print(error.code, "spawn" in error.message, str(os.getppid()) in error.message)
print(made.to_numpy().shape, flush=True)
os._exit(0)
"""
    assert python(program).splitlines() == ["option_invalid True True"] * 3 + ["(48, 64, 3)"]

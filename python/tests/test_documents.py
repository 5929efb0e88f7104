"""What the documents show works: the README's programs, one after the other, and the examples in docstrings."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import packshot
from material import CASES, LOCAL_RAY, ROOT, STRICTLY

README = ROOT / "python/README.md"


def test_the_programs_of_the_readme_run(tmp_path: Path) -> None:
    programs = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(programs) >= 8
    shutil.copy(ROOT / "examples/photos/rendered-mug.jpg", tmp_path / "shoe.jpg")
    shutil.copy(CASES / "photos/backdrop.png", tmp_path / "table.png")
    shutil.copy(ROOT / "models/weights/packshot-matte-2.onnx", tmp_path / "mine.onnx")
    shutil.copytree(ROOT / "examples/photos", tmp_path / "photos")
    program = tmp_path / "program.py"
    program.write_text("\n".join(programs), encoding="utf-8")
    environment = os.environ | LOCAL_RAY | {"PACKSHOT_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, *STRICTLY, str(program)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "shoe.png").is_file()
    assert "4 made, 0 failed, of 4" in done.stdout
    assert done.stdout.count(" webp 600 600 None\n") == 4, "the rows that Ray gives back"


@pytest.mark.skipif(sys.platform == "win32", reason="the README is written for a POSIX shell")
def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    found = re.search(r"^## The command\n\n```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    assert found
    shutil.copy(ROOT / "examples/photos/rendered-mug.jpg", tmp_path / "shoe.jpg")
    (tmp_path / "photos").mkdir()
    shutil.copy(CASES / "photos/mug.jpg", tmp_path / "photos")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(["sh", "-ec", found[1]], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True, timeout=300)
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {"shoe.png", "mug.jpg", "sheet.html", ".packshot-journal"}


@pytest.mark.parametrize(
    "name", ["packshot", *(f"packshot.{module.name}" for module in pkgutil.iter_modules(packshot.__path__))]
)
def test_the_examples_in_docstrings_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "examples/photos/rendered-mug.jpg", tmp_path / "shoe.jpg")
    monkeypatch.chdir(tmp_path)
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_every_error_is_in_the_table_of_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    for name in packshot.__all__:
        if name.endswith("Error") and name != "PackshotError":
            assert f"| `{name}` |" in text, name

"""The programs in `examples/python` do what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import packshot
from material import ROOT

PHOTOS = ROOT / "examples/photos"


def run(name: str, *words: object) -> str:
    command = [sys.executable, "-W", "error", ROOT / "examples/python" / name, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


def test_one_photo(tmp_path: Path) -> None:
    assert "subject at Rect" in run("cut_out.py", PHOTOS / "rendered-mug.jpg", tmp_path / "mug.png")
    assert packshot.Photo.open(tmp_path / "mug.png").has_alpha


def test_a_folder(tmp_path: Path) -> None:
    assert "4 photos are in" in run("folder.py", PHOTOS, tmp_path)
    assert len(list(tmp_path.glob("*.png"))) == 4


def test_a_folder_that_is_stopped(tmp_path: Path) -> None:
    assert "stopped\n1 photos are in" in run("folder.py", PHOTOS, tmp_path, "--stop-after", 1)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_model_of_ones_own(tmp_path: Path) -> None:
    weights = ROOT / "models/weights/packshot-matte-2.onnx"
    said = run("custom_model.py", weights, PHOTOS / "rendered-mug.jpg", tmp_path / "mug.png")
    assert "cut out by packshot-matte-2.onnx" in said
    assert (tmp_path / "mug.png").is_file()

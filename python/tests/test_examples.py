"""The programs in `examples/python` do what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import packshot
from material import LOCAL_RAY, ROOT, STRICTLY

PHOTOS = ROOT / "examples/photos"


def run(name: str, *words: object, fails: bool = False) -> str:
    """What the program prints."""
    command = [sys.executable, *STRICTLY, ROOT / "examples/python" / name, *map(str, words)]
    done = subprocess.run(command, env=os.environ | LOCAL_RAY, capture_output=True, text=True, timeout=300)
    assert done.returncode == fails, done.stderr
    return done.stdout


def test_one_photo(tmp_path: Path) -> None:
    assert "subject at Rect" in run("cut_out.py", PHOTOS / "rendered-mug.jpg", tmp_path / "mug.png")
    assert packshot.Photo.open(tmp_path / "mug.png").has_alpha


def test_a_folder_that_is_stopped_and_gone_on_with(tmp_path: Path) -> None:
    words = ("folder.py", PHOTOS, tmp_path, "--recipe", "web", "--set", "size=400")
    assert "1 of 4  " in run(*words, "--stop-after", 1, fails=True)
    made = len(list(tmp_path.glob("*.webp")))
    assert 1 <= made < 4
    assert f"{4 - made} made, {made} made before, 0 failed" in run(*words)
    assert len(list(tmp_path.glob("*.webp"))) == 4


def test_a_larger_photo(tmp_path: Path) -> None:
    said = run("upscale.py", PHOTOS / "rendered-mug.jpg", tmp_path / "mug.png", "--size", 1500, "--denoise", 0.5)
    assert " 1.25 times as large, by packshot-upscale" in said
    assert packshot.Photo.open(tmp_path / "mug.png").width == 1500


def test_threads(tmp_path: Path) -> None:
    assert run("pool.py", PHOTOS, tmp_path).count(" KiB\n") == 4
    assert len(list(tmp_path.glob("*.webp"))) == 4


def test_ray(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(PHOTOS / "rendered-mug.jpg", photos)
    (photos / "broken.jpg").write_text("no photo")
    said = run("with_ray.py", photos, tmp_path / "results")
    assert "broken.jpg: " in said
    assert "rendered-mug.jpg: 600 x 600" in said
    assert packshot.Photo.open(tmp_path / "results/rendered-mug.jpg").width == 600


def test_a_model_of_ones_own(tmp_path: Path) -> None:
    weights = ROOT / "models/weights/packshot-matte-2.onnx"
    said = run("custom_model.py", weights, PHOTOS / "rendered-mug.jpg", tmp_path / "mug.png")
    assert "cut out by packshot-matte-2.onnx" in said
    assert (tmp_path / "mug.png").is_file()

"""The wheel alone, in an environment that has neither ONNX Runtime nor NumPy nor Pillow:

python without_dependencies.py PHOTO
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import packshot
from packshot.ray import RunRecipe

present = [name for name in ("onnxruntime", "numpy", "PIL") if find_spec(name)]
assert not present, f"this environment is not bare: {present}"

with tempfile.TemporaryDirectory() as folder:
    photo, target = Path(sys.argv[1]), Path(folder, "cutout.png")
    cutout = packshot.remove_background(photo)
    cutout.save(target)
    assert cutout.ran.backend is not None
    assert cutout.ran.backend.name == "rten", cutout.ran.backend
    again = packshot.remove_background(target.read_bytes(), mask=cutout.matte)
    assert (again.width, again.height) == (cutout.width, cutout.height)
    assert cutout._repr_png_().startswith(b"\x89PNG")
    for convert, name, package in ((cutout.to_numpy, "NumPy", "numpy"), (cutout.to_pil, "Pillow", "pillow")):
        said = "nothing"
        try:
            convert()
        except ImportError as error:
            said = str(error)
        assert said == f"this needs {name}: pip install {package}"
command = [sys.executable, "-m", "packshot", "doctor"]
doctor = subprocess.run(command, capture_output=True, text=True, check=True).stdout
assert 'pip install "packshot[ort]"' in doctor, doctor
made = RunRecipe("web")({"bytes": [photo.read_bytes(), b"no photo"]})
assert (made["format"], made["error"]) == (["webp", None], [None, "photo_format"]), made["message"]
print(f"{photo.name}: cut out on {cutout.ran.backend.name}, with nothing else installed")

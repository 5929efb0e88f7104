"""Packs the wheel around a native library that was built already.

    python scripts/pack.py LIBRARY FOLDER

`maturin build` compiles for this package alone: with other features of the dependencies than the workspace's tests, so
that nearly all of them are compiled again. Here maturin only says what the package is. A release is built and packed by
it alone.
"""

import base64
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HOME = Path(__file__).parent.parent
MATURIN = Path(sys.executable).with_name("maturin")
NATIVE = "packshot/_packshot.pyd" if sys.platform == "win32" else "packshot/_packshot.abi3.so"


def metadata(folder: Path) -> Path:
    """The folder `packshot-VERSION.dist-info`, made by maturin from `pyproject.toml`."""
    words = ["pep517", "write-dist-info", "--interpreter", sys.executable, "--metadata-directory", str(folder)]
    subprocess.run([MATURIN, *words], cwd=HOME, check=True, stdout=subprocess.DEVNULL)
    (made,) = folder.glob("*.dist-info")
    return made


def tag(info: Path) -> str:
    """Which Python on which platform: `cp310-abi3-linux_x86_64`."""
    lines = (info / "WHEEL").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("Tag: ") for line in lines if line.startswith("Tag: "))


def files(library: Path, info: Path) -> dict[str, Path]:
    """Everything in the wheel by its name there."""
    sources = [path for path in (HOME / "packshot").iterdir() if path.suffix in {".py", ".pyi", ".typed"}]
    found = {f"packshot/{path.name}": path for path in sorted(sources)}
    found[NATIVE] = library
    return found | {f"{info.name}/{path.name}": path for path in sorted(info.iterdir())}


def pack(library: Path, folder: Path) -> Path:
    """Writes the wheel into `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        info = metadata(Path(scratch))
        wheel = folder / f"{info.stem}-{tag(info)}.whl"
        record = ""
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, path in files(library, info).items():
                packed.write(path, name)
                with path.open("rb") as file:
                    digest = (
                        base64.urlsafe_b64encode(hashlib.file_digest(file, "sha256").digest()).rstrip(b"=").decode()
                    )
                record += f"{name},sha256={digest},{path.stat().st_size}\n"
            packed.writestr(f"{info.name}/RECORD", f"{record}{info.name}/RECORD,,\n")
    return wheel


if __name__ == "__main__":
    print(pack(Path(sys.argv[1]), Path(sys.argv[2])))

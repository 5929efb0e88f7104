"""What people read when a call is wrong: `wrong-calls.txt` has the calls, `wrong-calls.messages.txt` what they raise.

The options themselves are in `core/testdata/wrong-options.txt`, for all languages; these calls are what Python adds.
"""

from __future__ import annotations

import asyncio
import io
import os
import pickle
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image

import packshot
from material import mask, small
from packshot.ray import RunRecipe

HERE = Path(__file__).parent
# What Python itself says of a call that does not fit a signature is clear enough.
OF_PYTHON = ("positional argument", "cannot be pickled")
INTERNAL = ("_native", "offered_", "has no attribute", "instance of", "converted to", "base64", "invalid type", "serde")


async def stream() -> AsyncIterator[bytes]:
    """A photo that comes in parts."""
    yield b"part"


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the calls mention, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    small().save("shoe.png")
    Path("notes.txt").write_text("no photo")
    Path("empty.jpg").touch()
    Path("torn.jpg").write_bytes(small().encode("jpeg")[:500])
    engine = packshot.Engine(backend="rten", cache_dir="cache", offline=True)
    closed = io.BytesIO(b"photo")
    closed.close()
    tools = {name: getattr(engine, name) for name in ("remove_background", "upscale", "crop")}
    found = {name: getattr(packshot, name) for name in packshot.__all__ if name[0].isupper()}
    found |= {"stream": stream, "io": io, "numpy": numpy, "pickle": pickle, "Image": Image, "Path": Path}
    return found | {
        **tools,
        "engine": engine,
        "awaited": lambda call: asyncio.run(call(packshot.AsyncEngine(engine))),
        "photo": small(),
        "wide_mask": mask(9, 5),
        "rendition": engine.run_recipe(small(), "web"),
        "closed_file": closed,
        "text_file": io.TextIOWrapper(io.BytesIO()),
        "written_file": io.BufferedWriter(io.BytesIO()),
        "RunRecipe": RunRecipe,
    }


def said(call: str, names: dict[str, Any]) -> str:
    """The type and the words of what a call raises."""
    with pytest.raises((packshot.PackshotError, TypeError)) as caught:
        pytest.fail(f"{call} is accepted: {eval(call, names)}")
    error, words = caught.value, str(caught.value).replace(f"{os.getcwd()}{os.sep}", "").replace("\\", "/")
    assert isinstance(error, packshot.PackshotError) or any(part in words for part in OF_PYTHON), f"{call}: {error!r}"
    assert not any(part in words for part in INTERNAL), f"{call}: {words} is about the inside"
    return f"{type(error).__name__}: {words}"


def test_wrong_calls_say_what_is_wrong_and_what_would_be_right(names: dict[str, Any]) -> None:
    calls = (HERE / "wrong-calls.txt").read_text(encoding="utf-8").splitlines()
    assert len(calls) > 60
    messages = "\n".join(f"{call}\n  {said(call, names)}\n" for call in calls)
    file = HERE / "wrong-calls.messages.txt"
    if "PACKSHOT_BLESS" in os.environ:
        file.write_text(messages, encoding="utf-8")
    assert messages == file.read_text(encoding="utf-8"), "PACKSHOT_BLESS=1 accepts these messages"

"""Cases, photos and variables for the tests."""

from __future__ import annotations

import json
import os
import typing
from pathlib import Path
from typing import Any

import numpy
import pytest

import packshot
from packshot.options import Stage

ROOT = Path(__file__).parents[2]
CASES = Path(os.environ.get("PACKSHOT_CASES", ROOT / "bindings/cases"))

# Options of Python for programs that are to give no warning. Ray's settings warn of themselves.
STRICTLY = ("-W", "error", "-W", "ignore::DeprecationWarning:ray.data.context")

# Variables for programs with Ray: it tells nobody, and listens to this machine alone.
LOCAL_RAY = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}

# The promise is 150 ms; a busy machine may take longer to let anybody run at all.
MOST_SECONDS = 2.0


class EnoughError(Exception):
    """What a listener raises that has heard enough."""


def say(what: str, seconds: float) -> None:
    """How long somebody waited for an answer."""
    print(f"{what}: {seconds * 1000:.1f} ms")
    assert seconds < MOST_SECONDS


def check(seen: list[packshot.Progress]) -> None:
    """Progress goes from 0 to 1 through stages that are known."""
    fractions = [progress.fraction for progress in seen]
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert fractions == sorted(fractions)
    assert {progress.stage for progress in seen} <= set(typing.get_args(Stage))


def cases(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((CASES / name).read_text(encoding="utf-8"))
    return loaded


def given(name: str) -> str:
    """The value of a variable that the suite needs."""
    value = os.environ.get(name)
    if not value:
        pytest.skip(f"{name} is not set")
    return value


def photo(name: str) -> Path:
    return CASES / "photos" / name


def mask(width: int = 64, height: int = 48) -> packshot.Photo:
    """A disc, as a matte."""
    y, x = numpy.mgrid[:height, :width]
    inside = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    return packshot.Photo.from_numpy(inside.astype("uint8") * 255)


def small(width: int = 64, height: int = 48) -> packshot.Photo:
    """A photo that is cut out in no time with a mask."""
    y, x = numpy.mgrid[:height, :width]
    return packshot.Photo.from_numpy(numpy.stack([x * 3, y * 4, x + y], axis=-1).astype("uint8"))

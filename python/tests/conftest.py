"""What all tests share, and the record of concepts that they show.

`cargo xtask test python` sets the variables that `bindings/README.md` names; without them a test that needs one is
skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

import packshot


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shows(*ids): the concepts of bindings/README.md that this test shows")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    record = os.environ.get("PACKSHOT_PARITY")
    if record and report.when == "call" and report.passed:
        ids = [concept for marker in item.iter_markers("shows") for concept in marker.args]
        with Path(record).open("a") as file:
            file.writelines(f"{concept}\n" for concept in ids)
    return report


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> packshot.Engine:
    """With the built-in backend and nothing in its cache."""
    return packshot.Engine(backend="rten", cache_dir=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def large() -> packshot.Photo:
    """12 million pixels with edges all over: seconds of work with `edges="fine"`."""
    y, x = numpy.mgrid[:3000, :4000]
    disc = ((x - 2000) ** 2 + (y - 1500) ** 2 < 1000**2 + 300 * (x % 97)) * 150
    pixels = numpy.stack([disc + x % 61, disc // 2 + y % 53, disc // 3 + (x * y) % 47], axis=-1)
    return packshot.Photo.from_numpy(pixels.astype("uint8"))

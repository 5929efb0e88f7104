"""Keeping parts of photos."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

import packshot
from material import photo, small


@pytest.mark.shows("crop", "crop.options")
def test_the_subject_with_a_margin_and_an_aspect(engine: packshot.Engine) -> None:
    cropped = engine.crop(photo("mug.jpg"), margin="5%", aspect="1:1")
    assert cropped.subject is not None
    assert cropped.width == cropped.height == cropped.frame.width
    assert cropped.frame.left <= cropped.subject.left
    assert cropped.frame.bottom >= cropped.subject.bottom
    assert cropped.ran.model == "packshot-matte-2"
    assert repr(cropped) == f"<Cropped {cropped.width} x {cropped.height}, RGB, 8 bit>"
    plain = engine.crop(photo("mug.jpg"), aspect=1, gravity="top-left")
    assert (plain.frame.left, plain.frame.top, plain.subject, plain.ran.model) == (0, 0, None, None)


@pytest.mark.shows("crop")
def test_from_every_source(engine: packshot.Engine) -> None:
    source = small(40, 30)
    png = source.encode()
    sources = (png, io.BytesIO(png), Image.open(io.BytesIO(png)), source.to_numpy(), source)
    results = {engine.crop(source, area="10 0 30 100%").encode() for source in sources}
    assert len(results) == 1
    assert packshot.crop(source, aspect=1).width == 30
    assert asyncio.run(packshot.AsyncEngine(engine).crop(source, area=[10, 0, 30, "100%"])).encode() in results


def test_progress_rises_and_faults_are_named(engine: packshot.Engine) -> None:
    seen = list[packshot.Progress]()
    engine.crop(photo("mug.jpg"), margin=0, progress=seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    with pytest.raises(packshot.OptionError, match="margin"):
        engine.crop(photo("mug.jpg"), area="0 0 9 9", margin=0)

"""Making photos larger."""

from __future__ import annotations

import asyncio
import io
import threading
import time

import numpy
import pytest
from PIL import Image

import packshot
from material import EnoughError, check, photo, say, small


@pytest.mark.shows("upscale", "upscale.options")
def test_by_a_factor_or_to_a_size(engine: packshot.Engine) -> None:
    twice = engine.upscale(photo("mug.jpg"))
    first = packshot.Photo.open(photo("mug.jpg"))
    assert (twice.width, twice.height) == (2 * first.width, 2 * first.height)
    assert (twice.scale, twice.channels, twice.depth) == (2, first.channels, first.depth)
    assert twice.ran.model == "packshot-upscale-2x-1"
    assert twice.ran.backend is not None
    assert twice.ran.backend.name == "rten"
    assert "inference" in twice.ran.stages
    sized = engine.upscale(first, size="x300")
    assert (sized.height, sized.scale) == (300, pytest.approx(300 / first.height))
    same = engine.upscale(first, size=100)
    assert (same.width, same.scale, same.ran.model, same.ran.backend) == (first.width, 1, None, None)
    assert repr(twice) == f"<Upscaled {twice.width} x {twice.height}, RGB, 8 bit>"
    cleaned = engine.upscale(first, scale=2, denoise=0.5)
    assert cleaned.encode() != twice.encode()


@pytest.mark.shows("upscale")
def test_from_every_source(engine: packshot.Engine) -> None:
    source = small(40, 30)
    png = source.encode()
    sources = (png, io.BytesIO(png), Image.open(io.BytesIO(png)), source.to_numpy(), source)
    results = {engine.upscale(source).encode() for source in sources}
    assert len(results) == 1
    assert packshot.upscale(source).width == 80
    assert asyncio.run(packshot.AsyncEngine(engine).upscale(source)).encode() in results


@pytest.mark.parametrize(("channels", "depth"), [(1, 8), (1, 16), (2, 8), (4, 16)])
def test_channels_and_depth_stay(engine: packshot.Engine, channels: int, depth: int) -> None:
    pixels = (numpy.arange(24 * 20 * channels) % 255).reshape(20, 24, channels).astype(f"uint{depth}")
    larger = engine.upscale(pixels)
    assert (larger.channels, larger.depth, larger.width, larger.height) == (channels, depth, 48, 40)


@pytest.mark.parametrize(
    ("options", "word"),
    [({"scale": 9}, "scale"), ({"scale": 2, "size": 100}, "size"), ({"denoise": -1}, "denoise"), ({"tile": 1}, "tile")],
)
def test_options_that_make_no_sense(engine: packshot.Engine, options: dict[str, float], word: str) -> None:
    with pytest.raises(packshot.OptionError, match=word) as caught:
        engine.upscale(photo("mug.jpg"), **options)  # type: ignore[arg-type]
    assert caught.value.context == {"option": word}


def test_progress_and_errors(engine: packshot.Engine) -> None:
    seen = list[packshot.Progress]()
    engine.upscale(photo("mug.jpg"), progress=seen.append)
    check(seen)
    with pytest.raises(packshot.PhotoError):
        engine.upscale(photo("truncated.jpg"))

    def tired(progress: packshot.Progress) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        engine.upscale(photo("mug.jpg"), progress=tired)
    with pytest.raises(EnoughError):
        asyncio.run(packshot.AsyncEngine(engine).upscale(photo("mug.jpg"), progress=tired))


@pytest.mark.shows("cancel")
def test_it_can_be_cancelled(engine: packshot.Engine, large: packshot.Photo) -> None:
    token, moments = packshot.CancelToken(), list[float]()

    def cancel() -> None:
        moments.append(time.perf_counter())
        token.cancel()

    def listen(progress: packshot.Progress) -> None:
        if progress.stage == "inference" and not moments:
            moments.append(0)
            threading.Timer(0.1, cancel).start()

    with pytest.raises(packshot.CancelledError):
        engine.upscale(large, progress=listen, cancel=token)
    say("an upscale cancelled by a token", time.perf_counter() - moments[-1])
    assert engine.upscale(small(16, 16)).width == 32, "the engine still works"

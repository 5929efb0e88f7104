"""Watching progress."""

from __future__ import annotations

import asyncio
import threading

import pytest

import packshot
from material import EnoughError, check, mask, photo, small


@pytest.mark.shows("progress")
def test_fractions_rise_from_0_to_1(engine: packshot.Engine) -> None:
    seen = list[packshot.Progress]()
    engine.remove_background(photo("mug.jpg"), progress=seen.append)
    check(seen)
    assert {"inference", "edges"} <= {progress.stage for progress in seen}


@pytest.mark.shows("progress")
def test_in_asyncio_it_comes_in_the_loop(engine: packshot.Engine) -> None:
    seen, threads = list[packshot.Progress](), set[threading.Thread]()

    def listen(progress: packshot.Progress) -> None:
        threads.add(threading.current_thread())
        seen.append(progress)

    asyncio.run(packshot.AsyncEngine(engine).remove_background(photo("mug.jpg"), progress=listen))
    check(seen)
    assert threads == {threading.current_thread()}


def tired(progress: packshot.Progress) -> None:
    seen.append(progress)
    raise EnoughError


seen = list[packshot.Progress]()


@pytest.mark.shows("progress")
@pytest.mark.parametrize("form", ["blocking", "asyncio"])
def test_what_the_listener_raises_stops_the_work_and_arrives(engine: packshot.Engine, form: str) -> None:
    seen.clear()
    asynchronous = packshot.AsyncEngine(engine)
    work = {
        "blocking": lambda: engine.remove_background(photo("mug.jpg"), progress=tired),
        "asyncio": lambda: asyncio.run(asynchronous.remove_background(photo("mug.jpg"), progress=tired)),
    }
    with pytest.raises(EnoughError):
        work[form]()
    assert len(seen) == 1
    assert engine.remove_background(small(), mask=mask()).width == 64


def test_an_exception_in_the_last_report_arrives_too(engine: packshot.Engine) -> None:
    def late(progress: packshot.Progress) -> None:
        if progress.fraction == 1:
            raise EnoughError

    with pytest.raises(EnoughError):
        engine.remove_background(small(), mask=mask(), progress=late)
    with pytest.raises(EnoughError):
        asyncio.run(packshot.AsyncEngine(engine).remove_background(small(), mask=mask(), progress=late))

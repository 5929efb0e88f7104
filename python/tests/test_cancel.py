"""Cancelling: by token, by asyncio, by Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time

import pytest

import packshot
from material import MOST_SECONDS, mask, photo, say, small


@pytest.mark.shows("cancel")
def test_a_token_stops_the_work_at_once(engine: packshot.Engine, large: packshot.Photo) -> None:
    token, moments, seen = packshot.CancelToken(), list[float](), list[packshot.Progress]()

    def cancel() -> None:
        moments.append(time.perf_counter())
        token.cancel()
        token.cancel()

    def listen(progress: packshot.Progress) -> None:
        assert not token.cancelled
        seen.append(progress)
        if progress.stage == "inference":
            threading.Timer(0.1, cancel).start()

    with pytest.raises(packshot.CancelledError) as caught:
        engine.remove_background(large, edges="fine", progress=listen, cancel=token)
    say("cancelled by a token", time.perf_counter() - moments[0])
    assert caught.value.code == "cancelled"
    count = len(seen)
    assert engine.remove_background(small(), mask=mask()).width == 64, "the engine still works"
    time.sleep(0.5)
    assert len(seen) == count, "nothing is heard of the cancelled work"


def test_cancelled_before_it_starts(engine: packshot.Engine) -> None:
    token, seen = packshot.CancelToken(), list[packshot.Progress]()
    token.cancel()
    assert token.cancelled
    with pytest.raises(packshot.CancelledError):
        engine.remove_background(photo("mug.jpg"), cancel=token, progress=seen.append)
    assert seen == []


def test_what_stops_one_call_leaves_the_callers_token_alone(engine: packshot.Engine) -> None:
    token = packshot.CancelToken()

    def fail(_: packshot.Progress) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError):
        engine.remove_background(small(), mask=mask(), cancel=token, progress=fail)
    assert not token.cancelled
    child = token.child()
    child.cancel()
    assert not token.cancelled
    other = token.child()
    token.cancel()
    assert other.cancelled


@pytest.mark.shows("cancel")
def test_cancelling_an_asyncio_task_stops_the_work(engine: packshot.Engine, large: packshot.Photo) -> None:
    async def main() -> float:
        begun, token = asyncio.Event(), packshot.CancelToken()
        seen = list[packshot.Progress]()

        def listen(progress: packshot.Progress) -> None:
            seen.append(progress)
            begun.set()

        work = packshot.AsyncEngine(engine).remove_background(large, edges="fine", progress=listen, cancel=token)
        task = asyncio.create_task(work)
        await begun.wait()
        moment = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        answered, count = time.perf_counter() - moment, len(seen)
        assert not token.cancelled, "the caller's token is the caller's"
        await asyncio.sleep(0.5)
        assert len(seen) == count
        return answered

    say("cancelled by asyncio", asyncio.run(main()))


def test_a_time_limit_of_asyncio(engine: packshot.Engine, large: packshot.Photo) -> None:
    async def main() -> None:
        await asyncio.wait_for(packshot.AsyncEngine(engine).remove_background(large, edges="fine"), 0.2)

    begin = time.perf_counter()
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(main())
    assert time.perf_counter() - begin < 0.2 + MOST_SECONDS


def test_a_token_in_asyncio(engine: packshot.Engine) -> None:
    token = packshot.CancelToken()
    token.cancel()
    with pytest.raises(packshot.CancelledError):
        asyncio.run(packshot.AsyncEngine(engine).remove_background(photo("mug.jpg"), cancel=token))


# Python leaves SIGINT alone where it was started with the signal ignored, as shells start what runs in the background.
INTERRUPTED = """
import signal, sys, numpy, packshot
signal.signal(signal.SIGINT, signal.default_int_handler)
engine = packshot.Engine(backend="rten")
photo = packshot.Photo.from_numpy((numpy.arange(36_000_000) % 251).astype("uint8").reshape(3000, 4000, 3))
try:
    engine.remove_background(photo, edges="fine", progress=lambda at: print(at.stage, flush=True))
except KeyboardInterrupt:
    print("interrupted", flush=True)
small = photo.to_numpy()[:48, :64]
print(engine.remove_background(small, mask=small[:, :, 0]), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.shows("cancel")
def test_ctrl_c_stops_the_work() -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = iter(child.stdout)
        while next(lines) != "inference\n":
            pass
        time.sleep(0.1)
        moment = time.perf_counter()
        child.send_signal(signal.SIGINT)
        while (line := next(lines)) in ("inference\n", "matte\n"):
            pass
        say("interrupted by SIGINT", time.perf_counter() - moment)
        rest = list(lines)
    assert (line, child.returncode) == ("interrupted\n", 0), rest
    assert rest == ["<Cutout 64 x 48, RGBA, 8 bit>\n"], "the process and the engine go on"

"""Many calls at once, while Python goes on."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import packshot
from material import photo

# Python itself may make a thread wait this long where it is busy.
MOST_SECONDS = 0.5


@pytest.mark.shows("concurrency")
def test_many_threads_get_the_same_as_one(engine: packshot.Engine) -> None:
    one = engine.remove_background(photo("mug.jpg")).encode()
    with ThreadPoolExecutor(8) as pool:
        many = list(pool.map(lambda _: engine.remove_background(photo("mug.jpg")).encode(), range(8)))
    assert set(many) == {one}


@pytest.mark.shows("concurrency")
def test_other_threads_run_meanwhile(engine: packshot.Engine) -> None:
    stop, longest, rounds = threading.Event(), 0.0, 0

    def tick() -> None:
        nonlocal longest, rounds
        last = time.perf_counter()
        while not stop.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            longest, last, rounds = max(longest, now - last), now, rounds + 1

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    engine.remove_background(photo("mug.jpg"), edges="fine")
    took = time.perf_counter() - begin
    stop.set()
    thread.join()
    print(f"another thread had {rounds} turns in {took:.2f} s, at most {longest * 1000:.1f} ms apart")
    assert took > 0.1, "too short to show anything"
    assert rounds > 10
    assert longest < MOST_SECONDS


@pytest.mark.shows("concurrency")
def test_the_event_loop_stays_awake(engine: packshot.Engine) -> None:
    async def main() -> tuple[float, set[bytes]]:
        asynchronous, longest = packshot.AsyncEngine(engine), 0.0
        work = asyncio.gather(*(asynchronous.remove_background(photo("mug.jpg")) for _ in range(6)))
        last = time.perf_counter()
        while not work.done():
            await asyncio.sleep(0.001)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        return longest, {cutout.encode() for cutout in await work}

    longest, results = asyncio.run(main())
    print(f"the loop was at most {longest * 1000:.1f} ms late")
    assert results == {engine.remove_background(photo("mug.jpg")).encode()}
    assert longest < MOST_SECONDS


@pytest.mark.parametrize("seconds", [0.05, 0.5])
def test_python_may_end_while_work_goes_on(seconds: float) -> None:
    program = f"""
import threading, time, numpy, packshot
photo = packshot.Photo(numpy.zeros((1000, 1000, 3), "uint8"))
work = lambda: packshot.Engine(backend="rten").remove_background(photo, edges="fine", progress=lambda at: None)
threading.Thread(target=work, daemon=True).start()
time.sleep({seconds})
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_more_calls_than_a_pool_of_threads_has(engine: packshot.Engine) -> None:
    async def main() -> None:
        asynchronous = packshot.AsyncEngine(engine)
        tasks = [asyncio.create_task(asynchronous.remove_background(photo("mug.jpg"))) for _ in range(60)]
        await asyncio.sleep(0)
        # The loop's own pool is free for others, such as the resolver.
        assert await asyncio.wait_for(asyncio.to_thread(lambda: 7), 5) == 7
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(end) for end in ends} == {asyncio.CancelledError}

    asyncio.run(main())

"""How calls of an engine are awaited: each on a thread of its own, its listener in the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from .cancel import CancelToken, check

T = TypeVar("T")
E = TypeVar("E")

_MOST_WAITING = 64
"""As many events wait for the loop."""


async def watched(
    work: Callable[[Callable[[E], object] | None, CancelToken], T],
    progress: Callable[[E], object] | None,
    cancel: CancelToken | None,
    *,
    drops: bool = True,
) -> T:
    """Runs `work` on a thread, its listener in this loop; cancelling this task cancels the work.

    When too many events wait for the loop, the oldest ones are dropped, or else the thread waits that has one more.
    """
    check(progress, cancel)
    loop, raised = asyncio.get_running_loop(), list[BaseException]()
    token = CancelToken() if cancel is None else cancel.child()

    def report(said: E) -> None:
        if progress is None or raised or token.cancelled:
            return
        try:
            progress(said)
        except BaseException as error:
            raised.append(error)
            token.cancel()

    waiting: deque[E] = deque(maxlen=_MOST_WAITING)
    room = threading.Condition()

    def hear() -> None:
        with room:
            said = list(waiting)
            waiting.clear()
            room.notify_all()
        for event in said:
            report(event)

    def listener(said: E) -> None:
        with room:
            while not drops and len(waiting) == _MOST_WAITING and not token.cancelled:
                room.wait(0.05)
            waiting.append(said)
            # Whoever has called for an earlier one has called for this one, too.
            if len(waiting) == 1:
                loop.call_soon_threadsafe(hear)

    try:
        result = await on_thread(lambda: work(None if progress is None else listener, token))
    except asyncio.CancelledError:
        token.cancel()
        raise
    except Exception:
        if raised:
            raise raised[0] from None
        raise
    if raised:
        raise raised[0]
    return result


async def on_thread(work: Callable[[], T]) -> T:
    """Runs `work` on a thread of its own: the loop's own pool is bounded, and also resolves host names."""
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if not future.done():
            future.set_exception(error) if error else future.set_result(result)  # type: ignore[arg-type]

    def body() -> None:
        result, error = None, None
        try:
            result = context.run(work)
        except BaseException as cause:
            error = cause
        # A loop that was closed meanwhile refuses: nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=body, name="packshot", daemon=True).start()
    return await future

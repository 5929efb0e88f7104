"""The engine for asyncio: the same methods, awaited.

Each call waits on a thread of its own. Cancelling the asyncio task cancels the work.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .engine import BatchListener, CancelToken, Engine, Listener, Models
from .facts import BackendReport, ModelStatus

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .batch import BatchReport
    from .cropped import Cropped
    from .cutout import Cutout
    from .options import Backend, BatchOptions, CropOptions, EngineOptions, RemoveBackgroundOptions, UpscaleOptions
    from .photo import PhotoLike
    from .recipe import RecipeLike, Rendition
    from .upscaled import Upscaled
    from .values import Color
    from .values import Path as PathLike

T = TypeVar("T")
E = TypeVar("E")

_MOST_WAITING = 64
"""As many events wait for the loop."""


class AsyncEngine:
    """An `Engine` whose calls are awaited."""

    __slots__ = ("engine",)

    engine: Engine
    """The engine that works."""

    def __init__(self, engine: Engine | None = None, **options: Unpack[EngineOptions]) -> None:
        """Around an engine that is there already, or around a new one with these options."""
        self.engine = Engine(**options) if engine is None else engine

    async def remove_background(
        self,
        photo: PhotoLike,
        *,
        mask: PhotoLike | None = None,
        trimap: PhotoLike | None = None,
        background: Color | PhotoLike | None = None,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[RemoveBackgroundOptions],
    ) -> Cutout:
        """`Engine.remove_background`; `progress` is called in the event loop.

        As many calls run at once as are awaited: bound them with an `asyncio.Semaphore` where photos are large.
        """

        def work(listener: Listener | None, token: CancelToken) -> Cutout:
            return self.engine.remove_background(
                photo, mask=mask, trimap=trimap, background=background, progress=listener, cancel=token, **options
            )

        return await _watched(work, progress, cancel)

    async def upscale(
        self,
        photo: PhotoLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[UpscaleOptions],
    ) -> Upscaled:
        """`Engine.upscale`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Upscaled:
            return self.engine.upscale(photo, progress=listener, cancel=token, **options)

        return await _watched(work, progress, cancel)

    async def crop(
        self,
        photo: PhotoLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[CropOptions],
    ) -> Cropped:
        """`Engine.crop`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Cropped:
            return self.engine.crop(photo, progress=listener, cancel=token, **options)

        return await _watched(work, progress, cancel)

    async def run_recipe(
        self,
        photo: PhotoLike,
        recipe: RecipeLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
    ) -> Rendition:
        """`Engine.run_recipe`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Rendition:
            return self.engine.run_recipe(photo, recipe, progress=listener, cancel=token)

        return await _watched(work, progress, cancel)

    async def batch(
        self,
        recipe: RecipeLike,
        inputs: PathLike | Iterable[PathLike] = (),
        output: PathLike | None = None,
        *,
        progress: BatchListener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[BatchOptions],
    ) -> BatchReport:
        """`Engine.batch`; `progress` is called in the event loop."""

        def work(listener: BatchListener | None, token: CancelToken) -> BatchReport:
            return self.engine.batch(recipe, inputs, output, progress=listener, cancel=token, **options)

        # The core decides which events are dropped.
        return await _watched(work, progress, cancel, drops=False)

    async def probe(self, backend: Backend = "auto") -> BackendReport:
        """`Engine.probe`."""
        return await _on_thread(lambda: self.engine.probe(backend))

    @property
    def models(self) -> AsyncModels:
        """The models of this machine."""
        return AsyncModels(self.engine.models)


class AsyncModels:
    """`Models` whose long calls are awaited."""

    __slots__ = ("_models",)

    def __init__(self, models: Models) -> None:
        """Made by `AsyncEngine.models`."""
        self._models = models

    def list(self) -> list[ModelStatus]:
        """`Models.list`."""
        return self._models.list()

    async def pull(self, id: str, *, progress: Listener | None = None, cancel: CancelToken | None = None) -> Path:
        """`Models.pull`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Path:
            return self._models.pull(id, progress=listener, cancel=token)

        return await _watched(work, progress, cancel)

    def path(self, id: str) -> Path:
        """`Models.path`."""
        return self._models.path(id)

    async def verify(self, id: str) -> None:
        """`Models.verify`."""
        await _on_thread(lambda: self._models.verify(id))

    def remove(self, id: str) -> bool:
        """`Models.remove`."""
        return self._models.remove(id)

    @property
    def folder(self) -> Path:
        """`Models.folder`."""
        return self._models.folder


async def _watched(
    work: Callable[[Callable[[E], object] | None, CancelToken], T],
    progress: Callable[[E], object] | None,
    cancel: CancelToken | None,
    *,
    drops: bool = True,
) -> T:
    """Runs `work` on a thread, its listener in this loop; cancelling this task cancels the work.

    When too many events wait for the loop, the oldest ones are dropped, or else the thread waits that has one more.
    """
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
        result = await _on_thread(lambda: work(None if progress is None else listener, token))
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


async def _on_thread(work: Callable[[], T]) -> T:
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

"""The engine for asyncio: the same methods, awaited.

Each call waits on a thread of its own. Cancelling the asyncio task cancels the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from . import _packshot
from ._arguments import a_type, refused_type
from ._waiting import on_thread, watched
from .aio_tools import AsyncTools
from .cancel import CancelToken, Listener
from .engine import BatchListener, Engine, Models
from .facts import BackendReport, ModelStatus

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .batch import BatchReport
    from .options import Backend, BatchOptions, EngineOptions
    from .photo import PhotoLike
    from .recipe import RecipeLike, Rendition
    from .values import Path as PathLike


class AsyncEngine(AsyncTools):
    """An `Engine` whose calls are awaited.

    Any number of calls can be awaited at once: the engine runs as many as it has `workers` and `memory` for, and the
    others wait in order of arrival.
    """

    __slots__ = ("engine",)

    engine: Engine
    """The engine that works."""

    def __init__(self, engine: Engine | None = None, **options: Unpack[EngineOptions]) -> None:
        """Around an engine that is there already, or around a new one with these options."""
        if engine is not None and not isinstance(engine, Engine):
            raise refused_type(
                f"an AsyncEngine is made around an Engine, or from options by name, not {a_type(engine)}"
            )
        if engine is not None and options:
            raise _packshot.refusal(
                "an engine that is there already has its options: give them to it", next(iter(options))
            )
        self.engine = Engine(**options) if engine is None else engine

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

        return await watched(work, progress, cancel)

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
        return await watched(work, progress, cancel, drops=False)

    async def probe(self, backend: Backend = "auto") -> BackendReport:
        """`Engine.probe`."""
        return await on_thread(lambda: self.engine.probe(backend))

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

        return await watched(work, progress, cancel)

    def path(self, id: str) -> Path:
        """`Models.path`."""
        return self._models.path(id)

    async def verify(self, id: str) -> None:
        """`Models.verify`."""
        await on_thread(lambda: self._models.verify(id))

    def remove(self, id: str) -> bool:
        """`Models.remove`."""
        return self._models.remove(id)

    @property
    def folder(self) -> Path:
        """`Models.folder`."""
        return self._models.folder

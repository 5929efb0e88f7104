"""The engine: models, backends and sessions of this device, shared by every call."""

from __future__ import annotations

import importlib.util
import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from . import _packshot
from ._arguments import a_type, refused_type, to_json, to_path, to_text
from ._running import watch
from .batch import BatchEvent, BatchReport
from .cancel import CancelToken, Listener, check
from .facts import BackendReport, ModelStatus
from .photo import PhotoLike, native
from .recipe import Recipe, RecipeLike, Rendition
from .tools import Tools

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .options import Backend, BatchOptions, EngineOptions
    from .values import Path as PathLike

_AN_ID = "the id of a model"

BatchListener: TypeAlias = Callable[[BatchEvent], object]


class Engine(Tools):
    """Runs tools on this device. Make one and keep it: it loads each model once. Any thread may use it."""

    __slots__ = ("__weakref__", "_native")

    def __init__(self, **options: Unpack[EngineOptions]) -> None:
        """The options are those of `EngineOptions`. Nothing is loaded yet: the first call of a tool does that."""
        self._native = _packshot.Engine(to_json({"offered_ort_library": installed_onnxruntime(), **options}))

    def run_recipe(
        self,
        photo: PhotoLike,
        recipe: RecipeLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
    ) -> Rendition:
        """Makes a file of a photo, as a recipe or the preset of this name says, and blocks until it is done.

        Raises what the tools in the recipe raise.
        """
        steps = Recipe(recipe)._native
        return Rendition(self._native.run_recipe(native(photo), steps, watch(progress, cancel)))

    def batch(
        self,
        recipe: RecipeLike,
        inputs: PathLike | Iterable[PathLike] = (),
        output: PathLike | None = None,
        *,
        progress: BatchListener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[BatchOptions],
    ) -> BatchReport:
        """Puts many photos through a recipe, or the preset of this name, and blocks until the last one is done.

        - `inputs`: files, folders and glob patterns; or none, with a `table`.
        - `output`: the folder for the results; made if it is missing.
        - `progress`: called with a `BatchEvent` when a photo is finished, on another thread. The batch does not wait
          for one that is slower: it misses photos of which later events have the counts, but none that failed. What it
          raises stops the batch and is raised here.
        - `cancel`: a token that stops the batch from elsewhere. So does Ctrl-C.

        The other options are those of `BatchOptions`. A photo that fails does not stop the others. What was done is
        noted in `output`: the same call, after the batch was stopped in whichever way, goes on where it was.

        Raises `OptionError`, `FileError` and `CancelledError`; a batch that watches ends with its report instead when
        it is cancelled.
        """
        check(progress, cancel)
        wanted = to_json({"inputs": _paths(inputs), "output": output, **options})
        listener = None if progress is None else lambda text: progress(BatchEvent.of(json.loads(text)))
        token = None if cancel is None else cancel._native
        return BatchReport.of(json.loads(self._native.batch(Recipe(recipe)._native, wanted, (listener, token))))

    def probe(self, backend: Backend = "auto") -> BackendReport:
        """Loads the embedded model with a backend, and says which one runs and why. Raises `BackendError`."""
        return BackendReport(*self._native.probe(to_text(backend, "a backend")))

    @property
    def models(self) -> Models:
        """The models of this machine."""
        return Models(self._native.models)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an engine holds models in memory and cannot be pickled: make one in each process, for example in the "
            "initializer of a pool"
        )


class Models:
    """The models of this machine. Only `pull` uses the network."""

    __slots__ = ("_native",)

    def __init__(self, store: _packshot.Models) -> None:
        """Made by `Engine.models`."""
        self._native = store

    def list(self) -> list[ModelStatus]:
        """Every model that is known, and whether it is here."""
        return [ModelStatus(*model) for model in self._native.list()]

    def pull(self, id: str, *, progress: Listener | None = None, cancel: CancelToken | None = None) -> Path:
        """The file of a model, fetched and verified if it is missing. An interrupted download continues the next time.

        Raises `ModelError`, `NetworkError`, `FileError` and `CancelledError`.
        """
        return self._native.pull(to_text(id, _AN_ID), watch(progress, cancel))

    def path(self, id: str) -> Path:
        """The file of a model that is here. Raises `ModelError`."""
        return self._native.path(to_text(id, _AN_ID))

    def verify(self, id: str) -> None:
        """Compares the files of a model with their published hashes. Raises `ModelError` if they differ."""
        self._native.verify(to_text(id, _AN_ID))

    def remove(self, id: str) -> bool:
        """Deletes the files of a model, and says whether there were any."""
        return self._native.remove(to_text(id, _AN_ID))

    @property
    def folder(self) -> Path:
        """The folder that holds the models, whether it exists yet or not."""
        return self._native.folder


def _paths(inputs: PathLike | Iterable[PathLike]) -> list[str]:
    """The inputs of a batch."""
    if isinstance(inputs, (str, bytes, os.PathLike)):
        return [to_path(inputs)]
    if not isinstance(inputs, Iterable):
        raise refused_type(f"a batch takes paths, folders and patterns, not {a_type(inputs)}", "inputs")
    return [to_path(path, f"inputs[{index}]") for index, path in enumerate(inputs)]


_default: Engine | None = None
_lock = threading.Lock()


def default_engine() -> Engine:
    """The engine of the functions of this package, made at the first call and kept.

    :meta private:
    """
    global _default
    with _lock:
        if _default is None:
            _default = Engine()
        return _default


def installed_onnxruntime() -> str | None:
    """The folder of the package `onnxruntime` that holds its library, found without running any of it.

    :meta private:
    """
    try:
        spec = importlib.util.find_spec("onnxruntime")
    except ValueError:  # Somebody has put a module without a spec in its place.
        return None
    folders = (spec and spec.submodule_search_locations) or []
    return next((str(folder) for folder in (Path(place, "capi") for place in folders) if folder.is_dir()), None)

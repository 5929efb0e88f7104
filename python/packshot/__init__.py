"""Packshot: product photos that look right, made on this computer.

    >>> import packshot
    >>> packshot.remove_background("shoe.jpg").save("shoe.png")

- `remove_background` cuts the subject out of a photo; an `Engine` does so with options of its own, an `AsyncEngine` in
  asyncio.
- `Photo` reads and writes JPEG, PNG, WebP and TIFF, and gives and takes NumPy arrays and Pillow images.
- `Cutout` is a `Photo` that knows its matte, its subject, and what ran.
- `upscale` makes a photo larger, with detail that a model adds; `Upscaled` is the larger photo.
- `crop` keeps an area, an aspect, or the subject with a margin; `Cropped` is that part of the photo.
- A `Recipe` is a list of steps: `Engine.run_recipe` makes a file of a photo with it, a `Rendition`; `Engine.batch` does
  so with a folder, and goes on where it was stopped.
- `packshot.ray` puts a recipe into a pipeline of Ray Data.
- `Engine.models` has the models of this machine; `ModelFile` is one of your own.
- `CancelToken` cancels, `Progress` is a report of progress.
- Every error is a `PackshotError`, with a code and a remedy.
"""

from importlib.metadata import version as _version

from . import functions as _functions
from . import results as _results
from .aio import AsyncEngine, AsyncModels
from .batch import BatchEvent, BatchItem, BatchReport
from .cancel import CancelToken
from .engine import Engine, Models
from .errors import (
    BackendError,
    CancelledError,
    FileError,
    FileMissingError,
    InternalError,
    LimitError,
    ModelError,
    NetworkError,
    OptionError,
    OptionTypeError,
    PackshotError,
    PhotoError,
)
from .facts import BackendReport, Instance, ModelStatus, Note, Progress, Ran, Rect
from .functions import *  # noqa: F403
from .photo import Photo, PhotoLike
from .recipe import Preset, Recipe, Rendition, StepReport
from .results import *  # noqa: F403
from .values import ModelFile

__version__ = _version("packshot")

__all__ = [
    "AsyncEngine",
    "AsyncModels",
    "BackendError",
    "BackendReport",
    "BatchEvent",
    "BatchItem",
    "BatchReport",
    "CancelToken",
    "CancelledError",
    "Engine",
    "FileError",
    "FileMissingError",
    "Instance",
    "InternalError",
    "LimitError",
    "ModelError",
    "ModelFile",
    "ModelStatus",
    "Models",
    "NetworkError",
    "Note",
    "OptionError",
    "OptionTypeError",
    "PackshotError",
    "Photo",
    "PhotoError",
    "PhotoLike",
    "Preset",
    "Progress",
    "Ran",
    "Recipe",
    "Rect",
    "Rendition",
    "StepReport",
    "__version__",
]
__all__ += _functions.__all__
__all__ += _results.__all__

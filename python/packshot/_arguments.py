"""How arguments are handed to the native half, and refused where it could not read them."""

from __future__ import annotations

import base64
import json
import math
import os
import sys
from collections.abc import Mapping

from . import _packshot
from .errors import OptionTypeError
from .facts import Rect
from .values import ModelFile


def to_json(options: Mapping[str, object]) -> str:
    """The options as the core reads them."""
    return json.dumps({name: _plain(value, name) for name, value in options.items() if value is not None})


def _plain(value: object, option: str) -> object:
    """The value of an option as JSON has it; what JSON has no word for is refused here, and all else by the core."""
    if isinstance(value, Rect):
        value = (value.left, value.top, value.right, value.bottom)
    if isinstance(value, (list, tuple)):
        return [_plain(part, option) for part in value]
    if isinstance(value, ModelFile):
        value = {"file": value.file, "like": value.like, "descriptor": value.descriptor}
        value = {name: field for name, field in value.items() if field is not None}
    if isinstance(value, Mapping):
        return {str(name): _plain(part, f"{option}.{name}") for name, part in value.items()}
    if isinstance(value, (bytes, os.PathLike)):
        value = os.fsdecode(value)
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        # A name that is not Unicode: the core takes its bytes.
        return {"bytes": base64.b64encode(os.fsencode(value)).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.generic, numpy.ndarray)):
        return _plain(value.tolist(), option)
    raise refused_type(f"an option cannot be {a_type(value)}", option)


def to_path(path: object, option: str | None = None) -> str:
    """A path as the native half takes it."""
    if isinstance(path, (str, bytes, os.PathLike)):
        return os.fsdecode(path)
    raise refused_type(f"a path is text or a pathlib.Path, not {a_type(path)}", option)


def to_text(text: object, what: str) -> str:
    """Text as the native half takes it; `what` begins the sentence that refuses anything else."""
    if isinstance(text, str):
        return text
    raise refused_type(f"{what} is text, not {a_type(text)}")


def a_type(value: object) -> str:
    """The type of a value, in a sentence."""
    name = "None" if value is None else type(value).__name__
    return name if value is None else f"{'an' if name[0] in 'aeiouAEIOU' or name == 'ndarray' else 'a'} {name}"


def refused_type(message: str, option: str | None = None) -> OptionTypeError:
    """The error for an argument of a wrong type."""
    error = _packshot.refusal(message, option)
    return OptionTypeError(
        message, code=error.code, remedy=error.remedy, retryable=error.retryable, context=error.context
    )

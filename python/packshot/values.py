"""Values of options that are more than a word or a number, and how they are handed to the core."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, Union

from . import _packshot
from .errors import OptionTypeError

Path: TypeAlias = Union[str, "os.PathLike[str]", "os.PathLike[bytes]"]
Length: TypeAlias = int | float | str
Color: TypeAlias = str | Sequence[int]
"""A colour as CSS writes it (`"white"`, `"#ff8800"`), or three or four numbers from 0 to 255."""

Size: TypeAlias = int | str | Sequence[int]
"""Pixels: `2000` (longer side), `"1200x"` (width), `"x800"` (height), or a box: `"1200x800"`, `(1200, 800)`."""


@dataclass(frozen=True)
class ModelFile:
    """An ONNX file of your own. Either `like` or `descriptor` defines its input and output formats."""

    file: Path
    """Path of the file."""
    like: str | None = None
    """The registry model whose input and output formats it shares."""
    descriptor: str | None = None
    """A descriptor of its input and output formats: the text of a TOML file."""


def to_json(options: Mapping[str, object]) -> str:
    """The options as the core reads them.

    :meta private:
    """
    return json.dumps({name: _text(value) for name, value in options.items() if value is not None}, default=_plain)


def _text(value: object) -> object:
    """Paths as JSON has them: as text, or as bytes in base64 where a name is not Unicode."""
    if isinstance(value, (list, tuple)):
        return [_text(part) for part in value]
    if isinstance(value, (bytes, os.PathLike)):
        return _text(os.fsdecode(value))
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return {"bytes": base64.b64encode(os.fsencode(value)).decode()}
    return value


def _plain(value: object) -> object:
    if isinstance(value, ModelFile):
        fields = {"file": os.fsdecode(value.file), "like": value.like, "descriptor": value.descriptor}
        return {name: field for name, field in fields.items() if field is not None}
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.generic, numpy.ndarray)):
        return value.tolist()
    raise refused_type(f"an option cannot be {a_type(value)}")


def a_type(value: object) -> str:
    """The type of a value, in a sentence.

    :meta private:
    """
    name = "None" if value is None else type(value).__name__
    return name if value is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def refused_type(message: str) -> OptionTypeError:
    """The error for an argument of a wrong type.

    :meta private:
    """
    error = _packshot.refusal(message)
    return OptionTypeError(message, code=error.code, remedy=error.remedy, retryable=error.retryable)

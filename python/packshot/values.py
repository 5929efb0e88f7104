"""Values of options that are more than a word or a number."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, Union

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

"""Recipes: a list of steps that makes one file of a photo."""

from __future__ import annotations

import builtins
import json
import os
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

from . import _packshot
from ._arguments import a_type, refused_type, to_path, to_text
from .facts import Note, Ran
from .photo import Photo, Writable, write

if TYPE_CHECKING:
    from .options import ImageFormat
    from .values import Path

RecipeLike: TypeAlias = Union["Recipe", str]
"""A recipe, or the name of one that comes with Packshot."""

Value: TypeAlias = str | int | float | bool | None
"""The value of a variable; `None` leaves it as it is."""


class Preset(NamedTuple):
    """A recipe that comes with Packshot."""

    name: str
    """What `Recipe.preset` calls it, such as `"white-background"`."""
    description: str
    """What it makes, in a sentence or two."""
    text: str
    """The recipe, as TOML with its variables: a good beginning for one's own."""


class Recipe:
    """A recipe that was checked from the first line to the last: what it says can be done. It never changes.

    Make one with `preset`, `open` or `parse`. It can be pickled, and so be sent to other processes.

    >>> Recipe.preset("white-background").with_variables(background="#eee", size=1200).variables["size"]
    '1200'
    """

    __slots__ = ("_native",)
    _native: _packshot.Recipe

    def __init__(self, recipe: RecipeLike) -> None:
        """The recipe itself, or the one that comes with Packshot under this name."""
        if not isinstance(recipe, (Recipe, str)):
            raise refused_type(f"a recipe is a Recipe or the name of a preset, not {a_type(recipe)}")
        self._native = recipe._native if isinstance(recipe, Recipe) else _packshot.Recipe.preset(recipe)

    @classmethod
    def _of(cls, source: _packshot.Recipe) -> Recipe:
        recipe = cls.__new__(cls)
        recipe._native = source
        return recipe

    @staticmethod
    def preset(name: str) -> Recipe:
        """A recipe that comes with Packshot, such as `"white-background"`. Raises `OptionError`."""
        return Recipe._of(_packshot.Recipe.preset(to_text(name, "the name of a preset")))

    @staticmethod
    def presets() -> list[Preset]:
        """The recipes that come with Packshot."""
        return [Preset(*preset) for preset in _packshot.Recipe.presets()]

    @staticmethod
    def open(path: Path) -> Recipe:
        """The recipe in a file, as TOML or JSON. Paths of models in it are relative to the folder of the file.

        Raises `FileError`, `LimitError`, and `OptionError` with the `line` in its context.
        """
        return Recipe._of(_packshot.Recipe.open(to_path(path)))

    @staticmethod
    def parse(text: str) -> Recipe:
        """A recipe as the text of a TOML or JSON file. Raises `OptionError` with the `line` in its context."""
        return Recipe._of(_packshot.Recipe.parse(to_text(text, "a recipe to parse")))

    def with_variables(self, **values: Value) -> Recipe:
        """The recipe with other values for these variables; the rest stay as they are.

        Raises `OptionError` for a variable that the recipe does not have, and for a value that it does not take.
        """
        texts = {name: _text(value) for name, value in values.items() if value is not None}
        return Recipe._of(self._native.with_variables(texts))

    @property
    def variables(self) -> dict[str, str]:
        """Every variable with its value, as text."""
        return self._native.variables

    @property
    def name(self) -> str | None:
        """Its name for people."""
        return self._native.name

    @property
    def description(self) -> str | None:
        """What it is for."""
        return self._native.description

    @property
    def steps(self) -> list[str]:
        """The names of the tools, in order."""
        return self._native.steps

    @property
    def hash(self) -> str:
        """SHA-256 of what decides about the result: the same for recipes that do the same in the same words."""
        return self._native.hash

    def to_toml(self) -> str:
        """The recipe as TOML, with values in the place of variables."""
        return self._native.to_toml()

    def to_json(self) -> str:
        """The recipe as JSON, with values in the place of variables."""
        return self._native.to_json()

    def __eq__(self, other: object) -> bool:
        """Whether both were read from the same text in the same folder, and have the same values set."""
        return self._native.pack() == other._native.pack() if isinstance(other, Recipe) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._native.pack())

    def __reduce__(self) -> tuple[object, ...]:
        return _unpack, (self._native.pack(),)

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.variables.items())
        return f"<{type(self).__name__} {self.name!r}: {', '.join(self.steps)}{values}>"


class StepReport(NamedTuple):
    """What one step of a recipe did."""

    step: str
    """The tool."""
    width: int
    """Width of the picture after it, in pixels."""
    height: int
    """Height of the picture after it, in pixels."""
    ran: Ran
    """Model, backend, and the time of each stage."""
    seconds: float
    """The time of the whole step."""


class Rendition:
    """What a recipe made of a photo: a file, and what was done."""

    __slots__ = ("__weakref__", "_bytes", "_native")
    _native: _packshot.Rendition
    _bytes: builtins.bytes | None

    def __init__(self, made: _packshot.Rendition) -> None:
        """Made by `Engine.run_recipe`."""
        self._native = made
        self._bytes = None

    @property
    def photo(self) -> Photo:
        """The picture after the last step but `export`, which may scale it and lower its quality."""
        return Photo._of(self._native.photo)

    @property
    def bytes(self) -> builtins.bytes:
        """The file."""
        if self._bytes is None:
            self._bytes = self._native.encoded()
        return self._bytes

    @property
    def format(self) -> ImageFormat:
        """The format of the file."""
        return self._native.format

    @property
    def width(self) -> int:
        """Width of the picture in the file, in pixels."""
        return self._native.width

    @property
    def height(self) -> int:
        """Height of the picture in the file, in pixels."""
        return self._native.height

    @property
    def steps(self) -> list[StepReport]:
        """What was done, in order."""
        steps = self._native.steps
        return [StepReport(step, width, height, Ran.of(ran), seconds) for step, width, height, ran, seconds in steps]

    @property
    def notes(self) -> list[Note]:
        """What was not done as asked: the notes of all steps, and options of the export that have no effect."""
        return [Note(*note) for note in self._native.notes]

    def save(self, path: Path | Writable) -> None:
        """Writes the file in one step: on failure, one that was there is untouched. Raises `FileError`.

        An open binary file is written to as well.
        """
        if isinstance(path, (str, bytes, os.PathLike)):
            self._native.save(os.fsdecode(path))
        else:
            write(path, lambda: self.bytes)

    def _repr_png_(self) -> builtins.bytes:
        """What a notebook shows: the picture in the file, scaled down."""
        return Photo.decode(self.bytes)._repr_png_()

    def __repr__(self) -> str:
        size = f"{self.width} x {self.height}"
        return f"<{type(self).__name__} {size}, {self.format}, {len(self.bytes)} bytes>"


def _unpack(packed: str) -> Recipe:
    return Recipe._of(_packshot.Recipe.unpack(packed))


def _text(value: object) -> str:
    """Text as it is; numbers and truth values as JSON writes them, NumPy's too."""
    if isinstance(value, str):
        return str(value)
    plain = value.item() if getattr(value, "size", None) == 1 and hasattr(value, "item") else value
    if isinstance(plain, (bool, int, float)):
        return json.dumps(plain)
    raise refused_type(f"a variable is text, a number or a truth value, not {a_type(value)}")

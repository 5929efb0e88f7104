"""What is known about a result, a model and a running operation."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import PackshotError, made
from .options import ModelState, NoteCode, Stage

if TYPE_CHECKING:
    from . import _packshot


class Progress(NamedTuple):
    """One report of progress."""

    stage: Stage
    """What is being done."""
    fraction: float
    """How much of the whole operation is done, from 0 to 1; it never falls within one operation. A download that a tool
    has to start first counts as an operation of its own."""


class Rect(NamedTuple):
    """A rectangle of whole pixels; `left` and `top` count from the photo's upper left corner, and may be negative."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row below."""
        return self.top + self.height


class Instance(NamedTuple):
    """One connected subject of several."""

    bounds: Rect
    """The smallest rectangle around it."""
    area: int
    """Number of pixels that are at least half subject."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Instance:
        """Made from what the native half returns.

        :meta private:
        """
        return cls(Rect(**facts["bounds"]), facts["area"])


class BackendReport(NamedTuple):
    """The backend that runs a model, and why it is this one."""

    name: str
    """`onnxruntime` or `rten`."""
    version: str | None
    """The version of ONNX Runtime; `None` for rten, which belongs to this package."""
    library: Path | None
    """The library file that ONNX Runtime was loaded from."""
    reason: str
    """Why this backend was chosen, for people."""


class Note(NamedTuple):
    """Something that was not done as asked, or not as expected, although the result is there."""

    code: NoteCode
    """What it is, for programs; it never changes."""
    text: str
    """What it is, for people."""


class Ran(NamedTuple):
    """What did the work, and how long it took."""

    model: str | None
    """Id or file name of the model; of several, all in the order they ran, with commas between. A blend of two names
    both, such as `a (70%) + b (30%)`. `None` if none ran."""
    backend: BackendReport | None
    """`None` if no model ran."""
    stages: Mapping[Stage, float]
    """Seconds spent in each stage, in order."""
    notes: Sequence[Note]
    """What was not done as asked: options without effect, a backend in place of another."""

    @classmethod
    def of(cls, ran: _packshot._Ran) -> Ran:
        """Made from what the native half returns.

        :meta private:
        """
        model, backend, stages, notes = ran
        report = None if backend is None else BackendReport(*backend)
        return cls(model, report, dict(stages), [Note(*note) for note in notes])


class ModelStatus(NamedTuple):
    """A model, seen from this machine."""

    id: str
    state: ModelState
    """Whether it can be used as it is. (The right size with wrong content is found by `Models.verify`.)"""
    bytes: int
    """Size of its files in bytes: on disk or inside the library; if absent, of the download, and 0 where unknown."""


def path(facts: Mapping[str, Any], name: str) -> Path:
    """The path of this name; of one that is not Unicode, the bytes stand beside its text.

    :meta private:
    """
    code = facts.get(f"{name}_bytes")
    return Path(facts[name] if code is None else os.fsdecode(base64.b64decode(code)))


def failure(facts: Mapping[str, Any]) -> PackshotError:
    """An error as data, as an exception that nobody has raised.

    :meta private:
    """
    causes = facts.get("because", ())
    context = [("because", "; ".join(causes))] if causes else []
    known = {name: facts[name] for name in ("code", "kind", "message", "remedy", "retryable")}
    return made(**known, context=context)

"""What a batch says while it runs, and when it ends."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import PackshotError, made
from .facts import Note
from .options import BatchOutcome


@dataclass(frozen=True)
class BatchItem:
    """A photo of a batch that is finished."""

    input: Path
    """The photo, as it was given or found."""
    output: Path | None
    """The file made of it; `None` if the photo failed before it had a name."""
    outcome: BatchOutcome
    """How it ended: made now, made before, left out because a file that no batch wrote stands in its place (or its file
    was changed since), or failed."""
    renamed: bool
    """Whether the file has another name than was wanted, because that one was taken."""
    error: PackshotError | None
    """Why it failed; it is not raised."""
    attempts: int
    """How often it was tried; 0 if nothing had to be done."""
    seconds: float
    """Seconds that it took, waiting included."""
    notes: list[Note]
    """What was not done as asked; empty if it was not made now."""
    steps: list[dict[str, Any]]
    """What each step did: model, backend, sizes, and what a cut-out found; empty if the photo was not made now."""


@dataclass(frozen=True)
class BatchEvent:
    """Told each time that a photo is finished: the counts so far, and the photo."""

    total: int | None
    """Photos in the batch; `None` while it watches, since more may come."""
    done: int
    """Photos that were made now."""
    failed: int
    """Photos that failed."""
    skipped: int
    """Photos that were left out because a file of another's stands in the place of theirs."""
    resumed: int
    """Photos that had been made when the batch was started."""
    rate: float
    """Photos per second of late; 0 until it is known."""
    left: float | None
    """Seconds until the last photo is finished; `None` until it is known, and while it watches."""
    item: BatchItem
    """The photo."""


@dataclass(frozen=True)
class BatchReport:
    """What became of a batch."""

    total: int
    """Photos in the batch; those that came while it watched."""
    done: int
    """Photos that were made now."""
    resumed: int
    """Photos that had been made when the batch was started."""
    skipped: int
    """Photos that were left out because a file of another's stands in the place of theirs."""
    failed: int
    """Photos that failed."""
    stopped: PackshotError | None
    """Why the batch ended before the last photo: a full disk, or more failures than were allowed."""
    seconds: float
    """Seconds that it took."""
    rate: float
    """Photos made per second, over the whole time."""
    failures: list[BatchItem]
    """The photos that failed, the first 1,000 of them; the file `report` has all."""
    output: Path
    """The folder of the results."""
    journal: Path
    """The file by which the batch can be resumed."""
    report: Path | None
    """The report as a file."""
    sheet: Path | None
    """The contact sheet."""

    @property
    def is_complete(self) -> bool:
        """Whether the result of each photo is there, and a batch's own. A photo that was skipped has none."""
        return self.stopped is None and self.failed == 0 == self.skipped and self.done + self.resumed == self.total


def event(text: str) -> BatchEvent:
    """From what the native half tells.

    :meta private:
    """
    facts = json.loads(text)
    return BatchEvent(**{**facts, "item": _item(facts["item"])})


def report(text: str) -> BatchReport:
    """From what the native half answers.

    :meta private:
    """
    facts = json.loads(text)
    read = {
        "stopped": _error(facts.get("stopped")),
        "failures": [_item(item) for item in facts["failures"]],
    }
    return BatchReport(**_with_paths({**facts, **read}, "output", "journal", "report", "sheet"))


def _item(facts: Mapping[str, Any]) -> BatchItem:
    notes = [Note(**note) for note in facts.get("notes", [])]
    read = {"error": _error(facts.get("error")), "steps": facts.get("steps", []), "notes": notes}
    return BatchItem(**_with_paths({**facts, **read}, "input", "output"))


def _with_paths(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    """With paths in the place of their texts; of one that is not Unicode, the bytes stand beside its text."""
    for name in names:
        text, code = facts.get(name), facts.pop(f"{name}_bytes", None)
        path = os.fsdecode(base64.b64decode(code)) if code is not None else text
        facts[name] = None if path is None else Path(path)
    return facts


def _error(facts: Mapping[str, Any] | None) -> PackshotError | None:
    if facts is None:
        return None
    causes = facts.get("because", ())
    context = [("because", "; ".join(causes))] if causes else []
    known = {name: facts[name] for name in ("code", "kind", "message", "remedy", "retryable")}
    return made(**known, context=context)

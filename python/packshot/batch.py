# Made from the facts of packshot-api by `cargo xtask generate`. Change them there.
"""What a batch says while it runs, and when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import PackshotError
from .facts import Note, failure, path
from .options import BatchOutcome


@dataclass(frozen=True)
class BatchItem:
    """A finished photo of a batch."""

    input: Path
    """The input, as given or found."""
    output: Path | None
    """The result's file; `None` if the photo failed before it had a name."""
    outcome: BatchOutcome
    """How it ended."""
    renamed: bool
    """Whether the result got another name because the wanted one was taken."""
    error: PackshotError | None
    """Why it failed; `None` if it did not."""
    attempts: int
    """Number of attempts; 0 if nothing had to be done."""
    seconds: float
    """Seconds from the first byte read to the written file, including waiting."""
    notes: list[Note]
    """What was not done as asked. Empty if it was not made now."""
    steps: list[dict[str, Any]]
    """What each step of the recipe did; empty if the photo was not made now."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> BatchItem:
        """Made from what the native half returns.

        :meta private:
        """
        return cls(
            input=path(facts, "input"),
            output=None if facts.get("output") is None else path(facts, "output"),
            outcome=facts["outcome"],
            renamed=facts["renamed"],
            error=None if facts.get("error") is None else failure(facts["error"]),
            attempts=facts["attempts"],
            seconds=facts["seconds"],
            notes=[Note(**note) for note in facts.get("notes", ())],
            steps=list(facts.get("steps", ())),
        )


@dataclass(frozen=True)
class BatchEvent:
    """Sent for each finished photo of a batch: the counts so far, and the photo."""

    total: int | None
    """Photos in the batch; `None` while it watches, since more may come."""
    done: int
    """Photos that were made now."""
    failed: int
    """Photos that failed."""
    skipped: int
    """Photos that were skipped because a file that no batch wrote exists in the result's place."""
    resumed: int
    """Photos that were already done when the batch was started."""
    rate: float
    """Recent photos per second, not counting resumed and skipped ones; 0 until known."""
    left: float | None
    """Estimated seconds until the last photo is finished, at the current rate; `None` until known, and while the
    batch watches."""
    item: BatchItem
    """The photo."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> BatchEvent:
        """Made from what the native half returns.

        :meta private:
        """
        return cls(
            total=facts.get("total"),
            done=facts["done"],
            failed=facts["failed"],
            skipped=facts["skipped"],
            resumed=facts["resumed"],
            rate=facts["rate"],
            left=facts.get("left"),
            item=BatchItem.of(facts["item"]),
        )


@dataclass(frozen=True)
class BatchReport:
    """The outcome of a batch."""

    total: int
    """Photos in the batch, including those that arrived while it watched."""
    done: int
    """Photos that were made now."""
    resumed: int
    """Photos that were already done when the batch was started."""
    skipped: int
    """Photos that were skipped because a file that no batch wrote exists in the result's place."""
    failed: int
    """Photos that failed."""
    complete: bool
    """Whether every photo has a result that a batch wrote. A skipped photo has none."""
    stopped: PackshotError | None
    """Why the batch ended before the last photo: a full disk, or more failures than were allowed; `None` if it did
    not."""
    seconds: float
    """Seconds that it took."""
    rate: float
    """Photos made per second, over the whole time."""
    failures: list[BatchItem]
    """The photos that failed, the first 1,000 of them; the report's file has all."""
    output: Path
    """The output folder."""
    journal: Path
    """The journal, from which the batch can be resumed."""
    report: Path | None
    """The report's file; `None` if none was asked for."""
    sheet: Path | None
    """The contact sheet; `None` if none was asked for."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> BatchReport:
        """Made from what the native half returns.

        :meta private:
        """
        return cls(
            total=facts["total"],
            done=facts["done"],
            resumed=facts["resumed"],
            skipped=facts["skipped"],
            failed=facts["failed"],
            complete=facts["complete"],
            stopped=None if facts.get("stopped") is None else failure(facts["stopped"]),
            seconds=facts["seconds"],
            rate=facts["rate"],
            failures=[BatchItem.of(one) for one in facts["failures"]],
            output=path(facts, "output"),
            journal=path(facts, "journal"),
            report=None if facts.get("report") is None else path(facts, "report"),
            sheet=None if facts.get("sheet") is None else path(facts, "sheet"),
        )

"""What a caller holds while a call runs: a token that stops it, and a listener to its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from . import _packshot
from ._arguments import a_type, refused_type
from .facts import Progress

Listener: TypeAlias = Callable[[Progress], object]
"""Called with the progress of a call."""


class CancelToken:
    """Stops running operations from any thread. A cancelled token stays cancelled."""

    __slots__ = ("__weakref__", "_native")

    def __init__(self) -> None:
        self._native = _packshot.CancelToken()

    def cancel(self) -> None:
        """Ends every operation that was given this token, with a `CancelledError`."""
        self._native.cancel()

    def child(self) -> CancelToken:
        """A token that is cancelled with this one, and can be cancelled without it."""
        token = CancelToken.__new__(CancelToken)
        token._native = self._native.child()
        return token

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._native.cancelled


def check(progress: object, cancel: object) -> None:
    """Refuses a listener that cannot be called, and a token that is none, before any work.

    :meta private:
    """
    if progress is not None and not callable(progress):
        raise refused_type(f"a listener is a function, not {a_type(progress)}", "progress")
    if cancel is not None and not isinstance(cancel, CancelToken):
        raise refused_type(f"what cancels is a CancelToken, not {a_type(cancel)}", "cancel")

"""What can go wrong.

Every error of Packshot is a `PackshotError`, and of one type for each kind of trouble, so that a program catches what
it can mend. Most are also what Python programs expect: a `FileError` is an `OSError`, an `OptionError` a `ValueError`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

Kind = Literal["photo", "limit", "option", "file", "model", "network", "backend", "cancelled", "internal"]


class PackshotError(Exception):
    """The base of all errors of Packshot.

    The cause, where there is one, is in `__cause__`, as usual.
    """

    kind: ClassVar[Kind]
    """The class of trouble, such as `"file"`; each has a type of its own."""

    code: str
    """What is wrong, for programs; it never changes, and is the same in every language."""
    message: str
    """What is wrong, for people."""
    remedy: str
    """What a person can do about it, in one sentence."""
    retryable: bool
    """Whether the same call may succeed if it is made again a little later, with nothing changed."""
    context: dict[str, str]
    """The facts of the case, such as `{"file": "a.jpg"}`."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        remedy: str,
        retryable: bool,
        context: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy
        self.retryable = retryable
        self.context = dict(context or {})

    def __str__(self) -> str:
        facts = "".join(f" ({name}: {value})" for name, value in self.context.items())
        said = f"{self.message}{facts}"
        return f"{said}{'' if said.endswith('?') else '.'} {self.remedy}"

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.message, self.code, self.remedy, self.retryable, self.context)


class PhotoError(PackshotError, ValueError):
    """The photo itself cannot be used."""

    kind = "photo"


class LimitError(PackshotError, ValueError):
    """The photo is larger than the limits allow; nothing was allocated beyond them."""

    kind = "limit"


class OptionError(PackshotError, ValueError):
    """An option, or a combination of options, makes no sense."""

    kind = "option"


class OptionTypeError(OptionError, TypeError):
    """An argument is of a type that cannot be used."""


class FileError(PackshotError, OSError):
    """A file could not be read or written; `filename` says which."""

    kind = "file"

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.filename = self.context.get("file")


class FileMissingError(FileError, FileNotFoundError):
    """There is no such file."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.errno = errno.ENOENT


class ModelError(PackshotError):
    """A model is unknown, missing, damaged or not permitted."""

    kind = "model"


class NetworkError(PackshotError, ConnectionError):
    """A download failed, or would be needed while the network is forbidden."""

    kind = "network"


class BackendError(PackshotError, RuntimeError):
    """No backend could run the model."""

    kind = "backend"


class CancelledError(PackshotError):
    """The operation was cancelled with a `CancelToken`. (A cancelled asyncio task raises `asyncio.CancelledError`.)"""

    kind = "cancelled"


class InternalError(PackshotError, RuntimeError):
    """A defect in Packshot."""

    kind = "internal"


_OF_KIND: dict[str, type[PackshotError]] = {
    error.kind: error
    for error in (
        PhotoError,
        LimitError,
        OptionError,
        FileError,
        ModelError,
        NetworkError,
        BackendError,
        CancelledError,
        InternalError,
    )
}


def made(
    code: str, kind: str, message: str, remedy: str, retryable: bool, context: Iterable[tuple[str, str]]
) -> PackshotError:
    """The error that the core describes; called by the native half.

    :meta private:
    """
    error = FileMissingError if code == "file_missing" else _OF_KIND[kind]
    return error(message, code=code, remedy=remedy, retryable=retryable, context=dict(context))


def _again(
    error: type[PackshotError], message: str, code: str, remedy: str, retryable: bool, context: Mapping[str, str]
) -> PackshotError:
    return error(message, code=code, remedy=remedy, retryable=retryable, context=context)

"""What `upscale` gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import Ran
from .photo import Photo

if TYPE_CHECKING:
    from . import _packshot


class Upscaled(Photo):
    """The larger photo, with the depth and the channels of the one that came in. It is a `Photo`."""

    __slots__ = ("_made",)
    _made: _packshot.Upscaled

    def __init__(self, made: _packshot.Upscaled) -> None:
        """Made by `upscale`."""
        self._native = made.photo
        self._made = made

    @property
    def scale(self) -> float:
        """The factor of both sides, before they were rounded to whole pixels; 1 if nothing had to be done."""
        return self._made.scale

    @property
    def ran(self) -> Ran:
        """What did the work, and how long it took; no model if nothing had to be done."""
        return Ran.of(self._made.ran)

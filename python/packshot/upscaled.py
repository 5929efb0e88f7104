"""What `upscale` gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import Ran
from .photo import Photo

if TYPE_CHECKING:
    from . import _packshot


class Upscaled(Photo):
    """The larger photo, with the depth and the channels of the one that came in. It is a `Photo`."""

    __slots__ = ("ran", "scale")

    scale: float
    """The factor of both sides, before they were rounded to whole pixels; 1 if nothing had to be done."""
    ran: Ran
    """What did the work, and how long it took; no model if nothing had to be done."""

    def __init__(self, photo: _packshot.Photo, scale: float, ran: _packshot._Ran) -> None:
        """Made by `upscale`."""
        self._native = photo
        self.scale = scale
        self.ran = Ran.of(ran)

"""What `crop` gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import Ran, Rect
from .photo import Photo

if TYPE_CHECKING:
    from . import _packshot


class Cropped(Photo):
    """A part of a photo, with the depth and the channels of the one that came in. It is a `Photo`."""

    __slots__ = ("frame", "ran", "subject")

    frame: Rect
    """The part of the photo that was kept, before it was scaled to a size."""
    subject: Rect | None
    """The smallest rectangle around all that is at least half subject; `None` if nothing is, or nothing asked."""
    ran: Ran
    """What did the work, and how long it took; no model unless one looked for the subject."""

    def __init__(
        self,
        photo: _packshot.Photo,
        frame: _packshot._Box,
        subject: _packshot._Box | None,
        ran: _packshot._Ran,
    ) -> None:
        """Made by `crop`."""
        self._native = photo
        self.frame = Rect(*frame)
        self.subject = None if subject is None else Rect(*subject)
        self.ran = Ran.of(ran)

"""What `remove_background` gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import Instance, Ran, Rect
from .photo import Photo

if TYPE_CHECKING:
    from . import _packshot


class Cutout(Photo):
    """The picture that was asked for, and what was found. It is a `Photo`."""

    __slots__ = ("_found", "_matte", "_trimap")
    _found: _packshot.Cutout
    _matte: Photo | None
    _trimap: Photo | None

    def __init__(self, found: _packshot.Cutout) -> None:
        """Made by `remove_background`."""
        self._native = found.photo
        self._found = found
        self._matte = None
        self._trimap = None

    @property
    def matte(self) -> Photo:
        """Alpha at the photo's full size, before cropping: 0 is background, 255 subject."""
        if self._matte is None:
            self._matte = Photo._of(self._found.matte())
        return self._matte

    @property
    def trimap(self) -> Photo | None:
        """Where the edge was worked out, at the photo's full size: 0, 128 or 255. `None` with `edges="off"`."""
        if self._trimap is None:
            found = self._found.trimap()
            self._trimap = None if found is None else Photo._of(found)
        return self._trimap

    @property
    def subject(self) -> Rect | None:
        """The smallest rectangle around all that is at least half subject, in the photo; `None` if nothing is."""
        box = self._found.subject
        return None if box is None else Rect(*box)

    @property
    def frame(self) -> Rect:
        """The part of the photo that the picture shows."""
        return Rect(*self._found.frame)

    @property
    def instances(self) -> list[Instance]:
        """The separate subjects found, largest first; specks below 1/2000 of the photo are not listed."""
        return [Instance(Rect(*bounds), area) for bounds, area in self._found.instances]

    @property
    def confidence(self) -> float:
        """How sure the model is, from 0 to 1."""
        return self._found.confidence

    @property
    def halo(self) -> float:
        """How much of the old background is left in the rim, from 0 to 1.

        Above 0.2 or so a rim shows on another background: try `edges="fine"`.
        """
        return self._found.halo

    @property
    def ran(self) -> Ran:
        """What did the work, and how long it took."""
        return Ran.of(self._found.ran)

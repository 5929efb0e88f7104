# Made from the facts of packshot-api by `cargo xtask generate`. Change them there.
"""What tools make: photos that know what was found."""

from __future__ import annotations

from ._running import Made
from .facts import Instance, Ran, Rect
from .photo import Photo

__all__ = [
    "Cropped",
    "Cutout",
    "Upscaled",
]


class Cutout(Photo):
    """A photo without its background, and what was found.

    It is a `Photo`.
    """

    __slots__ = (
        "confidence",
        "frame",
        "halo",
        "instances",
        "matte",
        "ran",
        "subject",
        "trimap",
    )

    matte: Photo
    """The matte at the photo's full size, before cropping: 0 is background, 255 subject."""
    trimap: Photo | None
    """Where alpha was computed, at the photo's full size: 0 is background, 255 subject, 128 unknown; `None` with
    edges off."""
    subject: Rect | None
    """The smallest rectangle around everything that is at least half subject, in the photo; `None` if nothing is."""
    frame: Rect
    """The part of the photo that the result shows; it may reach beyond the photo, to leave a margin."""
    instances: list[Instance]
    """The separate subjects found, largest first; specks below 1/2000 of the photo are not listed."""
    confidence: float
    """How sure the model is, from 0 to 1."""
    halo: float
    """How much of the old background is left in the rim, from 0 to 1. Above about 0.2 a rim is visible on another
    background: try fine edges. If the result has no colours, it is measured on the photo's own."""
    ran: Ran
    """What did the work, and how long it took."""

    def __init__(self, made: Made) -> None:
        """Made by `Engine.remove_background`."""
        self._native, self.ran = made.photo, made.ran
        pictures = made.pictures
        facts = made.facts
        self.matte = Photo._of(pictures["matte"])
        self.trimap = None if pictures.get("trimap") is None else Photo._of(pictures["trimap"])
        self.subject = None if facts.get("subject") is None else Rect(**facts["subject"])
        self.frame = Rect(**facts["frame"])
        self.instances = [Instance.of(one) for one in facts["instances"]]
        self.confidence = facts["confidence"]
        self.halo = facts["halo"]


class Upscaled(Photo):
    """A larger photo, with the depth, channels, profile and metadata of the input.

    It is a `Photo`.
    """

    __slots__ = (
        "ran",
        "scale",
    )

    scale: float
    """The factor of both sides, before rounding to whole pixels: 1 if nothing had to be done."""
    ran: Ran
    """What did the work, and how long it took."""

    def __init__(self, made: Made) -> None:
        """Made by `Engine.upscale`."""
        self._native, self.ran = made.photo, made.ran
        facts = made.facts
        self.scale = facts["scale"]


class Cropped(Photo):
    """A part of a photo, with the depth, channels, profile and metadata of the input.

    It is a `Photo`.
    """

    __slots__ = (
        "frame",
        "ran",
        "subject",
    )

    frame: Rect
    """The part of the photo that was kept, before it was scaled to a size; it may reach beyond a photo with
    transparency, to leave a margin."""
    subject: Rect | None
    """The smallest rectangle around everything that is at least half subject; `None` if nothing is, or if the
    subject was not searched for."""
    ran: Ran
    """What did the work, and how long it took."""

    def __init__(self, made: Made) -> None:
        """Made by `Engine.crop`."""
        self._native, self.ran = made.photo, made.ran
        facts = made.facts
        self.frame = Rect(**facts["frame"])
        self.subject = None if facts.get("subject") is None else Rect(**facts["subject"])

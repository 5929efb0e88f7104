"""How tools are run: what `tools.py`, which is made from their tables, does not say of each of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from . import _packshot
from ._arguments import to_json
from ._pixels import is_array
from .cancel import check
from .facts import Progress, Ran
from .photo import PhotoLike, native

if TYPE_CHECKING:
    from .cancel import CancelToken, Listener
    from .values import Color

_PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")


class Made(NamedTuple):
    """The result of any tool, before it becomes a `Cutout` or another class."""

    photo: _packshot.Photo
    pictures: Mapping[str, Any]
    facts: Mapping[str, Any]
    ran: Ran


class Running:
    """An engine that runs any tool."""

    __slots__ = ()
    _native: _packshot.Engine

    def _run(
        self,
        tool: str,
        photo: PhotoLike,
        pictures: Mapping[str, PhotoLike | None],
        options: Mapping[str, object],
        progress: Listener | None,
        cancel: CancelToken | None,
    ) -> Made:
        source = native(photo)
        given = [(name, native(picture, name)) for name, picture in pictures.items() if picture is not None]
        step = f'{{"{tool}":{to_json(options)}}}'
        made, others, facts, ran = self._native.run(source, given, step, watch(progress, cancel))
        return Made(made, others, json.loads(facts), Ran.of(ran))


def color_or_picture(given: Color | PhotoLike | None) -> tuple[Color | None, PhotoLike | None]:
    """What one argument says that takes both: what cannot be a picture is a colour, or refused by the core."""
    if isinstance(given, str) and given.lower().endswith(_PHOTOS):
        message = f"as text this is a colour, and `{given}` is none: give the picture in a file as a pathlib.Path"
        raise _packshot.refusal(message, "background")
    if isinstance(given, (str, list, tuple, dict, bool, int, float)) or (is_array(given) and given.ndim == 1):
        return cast("Color", given), None
    return None, cast("PhotoLike | None", given)


def watch(progress: Listener | None, cancel: CancelToken | None) -> _packshot._Watch:
    """Listener and token as the native half takes them."""
    check(progress, cancel)
    listener = None if progress is None else lambda stage, fraction: progress(Progress(stage, fraction))
    return listener, None if cancel is None else cancel._native

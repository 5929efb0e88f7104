# Made from the tools of packshot-api by `cargo xtask generate`. Change them there.
"""The tools, with an engine that is made at the first call and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engine import default_engine

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .engine import CancelToken, Listener
    from .options import CropOptions, RemoveBackgroundOptions, UpscaleOptions
    from .photo import PhotoLike
    from .results import Cropped, Cutout, Upscaled
    from .values import Color

__all__ = [
    "crop",
    "remove_background",
    "upscale",
]


def remove_background(
    photo: PhotoLike,
    *,
    background: Color | PhotoLike | None = None,
    mask: PhotoLike | None = None,
    trimap: PhotoLike | None = None,
    progress: Listener | None = None,
    cancel: CancelToken | None = None,
    **options: Unpack[RemoveBackgroundOptions],
) -> Cutout:
    """`Engine.remove_background` with an engine of the defaults, which is made at the first call and kept."""
    return default_engine().remove_background(
        photo,
        background=background,
        mask=mask,
        trimap=trimap,
        progress=progress,
        cancel=cancel,
        **options,
    )


def upscale(
    photo: PhotoLike,
    *,
    progress: Listener | None = None,
    cancel: CancelToken | None = None,
    **options: Unpack[UpscaleOptions],
) -> Upscaled:
    """`Engine.upscale` with an engine of the defaults, which is made at the first call and kept."""
    return default_engine().upscale(
        photo,
        progress=progress,
        cancel=cancel,
        **options,
    )


def crop(
    photo: PhotoLike,
    *,
    progress: Listener | None = None,
    cancel: CancelToken | None = None,
    **options: Unpack[CropOptions],
) -> Cropped:
    """`Engine.crop` with an engine of the defaults, which is made at the first call and kept."""
    return default_engine().crop(
        photo,
        progress=progress,
        cancel=cancel,
        **options,
    )

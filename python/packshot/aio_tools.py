# Made from the tools of packshot-api by `cargo xtask generate`. Change them there.
"""The tools of an engine for asyncio."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ._waiting import watched
from .cancel import CancelToken, Listener
from .engine import Engine
from .options import CropOptions, RemoveBackgroundOptions, UpscaleOptions
from .photo import PhotoLike
from .results import Cropped, Cutout, Upscaled
from .values import Color

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncTools:
    """An engine's methods that run tools, awaited."""

    __slots__ = ()
    engine: Engine

    async def remove_background(
        self,
        photo: PhotoLike,
        *,
        background: Color | PhotoLike | None = None,
        mask: PhotoLike | None = None,
        trimap: PhotoLike | None = None,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[RemoveBackgroundOptions],
    ) -> Cutout:
        """`Engine.remove_background`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Cutout:
            return self.engine.remove_background(
                photo,
                background=background,
                mask=mask,
                trimap=trimap,
                progress=listener,
                cancel=token,
                **options,
            )

        return await watched(work, progress, cancel)

    async def upscale(
        self,
        photo: PhotoLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[UpscaleOptions],
    ) -> Upscaled:
        """`Engine.upscale`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Upscaled:
            return self.engine.upscale(
                photo,
                progress=listener,
                cancel=token,
                **options,
            )

        return await watched(work, progress, cancel)

    async def crop(
        self,
        photo: PhotoLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[CropOptions],
    ) -> Cropped:
        """`Engine.crop`; `progress` is called in the event loop."""

        def work(listener: Listener | None, token: CancelToken) -> Cropped:
            return self.engine.crop(
                photo,
                progress=listener,
                cancel=token,
                **options,
            )

        return await watched(work, progress, cancel)

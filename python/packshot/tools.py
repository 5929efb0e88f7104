# Made from the tools of packshot-api by `cargo xtask generate`. Change them there.
"""The tools of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._running import Running, color_or_picture
from .results import Cropped, Cutout, Upscaled

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .engine import CancelToken, Listener
    from .options import CropOptions, RemoveBackgroundOptions, UpscaleOptions
    from .photo import PhotoLike
    from .values import Color


class Tools(Running):
    """An engine's methods that run tools."""

    __slots__ = ()

    def remove_background(
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
        """Cuts the subject out of a photo.

        It blocks until that is done; other threads go on meanwhile. Besides the options of
        `RemoveBackgroundOptions`:

        - `background`: The colour behind the subject, as a CSS colour, or `transparent`. Or a picture behind the
          subject, scaled to cover the photo and cut at its centre. Text and lists of numbers are a colour; for a
          picture in a file give a `pathlib.Path`, or anything else that is a photo.
        - `mask`: A matte to use in place of a model's: a gray picture of the photo's size, where 0 is background.
        - `trimap`: Where alpha is computed, in place of a band along the model's edge: a gray picture of the
          photo's size, where 0 is background, 255 subject, and everything else unknown. It replaces the model; a
          `mask` beside it gives the initial alpha.
        - `progress`: called with a `Progress`, on another thread. What it raises stops the work and is raised
          here.
        - `cancel`: a token that stops the work from elsewhere. So does Ctrl-C.

        Raises `PackshotError`: for the photo `FileError`, `PhotoError` or `LimitError`; `OptionError`,
        `ModelError`, `BackendError`, `CancelledError`.
        """
        background_color, background_picture = color_or_picture(background)
        made = self._run(
            "remove_background",
            photo,
            {
                "background": background_picture,
                "mask": mask,
                "trimap": trimap,
            },
            {
                **options,
                "background": background_color,
            },
            progress,
            cancel,
        )
        return Cutout(made)

    def upscale(
        self,
        photo: PhotoLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[UpscaleOptions],
    ) -> Upscaled:
        """Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.

        It blocks until that is done; other threads go on meanwhile. Besides the options of `UpscaleOptions`:

        - `progress`: called with a `Progress`, on another thread. What it raises stops the work and is raised
          here.
        - `cancel`: a token that stops the work from elsewhere. So does Ctrl-C.

        Raises `PackshotError`: for the photo `FileError`, `PhotoError` or `LimitError`; `OptionError`,
        `ModelError`, `BackendError`, `CancelledError`.
        """
        made = self._run(
            "upscale",
            photo,
            {},
            options,
            progress,
            cancel,
        )
        return Upscaled(made)

    def crop(
        self,
        photo: PhotoLike,
        *,
        progress: Listener | None = None,
        cancel: CancelToken | None = None,
        **options: Unpack[CropOptions],
    ) -> Cropped:
        """Keeps a part of a photo: an area, an aspect, or the subject with a margin.

        It blocks until that is done; other threads go on meanwhile. Besides the options of `CropOptions`:

        - `progress`: called with a `Progress`, on another thread. What it raises stops the work and is raised
          here.
        - `cancel`: a token that stops the work from elsewhere. So does Ctrl-C.

        Raises `PackshotError`: for the photo `FileError`, `PhotoError` or `LimitError`; `OptionError`,
        `ModelError`, `BackendError`, `CancelledError`.
        """
        made = self._run(
            "crop",
            photo,
            {},
            options,
            progress,
            cancel,
        )
        return Cropped(made)

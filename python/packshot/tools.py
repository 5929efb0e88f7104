# Made from the tools of packshot-api by `cargo xtask generate`. Change them there.
"""The tools of an engine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ._running import Running, color_or_picture
from .cancel import CancelToken, Listener
from .options import CropOptions, RemoveBackgroundOptions, UpscaleOptions
from .photo import PhotoLike
from .results import Cropped, Cutout, Upscaled
from .values import Color

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    from typing_extensions import Unpack


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

        It blocks until that is done; other threads go on meanwhile.

        - `background`: The colour behind the subject, as a CSS colour, or `transparent`. Or a picture behind the
          subject, scaled to cover the photo and cut at its centre. Text and lists of numbers are a colour; for a
          picture in a file give a `pathlib.Path`, or anything else that is a photo.
        - `mask`: A matte to use in place of a model's: a gray picture of the photo's size, where 0 is background.
        - `trimap`: Where alpha is computed, in place of a band along the model's edge: a gray picture of the
          photo's size, where 0 is background, 255 subject, and everything else unknown. It replaces the model; a
          `mask` beside it gives the initial alpha.
        - `model`: The model that finds the subject. Default: Packshot's own.
        - `output`: What the result shows. Default: `rgba`. One of `rgba`, `alpha`, `mask`, `foreground`,
          `background`, `trimap`.
        - `edges`: How alpha is computed along the edge. Default: `fast`. One of `off`, `fast`, `fine`.
        - `decontaminate`: Takes the old background's colour out of half-transparent pixels. Default: `true`.
        - `keep_holes`: Also cuts out the background that shows through rings, handles, frames and letters.
          Default: `false`.
        - `solidify`: Makes the inside of the subject opaque. Default: `false`.
        - `crop`: Crops to the subject and this margin: one, two or four lengths in CSS order, such as `20px
          40px`, `5%` (of the subject) or `6% of result`. Where the photo ends first, the result reaches beyond
          it. Default: the whole photo.
        - `snap`: With `crop`: no margin where the photo cuts the subject off, so that it touches the edge of the
          result there. Default: `false`.
        - `region`: Restricts the search to this part of the photo: `left top right bottom`, in pixels or percent,
          such as `10% 0 90% 100%`. Default: the whole photo.
        - `subject`: A box around the wanted subject, written like `region`. Default: every subject is wanted.
        - `instances`: Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`.
          Default: `all`.
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

        It blocks until that is done; other threads go on meanwhile.

        - `model`: The model that adds the detail. Default: Packshot's own.
        - `scale`: The factor for both sides; may be fractional. Range: 1 to 8. Default: 2.
        - `size`: The size to reach, such as `2000` for the longer side; the aspect is kept. A photo that is
          already as large is returned unchanged. Default: given by `scale`.
        - `denoise`: How much noise and JPEG blocking to remove; in between, the weights of two trained nets are
          blended. Range: 0 to 1. Default: the model as it is; 0 with Packshot's own.
        - `tile`: Longest side of the tiles that the model works on, in pixels of the photo: smaller tiles take
          less memory, larger ones less time. Range: 32 to 2,048. Default: 256 to 384, depending on the model.
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

        It blocks until that is done; other threads go on meanwhile.

        - `area`: The part to keep: `left top right bottom`, such as `10% 0 90% 100%`. Default: the whole photo.
        - `margin`: Keeps the subject and this margin: one, two or four lengths in CSS order, such as `20px 40px`,
          `5%` (of the subject) or `6% of result`. The subject is the opaque part of a photo with transparency,
          and the result may reach beyond such a photo. In any other photo, a model finds the subject, and the
          margin ends where the photo does. Default: the subject is not searched for.
        - `aspect`: Width to height of the result, such as `1:1`, `4:5` or `1.91`, from 1:100 to 100:1. Keeps the
          largest part of the area with this aspect; with `margin`, the smallest part around the subject. Default:
          that of the kept part.
        - `gravity`: Position of the kept part, or of the subject in it, when `aspect` leaves a choice. Default:
          center. One of `center`, `top`, `top-right`, `right`, `bottom-right`, `bottom`, `bottom-left`, `left`,
          `top-left`, `subject`.
        - `snap`: With `margin`: none where the photo cuts the subject off, so that it touches the edge of the
          result there. Default: `false`.
        - `size`: The size that the result is scaled down to; it is never scaled up. Default: not scaled.
        - `model`: The model that finds the subject. Default: Packshot's own.
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

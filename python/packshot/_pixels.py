"""Pixels of NumPy and Pillow, which need not be installed."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from . import _packshot
from ._arguments import a_type, refused_type

if TYPE_CHECKING:
    from types import ModuleType

    from PIL.Image import Image
    from typing_extensions import TypeIs

    from .photo import Array

_CHANNELS = {"L": 1, "I;16": 1, "LA": 2, "RGB": 3, "RGBA": 4}
_SPACES = {b"GRAY": ("L", "LA", "I;16"), b"RGB ": ("RGB", "RGBA"), b"CMYK": ("CMYK",)}
_ORIENTATION = 274
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def is_array(value: object) -> TypeIs[Array]:
    """Whether it is a NumPy array; if there is one, somebody has imported NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def is_image(value: object) -> TypeIs[Image]:
    """Whether it is a picture of Pillow's."""
    image = sys.modules.get("PIL.Image")
    return image is not None and isinstance(value, image.Image)


def needed(name: str, package: str) -> ModuleType:
    """The optional package, or an error that says how to get it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as cause:
        raise ImportError(f"this needs {package}: pip install {package.lower()}", name=name) from cause


def from_array(array: Array) -> _packshot.Photo:
    """Height by width, or height by width by 1 to 4 channels, in 8 or 16 bit; copied."""
    if not is_array(array):
        raise refused_type(f"from_numpy takes a NumPy array, not {a_type(array)}")
    if array.ndim not in (2, 3):
        raise _packshot.refusal(f"an array of pixels has two or three dimensions, not {array.ndim}")
    if array.ndim == 3 and array.shape[2] > 4 >= array.shape[0]:
        raise _packshot.refusal(
            f"an array of pixels is height by width by channels, and this one has the shape {array.shape}: "
            "array.transpose(1, 2, 0) moves the channels to the end"
        )
    if array.dtype.kind != "u" or array.dtype.itemsize not in (1, 2):
        hint = {
            "f": ": where 1.0 is white, it is (array * 255).round().astype('uint8')",
            "b": ": array * numpy.uint8(255) makes true white",
        }
        raise refused_type(
            f"an array of pixels has the dtype uint8 or uint16, not {array.dtype}{hint.get(array.dtype.kind, '')}"
        )
    if array.ndim == 2:
        array = array[:, :, None]
    native: Any = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
    return _packshot.Photo.from_array8(native) if native.itemsize == 1 else _packshot.Photo.from_array16(native)


def from_image(image: Image) -> _packshot.Photo:
    """A picture of Pillow's, upright and in sRGB; modes without a counterpart are converted as Pillow converts them."""
    if not is_image(image):
        raise refused_type(f"from_pil takes a Pillow image, not {a_type(image)}")
    orientation, profile = image.getexif().get(_ORIENTATION, 1), image.info.get("icc_profile")
    if image.mode in ("I", "F"):
        raise refused_type(f"a picture of mode {image.mode} has no fixed range: convert it to L or I;16 first")
    if image.mode in ("I;16B", "I;16L", "I;16N"):
        return from_array(needed("numpy", "NumPy").asarray(image))
    if image.mode not in _CHANNELS and image.mode != "CMYK":
        clear = image.mode in ("PA", "La", "RGBa") or "transparency" in image.info
        image = image.convert("L" if image.mode == "1" else "RGBA" if clear else "RGB")
    # Pillow keeps the profile of a picture whose colours it has converted.
    profile = profile if profile and image.mode in _SPACES.get(profile[16:20], ()) else None
    if profile or orientation != 1 or image.mode == "CMYK":
        file = io.BytesIO()
        tags = {_ORIENTATION: orientation}
        image.save(file, "TIFF", compression="raw", tiffinfo=tags, exif=b"", icc_profile=profile or b"")
        return _packshot.Photo.decode(file.getvalue(), "{}")
    depth = 16 if image.mode == "I;16" else 8
    return _packshot.Photo.from_bytes(image.tobytes(), image.size, _CHANNELS[image.mode], depth)


def to_image(photo: _packshot.Photo) -> Image:
    """A picture of Pillow's, which has 16 bit only for gray."""
    image: Any = needed("PIL.Image", "Pillow")
    wide = photo.depth == 16 and photo.channels == 1
    if not wide:
        photo = photo.to_8bit()
    mode = "I;16" if wide else _MODES[photo.channels]
    made: Image = image.frombytes(mode, (photo.width, photo.height), photo.to_bytes())
    return made

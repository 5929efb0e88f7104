"""Photos: decoded pixels, what goes in and what comes out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, overload

from . import _packshot, _pixels
from ._arguments import a_type, refused_type, to_json, to_path

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy import dtype, ndarray, uint8, uint16
    from PIL.Image import Image
    from typing_extensions import Self, Unpack

    from .options import DecodeOptions, EncodeOptions, ImageFormat
    from .values import Path

    Array: TypeAlias = ndarray[Any, dtype[Any]]
    Pixels: TypeAlias = ndarray[Any, dtype[uint8]] | ndarray[Any, dtype[uint16]]


class Readable(Protocol):
    """A binary file, or whatever gives the bytes of one."""

    def read(self) -> bytes:
        """All bytes."""


class Writable(Protocol):
    """A binary file to write to."""

    def write(self, data: bytes, /) -> Any:
        """Writes all bytes."""


_SCREEN = 1024


class Photo:
    """A picture in memory, upright, with straight (not premultiplied) alpha. It never changes.

    Make one with `open`, `decode`, `from_numpy` or `from_pil`.
    """

    __slots__ = ("__weakref__", "_native")
    _native: _packshot.Photo

    def __init__(self, photo: PhotoLike) -> None:
        """Whatever can be given as a photo, as a `Photo`."""
        source = native(photo)
        if isinstance(source, bytes):
            source = _packshot.Photo.decode(source, "{}")
        elif isinstance(source, str):
            source = _packshot.Photo.open(source, "{}")
        self._native = source

    @classmethod
    def _of(cls, source: _packshot.Photo) -> Self:
        photo = cls.__new__(cls)
        photo._native = source
        return photo

    @staticmethod
    def open(path: Path, **options: Unpack[DecodeOptions]) -> Photo:
        """Reads the file at `path`: JPEG, PNG, WebP or TIFF. The picture comes upright and in sRGB.

        Raises `FileError`, `PhotoError` and `LimitError`.
        """
        return Photo._of(_packshot.Photo.open(to_path(path), to_json(options)))

    @staticmethod
    def decode(data: bytes | bytearray | memoryview, **options: Unpack[DecodeOptions]) -> Photo:
        """Decodes the bytes of a file, like `open`."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            hint = ": Photo.open reads the file at a path" if isinstance(data, (str, os.PathLike)) else ""
            raise refused_type(f"what is decoded is the bytes of a file, not {a_type(data)}{hint}")
        return Photo._of(_packshot.Photo.decode(bytes(data), to_json(options)))

    @staticmethod
    def from_numpy(array: Array) -> Photo:
        """A photo in sRGB from an array of uint8 or uint16, which is copied.

        Its shape is height by width, or height by width by channels: gray, gray and alpha, RGB, RGBA.
        """
        return Photo._of(_pixels.from_array(array))

    @staticmethod
    def from_pil(image: Image) -> Photo:
        """A photo from a Pillow image, which is copied.

        Like a file, it comes upright by its EXIF orientation and in sRGB by its ICC profile, both of which Pillow keeps
        beside the pixels.
        """
        return Photo._of(_pixels.from_image(image))

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self._native.width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self._native.height

    @property
    def channels(self) -> int:
        """Samples per pixel: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA."""
        return self._native.channels

    @property
    def depth(self) -> int:
        """Bits per sample, 8 or 16."""
        return self._native.depth

    @property
    def has_alpha(self) -> bool:
        """Whether there is an alpha channel, be it fully opaque or not."""
        return self.channels in (2, 4)

    @property
    def format(self) -> ImageFormat | None:
        """The format of the file it was read from."""
        return self._native.format

    @property
    def profile(self) -> bytes | None:
        """The ICC profile of the samples; without one they are sRGB. Only a photo read with `color="keep"` has one."""
        return self._native.profile

    @property
    def exif(self) -> bytes | None:
        """The EXIF block of the file it was read from, from the TIFF header on, with orientation 1."""
        return self._native.exif

    @property
    def xmp(self) -> bytes | None:
        """The XMP packet of the file it was read from."""
        return self._native.xmp

    def save(self, path: Path | Writable, format: ImageFormat | None = None, **options: Unpack[EncodeOptions]) -> None:
        """Writes the photo in one step: on failure, a file that was there is untouched.

        The format is that of the file's extension unless one is given. An open binary file is written to as well; its
        format is PNG unless one is given.

        Raises `FileError`, `PhotoError` and `OptionError`.
        """
        if isinstance(path, (str, bytes, os.PathLike)):
            self._native.save(os.fsdecode(path), to_json({"format": format, **options}))
        else:
            write(path, lambda: self.encode(format, **options))

    def encode(self, format: ImageFormat | None = None, **options: Unpack[EncodeOptions]) -> bytes:
        """The photo as the bytes of a file; PNG unless a format is given."""
        return self._native.encode(to_json({"format": format, **options}))

    @overload
    def to_numpy(self) -> Pixels: ...
    @overload
    def to_numpy(self, dtype: type[uint8] | Literal["uint8"]) -> ndarray[Any, dtype[uint8]]: ...
    @overload
    def to_numpy(self, dtype: type[uint16] | Literal["uint16"]) -> ndarray[Any, dtype[uint16]]: ...
    def to_numpy(self, dtype: Any = None) -> Pixels:
        """The samples as an array, height by width by channels, of uint8 or uint16.

        Without a `dtype`, or with that of the photo, nothing is copied: the array is read-only and keeps the photo's
        memory. Copy it (`photo.to_numpy().copy()`) to write to it. With the other `dtype`, samples keep their
        brightness: 255 becomes 65535.
        """
        numpy: Any = _pixels.needed("numpy", "NumPy")
        try:
            wanted = numpy.dtype(dtype or f"uint{self.depth}")
        except TypeError:
            wanted = dtype
        if wanted not in ("uint8", "uint16"):
            raise refused_type(f"samples are uint8 or uint16, not {wanted}", "dtype")
        array: Pixels = numpy.asarray(
            self._native.to_8bit() if wanted == "uint8" and self.depth == 16 else self._native
        )
        return array if array.dtype == wanted else array.astype(wanted) * wanted.type(257)

    def to_pil(self) -> Image:
        """A Pillow image, with a copy of the samples. Colour with 16 bit, which Pillow lacks, becomes 8 bit."""
        return _pixels.to_image(self._native)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """What `numpy.asarray(photo)` asks for."""
        numpy: Any = _pixels.needed("numpy", "NumPy")
        array = self.to_numpy()
        if dtype is not None and array.dtype != dtype:
            if copy is False:
                raise ValueError(f"the samples are {array.dtype}: they cannot become {dtype} without a copy")
            converted: Array = array.astype(dtype)
            return converted
        made: Array = numpy.array(array) if copy else array
        return made

    def __getstate__(self) -> dict[str, Any]:
        """For `pickle` and `copy`: the pixels, without profile and metadata."""
        state = {name: getattr(self, name) for name in _slots(type(self))}
        native = self._native
        return {**state, "_native": (native.to_bytes(), (native.width, native.height), native.channels, native.depth)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """For `pickle` and `copy`."""
        for name, value in state.items():
            setattr(self, name, _packshot.Photo.from_bytes(*value) if name == "_native" else value)

    def _repr_png_(self) -> bytes:
        """What a notebook shows: the picture, scaled down to at most 1024 pixels a side."""
        return self._native.fit_within(_SCREEN, _SCREEN).encode("{}")

    def __repr__(self) -> str:
        kind = ("gray", "gray and alpha", "RGB", "RGBA")[self.channels - 1]
        return f"<{type(self).__name__} {self.width} x {self.height}, {kind}, {self.depth} bit>"


def _slots(photo: type[Photo]) -> list[str]:
    """The names of everything that a photo of this class keeps."""
    return [name for parent in photo.__mro__ for name in getattr(parent, "__slots__", ()) if name != "__weakref__"]


def native(photo: PhotoLike, option: str | None = None) -> _packshot.Photo | bytes | str:
    """What the native half takes: a decoded photo, the bytes of a file, or its path.

    :meta private:
    """
    if isinstance(photo, Photo):
        return photo._native
    if isinstance(photo, (str, os.PathLike)):
        return os.fsdecode(photo)
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return bytes(photo)
    if _pixels.is_array(photo):
        return _pixels.from_array(photo)
    if _pixels.is_image(photo):
        return _pixels.from_image(photo)
    data = _read(photo, option) if hasattr(photo, "read") else None
    if isinstance(data, bytes):
        return data
    hint = ": join its parts into bytes first" if hasattr(photo, "__next__") or hasattr(photo, "__anext__") else ""
    raise refused_type(
        f"a photo is a path, bytes, a binary file, a Pillow image, a NumPy array or a Photo, not {a_type(photo)}{hint}",
        option,
    )


def _read(file: Readable, option: str | None) -> object:
    """What an open file gives."""
    if isinstance(file, io.TextIOBase):
        raise refused_type(
            'a photo is read from a binary file, and this one is open for text: open(path, "rb")', option
        )
    if getattr(file, "closed", False):
        raise _packshot.refusal("a photo cannot be read from a file that is closed", option)
    try:
        return file.read()
    except io.UnsupportedOperation as cause:
        raise _packshot.refusal("a photo cannot be read from a file that is not open for reading", option) from cause


def write(file: Writable, data: Callable[[], bytes]) -> None:
    """Writes the bytes of a file to one that is open.

    :meta private:
    """
    if isinstance(file, io.TextIOBase):
        raise refused_type('a photo is saved to a binary file, and this one is open for text: open(path, "wb")')
    if not hasattr(file, "write"):
        raise refused_type(f"a photo is saved to a path or to a binary file, not to {a_type(file)}")
    if getattr(file, "closed", False):
        raise _packshot.refusal("a photo cannot be saved to a file that is closed")
    file.write(data())


if TYPE_CHECKING:
    PhotoLike: TypeAlias = Photo | str | os.PathLike[str] | bytes | bytearray | memoryview | Readable | Image | Array
    """What can be given as a photo: a path, bytes of a file, a binary file, an image of Pillow, an array, a `Photo`."""
else:
    # For those who ask for types at run time, when Pillow and NumPy need not be there.
    PhotoLike = Photo | str | os.PathLike[str] | bytes | bytearray | memoryview | Readable | Any

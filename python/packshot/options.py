"""What tools, files and engines can be asked for.

Every option may be left out, or be `None`, which is the same: the core has the defaults. Lengths are written as CSS
does: `20` and `"20px"` are pixels, `"5%"` is a part of the picture.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict, Union

from . import _packshot
from .errors import OptionTypeError

Path: TypeAlias = Union[str, "os.PathLike[str]", "os.PathLike[bytes]"]
Length: TypeAlias = int | float | str
Color: TypeAlias = str | Sequence[int]
"""A colour as CSS writes it (`"white"`, `"#ff8800"`), or three or four numbers from 0 to 255."""

Size: TypeAlias = int | str
"""Pixels: `2000` (the longer side), `"1200x"` (the width), `"x800"` (the height) or `"1200x800"` (a box)."""

Backend = Literal["auto", "onnxruntime", "rten"]
Output = Literal["rgba", "alpha", "mask", "foreground", "background", "trimap"]
Edges = Literal["off", "fast", "fine"]
ImageFormat = Literal["jpeg", "png", "webp", "tiff", "avif", "heic"]
ColorPolicy = Literal["to-srgb", "keep", "data"]
Chroma = Literal["half", "full"]
PngCompression = Literal["fast", "balanced", "best"]
Fit = Literal["inside", "pad", "cover"]
ProfileMode = Literal["keep", "srgb", "none"]
MetadataMode = Literal["strip", "keep-safe", "keep"]
Existing = Literal["skip", "replace", "number", "fail"]


@dataclass(frozen=True)
class ModelFile:
    """An ONNX file of your own. One of `like` and `descriptor` says how it takes a photo and gives its answer."""

    file: Path
    """Path of the file."""
    like: str | None = None
    """It works as this model of the registry does."""
    descriptor: str | None = None
    """It works as this descriptor says: the text of a TOML file."""


class CutoutOptions(TypedDict, total=False):
    """The options of `remove_background`."""

    model: str | ModelFile | None
    """The model that finds the subject, by its id or as a file; Packshot's own by default."""
    output: Output | None
    """What the result shows: the photo with alpha, the matte alone, and so on."""
    edges: Edges | None
    """How alpha is worked out along the edge; `"fine"` is for hair, fur and glass, and several times slower."""
    decontaminate: bool | None
    """Takes the old background's colour out of half-transparent pixels."""
    keep_holes: bool | None
    """Also cuts out the background that shows through rings, handles and frames."""
    solidify: bool | None
    """Makes the inside of the subject opaque."""
    crop: Length | Sequence[Length] | None
    """Crops to the subject and this margin: one, two or four lengths in CSS order."""
    region: str | Sequence[Length] | None
    """Only this part of the photo is looked at: left, top, right, bottom."""
    subject: str | Sequence[Length] | None
    """A box around the wanted subject, written like `region`."""
    instances: str | Sequence[int] | None
    """Which of several separate subjects to keep: `"all"`, `"largest"`, or positions such as `[0, 2]`."""


class DecodeOptions(TypedDict, total=False):
    """How to read a photo."""

    color: ColorPolicy | None
    """What becomes of the colour profile."""
    max_pixels: int | None
    """Most pixels, width times height."""
    max_bytes: int | None
    """Most bytes of the file."""
    max_frames: int | None
    """Most frames of an animation, or pages of a TIFF."""
    max_profile_bytes: int | None
    """Most bytes of the ICC profile."""
    max_metadata_bytes: int | None
    """Most bytes of EXIF and of XMP each; what is larger is left out."""


class EncodeOptions(TypedDict, total=False):
    """How to write a photo. What concerns another format is ignored."""

    quality: int | None
    """JPEG, lossy WebP, AVIF: 1 (worst) to 100 (best)."""
    chroma: Chroma | None
    """JPEG: resolution of colour."""
    lossless: bool | None
    """WebP: keep every sample as it is."""
    png: PngCompression | None
    """PNG: time against size."""
    background: Color | None
    """The colour behind a transparent photo in a JPEG, and of the padding of `fit`."""
    metadata: MetadataMode | None
    """What of the original's metadata is written."""
    size: int | str | None
    """The size in pixels: `2000` (the longer side), `"1200x"`, `"x800"` or `"1200x800"`."""
    fit: Fit | None
    """How the photo gets that size: `"inside"` never enlarges; `"pad"` and `"cover"` need both sides, or one number."""
    max_bytes: int | None
    """Most bytes of the file: quality is lowered, down to 30; lossless formats are compressed harder."""
    dpi: int | None
    """Dots per inch that the file states, 1 to 65,535; changes no pixel."""
    profile: ProfileMode | None
    """The colour profile that the file carries."""


class UpscaleOptions(TypedDict, total=False):
    """The options of `upscale`. `scale` and `size` exclude each other; without both, both sides are doubled."""

    model: str | ModelFile | None
    """The model that adds the detail, by its id or as a file; Packshot's own by default."""
    scale: float | None
    """The factor of both sides, 1 to 8; need not be whole."""
    size: Size | None
    """The size to reach; the aspect is kept. A photo that is as large already stays as it is."""
    denoise: float | None
    """How much noise and how many JPEG blocks to take away, from 0 (none) to 1."""
    tile: int | None
    """Side of the tiles that the model works on, in pixels of the photo: small takes less memory, large less time."""


class BatchOptions(TypedDict, total=False):
    """The options of a batch, besides what goes in and where results go."""

    table: Path | None
    """A CSV file with a row for each photo: the column `input`, optionally `output` (the name of the result), and a
    column for each variable of the recipe that rows set."""
    recursive: bool | None
    """Whether folders are searched to any depth; results then keep their subfolder."""
    name: str | None
    """How results are called: text with `{stem}`, `{ext}`, `{folder}` and `{number}`."""
    existing: Existing | None
    """What to do where a file that no batch wrote, or a result that was changed since, stands in a result's place."""
    resume: bool | None
    """Go on where the batch in this folder was stopped."""
    workers: int | None
    """Photos that are worked on at a time."""
    memory: int | None
    """Most bytes that decoded photos and results may take together."""
    retries: int | None
    """How often a photo is tried again when a file, a disk or a network is to blame."""
    max_failures: int | None
    """Stop after this many failures."""
    watch: bool | None
    """Go on watching the folders for new photos until cancelled."""
    report: Path | None
    """A file for the report, as JSON."""
    sheet: Path | None
    """A file for the contact sheet, as HTML: before and after of each photo."""
    protect: Sequence[Path] | None
    """Other files that this call reads, such as a list of photos: nothing is written to them."""


class EngineOptions(TypedDict, total=False):
    """The options of an engine."""

    backend: Backend | None
    """Which backend runs models; by default ONNX Runtime where it is installed, rten otherwise."""
    ort_library: Path | None
    """The ONNX Runtime library to load, before any that is found by itself."""
    threads: int | None
    """Threads for one model run, at least 1."""
    cache_dir: Path | None
    """The folder for models."""
    download: bool | None
    """Whether a tool may fetch a missing model of the registry."""
    offline: bool | None
    """Forbids the network."""
    allow_noncommercial: bool | None
    """Permits models whose licence forbids commercial use."""
    registry: str | None
    """Models to add to those that Packshot knows: the text of a registry in TOML."""


def to_json(options: Mapping[str, object]) -> str:
    """The options as the core reads them.

    :meta private:
    """
    return json.dumps({name: _text(value) for name, value in options.items() if value is not None}, default=_plain)


def _text(value: object) -> object:
    """Paths as JSON has them: as text, or as bytes in base64 where a name is not Unicode."""
    if isinstance(value, (list, tuple)):
        return [_text(part) for part in value]
    if isinstance(value, (bytes, os.PathLike)):
        return _text(os.fsdecode(value))
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return {"bytes": base64.b64encode(os.fsencode(value)).decode()}
    return value


def _plain(value: object) -> object:
    if isinstance(value, ModelFile):
        fields = {"file": os.fsdecode(value.file), "like": value.like, "descriptor": value.descriptor}
        return {name: field for name, field in fields.items() if field is not None}
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.generic, numpy.ndarray)):
        return value.tolist()
    raise refused_type(f"an option cannot be a {type(value).__name__}")


def refused_type(message: str) -> OptionTypeError:
    """The error for an argument of a wrong type.

    :meta private:
    """
    error = _packshot.refusal(message)
    return OptionTypeError(message, code=error.code, remedy=error.remedy, retryable=error.retryable)

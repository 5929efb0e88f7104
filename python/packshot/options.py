# Made from the options of packshot-api by `cargo xtask generate`. Change them there.
"""What tools, files and engines can be asked for.

Every option may be left out, or be `None`, which is the same: the core has the defaults. Lengths are written as CSS
does: `20` and `"20px"` are pixels, `"5%"` is a part of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from .values import Color, Length, ModelFile, Path, Size

Output = Literal["rgba", "alpha", "mask", "foreground", "background", "trimap"]
"""What the result of a cut-out shows.

- `rgba`: The photo with alpha, or on a new background.
- `alpha`: The matte as a gray picture: 0 is background.
- `mask`: The matte cut at one half: black or white.
- `foreground`: The subject's colours without alpha, black where alpha is 0: to be used together with `alpha`.
- `background`: The photo without its subject: alpha is inverted.
- `trimap`: Where the matte was sure and where the edge was worked out, as a gray picture: 0, 128 or 255.
"""

Edges = Literal["off", "fast", "fine"]
"""How alpha is worked out along the edge of a subject.

- `off`: Not at all: the model's answer, scaled up.
- `fast`: Alpha follows the photo's edges: a colour guided filter. It has nothing to add where the model sees the
  photo at nearly its own size.
- `fine`: Hair, fur and glass: closed-form matting, several times slower.
"""

Gravity = Literal[
    "center",
    "top",
    "top-right",
    "right",
    "bottom-right",
    "bottom",
    "bottom-left",
    "left",
    "top-left",
    "subject",
]
"""Where a part of a photo lies.

- `center`: In the middle.
- `top`: At the upper edge.
- `top-right`: In the upper right corner.
- `right`: At the right edge.
- `bottom-right`: In the lower right corner.
- `bottom`: At the lower edge.
- `bottom-left`: In the lower left corner.
- `left`: At the left edge.
- `top-left`: In the upper left corner.
- `subject`: Around the subject.
"""

Chroma = Literal["half", "full"]
"""Resolution of colour in a JPEG.

- `half`: Half in both directions (4:2:0): the usual, a third smaller.
- `full`: Full (4:4:4): for sharp coloured edges and text.
"""

PngCompression = Literal["fast", "balanced", "best"]
"""Time against size for PNG. All are lossless.

- `fast`: 12 million pixels in about 0.1 s.
- `balanced`: 15 % smaller, thirty times slower.
- `best`: A little smaller again, twice as slow again.
"""

MetadataMode = Literal["strip", "keep-safe", "keep"]
"""Which of the original's metadata a saved photo carries.

- `strip`: None.
- `keep-safe`: EXIF about camera, lens, exposure, date, author and copyright, and nothing else: no place, no serial
  numbers, no owner, no maker notes, no thumbnail, no XMP, no IPTC. Fields that Packshot does not know are dropped,
  since nobody can say what is in them.
- `keep`: EXIF as it was, thumbnail included, but with orientation 1 and the size of the saved picture; and XMP.
"""

Fit = Literal["inside", "pad", "cover"]
"""How a photo gets the size of its file.

- `inside`: Scaled down until it fits in; a smaller photo stays as it is.
- `pad`: Scaled to fit in, larger too, and padded to exactly the size.
- `cover`: Scaled to cover the size, and what reaches beyond it cut off on both sides alike.
"""

ProfileMode = Literal["keep", "srgb", "none"]
"""Which colour profile a file carries.

- `keep`: The photo's own, where it still has one; sRGB is meant where there is none.
- `srgb`: Colours are converted to sRGB, and the file says so.
- `none`: Colours are converted to sRGB, and the file says nothing, to be smaller.
"""

ColorPolicy = Literal["to-srgb", "keep", "data"]
"""What becomes of a photo's colour profile.

- `to-srgb`: Convert to sRGB, which models expect and every screen shows.
- `keep`: Keep the samples as they are and write the profile back when saving. CMYK is converted all the same.
- `data`: The samples as they are, without a profile: for masks, trimaps and whatever else is no colour.
"""

Existing = Literal["skip", "replace", "number", "fail"]
"""What to do where a file that no batch wrote stands in a result's place.

- `skip`: Leave it and count the photo as skipped.
- `replace`: Write over it.
- `number`: Give the result another name: `-2`, `-3`, and so on.
- `fail`: Count the photo as failed.
"""

Backend = Literal["auto", "onnxruntime", "rten"]
"""Which backend runs models.

- `auto`: ONNX Runtime if a usable library is found and loads the model, rten otherwise.
- `onnxruntime`: ONNX Runtime, or an error with the code `backend_missing`.
- `rten`: rten, which is compiled in.
"""

ImageFormat = Literal["jpeg", "png", "webp", "tiff", "avif", "heic"]
"""A file format for photos.

- `jpeg`: JPEG; 8 bit, no alpha.
- `png`: PNG; 8 or 16 bit, alpha, lossless.
- `webp`: WebP; 8 bit, alpha, lossy or lossless.
- `tiff`: TIFF; 8 or 16 bit, alpha, lossless.
- `avif`: AVIF; 8 bit, alpha. Written with the cargo feature `avif`, never read.
- `heic`: HEIC; read with the cargo feature `heic`, never written.
"""

BatchOutcome = Literal["done", "resumed", "skipped", "failed"]
"""How a photo of a batch ended.

- `done`: Made now.
- `resumed`: Done before, of the same photo with the same recipe, and still there.
- `skipped`: Left out: a file that no batch wrote stands in its place, or its result was changed since.
- `failed`: Failed.
"""

Stage = Literal["decode", "download", "load", "prepare", "inference", "matte", "edges", "compose", "encode"]
"""What an operation is doing.

- `decode`: Reading and decoding the photo.
- `download`: Fetching a model.
- `load`: Reading a model into a backend.
- `prepare`: Scaling and normalising the photo.
- `inference`: Running the model.
- `matte`: Turning the model's answer into a matte at photo size.
- `edges`: Working out alpha and colours along the edge.
- `compose`: Composing and cropping the result.
- `encode`: Encoding the result.
"""

ErrorKind = Literal["photo", "limit", "option", "file", "model", "network", "backend", "cancelled", "internal"]
"""The coarse class of an error: who can mend it, and how.

- `photo`: The photo itself cannot be used.
- `limit`: A limit was reached; nothing was allocated beyond it.
- `option`: An option, or a combination of options, makes no sense.
- `file`: A file could not be read or written.
- `model`: A model is unknown, missing, damaged or not permitted.
- `network`: A download failed.
- `backend`: No backend could run the model.
- `cancelled`: The caller cancelled.
- `internal`: A defect in Packshot.
"""

ModelState = Literal["embedded", "present", "absent", "damaged"]
"""Whether a model is on this machine.

- `embedded`: It is a part of the library.
- `present`: Every file is there, with the published size where there is one.
- `absent`: At least one file is not there.
- `damaged`: A file is there with the wrong size. (The right size with wrong content is found by verifying it.)
"""


class RemoveBackgroundOptions(TypedDict, total=False):
    """Cuts the subject out of a photo.

    A mask, a trimap and a picture behind the subject may be files, and photos that are decoded already.
    """

    model: str | ModelFile | None
    """The model that finds the subject. Default: Packshot's own."""
    output: Output | None
    """What the result shows. Default: `rgba`."""
    edges: Edges | None
    """How alpha is worked out along the edge. Default: `fast`."""
    decontaminate: bool | None
    """Takes the old background's colour out of half-transparent pixels. Default: `true`."""
    keep_holes: bool | None
    """Also cuts out the background that shows through rings, handles, frames and letters. Default: `false`."""
    solidify: bool | None
    """Makes the inside of the subject opaque. Default: `false`."""
    crop: Length | Sequence[Length] | None
    """Crops to the subject and this margin: one, two or four lengths in CSS order, such as `5%` or `20px 40px`.
    Default: the whole photo."""
    region: str | Sequence[Length] | None
    """Only this part of the photo is looked at: `left top right bottom`, in pixels or percent, such as `10% 0 90%
    100%`. Default: the whole photo."""
    subject: str | Sequence[Length] | None
    """A box around the wanted subject, written like `region`. Default: every subject is wanted."""
    instances: str | Sequence[int] | None
    """Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`. Default: `all`."""


class UpscaleOptions(TypedDict, total=False):
    """Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2."""

    model: str | ModelFile | None
    """The model that adds the detail. Default: Packshot's own."""
    scale: float | None
    """The factor of both sides; need not be whole. Range: 1 to 8. Default: 2."""
    size: Size | None
    """The size to reach, such as `2000` for the longer side; the aspect is kept. A photo that is as large already
    stays as it is. Default: what `scale` makes."""
    denoise: float | None
    """How much noise and how many JPEG blocks to take away; in between, the weights of two trained nets are blended.
    Range: 0 to 1. Default: the model as it is; 0 with Packshot's own."""
    tile: int | None
    """Longest side of the tiles that the model works on, in pixels of the photo: smaller takes less memory, larger
    less time. Range: 32 to 2,048. Default: 256 to 384, according to how far the model looks."""


class CropOptions(TypedDict, total=False):
    """Keeps a part of a photo: an area, an aspect, or the subject with a margin.

    `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
    """

    area: str | Sequence[Length] | None
    """The part to keep: `left top right bottom`, such as `10% 0 90% 100%`. Default: the whole photo."""
    margin: Length | Sequence[Length] | None
    """Keeps the subject and this margin: one, two or four lengths in CSS order, such as `5%` or `20px 40px`. The
    subject is what is not transparent; in a photo without transparent parts, a model finds it. Default: the
    subject is not looked for."""
    aspect: str | float | None
    """Width to height of the result, such as `1:1`, `4:5` or `1.91`, from 1:100 to 100:1. The largest part of the
    area that has it is kept; with `margin`, the smallest part around the subject. Default: as it comes."""
    gravity: Gravity | None
    """Where the kept part lies, or where the subject stands in it, when `aspect` leaves a choice. Default: center."""
    size: Size | None
    """The size of the result: it is scaled down to fit, and never up. Default: as it is."""
    model: str | ModelFile | None
    """The model that finds the subject. Default: Packshot's own."""


class EncodeOptions(TypedDict, total=False):
    """How to write a photo. What concerns another format is ignored."""

    quality: int | None
    """JPEG, lossy WebP, AVIF: 1 is worst, 100 best. Range: 1 to 100. Default: 90."""
    chroma: Chroma | None
    """JPEG: resolution of colour. Default: `half`."""
    lossless: bool | None
    """WebP: keep every sample as it is. Default: `false`."""
    png: PngCompression | None
    """PNG: time against size. Default: `fast`."""
    background: Color | None
    """The colour that shows through where the photo is transparent and the format cannot be, and of the padding of
    `fit`, as CSS writes it. Default: white; padding is transparent where photo and format are, and black around a
    matte."""
    metadata: MetadataMode | None
    """What of the original's metadata is written. Default: `strip`."""
    size: Size | None
    """The size of the saved picture: `2000` (the longer side), `1200x`, `x800` or `1200x800`; see `fit`. Default:
    the photo's."""
    fit: Fit | None
    """How the photo gets that size. `pad` and `cover` need both sides, or one number for a square. Default:
    `inside`."""
    max_bytes: int | None
    """Most bytes of the file: quality is lowered, down to 30, until it fits; lossless formats are compressed harder.
    Default: as many as it takes."""
    dpi: int | None
    """Dots per inch that the file states; changes no pixel. Range: 1 to 65,535. Default: what the metadata that is
    kept says."""
    profile: ProfileMode | None
    """The colour profile that the file carries. Default: `keep`."""


class DecodeOptions(TypedDict, total=False):
    """How to read a photo."""

    color: ColorPolicy | None
    """What becomes of the colour profile. Default: `to-srgb`."""
    max_pixels: int | None
    """Most pixels, width times height. Default: 120 million."""
    max_bytes: int | None
    """Most bytes of the file. Default: 512 MiB."""
    max_frames: int | None
    """Most frames of an animation, or pages of a TIFF. Default: 1,000."""
    max_profile_bytes: int | None
    """Most bytes of the ICC profile. Default: 4 MiB."""
    max_metadata_bytes: int | None
    """Most bytes of EXIF and of XMP each; what is larger is left out. Default: 4 MiB."""


class BatchOptions(TypedDict, total=False):
    """Many photos through one recipe: what goes in, where results go, and what to do when something is in the way.

    What a batch reads, it never writes to: photos, table, recipe, model files and `protect` stay as they are,
    whatever name or link leads to them. In JSON, a path that is not Unicode is `{"bytes": "…"}`, in base64.
    """

    table: Path | None
    """A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output` (the
    name of the result), and a column for each variable of the recipe that rows set."""
    recursive: bool | None
    """Whether folders are searched to any depth; results then keep their subfolder. Default: `false`."""
    name: str | None
    """Naming of results: text with `{stem}`, `{ext}`, `{folder}` (the input's, below the one that was given) and
    `{number}` (the input's place, from 1). Default: `{folder}/{stem}.{ext}`."""
    existing: Existing | None
    """What to do where a file that no batch wrote stands in the place of a result, or of the report or the sheet. A
    result that was changed since is such a file. Default: `skip`."""
    resume: bool | None
    """Go on where the batch in this folder was stopped: what is done with the same photo and the same recipe is not
    done again. Default: `true`."""
    workers: int | None
    """Photos that are worked on at a time. Range: 1 to 64. Default: the number of cores."""
    memory: int | None
    """Most bytes that decoded photos and results may take together; a photo waits until there is room for it.
    Default: 2 GiB."""
    retries: int | None
    """How often a photo is tried again when a file, a disk or a network is to blame. Default: 1."""
    max_failures: int | None
    """Stop after this many failures, at least 1. Default: never."""
    watch: bool | None
    """Go on watching the folders for new photos until cancelled. Default: `false`."""
    report: Path | None
    """A file for the report, as JSON."""
    sheet: Path | None
    """A file for the contact sheet, as HTML: before and after of each photo."""
    protect: Sequence[Path] | None
    """Other files that this call reads, such as a list of photos: nothing is written to them."""


class EngineOptions(TypedDict, total=False):
    """What an engine can be asked for."""

    backend: Backend | None
    """Which backend runs models. Default: `auto`."""
    ort_library: Path | None
    """The ONNX Runtime library to load, before any that is found by itself."""
    threads: int | None
    """Threads for one model run, at least 1. Default: the number of cores, at most 4."""
    workers: int | None
    """How many calls work at a time, at least 1; others wait in the order in which they came. One worker more is for
    photos of up to two million pixels. Photos of batches take turns with the calls. Default: the number of cores."""
    memory: int | None
    """How many bytes all calls and batches may take together, at least 1, as the headers of their photos tell. What
    needs more than that is worked on alone. Models are not counted. Default: a quarter of the machine's memory."""
    cache_dir: Path | None
    """The folder for models. Default: `PACKSHOT_CACHE`, or the platform's folder for caches."""
    download: bool | None
    """Whether a tool may fetch a missing model of the registry. Default: `false`."""
    offline: bool | None
    """Forbids the network. Default: `false`."""
    allow_noncommercial: bool | None
    """Permits models whose licence forbids commercial use. Default: `false`."""
    registry: str | None
    """Models to add to those that Packshot knows: the text of a registry in TOML."""

"""Photos: bytes and pixels, in and out."""

from __future__ import annotations

import gc
import io
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image

import packshot
from material import mask, photo, small
from packshot import Photo

CHANNELS = (1, 2, 3, 4)


def noise(height: int, width: int, channels: int, kind: str) -> Any:
    random = numpy.random.default_rng(7)
    return random.integers(0, numpy.iinfo(kind).max, (height, width, channels), dtype=kind, endpoint=True)


@pytest.mark.shows("photo.pixels_in", "photo.pixels_out", "photo.facts")
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", CHANNELS)
def test_pixels_go_in_and_come_out(channels: int, kind: str) -> None:
    pixels = noise(5, 7, channels, kind)
    made = Photo.from_numpy(pixels)
    assert (made.width, made.height, made.channels, made.depth) == (7, 5, channels, 8 if kind == "uint8" else 16)
    assert made.has_alpha == (channels in (2, 4))
    assert (made.format, made.profile, made.exif, made.xmp) == (None, None, None, None)
    out = made.to_numpy()
    assert (out.dtype, out.shape) == (pixels.dtype, pixels.shape)
    assert numpy.array_equal(out, pixels)
    assert numpy.array_equal(Photo.decode(made.encode("png")).to_numpy(), pixels), "PNG loses nothing"


@pytest.mark.parametrize(
    "view",
    [
        lambda pixels: pixels[::2, ::3],
        lambda pixels: pixels[::-1],
        lambda pixels: pixels.transpose(1, 0, 2),
        lambda pixels: pixels[:, :, ::-1],
        lambda pixels: numpy.asfortranarray(pixels),
        lambda pixels: numpy.broadcast_to(pixels[:1], pixels.shape),
        lambda pixels: pixels[:, :, :1][:, :, 0],
        lambda pixels: pixels.astype(">u2"),
        lambda pixels: pixels.astype("<u2"),
    ],
)
def test_odd_arrays_are_copied(view: Any) -> None:
    array = view(noise(9, 12, 3, "uint8"))
    out = Photo.from_numpy(array).to_numpy()
    assert numpy.array_equal(out.reshape(array.shape), array)


def test_an_array_is_copied_when_the_photo_is_made() -> None:
    pixels = noise(4, 4, 3, "uint8")
    made, before = Photo.from_numpy(pixels), pixels.copy()
    pixels[:] = 0
    assert numpy.array_equal(made.to_numpy(), before)


@pytest.mark.parametrize("kind", ["float32", "int16", "bool", "uint32", "object"])
def test_other_types_of_samples_are_refused(kind: str) -> None:
    with pytest.raises(packshot.OptionTypeError, match="uint8 or uint16") as caught:
        Photo.from_numpy(numpy.zeros((3, 3), kind))
    assert caught.value.code == "option_invalid"


@pytest.mark.parametrize("shape", [(3,), (), (2, 2, 2, 2), (2, 2, 5), (2, 2, 0), (0, 3, 3), (3, 0)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(packshot.OptionError) as caught:
        Photo.from_numpy(numpy.zeros(shape, "uint8"))
    assert isinstance(caught.value, ValueError)


@pytest.mark.shows("photo.pixels_out")
def test_the_array_is_the_photos_own_memory_and_keeps_it() -> None:
    made = Photo.from_numpy(noise(50, 60, 3, "uint8"))
    first, second = made.to_numpy(), numpy.asarray(made)
    assert numpy.shares_memory(first, second), "nothing is copied"
    assert not first.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0
    before = first.copy()
    del made, second
    gc.collect()
    Photo.from_numpy(noise(50, 60, 3, "uint8") + 1)
    assert numpy.array_equal(first, before), "the array keeps the photo's memory"


def test_numpys_protocol() -> None:
    made = Photo.from_numpy(noise(5, 6, 3, "uint8"))
    copied = numpy.array(made)
    assert copied.flags.writeable
    assert not numpy.shares_memory(copied, made.to_numpy())
    assert numpy.asarray(made, dtype="float32").dtype == "float32"
    assert numpy.shares_memory(numpy.asarray(made, copy=False), made.to_numpy())
    with pytest.raises(ValueError, match="without a copy"):
        numpy.asarray(made, dtype="float32", copy=False)


def test_the_cut_out_of_an_array_is_that_of_its_file(engine: packshot.Engine) -> None:
    mug = Photo.open(photo("mug.jpg"))
    from_array = engine.remove_background(mug.to_numpy())
    assert numpy.array_equal(from_array.to_numpy(), engine.remove_background(photo("mug.jpg")).to_numpy())


@pytest.mark.shows("cutout.sources")
@pytest.mark.parametrize(
    "kind", ["str", "path", "bytes", "bytearray", "memoryview", "file", "buffer", "pil", "array", "photo"]
)
def test_every_source(engine: packshot.Engine, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "phötö.png"
    small().save(file)
    data = file.read_bytes()
    sources: dict[str, Any] = {
        "str": str(file),
        "path": file,
        "bytes": data,
        "bytearray": bytearray(data),
        "memoryview": memoryview(data),
        "buffer": io.BytesIO(data),
        "array": numpy.asarray(small()),
        "photo": small(),
    }
    expected = engine.remove_background(small(), mask=mask()).to_numpy()
    if kind == "file":
        with file.open("rb") as opened:
            cutout = engine.remove_background(opened, mask=mask())
    elif kind == "pil":
        with Image.open(file) as image:
            cutout = engine.remove_background(image, mask=mask().to_pil(), background=None)
    else:
        cutout = engine.remove_background(sources[kind], mask=mask())
        assert Photo(sources[kind] if kind != "buffer" else io.BytesIO(data)).width == 64
    assert numpy.array_equal(cutout.to_numpy(), expected)


@pytest.mark.parametrize("wrong", [7, None, io.StringIO("text"), ["a.jpg"], object()])
def test_other_things_are_no_photo(engine: packshot.Engine, wrong: Any) -> None:
    with pytest.raises(packshot.OptionTypeError, match=r"a photo is (a path|read from a binary file)"):
        engine.remove_background(wrong)


@pytest.mark.parametrize("empty", [b"", bytearray(), io.BytesIO()])
def test_nothing_is_no_photo(engine: packshot.Engine, empty: Any) -> None:
    with pytest.raises(packshot.PhotoError) as caught:
        engine.remove_background(empty)
    assert caught.value.code == "photo_empty"


@pytest.mark.shows("cutout.pictures", "remove_background.options")
def test_a_background_is_a_colour_or_a_picture(engine: packshot.Engine) -> None:
    red = numpy.full((48, 64, 3), (255, 0, 0), "uint8")
    by_name, by_numbers, by_picture = (
        engine.remove_background(small(), mask=mask(), background=background).to_numpy()
        for background in ("red", (255, 0, 0), red)
    )
    assert numpy.array_equal(by_name, by_numbers)
    assert numpy.array_equal(by_name[0, 0], (255, 0, 0))
    assert numpy.array_equal(by_picture[0, 0, :3], (255, 0, 0))


def test_a_colour_may_be_an_array(engine: packshot.Engine) -> None:
    cutout = engine.remove_background(small(), mask=mask(), background=numpy.array([255, 0, 0]))
    assert numpy.array_equal(cutout.to_numpy()[0, 0], (255, 0, 0))


def test_a_rectangle_of_a_result_is_an_area(engine: packshot.Engine) -> None:
    rectangle = packshot.Rect(10, 5, 30, 20)
    assert engine.crop(small(), area=rectangle).frame == rectangle


@pytest.mark.shows("cutout.matte", "cutout.facts")
def test_matte_trimap_and_facts(engine: packshot.Engine) -> None:
    cutout = engine.remove_background(photo("mug.jpg"), crop="5%")
    assert (cutout.matte.width, cutout.matte.height, cutout.matte.channels) == (320, 272, 1)
    assert cutout.matte is cutout.matte
    assert cutout.trimap is not None
    assert set(numpy.unique(cutout.trimap.to_numpy())) <= {0, 128, 255}
    assert cutout.subject is not None
    assert (cutout.frame.width, cutout.frame.height) == (cutout.width, cutout.height)
    assert cutout.frame.left <= cutout.subject.left < cutout.subject.right <= cutout.frame.right
    assert cutout.frame.top <= cutout.subject.top < cutout.subject.bottom <= cutout.frame.bottom
    assert cutout.instances[0].bounds.width > 100
    assert cutout.instances[0].area > 10_000
    assert 0.9 < cutout.confidence <= 1
    assert 0 <= cutout.halo < 0.3
    assert cutout.ran.model == "packshot-matte-2"
    assert cutout.ran.backend is not None
    assert cutout.ran.backend.name == "rten"
    assert list(cutout.ran.stages)[-1] == "compose"
    assert engine.remove_background(small(), mask=mask(), edges="off").trimap is None


@pytest.mark.parametrize(
    ("mode", "channels", "depth"),
    [
        ("1", 1, 8),
        ("L", 1, 8),
        ("LA", 2, 8),
        ("RGB", 3, 8),
        ("RGBA", 4, 8),
        ("P", 3, 8),
        ("CMYK", 3, 8),
        ("I;16", 1, 16),
    ],
)
def test_pillow_modes(mode: str, channels: int, depth: int) -> None:
    image = Image.fromarray(noise(6, 8, 1, "uint16")[:, :, 0]) if mode == "I;16" else Image.new(mode, (8, 6), 1)
    made = Photo.from_pil(image)
    assert (made.width, made.height, made.channels, made.depth) == (8, 6, channels, depth)
    back = made.to_pil()
    assert numpy.array_equal(numpy.asarray(back), made.to_numpy().reshape(numpy.asarray(back).shape))


def test_a_palette_with_a_clear_colour_has_alpha() -> None:
    image = Image.new("P", (2, 2), 0)
    image.info["transparency"] = 0
    assert Photo.from_pil(image).channels == 4


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pictures_without_a_range_are_refused(mode: str) -> None:
    with pytest.raises(packshot.OptionTypeError, match="no fixed range"):
        Photo.from_pil(Image.new(mode, (2, 2)))


def test_colour_of_16_bit_becomes_8_bit_in_pillow() -> None:
    pixels = noise(3, 4, 4, "uint16")
    assert numpy.array_equal(
        numpy.asarray(Photo.from_numpy(pixels).to_pil()), ((pixels + 128.0) // 257).astype("uint8")
    )


@pytest.mark.shows("photo.save", "photo.open")
def test_saving_is_one_step(tmp_path: Path) -> None:
    target = tmp_path / "a.jpg"
    small().save(target, quality=80)
    assert Photo.open(target).format == "jpeg"
    before = target.read_bytes()
    with pytest.raises(packshot.OptionError):
        small().save(target, quality=101)
    assert target.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.jpg"]
    small().save(tmp_path / "named-otherwise", "webp")
    assert Photo.open(tmp_path / "named-otherwise").format == "webp"
    with pytest.raises(packshot.PhotoError, match="extension"):
        small().save(tmp_path / "a.xyz")
    with pytest.raises(packshot.FileError) as caught:
        small().save(tmp_path / "nowhere" / "a.png")
    assert caught.value.code == "file_unwritable"


@pytest.mark.shows("photo.limits")
def test_limits_and_profile() -> None:
    with pytest.raises(packshot.LimitError) as caught:
        Photo.open(photo("mug.jpg"), max_pixels=100)
    assert caught.value.code == "limit_pixels"
    buffer = io.BytesIO()
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (4, 4)).save(buffer, "png", icc_profile=profile)
    assert Photo.decode(buffer.getvalue(), color="keep").profile == profile
    assert Photo.decode(buffer.getvalue()).profile is None


def test_a_notebook_shows_the_picture(large: packshot.Photo) -> None:
    shown = Photo.decode(large._repr_png_())
    assert (shown.width, shown.height, shown.format) == (1024, 768, "png")
    assert Photo.decode(small()._repr_png_()).width == 64
    assert repr(small()) == "<Photo 64 x 48, RGB, 8 bit>"

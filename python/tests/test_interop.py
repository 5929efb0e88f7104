"""Pictures of other packages are treated like files, and photos like other Python objects."""

from __future__ import annotations

import copy
import io
import pickle
import sys
import typing

import numpy
import pytest
from PIL import Image

import packshot
from material import photo, small
from packshot import Photo


@pytest.mark.parametrize("name", ["sideways.jpg", "tagged.png", "gray16.png", "alpha.png"])
def test_a_pillow_image_looks_like_its_file(name: str) -> None:
    made, expected = Photo.from_pil(Image.open(photo(name))), Photo.open(photo(name))
    assert made.to_numpy().shape == expected.to_numpy().shape
    difference = made.to_numpy().astype(int) - expected.to_numpy().astype(int)
    # Two decoders of JPEG may differ a little; colours without the profile would by far more.
    assert numpy.abs(difference).max() <= (3 if name.endswith("jpg") else 1)


def test_a_background_that_is_neither_colour_nor_picture_is_refused_by_the_core() -> None:
    with pytest.raises(packshot.OptionError, match=r"expected a CSS colour, .* found a table"):
        packshot.remove_background(small(), background={"r": 1}, mask=small())  # type: ignore[arg-type]


def test_a_profile_of_other_channels_is_not_used() -> None:
    gray = Image.open(photo("tagged.png")).convert("L")
    assert gray.info["icc_profile"]
    assert numpy.array_equal(Photo.from_pil(gray).to_numpy()[:, :, 0], numpy.asarray(gray))


def test_a_photo_is_saved_to_an_open_file() -> None:
    for name, options in ((None, {}), ("jpeg", {"quality": 80}), ("JPG", {})):
        file = io.BytesIO()
        small().save(file, name, **options)  # type: ignore[arg-type]
        assert Photo.decode(file.getvalue()).format == ("png" if name is None else "jpeg")
    with pytest.raises(packshot.OptionTypeError, match="not to an int"):
        small().save(7)  # type: ignore[arg-type]


def test_the_depth_of_an_array_can_be_chosen() -> None:
    eight = small().to_numpy()
    sixteen = small().to_numpy("uint16")
    assert sixteen.dtype == numpy.uint16
    assert numpy.array_equal(sixteen, eight.astype("uint16") * 257)
    assert numpy.array_equal(Photo.from_numpy(sixteen).to_numpy(numpy.uint8), eight)
    with pytest.raises(packshot.OptionTypeError, match="float32"):
        small().to_numpy("float32")  # type: ignore[call-overload]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_photos_and_results_are_pickled_and_copied(again: object, engine: packshot.Engine) -> None:
    assert callable(again)
    wide = Photo.open(photo("gray16.png"))
    assert numpy.array_equal(again(wide).to_numpy(), wide.to_numpy())
    cutout = engine.remove_background(photo("mug.jpg"))
    same = again(cutout)
    assert type(same) is packshot.Cutout
    assert (same.subject, same.frame, same.confidence, same.ran) == (
        cutout.subject,
        cutout.frame,
        cutout.confidence,
        cutout.ran,
    )
    assert numpy.array_equal(same.matte.to_numpy(), cutout.matte.to_numpy())
    assert numpy.array_equal(same.to_numpy(), cutout.to_numpy())


def test_help_explains_each_option() -> None:
    from packshot import options

    for tool, known in (("remove_background", "RemoveBackground"), ("upscale", "Upscale"), ("crop", "Crop")):
        names = getattr(options, f"{known}Options").__annotations__
        for documented in (getattr(packshot, tool), getattr(packshot.Engine, tool)):
            missing = [name for name in names if f"- `{name}`: " not in documented.__doc__]
            assert not missing, f"help({tool}) does not explain {missing}"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Unpack is new in Python 3.11")
@pytest.mark.parametrize("tool", ["remove_background", "upscale", "crop"])
def test_types_are_there_at_run_time(tool: str) -> None:
    for owner in (packshot, packshot.Engine, packshot.AsyncEngine):
        hints = typing.get_type_hints(getattr(owner, tool))
        assert packshot.Photo in typing.get_args(hints["photo"])
        assert issubclass(hints["return"], packshot.Photo)


def test_a_notebook_shows_what_a_recipe_made(engine: packshot.Engine) -> None:
    made = engine.run_recipe(photo("mug.jpg"), "thumbnail")
    assert Photo.decode(made._repr_png_()).width == made.width

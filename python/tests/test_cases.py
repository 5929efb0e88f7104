"""The cases of `bindings/cases`."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import packshot
from material import CASES, cases, photo
from packshot import Photo

# The colour and the picture are one argument here.
NOT_TO_BE_SAID = {"two backgrounds"}
TOLERANCES = {"confidence": 0.02, "halo": 0.02, "subject": 2, "frame": 2, "grid": 2}


def by_name(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases(name)]


def grid(picture: Photo) -> list[list[float]]:
    pixels = picture.to_numpy().astype("float64") / (257 if picture.depth == 16 else 1)
    height, width, _ = pixels.shape
    rows = [slice(j * height // 4, (j + 1) * height // 4) for j in range(4)]
    columns = [slice(i * width // 4, (i + 1) * width // 4) for i in range(4)]
    return [pixels[row, column].mean(axis=(0, 1)).tolist() for row in rows for column in columns]


def facts(picture: Photo) -> dict[str, Any]:
    names = ("width", "height", "channels", "depth")
    return {name: getattr(picture, name) for name in names} | {"grid": grid(picture)}


def file_facts(picture: Photo) -> dict[str, Any]:
    return facts(picture) | {"format": picture.format, "exif": picture.exif is not None}


def compare(expect: dict[str, Any], found: dict[str, Any]) -> None:
    assert found.keys() == expect.keys()
    for name, value in expect.items():
        if name in TOLERANCES and value is not None:
            assert numpy.allclose(found[name], value, rtol=0, atol=TOLERANCES[name]), name
        else:
            assert found[name] == value, name


def cut(engine: packshot.Engine, case: dict[str, Any]) -> dict[str, Any]:
    options = dict(case["options"])
    if isinstance(model := options.get("model"), dict):
        options["model"] = packshot.ModelFile(**{**model, "file": CASES / model["file"]})
    pictures = {name: photo(file) for name, file in case.get("pictures", {}).items()}
    cutout = engine.remove_background(photo(case["photo"]), **pictures, **options)
    return facts(cutout) | {
        "subject": cutout.subject,
        "frame": cutout.frame,
        "instances": len(cutout.instances),
        "confidence": cutout.confidence,
        "halo": cutout.halo,
        "model": cutout.ran.model,
    }


@pytest.mark.shows(
    "engine", "engine.options", "cutout", "cutout.options", "cutout.pictures", "cutout.facts", "cutout.model", "errors"
)
@pytest.mark.parametrize("case", by_name("cutouts.json"))
def test_cutouts(engine: packshot.Engine, case: dict[str, Any]) -> None:
    if case["name"] in NOT_TO_BE_SAID:
        assert case["error"] == "option_invalid"
    elif "error" in case:
        with pytest.raises(packshot.PackshotError) as caught:
            cut(engine, case)
        assert caught.value.code == case["error"]
    else:
        compare(case["expect"], cut(engine, case))


def test_only_one_case_cannot_be_said() -> None:
    assert {case["name"] for case in cases("cutouts.json")} >= NOT_TO_BE_SAID


def recode(case: dict[str, Any]) -> dict[str, Any]:
    picture = Photo.open(photo(case["photo"]), **case["decode"])
    again = Photo.decode(picture.encode(**case["encode"]), **case["decode"])
    return file_facts(picture) | {"again": file_facts(again)}


@pytest.mark.shows("photo.open", "photo.decode", "photo.limits", "photo.facts", "photo.encode")
@pytest.mark.parametrize("case", by_name("photos.json"))
def test_photos(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(packshot.PackshotError) as caught:
            recode(case)
        assert caught.value.code == case["error"]
        return
    found = recode(case)
    compare(case["expect"].pop("again"), found.pop("again"))
    compare(case["expect"], found)

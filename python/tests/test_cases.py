"""The cases of `bindings/cases`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy
import pytest

import packshot
from material import CASES, cases, photo
from packshot import Photo

# The colour and the picture are one argument here.
NOT_TO_BE_SAID = {"two backgrounds"}
TOLERANCES = {"confidence": 0.02, "halo": 0.02, "subject": 2, "frame": 2, "grid": 2, "scale": 0.01}


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


def enlarge(engine: packshot.Engine, case: dict[str, Any]) -> dict[str, Any]:
    upscaled = engine.upscale(photo(case["photo"]), **case["options"])
    return facts(upscaled) | {"model": upscaled.ran.model, "scale": upscaled.scale}


@pytest.mark.shows("upscale", "upscale.options")
@pytest.mark.parametrize("case", by_name("upscales.json"))
def test_upscales(engine: packshot.Engine, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(packshot.PackshotError) as caught:
            enlarge(engine, case)
        assert caught.value.code == case["error"]
    else:
        compare(case["expect"], enlarge(engine, case))


def recipe_of(case: dict[str, Any]) -> packshot.Recipe:
    recipe = packshot.Recipe.parse(case["recipe"]) if "recipe" in case else packshot.Recipe.preset(case["preset"])
    return recipe.with_variables(**case.get("variables", {}))


def render(engine: packshot.Engine, case: dict[str, Any]) -> dict[str, Any]:
    rendition = engine.run_recipe(photo(case["photo"]), recipe_of(case))
    file = facts(Photo.decode(rendition.bytes))
    assert (rendition.width, rendition.height) == (file["width"], file["height"])
    return file | {"format": rendition.format, "steps": [step.step for step in rendition.steps]}


@pytest.mark.shows("recipe", "recipe.variables", "recipe.run", "export")
@pytest.mark.parametrize("case", by_name("recipes.json"))
def test_recipes(engine: packshot.Engine, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(packshot.PackshotError) as caught:
            render(engine, case)
        assert caught.value.code == case["error"]
    else:
        compare(case["expect"], render(engine, case))


def run_twice(engine: packshot.Engine, case: dict[str, Any], folder: Path) -> dict[str, Any]:
    for name in ("inputs", "results"):
        (folder / name).mkdir()
    copies = [shutil.copy(photo(name), folder / "inputs") for name in case.get("files") or case["inputs"]]
    options, inputs = dict(case["options"]), copies
    if "table" in case:
        options["table"], inputs = folder / "inputs/table.csv", []
        options["table"].write_text(case["table"], encoding="utf-8")
    recipe, results = recipe_of(case), folder / "results"
    first = engine.batch(recipe, inputs, results, **options)
    files = sorted(path.name for path in results.iterdir() if path != first.journal)
    errors = {item.input.name: item.error and item.error.code for item in first.failures}
    again = engine.batch(recipe, inputs, results, **options)
    return counts(first) | {"outputs": files, "errors": errors, "again": counts(again)}


def counts(report: packshot.BatchReport) -> dict[str, int]:
    return {name: getattr(report, name) for name in ("done", "failed", "skipped", "resumed")}


@pytest.mark.shows("batch", "batch.resume")
@pytest.mark.parametrize("case", by_name("batches.json"))
def test_batches(engine: packshot.Engine, case: dict[str, Any], tmp_path: Path) -> None:
    if "error" in case:
        with pytest.raises(packshot.PackshotError) as caught:
            run_twice(engine, case, tmp_path)
        assert caught.value.code == case["error"]
    else:
        assert run_twice(engine, case, tmp_path) == case["expect"]

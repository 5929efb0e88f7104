"""Recipes as objects, and what they make of a photo."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import pickle
from pathlib import Path

import numpy
import pytest

import packshot
from material import EnoughError, check, photo, small
from packshot import Recipe

TEXT = """
schema = "packshot.recipe/1"
name = "Small"
description = "A small picture."
[variables]
side = 64
lossless = false
background = "white"
[[steps]]
export = { format = "webp", size = "${side}", lossless = "${lossless}", background = "${background}" }
"""


@pytest.mark.shows("recipe")
def test_presets(engine: packshot.Engine) -> None:
    presets = Recipe.presets()
    assert {"white-background", "transparent-png", "web"} <= {preset.name for preset in presets}
    for preset in presets:
        recipe = Recipe.preset(preset.name)
        assert recipe == Recipe.parse(preset.text)
        assert (recipe.description, recipe.name) == (preset.description, preset.name)
        assert preset.description.endswith(".")
    for refused in (lambda: Recipe.preset("nothing"), lambda: engine.run_recipe(small(), "nothing")):
        with pytest.raises(packshot.OptionError, match="white-background") as caught:
            refused()
        assert caught.value.code == "recipe_invalid"


@pytest.mark.shows("recipe")
def test_a_recipe_as_text_and_in_a_file(tmp_path: Path) -> None:
    recipe = Recipe.parse(TEXT)
    assert (recipe.name, recipe.description, recipe.steps) == ("Small", "A small picture.", ["export"])
    assert repr(recipe) == "<Recipe 'Small': export, background='white', lossless='false', side='64'>"
    path = tmp_path / "small.toml"
    path.write_text(TEXT, encoding="utf-8")
    opened = Recipe.open(path)
    assert (opened.hash, opened.to_toml()) == (recipe.hash, recipe.to_toml())
    assert len(recipe.hash) == 64
    again = Recipe.parse(recipe.to_json())
    assert (again.hash, again.variables) == (recipe.hash, {})
    assert json.loads(recipe.to_json())["steps"] == [
        {"export": {"background": "white", "format": "webp", "lossless": False, "size": "64"}}
    ]
    assert Recipe.parse(recipe.to_toml()).to_json() == recipe.to_json()


def test_what_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    wrong = TEXT.replace('format = "webp"', 'fromat = "webp"')
    with pytest.raises(packshot.OptionError, match="fromat") as caught:
        Recipe.parse(wrong)
    assert (caught.value.code, caught.value.context["line"]) == ("recipe_invalid", "10")
    path = tmp_path / "wrong.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(packshot.OptionError) as caught:
        Recipe.open(path)
    assert caught.value.context == {"line": "10", "file": str(path)}
    with pytest.raises(packshot.FileError):
        Recipe.open(tmp_path / "nothing.toml")
    with pytest.raises(packshot.OptionTypeError, match="not an int"):
        Recipe(5)  # type: ignore[arg-type]


@pytest.mark.shows("recipe.variables")
def test_variables() -> None:
    recipe = Recipe.parse(TEXT)
    assert recipe.variables == {"side": "64", "lossless": "false", "background": "white"}
    other = recipe.with_variables(side=32, lossless=True, background=None)
    assert other.variables == {"side": "32", "lossless": "true", "background": "white"}
    assert recipe.variables["side"] == "64", "the first one stays as it is"
    assert other.hash != recipe.hash
    numpys = recipe.with_variables(side=numpy.int64(32), lossless=numpy.bool_(True), background=numpy.str_("white"))
    assert numpys.hash == other.hash
    assert other.with_variables(side=64, lossless=False).hash == recipe.hash
    for values in ({"colour": "red"}, {"side": "wide"}, {"side": 0.5}, {"background": "no colour"}):
        with pytest.raises(packshot.OptionError) as caught:
            recipe.with_variables(**values)  # type: ignore[arg-type]
        assert caught.value.code == "recipe_invalid"
    with pytest.raises(packshot.OptionTypeError, match="not a list"):
        recipe.with_variables(side=[1])  # type: ignore[arg-type]


def test_it_can_be_pickled_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe.parse(TEXT).with_variables(side=32)
    for again in (pickle.loads(pickle.dumps(recipe)), copy.copy(recipe), copy.deepcopy(recipe)):
        assert again == recipe
        assert (again.hash, again.variables) == (recipe.hash, recipe.variables)
        assert again.with_variables(side=64).variables["side"] == "64", "it is still a template"
    assert len({recipe, Recipe.parse(TEXT), Recipe.parse(TEXT).with_variables(side=32)}) == 2
    assert recipe != "Small"
    # A recipe of a file keeps the folder that its models are in, wherever it is unpacked.
    net = """
schema = "packshot.recipe/1"
[[steps]]
upscale = { model = { file = "net.onnx", like = "packshot-upscale-2x-1" } }
"""
    (tmp_path / "net.toml").write_text(net, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    packed = pickle.dumps(Recipe.open("net.toml"))
    monkeypatch.chdir("/")
    with pytest.raises(packshot.PackshotError, match=str(tmp_path / "net.onnx")):
        packshot.Engine(backend="rten").run_recipe(small(), pickle.loads(packed))


@pytest.mark.shows("recipe.run", "export")
def test_a_rendition(engine: packshot.Engine, tmp_path: Path) -> None:
    recipe = Recipe.parse(TEXT)
    seen = list[packshot.Progress]()
    made = engine.run_recipe(photo("mug.jpg"), recipe, progress=seen.append)
    check(seen)
    assert (made.format, made.width, made.photo.width, made.steps) == ("webp", 64, 320, [])
    assert repr(made) == f"<Rendition 64 x {made.height}, webp, {len(made.bytes)} bytes>"
    decoded = packshot.Photo.decode(made.bytes)
    assert (decoded.width, decoded.height) == (made.width, made.height)
    made.save(tmp_path / "mug.webp")
    made.save(file := io.BytesIO())
    assert file.getvalue() == made.bytes
    assert (tmp_path / "mug.webp").read_bytes() == made.bytes
    with pytest.raises(packshot.FileError):
        made.save(tmp_path / "nowhere" / "mug.webp")


@pytest.mark.shows("recipe.run")
def test_the_steps_of_a_rendition(engine: packshot.Engine) -> None:
    two = """{"schema": "packshot.recipe/1", "steps": [
        {"upscale": {"scale": 2}}, {"remove_background": {"edges": "off", "background": "white"}}]}"""
    made = engine.run_recipe(photo("mug.jpg"), Recipe.parse(two))
    assert [step.step for step in made.steps] == ["upscale", "remove_background"]
    assert [(step.width, step.height) for step in made.steps] == [(640, 544)] * 2
    assert (made.format, made.width, made.photo.width) == ("png", 640, 640)
    for step in made.steps:
        assert step.ran.model is not None
        assert 0 < sum(step.ran.stages.values()) <= step.seconds * 1.05 + 0.01


@pytest.mark.shows("recipe.run")
def test_a_recipe_from_bytes_and_pixels_and_in_asyncio(engine: packshot.Engine) -> None:
    recipe = Recipe.parse(TEXT)
    png = small().encode()
    results = {
        engine.run_recipe(source, recipe).bytes for source in (png, io.BytesIO(png), small(), small().to_numpy())
    }
    asynchronous = packshot.AsyncEngine(engine)
    results.add(asyncio.run(asynchronous.run_recipe(png, recipe)).bytes)
    assert len(results) == 1
    token = packshot.CancelToken()
    token.cancel()
    for call in (
        lambda: engine.run_recipe(png, recipe, cancel=token),
        lambda: asyncio.run(asynchronous.run_recipe(png, recipe, cancel=token)),
    ):
        with pytest.raises(packshot.CancelledError):
            call()

    def tired(progress: packshot.Progress) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        engine.run_recipe(png, recipe, progress=tired)


@pytest.mark.shows("export")
def test_size_and_bytes_of_a_file() -> None:
    picture = packshot.Photo.open(photo("mug.jpg"))
    padded = packshot.Photo.decode(picture.encode("png", size="200x100", fit="pad", background="#ff0000"))
    assert (padded.width, padded.height) == (200, 100)
    assert padded.to_numpy()[50, 0].tolist() == [255, 0, 0]
    covered = packshot.Photo.decode(picture.encode("png", size=50, fit="cover"))
    assert (covered.width, covered.height) == (50, 50)
    large = picture.encode("jpeg", quality=95)
    small = picture.encode("jpeg", quality=95, max_bytes=len(large) // 3)
    assert len(small) <= len(large) // 3
    assert picture.encode("jpeg", dpi=300)[13:18] == bytes([1, 1, 44, 1, 44])
    with_profile = packshot.Photo.decode(picture.encode("jpeg", profile="srgb"), color="keep")
    assert with_profile.profile is not None
    with pytest.raises(packshot.OptionError, match="fit"):
        picture.encode("png", size="200x", fit="pad")
    with pytest.raises(packshot.PackshotError):
        picture.encode("jpeg", max_bytes=10)

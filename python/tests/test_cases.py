"""The cases of `bindings/cases`.

Each is also run without each of its options: then it has to fail, so an option that got lost on the way would show.
"""

from __future__ import annotations

import inspect
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy
import pytest

import packshot
from material import CASES, cases, photo
from packshot import Photo
from packshot.tools import Tools

Facts: TypeAlias = "dict[str, Any]"

# The colour and the picture are one argument here.
NOT_TO_BE_SAID = {"two backgrounds"}
# Of the numbers in a list of means or a rectangle, and of all others that need not be whole.
PIXELS, OTHERS = 2, 0.02
# Of what is expected, and at least a tenth.
SHARES = {"detail": 0.03, "bytes": 0.03}


def by_name(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases(name)]


def check(case: Facts, work: Callable[[Facts], Facts]) -> None:
    """Fails unless the case holds, and unless it does not hold without each of its options."""
    expected = {key: case[key] for key in ("expect", "error") if key in case}
    assert alike("", expected, found := outcome(case, work)), f"{found} for {expected}"
    for option, mutant in mutants(case):
        assert not alike("", expected, outcome(mutant, work)), f"passes without {option}"


# What came out of cases: many are the same once an option is taken away.
KNOWN: dict[str, Facts] = {}


def outcome(case: Facts, work: Callable[[Facts], Facts]) -> Facts:
    given = {key: value for key, value in case.items() if key not in ("name", "expect", "error")}
    asked = work.__qualname__ + json.dumps(given)
    if asked not in KNOWN:
        try:
            KNOWN[asked] = {"expect": work(case)}
        except packshot.PackshotError as error:
            KNOWN[asked] = {"error": error.code}
    return KNOWN[asked]


def mutants(case: Facts) -> Iterator[tuple[str, Facts]]:
    """The case without each of its options; of a table, such as that of a model, also without each of its keys."""
    for group in ("options", "pictures", "decode", "encode", "variables"):
        for option, value in case.get(group, {}).items():
            yield option, case | {group: without(case[group], option)}
            if isinstance(value, dict) and len(value) > 1:
                for key in value:
                    yield f"{option}.{key}", case | {group: case[group] | {option: without(value, key)}}


def without(table: Facts, key: str) -> Facts:
    return {name: value for name, value in table.items() if name != key}


def alike(key: str, expected: Any, found: Any) -> bool:
    """Whether two results are the same within the tolerance of their key."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(alike(name, expected[name], found[name]) for name in expected)
    if isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
        key = "pixels" if isinstance(found, packshot.Rect) else key
        pairs = zip(expected, found, strict=False)
        return len(expected) == len(found) and all(alike(key, *pair) for pair in pairs)
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return abs(expected - found) <= tolerance(key, expected, found) + 1e-9
    return bool(expected == found)


def tolerance(key: str, expected: float, found: float) -> float:
    if key in SHARES:
        return max(SHARES[key] * expected, 0.1)
    if key in ("pixels", "grid"):
        return PIXELS
    return OTHERS if isinstance(found, float) else 0


def grid(pixels: Any) -> list[list[float]]:
    height, width, _ = pixels.shape
    rows = [slice(j * height // 4, (j + 1) * height // 4) for j in range(4)]
    columns = [slice(i * width // 4, (i + 1) * width // 4) for i in range(4)]
    return [pixels[row, column].mean(axis=(0, 1)).tolist() for row in rows for column in columns]


def facts(picture: Photo) -> Facts:
    pixels = picture.to_numpy().astype("float64") / (257 if picture.depth == 16 else 1)
    detail = numpy.abs(numpy.diff(pixels, axis=1)).mean(axis=(0, 1)).tolist()
    names = ("width", "height", "channels", "depth")
    return {name: getattr(picture, name) for name in names} | {"grid": grid(pixels), "detail": detail}


def read_facts(picture: Photo) -> Facts:
    sizes = {"exif": picture.exif, "profile": picture.profile}
    sizes = {name: None if block is None else len(block) for name, block in sizes.items()}
    return facts(picture) | sizes | {"format": picture.format}


def file_facts(file: bytes) -> Facts:
    return read_facts(Photo.decode(file, color="keep")) | {"bytes": len(file), "dpi": dpi(file)}


def dpi(file: bytes) -> int | None:
    """Dots per inch in the first segment of a JPEG."""
    return int.from_bytes(file[14:16], "big") if file[6:10] == b"JFIF" and file[13] == 1 else None


def options_of(case: Facts) -> Facts:
    options = dict(case["options"])
    if isinstance(model := options.get("model"), dict):
        options["model"] = model_file(**model)
    return options


def model_file(file: str | None = None, **how: str) -> Any:
    # What cannot be said without a file is not a `ModelFile` either.
    return how if file is None else packshot.ModelFile(CASES / file, **how)


def by_tool() -> list[Any]:
    """The cases of all tools: a file for each."""
    return [
        pytest.param(file.stem, case, id=f"{file.stem}: {case['name']}", marks=pytest.mark.shows(*shown(file.stem)))
        for file in sorted((CASES / "tools").glob("*.json"))
        for case in cases(f"tools/{file.name}")
    ]


def shown(tool: str) -> tuple[str, str]:
    return tool, f"{tool}.options"


def run(engine: packshot.Engine, case: Facts) -> Facts:
    pictures = {name: photo(file) for name, file in case.get("pictures", {}).items()}
    made = getattr(engine, case["tool"])(photo(case["photo"]), **pictures, **options_of(case))
    return facts(made) | told(made) | {"model": made.ran.model}


def told(made: Photo) -> Facts:
    """What a tool tells besides the photo, as cases write it."""
    kinds = {name: kind for name, kind in type(made).__annotations__.items() if name != "ran"}
    written: dict[str, Callable[[Any], Any]] = {
        "Photo | None": lambda picture: picture is not None,
        "list[Instance]": len,
    }
    # A picture that always is there says nothing.
    told = {name: kind for name, kind in kinds.items() if kind != "Photo"}
    return {name: written.get(kind, lambda fact: fact)(getattr(made, name)) for name, kind in told.items()}


@pytest.mark.shows("engine", "engine.options", "cutout.pictures", "cutout.facts", "cutout.model", "errors")
@pytest.mark.parametrize(("tool", "case"), by_tool())
def test_tools(engine: packshot.Engine, tool: str, case: Facts) -> None:
    if case["name"] in NOT_TO_BE_SAID:
        assert case["error"] == "option_invalid"
    else:
        check(case | {"tool": tool}, lambda case: run(engine, case))


def test_every_tool_has_cases_and_only_one_of_them_cannot_be_said() -> None:
    tools = {name for name, method in vars(Tools).items() if inspect.isfunction(method)}
    assert {file.stem for file in (CASES / "tools").glob("*.json")} == tools
    assert {case["name"] for case in cases("tools/remove_background.json")} >= NOT_TO_BE_SAID


def recode(case: Facts) -> Facts:
    picture = Photo.open(photo(case["photo"]), **case["decode"])
    return read_facts(picture) | {"file": file_facts(picture.encode(**case["encode"]))}


@pytest.mark.shows("photo.open", "photo.decode", "photo.limits", "photo.facts", "photo.encode")
@pytest.mark.parametrize("case", by_name("photos.json"))
def test_photos(case: Facts) -> None:
    check(case, recode)


def recipe_of(case: Facts) -> packshot.Recipe:
    recipe = packshot.Recipe.parse(case["recipe"]) if "recipe" in case else packshot.Recipe.preset(case["preset"])
    return recipe.with_variables(**case.get("variables", {}))


def render(engine: packshot.Engine, case: Facts) -> Facts:
    rendition = engine.run_recipe(photo(case["photo"]), recipe_of(case))
    file = file_facts(rendition.bytes)
    assert (rendition.width, rendition.height, rendition.format) == (file["width"], file["height"], file["format"])
    return file | {"steps": [step.step for step in rendition.steps]}


@pytest.mark.shows("recipe", "recipe.variables", "recipe.run", "export")
@pytest.mark.parametrize("case", by_name("recipes.json"))
def test_recipes(engine: packshot.Engine, case: Facts) -> None:
    check(case, lambda case: render(engine, case))


def prepare(case: Facts, photos: Path, results: Path) -> None:
    for name in case["files"]:
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(photo(Path(name).name), photos / name)
    for name in case.get("standing", []):
        if name.endswith("/"):
            (results / name).mkdir()
        else:
            (results / name).write_text("was here before", encoding="utf-8")


def run_twice(engine: packshot.Engine, case: Facts, folder: Path) -> Facts:
    photos, results = folder / "photos", folder / "results"
    photos.mkdir()
    results.mkdir()
    prepare(case, photos, results)
    options = dict(case["options"])
    inputs, output = options.pop("inputs", case["files"]), results / options.pop("output", "")
    if "table" in options:
        (photos / "table.csv").write_text(options["table"], encoding="utf-8")
        options["table"], inputs = photos / "table.csv", []
    options |= {name: results / options[name] for name in ("report", "sheet") if name in options}
    if "protect" in options:
        options["protect"] = [results / name for name in options["protect"]]
    recipe, inputs = recipe_of(case), [photos / name for name in inputs]
    first = engine.batch(recipe, inputs, output, **options)
    failures = {item.input.name: [item.error and item.error.code, item.attempts] for item in first.failures}
    more = {"failures": failures, "stopped": first.stopped and first.stopped.code, "results": sizes(results)}
    return counts(first) | more | {"again": counts(engine.batch(recipe, inputs, output, **options))}


def sizes(folder: Path) -> Facts:
    """The files in a folder, with width and height of those that are photos."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): size(path) for path in files}


def size(path: Path) -> list[int] | None:
    try:
        picture = Photo.open(path)
    except packshot.PackshotError:
        return None
    return [picture.width, picture.height]


def counts(report: packshot.BatchReport) -> Facts:
    return {name: getattr(report, name) for name in ("done", "failed", "skipped", "resumed")}


@pytest.mark.shows("batch", "batch.resume")
@pytest.mark.parametrize("case", by_name("batches.json"))
def test_batches(engine: packshot.Engine, case: Facts, tmp_path_factory: pytest.TempPathFactory) -> None:
    check(case, lambda case: run_twice(engine, case, tmp_path_factory.mktemp("batch")))

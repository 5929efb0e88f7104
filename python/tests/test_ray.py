"""A recipe in a pipeline: as a plain callable, and in Ray on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest

import packshot
from material import LOCAL_RAY, STRICTLY, photo, small
from packshot.ray import RunRecipe

TEXT = """
schema = "packshot.recipe/1"
[variables]
side = 32
background = "white"
[[steps]]
export = { format = "webp", size = "${side}x${side}", fit = "pad", background = "${background}" }
"""

SMALL = packshot.Recipe.parse(TEXT)

MADE = {"rendition", "format", "width", "height", "error", "message"}


@pytest.fixture
def run(tmp_path: Path) -> RunRecipe:
    return RunRecipe(SMALL, backend="rten", cache_dir=tmp_path)


def objects(*values: Any) -> Any:
    array = numpy.empty(len(values), dtype=object)
    array[:] = values
    return array


def test_one_bad_photo_does_not_stop_the_rest(run: RunRecipe) -> None:
    good = photo("mug.jpg").read_bytes()
    made = run({"bytes": objects(good, b"no photo", None, good), "path": objects("a", "b", "c", "d")})
    assert set(made) == MADE | {"path"}, "the photos are dropped"
    assert list(made["error"]) == [None, "photo_format", "option_invalid", None]
    assert [value is None for value in made["message"]] == [True, False, False, True]
    for name, value in (("format", "webp"), ("width", 32), ("height", 32)):
        assert list(made[name]) == [value, None, None, value]
    for column in made.values():
        assert isinstance(column, numpy.ndarray)
        assert column.dtype == object
    first, *_, last = made["rendition"]
    assert first == last
    assert packshot.Photo.decode(first).width == 32


def test_plain_lists_do_too(run: RunRecipe) -> None:
    made = run({"bytes": [small().encode(), b""]})
    assert list(map(type, made.values())) == [list] * 6
    assert list(made["error"]) == [None, "photo_empty"]
    assert run({"bytes": []})["rendition"] == []


def test_variables_come_from_columns(tmp_path: Path) -> None:
    run = RunRecipe(SMALL, variables={"background": "color", "side": "side"}, backend="rten", cache_dir=tmp_path)
    made = run(
        {
            "bytes": [small().encode()] * 4,
            "color": ["#ff0000", "#ff0000", None, "no colour"],
            "side": numpy.array([16, 24, 40, 40]),
        }
    )
    assert list(made["width"]) == [16, 24, 40, None]
    assert list(made["error"]) == [None, None, None, "recipe_invalid"]
    corners = [packshot.Photo.decode(data).to_numpy()[0, 0].tolist() for data in made["rendition"][:3]]
    assert [corner[0] > 200 and corner[1] < 60 for corner in corners] == [True, True, False]


def test_the_column_can_be_named_and_kept(tmp_path: Path) -> None:
    options: Any = {"backend": "rten", "cache_dir": tmp_path}
    arrays = numpy.stack([small().to_numpy(), small().to_numpy()])
    made = RunRecipe(SMALL, column="image", **options)({"image": arrays, "id": numpy.arange(2)})
    assert (set(made), list(made["error"])) == (MADE | {"id"}, [None, None])
    kept = RunRecipe("web", column="path", keep=True, **options)({"path": [str(photo("mug.jpg"))]})
    assert (set(kept), list(kept["format"])) == (MADE | {"path"}, ["webp"])


def test_mistakes_of_the_pipeline_are_told_at_once(run: RunRecipe) -> None:
    with pytest.raises(packshot.OptionError, match=r"no column `bytes`; it has `image`, `id`"):
        run({"image": [], "id": []})
    with pytest.raises(packshot.OptionError, match="colour"):
        RunRecipe(SMALL, variables={"colour": "color"})
    with pytest.raises(packshot.OptionError, match="nothing"):
        RunRecipe("nothing")


# A process of its own: Ray leaves threads and warnings behind.
PIPELINE = """
import json, os, sys
import ray, packshot
from packshot.ray import RunRecipe

recipe = packshot.Recipe.open(sys.argv[2]).with_variables(background="#00ff00")
ray.init(num_cpus=2, object_store_memory=100 << 20, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
photos = ray.data.read_binary_files(sys.argv[1], include_paths=True)
sized = photos.map_batches(lambda batch: batch | {"wanted": [24] * len(batch["path"])})
made = sized.map_batches(
    RunRecipe,
    fn_constructor_kwargs={"recipe": recipe, "variables": {"side": "wanted"}, "backend": "rten"},
    batch_size=5,
    compute=ray.data.ActorPoolStrategy(size=1),
    num_cpus=1,
)
columns = made.schema().names
rows = [
    {**row, "path": os.path.basename(row["path"]), "rendition": row["rendition"] and row["rendition"].hex()}
    for row in made.take_all()
]
print(json.dumps({"columns": columns, "rows": rows}))
ray.shutdown()
"""


def test_in_ray_on_this_machine(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(11):
        shutil.copy(photo("mug.jpg"), photos / f"mug-{number}.jpg")
    shutil.copy(photo("truncated.jpg"), photos / "broken.jpg")
    recipe = tmp_path / "small.toml"
    recipe.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, *STRICTLY, "-c", PIPELINE, str(photos), str(recipe)]
    done = subprocess.run(command, env=os.environ | LOCAL_RAY, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found["columns"]) == MADE | {"path", "wanted"}
    rows = {row.pop("path"): row for row in found["rows"]}
    assert len(rows) == 12
    broken = rows.pop("broken.jpg")
    assert broken["error"] == "photo_truncated"
    assert broken["message"]
    assert {broken[name] for name in ("rendition", "format", "width", "height")} == {None}
    for row in rows.values():
        assert (row["error"], row["message"], row["format"]) == (None, None, "webp")
        assert (row["width"], row["height"], row["wanted"]) == (24, 24, 24)
        picture = packshot.Photo.decode(bytes.fromhex(row["rendition"]))
        assert picture.to_numpy()[0, 12, 1] > 200, "the variable that was set came along"
    assert len({row["rendition"] for row in rows.values()}) == 1

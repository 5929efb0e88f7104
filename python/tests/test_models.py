"""Models: the store, and a model of one's own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import packshot
from material import CASES, given, mask, photo, small


def registry() -> str:
    text = (CASES / "tiny.toml").read_text(encoding="utf-8")
    return text.replace("SERVER", given("PACKSHOT_TEST_SERVER"))


@pytest.mark.shows("models.list", "models.pull", "models.files")
def test_a_model_comes_is_verified_and_goes(tmp_path: Path) -> None:
    engine = packshot.Engine(backend="rten", cache_dir=tmp_path, registry=registry())
    models = engine.models
    assert ("tiny", "absent", 371) in models.list()
    own = next(model for model in models.list() if model.id == "packshot-matte-2")
    assert own.state == "embedded"
    assert 1_000_000 < own.bytes < 3_000_000
    with pytest.raises(packshot.ModelError) as caught:
        models.path("tiny")
    assert caught.value.code == "model_missing"

    seen = list[packshot.Progress]()
    file = models.pull("tiny", progress=seen.append)
    assert file == models.path("tiny") == tmp_path / "models/tiny/tiny.onnx"
    assert models.folder == tmp_path / "models"
    assert file.read_bytes() == (CASES / "tiny.onnx").read_bytes()
    assert {progress.stage for progress in seen} == {"download"}
    assert ("tiny", "present", 371) in models.list()
    models.verify("tiny")
    assert engine.remove_background(photo("mug.jpg"), model="tiny").ran.model == "tiny"

    file.write_bytes(bytes(371))
    with pytest.raises(packshot.ModelError) as caught:
        models.verify("tiny")
    assert caught.value.code == "model_corrupt"
    assert models.remove("tiny")
    assert not models.remove("tiny")
    with pytest.raises(packshot.ModelError) as caught:
        models.path("no-such-model")
    assert caught.value.code == "model_unknown"


@pytest.mark.shows("models.pull")
def test_in_asyncio(tmp_path: Path) -> None:
    async def main() -> None:
        models = packshot.AsyncEngine(backend="rten", cache_dir=tmp_path, registry=registry()).models
        file = await models.pull("tiny", progress=seen.append)
        assert file == models.path("tiny")
        assert models.folder in file.parents
        await models.verify("tiny")
        assert ("tiny", "present", 371) in models.list()
        assert models.remove("tiny")

    seen = list[packshot.Progress]()
    asyncio.run(main())
    assert seen


def test_offline_is_offline(tmp_path: Path) -> None:
    engine = packshot.Engine(backend="rten", cache_dir=tmp_path, registry=registry(), offline=True, download=True)
    for refused in (lambda: engine.models.pull("tiny"), lambda: engine.remove_background(small(), model="tiny")):
        with pytest.raises(packshot.NetworkError) as caught:
            refused()
        assert caught.value.code == "offline"
    assert not list(tmp_path.iterdir())


@pytest.mark.shows("engine.options")
def test_a_tool_fetches_only_if_it_may(tmp_path: Path) -> None:
    text = registry()
    with pytest.raises(packshot.ModelError):
        packshot.Engine(backend="rten", cache_dir=tmp_path, registry=text).remove_background(small(), model="tiny")
    engine = packshot.Engine(backend="rten", cache_dir=tmp_path, registry=text, download=True)
    assert engine.remove_background(small(), model="tiny").ran.model == "tiny"


def test_a_pull_can_be_cancelled(tmp_path: Path) -> None:
    token = packshot.CancelToken()
    token.cancel()
    with pytest.raises(packshot.CancelledError):
        packshot.Engine(cache_dir=tmp_path, registry=registry()).models.pull("tiny", cancel=token)


@pytest.mark.shows("cutout.model")
def test_a_model_of_ones_own(engine: packshot.Engine) -> None:
    descriptor = "[input]\nsize = { fixed = [8, 8] }\n[output]\nname = 'matte'\n"
    model = packshot.ModelFile(CASES / "tiny.onnx", descriptor=descriptor)
    assert engine.remove_background(small(), model=model).ran.model == "tiny.onnx"
    with pytest.raises(packshot.OptionError, match="like"):
        engine.remove_background(small(), model=packshot.ModelFile(CASES / "tiny.onnx"))


@pytest.mark.shows("engine", "engine.probe")
def test_probe_says_what_runs(engine: packshot.Engine) -> None:
    assert engine.probe("rten")[:3] == ("rten", None, None)
    assert asyncio.run(packshot.AsyncEngine(engine).probe("rten")).reason == "asked for"
    assert engine.probe().name in ("rten", "onnxruntime")
    with pytest.raises(packshot.OptionError):
        engine.probe("abacus")  # type: ignore[arg-type]
    with pytest.raises(packshot.OptionError, match="threads"):
        packshot.Engine(threads=0)


@pytest.mark.shows("engine")
def test_the_default_engine_is_made_once() -> None:
    from packshot import engine

    assert packshot.remove_background(small(), mask=mask()).width == 64
    assert engine.default_engine() is engine.default_engine()

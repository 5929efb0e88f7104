"""Every error arrives as a typed exception, and a defect is one too."""

from __future__ import annotations

import copy
import errno
import pickle
from typing import Any

import pytest

import packshot
from material import cases, mask, photo, small
from packshot import _packshot

TYPES = {
    "photo": packshot.PhotoError,
    "limit": packshot.LimitError,
    "option": packshot.OptionError,
    "file": packshot.FileError,
    "model": packshot.ModelError,
    "network": packshot.NetworkError,
    "backend": packshot.BackendError,
    "cancelled": packshot.CancelledError,
    "internal": packshot.InternalError,
}

needs_faults = pytest.mark.skipif(not hasattr(_packshot, "_inject_fault"), reason="built without the feature `faults`")


def quick(engine: packshot.Engine) -> packshot.Cutout:
    return engine.remove_background(small(), mask=mask())


@needs_faults
@pytest.mark.shows("errors")
@pytest.mark.parametrize("case", [pytest.param(case, id=case["code"]) for case in cases("errors.json")])
def test_every_code_arrives_with_its_type(engine: packshot.Engine, case: dict[str, Any]) -> None:
    _packshot._inject_fault("compose", case["code"])
    with pytest.raises(packshot.PackshotError) as caught:
        quick(engine)
    error = caught.value
    missing = case["code"] == "file_missing"
    assert type(error) is (packshot.FileMissingError if missing else TYPES[case["kind"]])
    assert (error.code, error.kind, error.remedy) == (case["code"], case["kind"], case["remedy"])
    assert error.retryable is case["retryable"]
    assert error.message == "injected by a test"
    assert error.context == {"stage": "compose"}
    assert str(error) == f"injected by a test (stage: compose). {case['remedy']}"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, str(again), again.context) == (type(error), error.code, str(error), error.context)
    assert again.retryable is error.retryable


@needs_faults
@pytest.mark.shows("panics")
@pytest.mark.parametrize("stage", ["decode", "edges", "compose"])
def test_a_panic_is_an_error_and_the_next_call_works(engine: packshot.Engine, stage: str) -> None:
    _packshot._inject_fault(stage, "panic")
    with pytest.raises(packshot.InternalError, match="injected by a test") as caught:
        quick(engine)
    assert caught.value.code == "internal"
    assert quick(engine).width == 64


@needs_faults
def test_a_panic_within_the_model_is_an_error_too(engine: packshot.Engine) -> None:
    _packshot._inject_fault("prepare", "panic")
    with pytest.raises(packshot.InternalError, match="injected by a test"):
        engine.remove_background(small())
    assert engine.remove_background(small()).width == 64


@needs_faults
def test_a_panic_in_a_short_call_is_an_error_too() -> None:
    with pytest.raises(packshot.InternalError, match="injected by a test"):
        _packshot._inject_fault("call", "panic")


def test_the_cause_is_chained(engine: packshot.Engine) -> None:
    with pytest.raises(packshot.FileError) as caught:
        engine.remove_background("nowhere.jpg")
    assert caught.value.context == {"file": "nowhere.jpg"}
    assert caught.value.filename == "nowhere.jpg"
    assert isinstance(caught.value, FileNotFoundError)
    assert caught.value.errno == errno.ENOENT
    assert isinstance(caught.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("FileError", OSError),
        ("FileMissingError", FileNotFoundError),
        ("FileMissingError", packshot.FileError),
        ("NetworkError", ConnectionError),
        ("OptionError", ValueError),
        ("OptionTypeError", TypeError),
        ("OptionTypeError", packshot.OptionError),
        ("PhotoError", ValueError),
        ("LimitError", ValueError),
        ("InternalError", RuntimeError),
        ("BackendError", RuntimeError),
    ],
)
def test_errors_are_also_what_python_programs_catch(name: str, base: type[Exception]) -> None:
    assert issubclass(getattr(packshot, name), (base, packshot.PackshotError))
    assert issubclass(getattr(packshot, name), base)


def test_options_and_errors_can_be_pickled_and_copied() -> None:
    model = packshot.ModelFile(photo("mug.jpg"), like="u2netp")
    for value in (model, packshot.Rect(1, 2, 3, 4), packshot.Progress("edges", 0.5)):
        assert pickle.loads(pickle.dumps(value)) == value == copy.copy(value)


def test_an_engine_says_why_it_cannot_be_pickled(engine: packshot.Engine) -> None:
    with pytest.raises(TypeError, match="make one in each process"):
        pickle.dumps(engine)

"""Many photos through a recipe."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import packshot
from material import EnoughError, photo, say
from packshot import BatchEvent, Recipe

SMALL = Recipe.parse("""
schema = "packshot.recipe/1"
[variables]
side = 64
[[steps]]
export = { format = "png", size = "${side}" }
""")
"""Quick: no model runs."""

CUT = Recipe.parse("""
schema = "packshot.recipe/1"
[[steps]]
remove_background = {}
""")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine photos, of which one is broken."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(8):
        shutil.copy(photo("mug.jpg"), photos / f"mug-{number}.jpg")
    shutil.copy(photo("truncated.jpg"), photos / "broken.jpg")
    return photos


@pytest.mark.shows("batch", "batch.progress")
def test_a_folder_with_one_bad_file(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    events, results = list[BatchEvent](), tmp_path / "results"
    files = {"report": tmp_path / "report.json", "sheet": tmp_path / "sheet.html"}
    report = engine.batch(SMALL, folder, results, progress=events.append, workers=2, **files)  # type: ignore[arg-type]
    assert (report.total, report.done, report.failed, report.skipped, report.resumed) == (9, 8, 1, 0, 0)
    assert len(list(results.glob("*.png"))) == 8
    assert (report.output, report.report, report.sheet) == (results, files["report"], files["sheet"])
    assert json.loads(files["report"].read_text(encoding="utf-8"))["failed"] == 1
    assert files["sheet"].is_file()
    assert report.journal.is_file()
    assert report.stopped is None
    assert report.rate > 0
    assert report.seconds > 0

    assert [event.done + event.failed for event in events] == list(range(1, 10))
    assert {event.total for event in events} == {9}
    assert events[-1].left == 0
    assert events[-1].rate > 0
    assert {event.item.input for event in events} == set(folder.iterdir())
    (failed,) = report.failures
    assert (failed.input, failed.outcome) == (folder / "broken.jpg", "failed")
    assert isinstance(failed.error, packshot.PhotoError)
    assert failed.error.code == "photo_truncated"
    assert failed.error.remedy in str(failed.error)
    made = next(event.item for event in events if event.item.outcome == "done")
    assert made.output is not None
    assert made.output.is_file()
    assert (made.error, made.attempts, made.renamed) == (None, 1, False)
    assert (report.complete, made.steps) == (False, []), "an export is no step of a tool"


@pytest.mark.shows("batch.progress")
def test_each_photo_tells_of_its_steps(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    events = list[BatchEvent]()
    engine.batch(CUT, folder / "mug-0.jpg", tmp_path / "results", progress=events.append)
    (step,) = events[0].item.steps
    assert (step["step"], step["width"], step["model"]) == ("remove_background", 320, "packshot-matte-2")
    assert step["subject"]["left"] > 0
    assert step["confidence"] > 0.9
    assert step["stages"]["inference"] > 0


@pytest.mark.shows("batch", "batch.resume")
def test_inputs_of_every_kind(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    one = engine.batch(SMALL, str(folder / "mug-0.jpg"), results)
    assert (one.total, one.done) == (1, 1)
    some = engine.batch(SMALL, (folder / f"mug-{number}.jpg" for number in range(3)), results)
    assert (some.total, some.done, some.resumed) == (3, 2, 1)
    pattern = engine.batch(SMALL, f"{folder}/mug-*.jpg", results, resume=True)
    assert (pattern.total, pattern.resumed) == (8, 3)
    table = tmp_path / "table.csv"
    table.write_text("input,output,side\nphotos/mug-0.jpg,tiny.png,16\n", encoding="utf-8")
    engine.batch(SMALL, output=tmp_path / "other", table=table)
    assert packshot.Photo.open(tmp_path / "other/tiny.png").width == 16
    preset = engine.batch("upscale-2x", folder / "mug-0.jpg", tmp_path / "preset")
    assert preset.done == 1


@pytest.mark.parametrize(
    ("inputs", "options", "code"),
    [
        ([], {}, "option_invalid"),
        (["photos"], {"workers": 0}, "option_invalid"),
        (["empty"], {}, "file_missing"),
    ],
)
def test_what_makes_no_sense_is_refused(
    engine: packshot.Engine, tmp_path: Path, inputs: list[str], options: dict[str, int], code: str
) -> None:
    (tmp_path / "empty").mkdir()
    given = [tmp_path / name for name in inputs]
    with pytest.raises(packshot.PackshotError) as caught:
        engine.batch(SMALL, given, tmp_path / "results", **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    with pytest.raises(packshot.OptionError, match="output"):
        engine.batch(SMALL, ["photos"])
    with pytest.raises(packshot.OptionTypeError, match="not a float"):
        engine.batch(1.5, ["photos"], tmp_path)  # type: ignore[arg-type]


@pytest.mark.shows("batch.progress", "batch.resume", "cancel")
def test_it_is_cancelled_and_goes_on(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    token, events, moments = packshot.CancelToken(), list[BatchEvent](), list[float]()

    def cancel() -> None:
        moments.append(time.perf_counter())
        token.cancel()

    def listen(event: BatchEvent) -> None:
        assert not token.cancelled
        events.append(event)
        if event.done == 2:
            cancel()

    results = tmp_path / "results"
    with pytest.raises(packshot.CancelledError):
        engine.batch(CUT, folder, results, progress=listen, cancel=token, workers=1)
    say("a batch cancelled by a token", time.perf_counter() - moments[0])
    heard = len(events)
    report = engine.batch(CUT, folder, results)
    assert len(events) == heard, "nothing is heard of the cancelled batch"
    assert report.resumed >= 2
    assert (report.done + report.resumed, report.failed) == (8, 1)


@pytest.mark.shows("batch.progress")
@pytest.mark.parametrize("form", ["blocking", "asyncio"])
def test_what_the_listener_raises_stops_it(engine: packshot.Engine, folder: Path, tmp_path: Path, form: str) -> None:
    events = list[BatchEvent]()

    def tired(event: BatchEvent) -> None:
        events.append(event)
        raise EnoughError

    results, asynchronous = tmp_path / "results", packshot.AsyncEngine(engine)
    work = {
        "blocking": lambda: engine.batch(CUT, folder, results, progress=tired, workers=1),
        "asyncio": lambda: asyncio.run(asynchronous.batch(CUT, folder, results, progress=tired, workers=1)),
    }
    with pytest.raises(EnoughError):
        work[form]()
    assert len(events) == 1
    assert engine.batch(CUT, folder, results).total == 9


@pytest.mark.shows("batch", "batch.progress")
def test_in_asyncio_events_come_in_the_loop(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    threads, events = set[threading.Thread](), list[BatchEvent]()

    def listen(event: BatchEvent) -> None:
        threads.add(threading.current_thread())
        events.append(event)

    report = asyncio.run(packshot.AsyncEngine(engine).batch(SMALL, folder, tmp_path / "results", progress=listen))
    assert (report.done, len(events), threads) == (8, 9, {threading.current_thread()})


@pytest.mark.shows("batch.progress")
@pytest.mark.parametrize("form", ["blocking", "asyncio"])
def test_a_slow_listener_misses_progress_and_no_failure(engine: packshot.Engine, tmp_path: Path, form: str) -> None:
    photos, results, events = tmp_path / "photos", tmp_path / "results", list[BatchEvent]()
    photos.mkdir()
    for number in range(200):
        shutil.copy(photo("mug.jpg"), photos / f"{number:03}.jpg")
    (photos / "005.jpg").write_text("no photo")

    def sleepy(event: BatchEvent) -> None:
        # A batch that waited for it would never come so far.
        deadline = time.monotonic() + 120
        while len(list(results.glob("*.png"))) < 199:
            assert time.monotonic() < deadline, "the batch waits for its listener"
            time.sleep(0.01)
        events.append(event)

    if form == "blocking":
        engine.batch(SMALL, photos, results, progress=sleepy)
    else:
        asyncio.run(packshot.AsyncEngine(engine).batch(SMALL, photos, results, progress=sleepy))
    assert len(events) < 150
    assert [event.done + event.failed for event in events[-2:]] == [199, 200]
    assert [Path(event.item.input).name for event in events if event.item.error] == ["005.jpg"]


@pytest.mark.shows("batch.progress")
def test_a_batch_that_watches_ends_with_its_report(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    token = packshot.CancelToken()

    def listen(event: BatchEvent) -> None:
        assert (event.total, event.left) == (None, None)
        if event.done + event.failed == 9:
            token.cancel()

    report = engine.batch(SMALL, folder, tmp_path / "results", progress=listen, cancel=token, watch=True)
    assert (report.total, report.done, report.failed) == (9, 8, 1)


INTERRUPTED = """
import signal, sys, packshot
signal.signal(signal.SIGINT, signal.default_int_handler)
cut = packshot.Recipe.parse('schema = "packshot.recipe/1"\\nsteps = [{ remove_background = { edges = "fine" } }]')
engine, show = packshot.Engine(backend="rten"), lambda event: print(event.item.outcome, flush=True)
try:
    engine.batch(cut, sys.argv[1], sys.argv[2], progress=show, workers=1)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.shows("batch.progress", "batch.resume")
def test_ctrl_c_stops_it(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, str(folder), str(tmp_path / "results")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = iter(child.stdout)
        while next(lines) != "done\n":
            pass
        moment = time.perf_counter()
        child.send_signal(signal.SIGINT)
        while (line := next(lines)) in ("done\n", "failed\n"):
            pass
        say("a batch interrupted by SIGINT", time.perf_counter() - moment)
    assert (line, child.returncode) == ("interrupted\n", 0)
    recipe = Recipe.parse('schema = "packshot.recipe/1"\nsteps = [{ remove_background = { edges = "fine" } }]')
    report = engine.batch(recipe, folder, tmp_path / "results")
    assert report.resumed >= 1
    assert (report.done + report.resumed, report.failed) == (8, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_names_that_are_not_unicode_are_paths_here(engine: packshot.Engine, tmp_path: Path) -> None:
    odd, results = tmp_path / os.fsdecode(b"caf\xe9.jpg"), tmp_path / os.fsdecode(b"r\xff")
    shutil.copy(photo("mug.jpg"), odd)
    for inputs in (odd, [str(odd)], tmp_path):
        events = list[BatchEvent]()
        report = engine.batch(SMALL, inputs, results, progress=events.append)
        assert report.complete
        assert [event.item.input for event in events] == [odd]
        assert (report.output, events[0].item.output) == (results, results / "caf%E9.png")
    assert (results / "caf%E9.png").is_file()


def test_a_file_that_no_batch_wrote_is_kept(engine: packshot.Engine, folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.mkdir()
    (results / "mug-0.png").write_bytes(b"mine")
    one = folder / "mug-0.jpg"
    report = engine.batch(SMALL, one, results)
    assert (report.skipped, report.complete) == (1, False)
    report = engine.batch(SMALL, one, results, existing="fail")
    error = report.failures[0].error
    assert error is not None
    assert error.code == "file_exists"
    assert (results / "mug-0.png").read_bytes() == b"mine"
    with pytest.raises(packshot.FileError) as raised:
        engine.batch(SMALL, one, results, report=one)
    assert raised.value.code == "file_protected"

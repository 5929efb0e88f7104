//! Batches, through the public API: what survives, what is told, and what is left behind.

mod kept;
mod listener;
mod memory;
mod power;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::{committed, shown};
use packshot::api::{Batch, Existing};
use packshot::{
    Backend, BatchEvent, BatchReport, CancelToken, Channels, Code, EncodeOptions, Engine, ImageFormat, Photo, Recipe,
    Result,
};

fn engine() -> Engine {
    Engine::builder().backend(Backend::Rten).build().unwrap()
}

/// Nothing but a file of another format: fast.
fn export() -> Recipe {
    Recipe::parse(EXPORT).unwrap()
}

const EXPORT: &str = "schema = \"packshot.recipe/1\"\nsteps = [{ export = { format = \"png\", png = \"fast\" } }]\n";

fn cutout() -> Recipe {
    Recipe::parse("schema = \"packshot.recipe/1\"\nsteps = [{ remove_background = {} }]\n").unwrap()
}

/// A small photo, each with a look of its own.
fn photo(path: &Path, look: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let samples: Vec<u8> =
        (0..48 * 32 * 3).map(|index| (index as u8).wrapping_mul(look | 1).wrapping_add(look)).collect();
    let photo = Photo::new(48, 32, Channels::Rgb, samples).unwrap();
    fs::write(path, photo.encode(&EncodeOptions::new(ImageFormat::Jpeg)).unwrap()).unwrap();
}

struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With so many photos, `in/00.jpg` and so on.
    fn with(photos: u8) -> Self {
        let ground = Self::new();
        (0..photos).for_each(|index| photo(&ground.path(&format!("in/{index:02}.jpg")), index));
        ground
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn text(&self, below: &str) -> String {
        self.path(below).display().to_string()
    }

    fn batch(&self) -> Batch {
        Batch { inputs: vec![self.path("in")], output: Some(self.path("out")), ..Batch::default() }
    }

    /// The results and their bytes.
    fn results(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path("out")).into_iter().filter(|(name, _)| name != ".packshot-journal").collect()
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            all.insert(name, fs::read(path).unwrap());
        }
    }
    all
}

fn run(recipe: &Recipe, batch: &Batch) -> Result<BatchReport> {
    engine().batch(recipe, batch, |_| {})
}

fn counts(report: &BatchReport) -> [u64; 5] {
    [report.total, report.done, report.resumed, report.skipped, report.failed]
}

#[test]
fn a_folder_goes_through_a_recipe_and_everything_is_told() {
    let ground = Ground::with(5);
    let events = Arc::new(Mutex::new(Vec::<BatchEvent>::new()));
    let heard = Arc::clone(&events);
    let batch =
        Batch { report: Some(ground.path("report.json")), sheet: Some(ground.path("sheet.html")), ..ground.batch() };
    let report = engine().batch(&export(), &batch, move |event| heard.lock().unwrap().push(event.clone())).unwrap();
    assert_eq!(counts(&report), [5, 5, 0, 0, 0]);
    assert!(report.complete && report.rate > 0.0);
    assert_eq!(ground.results().keys().collect::<Vec<_>>(), ["00.png", "01.png", "02.png", "03.png", "04.png"]);
    let events = events.lock().unwrap();
    assert_eq!(events.iter().map(|event| event.done).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(events.iter().all(|event| event.total == Some(5) && event.item.attempts == 1));
    assert_eq!(events[4].left, Some(0.0));
    let written: serde_json::Value = serde_json::from_slice(&fs::read(ground.path("report.json")).unwrap()).unwrap();
    assert_eq!((written["items"].as_array().unwrap().len(), &written["done"]), (5, &serde_json::json!(5)));
    let sheet = fs::read_to_string(ground.path("sheet.html")).unwrap();
    assert_eq!(sheet.matches("<article").count(), 5);
    assert_eq!(files(ground.0.path()).len(), 5 + 5 + 3, "photos, results, journal, report and sheet");
}

#[test]
fn what_is_done_is_not_done_again_unless_something_changed() {
    let ground = Ground::with(4);
    assert_eq!(counts(&run(&export(), &ground.batch()).unwrap()), [4, 4, 0, 0, 0]);
    let first = ground.results();
    assert_eq!(counts(&run(&export(), &ground.batch()).unwrap()), [4, 0, 4, 0, 0]);

    // Another photo under the same name, a result that is gone, and one that is damaged.
    photo(&ground.path("in/00.jpg"), 77);
    fs::remove_file(ground.path("out/01.png")).unwrap();
    fs::write(ground.path("out/02.png"), &first["02.png"][..20]).unwrap();
    assert_eq!(counts(&run(&export(), &ground.batch()).unwrap()), [4, 3, 1, 0, 0]);
    let second = ground.results();
    assert_ne!(first["00.png"], second["00.png"]);
    assert!(["01.png", "02.png", "03.png"].iter().all(|name| first[*name] == second[*name]));

    // Another recipe, and none of the old results believed.
    let balanced = "schema = \"packshot.recipe/1\"\nname = \"x\"\nsteps = [{ export = { format = \"png\" } }]\n";
    assert_eq!(counts(&run(&Recipe::parse(balanced).unwrap(), &ground.batch()).unwrap()), [4, 4, 0, 0, 0]);
    let renamed = Recipe::parse(&balanced.replace("\"x\"", "\"y\"")).unwrap();
    assert_eq!(counts(&run(&renamed, &ground.batch()).unwrap()), [4, 0, 4, 0, 0], "a name changes no pixel");
    let fresh = Batch { resume: Some(false), ..ground.batch() };
    assert_eq!(counts(&run(&renamed, &fresh).unwrap()), [4, 4, 0, 0, 0]);
    assert_eq!(ground.results().len(), 4);
}

#[test]
fn bad_files_of_every_kind_stop_nobody() {
    let ground = Ground::with(6);
    let whole = fs::read(ground.path("in/02.jpg")).unwrap();
    fs::write(ground.path("in/01-empty.jpg"), b"").unwrap();
    fs::write(ground.path("in/01-text.jpg"), b"hello").unwrap();
    fs::write(ground.path("in/02-half.jpg"), &whole[..whole.len() / 2]).unwrap();
    fs::write(ground.path("in/03-gif.png"), b"GIF89a").unwrap();
    fs::create_dir(ground.path("in/04-folder.jpg")).unwrap();
    let inputs = vec![ground.path("in"), ground.path("in/none.jpg")];
    let report = run(&export(), &Batch { inputs, ..ground.batch() }).unwrap();
    let mut codes: Vec<_> = report
        .failures
        .iter()
        .map(|item| {
            (Path::new(&item.input).file_name().unwrap().to_str().unwrap(), &*item.error.as_ref().unwrap().code)
        })
        .collect();
    codes.sort_unstable();
    let expected = [
        ("01-empty.jpg", "photo_empty"),
        ("01-text.jpg", "photo_format"),
        ("02-half.jpg", "photo_truncated"),
        ("03-gif.png", "photo_format"),
        ("none.jpg", "file_missing"),
    ];
    assert_eq!(codes, expected);
    assert_eq!(counts(&report), [11, 6, 0, 0, 5]);
    assert_eq!(ground.results().len(), 6);
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_workers() {
    let ground = Ground::new();
    for (index, name) in ["mug.jpg", "sideways.jpg"].iter().enumerate() {
        let from = committed(&format!("bindings/cases/photos/{name}"));
        if from.is_file() {
            fs::create_dir_all(ground.path("in")).unwrap();
            for copy in 0..2 {
                fs::copy(&from, ground.path(&format!("in/{index}{copy}.jpg"))).unwrap();
            }
        }
    }
    let of = |workers, out: &str| {
        let batch = Batch { workers: Some(workers), output: Some(ground.path(out)), ..ground.batch() };
        assert_eq!(run(&cutout(), &batch).unwrap().failed, 0);
        let mut results = files(&ground.path(out));
        results.remove(".packshot-journal");
        results
    };
    let one = of(1, "one");
    assert!(one.len() >= 2);
    assert!(of(2, "two") == one && of(4, "four") == one, "other bytes with other workers");
}

#[test]
fn names_that_collide_are_numbered_and_told_and_the_same_when_resumed() {
    let ground = Ground::new();
    for (index, name) in ["a/x.jpg", "b/x.jpg", "b/X.JPG", "x.jpg"].iter().enumerate() {
        photo(&ground.path(&format!("in/{name}")), index as u8);
    }
    let flat = Batch { recursive: Some(true), name: Some("{stem}".to_owned()), ..ground.batch() };
    let renamed = Arc::new(Mutex::new(0));
    let count = Arc::clone(&renamed);
    engine().batch(&export(), &flat, move |event| *count.lock().unwrap() += u8::from(event.item.renamed)).unwrap();
    assert_eq!(*renamed.lock().unwrap(), 3);
    let first = ground.results();
    assert_eq!(first.len(), 4);
    // A photo that comes before all others takes nobody's name.
    photo(&ground.path("in/0/x.jpg"), 99);
    assert_eq!(counts(&run(&export(), &flat).unwrap()), [5, 1, 4, 0, 0]);
    let second = ground.results();
    assert!(first.iter().all(|(name, bytes)| second[name] == *bytes) && second.len() == 5);
}

#[test]
fn subfolders_are_kept_and_results_are_no_inputs() {
    let ground = Ground::new();
    photo(&ground.path("in/x.jpg"), 1);
    photo(&ground.path("in/sub/x.jpg"), 2);
    let batch = Batch { recursive: Some(true), output: Some(ground.path("in/out")), ..ground.batch() };
    assert_eq!(counts(&run(&export(), &batch).unwrap()), [2, 2, 0, 0, 0]);
    assert!(ground.path("in/out/sub/x.png").is_file() && ground.path("in/out/x.png").is_file());
    assert_eq!(counts(&run(&export(), &batch).unwrap()), [2, 0, 2, 0, 0]);
    // Beside the photos, too.
    let beside = Batch { recursive: Some(false), output: Some(ground.path("in")), ..batch };
    assert_eq!(counts(&run(&export(), &beside).unwrap()), [1, 1, 0, 0, 0]);
    assert_eq!(counts(&run(&export(), &beside).unwrap()), [1, 0, 1, 0, 0]);
}

#[test]
fn foreign_files_are_treated_as_asked() {
    let ground = Ground::with(1);
    fs::create_dir(ground.path("out")).unwrap();
    fs::write(ground.path("out/00.png"), b"mine").unwrap();
    let with = |existing| run(&export(), &Batch { existing: Some(existing), ..ground.batch() }).unwrap();
    assert_eq!(counts(&with(Existing::Skip)), [1, 0, 0, 1, 0]);
    assert_eq!(ground.results()["00.png"], b"mine");
    assert_eq!(counts(&with(Existing::Number)), [1, 1, 0, 0, 0]);
    assert_eq!(ground.results()["00.png"], b"mine");
    assert!(ground.path("out/00-2.png").is_file());
    // Claimed by nobody in another folder.
    let other = Batch { output: Some(ground.path("other")), existing: Some(Existing::Fail), ..ground.batch() };
    fs::create_dir(ground.path("other")).unwrap();
    fs::write(ground.path("other/00.png"), b"mine").unwrap();
    let report = run(&export(), &other).unwrap();
    assert_eq!((counts(&report), report.complete), ([1, 0, 0, 0, 1], false));
    assert_eq!(report.failures[0].error.as_ref().unwrap().code, "file_exists");
    assert_eq!(fs::read(ground.path("other/00.png")).unwrap(), b"mine");
}

#[test]
fn a_table_names_photos_and_results() {
    let ground = Ground::with(3);
    let table = "input,output\nin/00.jpg,web/first\nin/01.jpg,\nin/01.jpg,\nin/02.jpg,web/first.png\n";
    fs::write(ground.path("table.csv"), table).unwrap();
    let batch = Batch { inputs: Vec::new(), table: Some(ground.path("table.csv")), ..ground.batch() };
    assert_eq!(counts(&run(&export(), &batch).unwrap()), [3, 3, 0, 0, 0], "the same row twice is one photo");
    assert_eq!(ground.results().keys().collect::<Vec<_>>(), ["01.png", "web/first-2.png", "web/first.png"]);
    fs::write(ground.path("table.csv"), "input,output\nin/00.jpg,../../x\n").unwrap();
    assert_eq!(run(&export(), &batch).unwrap_err().code(), Code::OptionInvalid);
}

#[test]
fn memory_for_one_photo_is_enough() {
    let ground = Ground::with(4);
    let batch = Batch { memory: Some(1), workers: Some(4), ..ground.batch() };
    assert_eq!(counts(&run(&export(), &batch).unwrap()), [4, 4, 0, 0, 0]);
}

#[test]
fn many_failures_end_it_early() {
    let ground = Ground::new();
    fs::create_dir(ground.path("in")).unwrap();
    (0..40).for_each(|index| fs::write(ground.path(&format!("in/{index:02}.jpg")), b"no photo").unwrap());
    let report = run(&export(), &Batch { max_failures: Some(3), workers: Some(1), ..ground.batch() }).unwrap();
    assert!((3..10).contains(&report.failed), "{}", report.failed);
    assert_eq!(report.stopped.unwrap().code, "photo_format");
}

#[test]
fn a_batch_that_is_cancelled_goes_on_later() {
    let ground = Ground::with(30);
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    let batch = Batch { report: Some(ground.path("report.json")), ..ground.batch() };
    let result = engine().with_cancel(&cancel).batch(&export(), &batch, move |event| {
        if event.done == 5 {
            stop.cancel();
        }
    });
    assert_eq!(result.unwrap_err().code(), Code::Cancelled);
    assert!(cancel.wait_until_idle(Duration::from_secs(60)));
    assert!(serde_json::from_slice::<serde_json::Value>(&fs::read(ground.path("report.json")).unwrap()).is_ok());
    let before = ground.results().len();
    assert!((5..30).contains(&before), "{before}");
    let report = run(&export(), &ground.batch()).unwrap();
    assert_eq!((report.done + report.resumed, report.resumed), (30, before as u64));
    assert_eq!(ground.results().len(), 30);
    shown(&["batch.progress", "batch.resume"]);
}

#[test]
fn a_listener_that_panics_ends_the_batch_and_not_the_program() {
    let ground = Ground::with(20);
    let error = engine().batch(&export(), &ground.batch(), |_| panic!("not today")).unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    assert!(error.to_string().contains("not today"));
    assert_eq!(run(&export(), &ground.batch()).unwrap().failed, 0, "and nothing is locked");
}

#[test]
fn two_batches_in_one_folder_are_refused() {
    let ground = Ground::with(2);
    let (batch, seen) = (ground.batch(), Arc::new(Mutex::new(None)));
    let (inner, second) = (batch.clone(), Arc::clone(&seen));
    engine()
        .batch(&export(), &batch, move |_| {
            second.lock().unwrap().get_or_insert_with(|| run(&export(), &inner).unwrap_err().code());
        })
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), Some(Code::BatchBusy));
}

#[test]
fn a_watched_folder_gives_results_until_cancelled() {
    let ground = Ground::with(1);
    let cancel = CancelToken::new();
    let batch = Batch { watch: Some(true), ..ground.batch() };
    let task = engine().with_cancel(&cancel).start_batch(&export(), &batch, |_| {});
    let wait_for = |name: &str, differs: Option<&[u8]>| {
        let begin = Instant::now();
        let ready = || fs::read(ground.path(name)).is_ok_and(|bytes| differs.is_none_or(|old| old != bytes));
        while !ready() {
            assert!(begin.elapsed() < Duration::from_secs(60), "{name} does not come");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for("out/00.png", None);
    // One that grows slowly is left alone until it is whole.
    photo(&ground.path("whole.jpg"), 5);
    let bytes = fs::read(ground.path("whole.jpg")).unwrap();
    // It grows for longer than the folder is looked at twice, and never rests for as long, on a busy machine neither.
    for part in 1..=20 {
        fs::write(ground.path("in/slow.jpg"), &bytes[..bytes.len() * part / 20]).unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }
    wait_for("out/slow.png", None);
    let old = fs::read(ground.path("out/00.png")).unwrap();
    photo(&ground.path("in/00.jpg"), 200);
    wait_for("out/00.png", Some(&old));
    cancel.cancel();
    let report = task.wait().unwrap();
    assert_eq!((report.failed, report.total), (0, report.done), "{report:?}");
    assert_eq!(ground.results().len(), 2);
}

#[test]
fn wrong_options_are_refused() {
    let ground = Ground::with(1);
    let good = ground.batch();
    for batch in [
        Batch { output: None, ..good.clone() },
        Batch { inputs: Vec::new(), ..good.clone() },
        Batch { workers: Some(0), ..good.clone() },
        Batch { memory: Some(0), ..good.clone() },
        Batch { max_failures: Some(0), ..good.clone() },
        Batch { name: Some("{title}".to_owned()), ..good.clone() },
        Batch { name: Some("same".to_owned()), ..good.clone() },
        Batch { watch: Some(true), table: Some("x.csv".into()), ..good.clone() },
    ] {
        assert_eq!(run(&export(), &batch).unwrap_err().code(), Code::OptionInvalid, "{batch:?}");
    }
    let empty = Batch { inputs: vec![ground.path("in/*.png")], ..good };
    assert_eq!(run(&export(), &empty).unwrap_err().code(), Code::FileMissing);
}

/// A recipe that upscales with the model file beside it.
fn with_model(ground: &Ground, net: &str) -> Recipe {
    fs::copy(committed(&format!("core/tests/data/{net}.onnx")), ground.path("net.onnx")).unwrap();
    let descriptor = "[upscale]\\nscale = 2\\nhalo = 2\\n";
    let text = format!(
        "schema = \"packshot.recipe/1\"\n\
         [[steps]]\n\
         upscale = {{ model = {{ file = \"net.onnx\", descriptor = \"{descriptor}\" }} }}\n"
    );
    fs::write(ground.path("recipe.toml"), text).unwrap();
    Recipe::open(ground.path("recipe.toml")).unwrap()
}

#[test]
fn results_of_another_model_are_made_anew() {
    let ground = Ground::with(2);
    let engine = engine();
    let run = |recipe: &Recipe| counts(&engine.batch(recipe, &ground.batch(), |_| {}).unwrap());
    assert_eq!(run(&with_model(&ground, "net")), [2, 2, 0, 0, 0]);
    let first = ground.results();
    assert_eq!(run(&with_model(&ground, "net")), [2, 0, 2, 0, 0], "the same content, written again");
    // The same path, recipe and engine; half of the folder must not stay the old net's.
    assert_eq!(run(&with_model(&ground, "net-strong")), [2, 2, 0, 0, 0]);
    let second = ground.results();
    assert!(first.iter().all(|(name, bytes)| second[name] != *bytes));
    fs::copy(committed("core/tests/data/net.onnx"), ground.path("net.onnx")).unwrap();
    assert_eq!(run(&Recipe::open(ground.path("recipe.toml")).unwrap()), [2, 2, 0, 0, 0]);
    assert!(ground.results() == first, "the first net's results again");
}

#[test]
fn options_without_effect_are_told_of_each_photo() {
    let ground = Ground::with(2);
    let recipe = Recipe::parse(
        "schema = \"packshot.recipe/1\"\n\
         steps = [{ upscale = { size = \"48\", denoise = 0.5 } }, { export = { format = \"png\", quality = 70 } }]\n",
    );
    let batch = Batch { report: Some(ground.path("report.json")), ..ground.batch() };
    engine().batch(&recipe.unwrap(), &batch, |_| {}).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&fs::read(ground.path("report.json")).unwrap()).unwrap();
    for item in written["items"].as_array().unwrap() {
        let notes = item["notes"].as_array().unwrap();
        assert!(notes.iter().all(|note| note["code"] == "option_ignored"), "{notes:?}");
        let texts: Vec<_> = notes.iter().map(|note| note["text"].as_str().unwrap()).collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("`denoise`") && texts[0].contains("48 x 32"), "{texts:?}");
        assert!(texts[1].contains("`quality`") && texts[1].contains("png"), "{texts:?}");
    }
}

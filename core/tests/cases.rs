//! The cases that every binding runs too; see `bindings/cases/README.md`. With `PACKSHOT_BLESS=1` it writes down what
//! comes out instead of checking it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

mod common;

use std::path::{Path, PathBuf};

use packshot::{
    Backend, BatchItem, BatchReport, Code, Cutout, DecodeOptions, EncodeOptions, Engine, Photo, Pictures, Recipe, Rect,
    RemoveBackground, Result, Samples, Upscale, Upscaled, api, from_json,
};
use serde_json::{Map, Value, json};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/cases")
}

fn photo_path(name: &Value) -> PathBuf {
    cases().join("photos").join(name.as_str().unwrap())
}

fn bless() -> bool {
    std::env::var_os("PACKSHOT_BLESS").is_some()
}

/// Runs every case of a file; `work` says what came out.
fn run(file: &str, work: impl Fn(&Map<String, Value>) -> Result<Value>) {
    let path = cases().join(file);
    let mut cases: Vec<Map<String, Value>> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let mut faults = Vec::new();
    for case in &mut cases {
        let name = case["name"].as_str().unwrap().to_owned();
        let found = match work(case) {
            Ok(facts) => ("expect", facts),
            Err(error) => ("error", json!(error.code().as_str())),
        };
        if bless() && case.get("error").is_none() {
            assert_eq!(found.0, "expect", "{name}: {}", found.1);
            case.insert(found.0.to_owned(), found.1);
        } else if !case.get(found.0).is_some_and(|expected| alike("", expected, &found.1)) {
            faults.push(format!("{name}: {} is {}, not {case:?}", found.0, found.1));
        }
    }
    if bless() {
        let lines: Vec<_> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
        std::fs::write(path, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether two results are the same within the tolerance of their key.
fn alike(key: &str, expected: &Value, found: &Value) -> bool {
    let tolerance = match key {
        "confidence" | "halo" => 0.02,
        "grid" | "subject" | "frame" => 2.0,
        "scale" => 0.01,
        _ => 0.0,
    };
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .all(|(key, expected)| found.get(key).is_some_and(|found| alike(key, expected, found)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected.iter().zip(found).all(|(expected, found)| alike(key, expected, found))
        }
        (Value::Number(expected), Value::Number(found)) => {
            (expected.as_f64().unwrap() - found.as_f64().unwrap()).abs() <= tolerance
        }
        _ => expected == found,
    }
}

fn round(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}

fn facts(photo: &Photo) -> Map<String, Value> {
    let depth = if photo.as_u8().is_some() { 8 } else { 16 };
    let facts = json!({
        "width": photo.width(), "height": photo.height(), "channels": photo.channels().count(), "depth": depth,
        "grid": grid(photo),
    });
    let Value::Object(facts) = facts else { unreachable!() };
    facts
}

/// 4 by 4 cells with the mean of each channel.
fn grid(photo: &Photo) -> Vec<Vec<f64>> {
    let (width, height, channels) = (photo.width() as usize, photo.height() as usize, photo.channels().count());
    let sample = |at: usize| match photo.samples() {
        Samples::U8(samples) => f64::from(samples[at]),
        Samples::U16(samples) => f64::from(samples[at]) / 257.0,
    };
    let mut cells = Vec::new();
    for (j, i) in (0..4).flat_map(|j| (0..4).map(move |i| (j, i))) {
        let rows = j * height / 4..(j + 1) * height / 4;
        let columns = i * width / 4..(i + 1) * width / 4;
        let count = (rows.len() * columns.len()) as f64;
        let mean = |channel: usize| {
            let places = rows.clone().flat_map(|y| columns.clone().map(move |x| (y * width + x) * channels + channel));
            round(places.map(sample).sum::<f64>() / count, 10.0)
        };
        cells.push((0..channels).map(mean).collect());
    }
    cells
}

fn rect(rect: Rect) -> Value {
    json!([rect.left, rect.top, rect.width, rect.height])
}

fn cut(engine: &Engine, case: &Map<String, Value>) -> Result<Value> {
    let mut options = case["options"].clone();
    if let Some(file) = options.pointer_mut("/model/file") {
        *file = json!(cases().join(file.as_str().unwrap()));
    }
    let options: api::RemoveBackground = from_json(&options.to_string())?;
    let picture = |name: &str| case.get("pictures").and_then(|pictures| pictures.get(name));
    let open = |name: &str| picture(name).map(|name| Photo::open(photo_path(name))).transpose();
    let pictures = Pictures { mask: open("mask")?, trimap: open("trimap")?, background: open("background")? };
    let settings = RemoveBackground::read(&options, &pictures)?;
    let Cutout { photo, subject, frame, instances, confidence, halo, ran, .. } =
        engine.remove_background(photo_path(&case["photo"]), &settings)?;
    let mut facts = facts(&photo);
    let more = json!({
        "subject": subject.map(rect), "frame": rect(frame), "instances": instances.len(),
        "confidence": round(f64::from(confidence), 1000.0), "halo": round(f64::from(halo), 1000.0), "model": ran.model,
    });
    facts.extend(more.as_object().unwrap().clone());
    Ok(Value::Object(facts))
}

#[test]
fn cutouts() {
    let cache = tempfile::tempdir().unwrap();
    let engine = Engine::builder().backend(Backend::Rten).cache_dir(cache.path()).build().unwrap();
    run("cutouts.json", |case| cut(&engine, case));
    common::shown(&["cutout.options", "cutout.pictures", "cutout.facts", "cutout.model", "engine.options"]);
}

#[test]
fn photos() {
    run("photos.json", |case| {
        let decode = DecodeOptions::from(&from_json::<api::Decode>(&case["decode"].to_string())?);
        let encode = EncodeOptions::read(&from_json(&case["encode"].to_string())?, None)?;
        let photo = Photo::open_with(photo_path(&case["photo"]), &decode)?;
        let again = Photo::decode_with(&photo.encode(&encode)?, &decode)?;
        let with_file = |photo: &Photo| {
            let mut facts = facts(photo);
            facts.insert("format".to_owned(), json!(photo.format().map(api::ImageFormat::as_str)));
            facts.insert("exif".to_owned(), json!(photo.exif().is_some()));
            facts
        };
        let mut expect = with_file(&photo);
        expect.insert("again".to_owned(), Value::Object(with_file(&again)));
        Ok(Value::Object(expect))
    });
    common::shown(&["photo.open", "photo.decode", "photo.encode", "photo.limits", "photo.facts"]);
}

/// The recipe of a case, with its variables set.
fn recipe(case: &Map<String, Value>) -> Result<Recipe> {
    let recipe = match case.get("preset") {
        Some(name) => Recipe::preset(name.as_str().unwrap())?,
        None => Recipe::parse(case["recipe"].as_str().unwrap())?,
    };
    let set = case.get("variables").and_then(Value::as_object).into_iter().flatten();
    recipe.with_all(set.map(|(name, value)| (name, value.as_str().unwrap())))
}

#[test]
fn upscales() {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    run("upscales.json", |case| {
        let settings = Upscale::read(&from_json(&case["options"].to_string())?)?;
        let Upscaled { photo, scale, ran, .. } = engine.upscale(photo_path(&case["photo"]), &settings)?;
        let mut facts = facts(&photo);
        facts.insert("scale".to_owned(), json!(round(scale, 1000.0)));
        facts.insert("model".to_owned(), json!(ran.model));
        Ok(Value::Object(facts))
    });
    common::shown(&["upscale.options"]);
}

/// Puts the photos of a case into a folder of their own, and their results into another one.
fn batch(engine: &Engine, case: &Map<String, Value>) -> Result<Value> {
    let mut options: api::Batch = from_json(&case["options"].to_string())?;
    let recipe = recipe(case)?;
    let (photos, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = |name: &Value| {
        let path = photos.path().join(name.as_str().unwrap());
        std::fs::copy(photo_path(name), &path).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let list = |key: &str| case.get(key).and_then(Value::as_array).into_iter().flatten();
    options.inputs = list("inputs").map(copy).collect();
    list("files").for_each(|name| drop(copy(name)));
    if let Some(table) = case.get("table") {
        let path = photos.path().join("table.csv");
        std::fs::write(&path, table.as_str().unwrap()).unwrap();
        options.table = Some(path.to_str().unwrap().to_owned());
    }
    options.output = Some(output.path().to_str().unwrap().to_owned());
    let run = || engine.batch(&recipe, &options, |_| ());
    let counts = |report: &BatchReport| {
        json!({
            "done": report.done, "failed": report.failed, "skipped": report.skipped, "resumed": report.resumed,
        })
    };
    let report = run()?;
    let name = |path: &str| Path::new(path).file_name().unwrap().to_str().unwrap().to_owned();
    let mut outputs: Vec<_> = std::fs::read_dir(output.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    outputs.retain(|path| !name(path.to_str().unwrap()).starts_with('.'));
    outputs.sort();
    let mut facts = counts(&report);
    facts["outputs"] = outputs.iter().map(|path| name(path.to_str().unwrap())).collect();
    let error = |item: &BatchItem| (name(&item.input), json!(item.error.as_ref().map(|error| error.code.clone())));
    facts["errors"] = Value::Object(report.failures.iter().map(error).collect());
    facts["again"] = counts(&run()?);
    Ok(facts)
}

#[test]
fn batches() {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    run("batches.json", |case| batch(&engine, case));
    common::shown(&["batch", "batch.resume"]);
}

#[test]
fn recipes() {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    run("recipes.json", |case| {
        let made = engine.run_recipe(photo_path(&case["photo"]), &recipe(case)?)?;
        let mut facts = facts(&Photo::decode(&made.bytes)?);
        facts.insert("format".to_owned(), json!(made.format.as_str()));
        facts.insert("steps".to_owned(), made.steps.iter().map(|step| step.step).collect());
        Ok(Value::Object(facts))
    });
    common::shown(&["recipe", "recipe.variables", "recipe.run", "export"]);
}

#[test]
fn errors() {
    let path = cases().join("errors.json");
    let line = |code: &Code| {
        json!({ "code": code.as_str(), "kind": code.kind().as_str(), "remedy": code.remedy() }).to_string()
    };
    let list = format!("[\n{}\n]\n", Code::ALL.iter().map(line).collect::<Vec<_>>().join(",\n"));
    if bless() {
        std::fs::write(path, list).unwrap();
        return;
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), list, "run this test with PACKSHOT_BLESS=1");
}

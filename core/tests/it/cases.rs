//! The cases that every binding runs too; see `bindings/cases/README.md`. With `PACKSHOT_BLESS=1` it writes down what
//! comes out instead of checking it.
//!
//! Each case is also run once for each of its options, without that option: then it has to fail, or it would prove
//! nothing about the option.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use packshot::api::FactKind;
use packshot::{
    AnyFacts, Backend, BatchItem, BatchReport, Code, ColorPolicy, DecodeOptions, EncodeOptions, Engine, Photo,
    Pictures, Recipe, Result, Samples, ToolResult, api, from_json,
};
use serde_json::{Map, Value, json};

type Case = Map<String, Value>;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/cases")
}

fn photo_path(name: &Value) -> PathBuf {
    cases().join("photos").join(name.as_str().unwrap())
}

fn bless() -> bool {
    std::env::var_os("PACKSHOT_BLESS").is_some()
}

/// What came out of cases: many are the same once an option is taken away.
struct Outcomes<Work> {
    work: Work,
    known: HashMap<String, (&'static str, Value)>,
}

impl<Work: Fn(&Case) -> Result<Value>> Outcomes<Work> {
    /// The key and the value that a case has for what comes out.
    fn of(&mut self, case: &Case) -> (&'static str, Value) {
        let mut asked = case.clone();
        ["name", "expect", "error", "untyped"].iter().for_each(|key| drop(asked.remove(*key)));
        let known = self.known.entry(json!(asked).to_string()).or_insert_with(|| match (self.work)(case) {
            Ok(facts) => ("expect", facts),
            Err(error) => ("error", json!(error.code().as_str())),
        });
        known.clone()
    }
}

/// Runs every case of a file, and its mutants; `work` says what came out.
fn run(file: &str, work: impl Fn(&Case) -> Result<Value>) {
    let path = cases().join(file);
    let mut cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let mut outcomes = Outcomes { work, known: HashMap::new() };
    let (mut faults, mut killed) = (Vec::new(), 0);
    for case in &mut cases {
        let name = case["name"].as_str().unwrap().to_owned();
        let (key, found) = outcomes.of(case);
        if bless() && case.get("error").is_none() {
            assert_eq!(key, "expect", "{name}: {found}");
            case.insert(key.to_owned(), found);
        } else if !case.get(key).is_some_and(|expected| alike("", expected, &found, 1.0)) {
            faults.push(format!("{name}: {key} is {found}, not {case:?}"));
        }
        for (option, mutant) in mutants(case).into_iter().chain(recipe_mutants(case)) {
            let (key, found) = outcomes.of(&mutant);
            // By a margin, so that other machines see the difference too.
            match case.get(key).is_some_and(|expected| alike("", expected, &found, 1.5)) {
                true => faults.push(format!("{name}: passes without `{option}`, and so proves nothing about it")),
                false => killed += 1,
            }
        }
    }
    if bless() {
        let lines: Vec<_> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
        std::fs::write(path, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    }
    println!("{file}: {} cases, {killed} of them without an option, which fail", cases.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The case without each of its options. Of a table, such as that of a model, also without each of its keys.
fn mutants(case: &Case) -> Vec<(String, Case)> {
    let groups = ["options", "pictures", "decode", "encode", "variables"].map(|group| format!("/{group}"));
    groups.iter().flat_map(|group| without_each(&Value::Object(case.clone()), group)).map(unwrapped).collect()
}

fn unwrapped((option, case): (String, Value)) -> (String, Case) {
    let Value::Object(case) = case else { unreachable!() };
    (option, case)
}

/// `value` without each key of the table at `pointer`, and of the tables in it that have several.
fn without_each(value: &Value, pointer: &str) -> Vec<(String, Value)> {
    let Some(Value::Object(table)) = value.pointer(pointer) else { return Vec::new() };
    let mut mutants = Vec::new();
    for (key, inner) in table {
        let mut mutant = value.clone();
        mutant.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
        let below = format!("{pointer}/{key}");
        mutants.push((below.clone(), mutant));
        if inner.as_object().is_some_and(|inner| inner.len() > 1) {
            mutants.extend(without_each(value, &below));
        }
    }
    mutants
}

/// The case without each option in its recipe, unless it is about a batch. Bindings hand over recipes as they are, and
/// need not try this.
fn recipe_mutants(case: &Case) -> Vec<(String, Case)> {
    let recipe = case.get("photo").and(case.get("recipe")).and_then(|_| recipe(case).ok());
    let Some(recipe) = recipe else { return Vec::new() };
    let recipe: Value = serde_json::from_str(&recipe.to_json()).unwrap();
    let count = recipe["steps"].as_array().unwrap().len();
    let tables = (0..count).map(|step| {
        let name = recipe["steps"][step].as_object().unwrap().keys().next().unwrap();
        format!("/steps/{step}/{name}")
    });
    let tables = tables.chain(["/decode".to_owned()]);
    let mutants = tables.flat_map(|table| without_each(&recipe, &table)).map(|(option, recipe)| {
        let mut mutant = case.clone();
        mutant.remove("variables");
        mutant.insert("recipe".to_owned(), json!(recipe.to_string()));
        (format!("recipe{option}"), mutant)
    });
    mutants.collect()
}

/// Whether two results are the same within the tolerance of their key, `slack` times.
fn alike(key: &str, expected: &Value, found: &Value, slack: f64) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .all(|(key, expected)| found.get(key).is_some_and(|found| alike(key, expected, found, slack)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected.iter().zip(found).all(|(expected, found)| alike(key, expected, found, slack))
        }
        (Value::Number(expected), Value::Number(found)) => {
            let (expected, found) = (expected.as_f64().unwrap(), found.as_f64().unwrap());
            (expected - found).abs() <= tolerance(key, expected) * slack
        }
        _ => expected == found,
    }
}

fn tolerance(key: &str, expected: f64) -> f64 {
    let fact = api::TOOLS.iter().flat_map(|tool| tool.facts.fields).find(|fact| fact.name == key);
    match (key, fact.map(|fact| fact.kind)) {
        ("grid", _) | (_, Some(FactKind::Rect)) => 2.0,
        ("detail" | "bytes", _) => (0.03 * expected).max(0.1),
        (_, Some(FactKind::Number | FactKind::Share)) => 0.02,
        _ => 0.0,
    }
}

fn round(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { unreachable!() };
    object
}

/// What a picture is like.
fn facts(photo: &Photo) -> Map<String, Value> {
    let depth = if photo.as_u8().is_some() { 8 } else { 16 };
    object(json!({
        "width": photo.width(), "height": photo.height(), "channels": photo.channels().count(), "depth": depth,
        "grid": grid(photo), "detail": detail(photo),
    }))
}

/// What a photo that was read is like.
fn read_facts(photo: &Photo) -> Map<String, Value> {
    let mut facts = facts(photo);
    facts.extend(object(json!({
        "format": photo.format().map(api::ImageFormat::as_str),
        "exif": photo.exif().map(<[u8]>::len), "profile": photo.profile().map(<[u8]>::len),
    })));
    facts
}

/// What a file that was written is like.
fn file_facts(file: &[u8]) -> Result<Map<String, Value>> {
    let mut facts = read_facts(&Photo::decode_with(file, &DecodeOptions::new().color(ColorPolicy::Keep))?);
    facts.extend(object(json!({ "bytes": file.len(), "dpi": dpi(file) })));
    Ok(facts)
}

/// Dots per inch in the first segment of a JPEG.
fn dpi(file: &[u8]) -> Option<u16> {
    let per_inch = file.get(6..10) == Some(b"JFIF") && file.get(13) == Some(&1);
    per_inch.then(|| u16::from_be_bytes([file[14], file[15]]))
}

fn sample(photo: &Photo, x: usize, y: usize, channel: usize) -> f64 {
    let at = (y * photo.width() as usize + x) * photo.channels().count() + channel;
    match photo.samples() {
        Samples::U8(samples) => f64::from(samples[at]),
        Samples::U16(samples) => f64::from(samples[at]) / 257.0,
    }
}

/// 4 by 4 cells with the mean of each channel.
fn grid(photo: &Photo) -> Vec<Vec<f64>> {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let mut cells = Vec::new();
    for (j, i) in (0..4).flat_map(|j| (0..4).map(move |i| (j, i))) {
        let rows = j * height / 4..(j + 1) * height / 4;
        let columns = i * width / 4..(i + 1) * width / 4;
        let count = (rows.len() * columns.len()) as f64;
        let mean = |channel: usize| {
            let places = rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y)));
            round(places.map(|(x, y)| sample(photo, x, y, channel)).sum::<f64>() / count, 10.0)
        };
        cells.push((0..photo.channels().count()).map(mean).collect());
    }
    cells
}

/// By how much neighbours in a row differ, as a mean of each channel.
fn detail(photo: &Photo) -> Vec<f64> {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let mean = |channel: usize| {
        let places = (0..height).flat_map(|y| (1..width).map(move |x| (x, y)));
        let step = |(x, y)| (sample(photo, x, y, channel) - sample(photo, x - 1, y, channel)).abs();
        round(places.map(step).sum::<f64>() / ((width - 1) * height).max(1) as f64, 100.0)
    };
    (0..photo.channels().count()).map(mean).collect()
}

/// The step of a case; files of models are beside the cases.
fn step(tool: &api::Tool, case: &Case) -> Result<api::Step> {
    let mut options = case["options"].clone();
    if let Some(file) = options.pointer_mut("/model/file") {
        *file = json!(cases().join(file.as_str().unwrap()));
    }
    from_json(&json!({ tool.name: options }).to_string())
}

/// What a fact is like in a case; `None` for a picture that always is there.
fn fact(fact: &api::Fact, found: &AnyFacts) -> Option<Value> {
    if let Some((_, picture)) = found.pictures.iter().find(|(name, _)| *name == fact.name) {
        return fact.absent.map(|_| json!(picture.is_some()));
    }
    let value = &found.data[fact.name];
    Some(match value {
        Value::Object(rect) => json!([rect["left"], rect["top"], rect["width"], rect["height"]]),
        Value::Array(list) => json!(list.len()),
        Value::Number(number) => json!(round(number.as_f64().unwrap(), 1000.0)),
        other => other.clone(),
    })
}

fn apply(engine: &Engine, tool: &api::Tool, case: &Case) -> Result<Value> {
    let picture = |name: &str| case.get("pictures").and_then(|pictures| pictures.get(name));
    let source = |name: &str| picture(name).map(|name| photo_path(name).into());
    let pictures = Pictures { mask: source("mask"), trimap: source("trimap"), background: source("background") };
    let ToolResult { photo, facts: found, ran } =
        engine.start_step(photo_path(&case["photo"]), step(tool, case)?, pictures).wait()?;
    let mut facts = facts(&photo);
    facts.insert("model".to_owned(), json!(ran.model));
    facts.extend(tool.facts.fields.iter().filter_map(|each| Some((each.name.to_owned(), fact(each, &found)?))));
    Ok(Value::Object(facts))
}

#[test]
fn tools() {
    let cache = tempfile::tempdir().unwrap();
    let engine = Engine::builder().backend(Backend::Rten).cache_dir(cache.path()).build().unwrap();
    for tool in api::TOOLS {
        run(&format!("tools/{}.json", tool.name), |case| apply(&engine, tool, case));
        crate::common::shown(&[tool.name, &format!("{}.options", tool.name)]);
    }
    crate::common::shown(&["cutout.pictures", "cutout.facts", "cutout.model", "engine.options"]);
}

#[test]
fn photos() {
    run("photos.json", |case| {
        let decode = DecodeOptions::from(&from_json::<api::Decode>(&case["decode"].to_string())?);
        let encode = EncodeOptions::read(&from_json(&case["encode"].to_string())?, None)?;
        let photo = Photo::open_with(photo_path(&case["photo"]), &decode)?;
        let mut expect = read_facts(&photo);
        expect.insert("file".to_owned(), Value::Object(file_facts(&photo.encode(&encode)?)?));
        Ok(Value::Object(expect))
    });
    crate::common::shown(&["photo.open", "photo.decode", "photo.encode", "photo.limits", "photo.facts"]);
}

/// The recipe of a case, with its variables set.
fn recipe(case: &Case) -> Result<Recipe> {
    let recipe = match case.get("preset") {
        Some(name) => Recipe::preset(name.as_str().unwrap())?,
        None => Recipe::parse(case["recipe"].as_str().unwrap())?,
    };
    let set = case.get("variables").and_then(Value::as_object).into_iter().flatten();
    recipe.with_all(set.map(|(name, value)| (name, value.as_str().unwrap())))
}

#[test]
fn recipes() {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    run("recipes.json", |case| {
        let made = engine.run_recipe(photo_path(&case["photo"]), &recipe(case)?)?;
        let mut facts = file_facts(&made.bytes)?;
        facts.insert("steps".to_owned(), made.steps.iter().map(|step| step.step).collect());
        Ok(Value::Object(facts))
    });
    crate::common::shown(&["recipe", "recipe.variables", "recipe.run", "export"]);
}

/// The folder of a batch's photos, and the one of its results.
struct Folders {
    photos: tempfile::TempDir,
    results: tempfile::TempDir,
}

impl Folders {
    fn prepare(case: &Case) -> Self {
        let folders = Self { photos: tempfile::tempdir().unwrap(), results: tempfile::tempdir().unwrap() };
        for name in list(case, "files") {
            let (path, photo) = (folders.photos.path().join(name), Path::new(name).file_name().unwrap());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::copy(cases().join("photos").join(photo), path).unwrap();
        }
        for name in list(case, "standing") {
            let path = folders.results.path().join(name);
            match name.ends_with('/') {
                true => std::fs::create_dir(path).unwrap(),
                false => std::fs::write(path, "was here before").unwrap(),
            }
        }
        folders
    }

    /// The options of a case, with their paths in these folders, and those that a batch cannot do without.
    fn options(&self, case: &Case) -> Result<api::Batch> {
        let below = |folder: &tempfile::TempDir, name: &Value| json!(folder.path().join(name.as_str().unwrap()));
        let mut options = object(case["options"].clone());
        if let Some(text) = options.get_mut("table") {
            std::fs::write(self.photos.path().join("table.csv"), text.as_str().unwrap()).unwrap();
            *text = below(&self.photos, &json!("table.csv"));
        } else {
            let inputs = options.entry("inputs").or_insert_with(|| case["files"].clone()).as_array_mut().unwrap();
            inputs.iter_mut().for_each(|input| *input = below(&self.photos, input));
        }
        options.entry("output").or_insert_with(|| json!(""));
        for name in ["output", "report", "sheet", "protect"] {
            let paths = match options.get_mut(name) {
                Some(Value::Array(paths)) => &mut paths[..],
                path => path.map(std::slice::from_mut).unwrap_or_default(),
            };
            paths.iter_mut().for_each(|path| *path = below(&self.results, path));
        }
        from_json(&Value::Object(options).to_string())
    }

    /// The results, with width and height of those that are photos.
    fn results(&self) -> Value {
        let root = self.results.path();
        let files = walk(root).into_iter().map(|path| {
            let size = Photo::open(&path).ok().map(|photo| [photo.width(), photo.height()]);
            (path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"), json!(size))
        });
        Value::Object(files.filter(|(name, _)| !name.rsplit('/').next().unwrap().starts_with('.')).collect())
    }
}

fn list<'a>(case: &'a Case, key: &str) -> impl Iterator<Item = &'a str> {
    case.get(key).and_then(Value::as_array).into_iter().flatten().map(|name| name.as_str().unwrap())
}

/// The files in a folder, to any depth.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

fn counts(report: &BatchReport) -> Value {
    json!({ "done": report.done, "failed": report.failed, "skipped": report.skipped, "resumed": report.resumed })
}

fn batch(engine: &Engine, case: &Case) -> Result<Value> {
    let recipe = recipe(case)?;
    let folders = Folders::prepare(case);
    let options = folders.options(case)?;
    let report = engine.batch(&recipe, &options, |_| ())?;
    let failure = |item: &BatchItem| {
        let name = Path::new(&item.input).file_name().unwrap().to_str().unwrap().to_owned();
        (name, json!([item.error.as_ref().map(|error| &error.code), item.attempts]))
    };
    let mut facts = object(counts(&report));
    facts.extend(object(json!({
        "failures": report.failures.iter().map(failure).collect::<Map<_, _>>(),
        "stopped": report.stopped.as_ref().map(|error| &error.code),
        "results": folders.results(),
        "again": counts(&engine.batch(&recipe, &options, |_| ())?),
    })));
    Ok(Value::Object(facts))
}

#[test]
fn batches() {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    run("batches.json", |case| batch(&engine, case));
    crate::common::shown(&["batch", "batch.resume"]);
}

#[test]
fn errors() {
    let path = cases().join("errors.json");
    let line = |code: &Code| {
        let facts = (code.as_str(), code.kind().as_str(), code.remedy(), code.retryable());
        json!({ "code": facts.0, "kind": facts.1, "remedy": facts.2, "retryable": facts.3 }).to_string()
    };
    let list = format!("[\n{}\n]\n", Code::ALL.iter().map(line).collect::<Vec<_>>().join(",\n"));
    if bless() {
        std::fs::write(path, list).unwrap();
        return;
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), list, "run this test with PACKSHOT_BLESS=1");
}

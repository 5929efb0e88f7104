//! The limits of an engine hold for all that its calls read; see decision 047.

use std::fs;
use std::path::PathBuf;

use crate::common::committed;
use packshot::{Code, Crop, Engine, EngineBuilder, EngineOptions, Photo, Pictures, Recipe, Result, api, from_json};

/// 320 x 272 pixels.
fn mug() -> PathBuf {
    committed("bindings/cases/photos/mug.jpg")
}

/// Of the same size.
fn mask() -> PathBuf {
    committed("bindings/cases/photos/mask.png")
}

fn engine(options: &str) -> Engine {
    EngineBuilder::read(&from_json::<EngineOptions>(options).unwrap()).unwrap().build().unwrap()
}

fn square() -> Crop {
    Crop::read(&from_json(r#"{"aspect": 1}"#).unwrap()).unwrap()
}

fn recipe(decode: &str, options: &str) -> Recipe {
    let steps = format!("steps = [{{ remove_background = {{ edges = 'off', {options} }} }}]");
    Recipe::parse(&format!("schema = 'packshot.recipe/1'\n{decode}\n{steps}\n")).unwrap()
}

/// Reads a photo, or a picture beside a photo that is decoded already, in each way there is.
fn ways(engine: &Engine) -> Vec<(&'static str, Result<()>)> {
    let (decoded, masked) = (Photo::open(mug()).unwrap(), format!("mask = '{}'", mask().display()));
    let step = |json: &str| from_json::<api::Step>(json).unwrap();
    let pictures = |name: &str, file: PathBuf| Pictures::of([(name.to_owned(), file.into())]).unwrap();
    let cut = |given| engine.start_step(&decoded, step(r#"{"remove_background": {"edges": "off"}}"#), given).wait();
    vec![
        ("a file", engine.crop(mug(), &square()).map(drop)),
        ("bytes", engine.crop(fs::read(mug()).unwrap(), &square()).map(drop)),
        ("a step", engine.start_step(mug(), step(r#"{"crop": {"aspect": 1}}"#), Pictures::default()).wait().map(drop)),
        ("a mask", cut(pictures("mask", mask())).map(drop)),
        ("a file of a recipe", engine.run_recipe(mug(), &recipe("", "mask = ''")).map(drop)),
        ("a picture of a recipe", engine.run_recipe(&decoded, &recipe("", &masked)).map(drop)),
    ]
}

#[test]
fn whatever_a_call_reads_is_within_the_limits_of_its_engine() {
    for (way, read) in ways(&engine(r#"{"max_pixels": 87039, "backend": "rten"}"#)) {
        assert_eq!(read.unwrap_err().code(), Code::LimitPixels, "{way}");
    }
    for (way, read) in ways(&engine(r#"{"max_bytes": 100, "backend": "rten"}"#)) {
        assert_eq!(read.unwrap_err().code(), Code::LimitBytes, "{way}");
    }
    let exact = engine(r#"{"max_pixels": 87040, "backend": "rten"}"#);
    assert_eq!(exact.limits().max_pixels, 87040);
    for (way, read) in ways(&exact) {
        assert!(read.is_ok(), "{way}: {read:?}");
    }
}

#[test]
fn a_recipe_has_its_own_limits_and_a_decoded_photo_none() {
    let strict = engine(r#"{"max_pixels": 10, "max_bytes": 10, "backend": "rten"}"#);
    let decoded = Photo::open(mug()).unwrap();
    assert_eq!(strict.crop(&decoded, &square()).unwrap().photo.width(), 272);
    let own = "decode = { max_pixels = 87040, max_bytes = 1000000 }";
    let exported = format!("schema = 'packshot.recipe/1'\n{own}\nsteps = [{{ export = {{ format = 'png' }} }}]\n");
    assert_eq!(strict.run_recipe(mug(), &Recipe::parse(&exported).unwrap()).unwrap().width, 320);
    let half = exported.replace(", max_bytes = 1000000", "");
    let refused = strict.run_recipe(mug(), &Recipe::parse(&half).unwrap()).unwrap_err();
    assert_eq!(refused.code(), Code::LimitBytes, "what it does not say is the engine's");
}

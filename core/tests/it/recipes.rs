//! Recipes: presets, variables, faults, and the same bytes for the same recipe.

use std::collections::BTreeMap;
use std::fs;

use packshot::{Backend, Code, Engine, ImageFormat, Photo, Recipe, api};

const PHOTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/cases/photos/mug.jpg");

fn engine(threads: usize) -> Engine {
    let threads = std::num::NonZeroUsize::new(threads).unwrap();
    Engine::builder().backend(Backend::Rten).offline(true).threads(threads).build().unwrap()
}

/// Whether the preset enlarges: its nets are files that tests do not fetch, and it is only read.
fn upscales(text: &str) -> bool {
    let recipe = api::Template::parse(text).and_then(|text| text.recipe(&BTreeMap::new())).unwrap();
    recipe.steps.iter().any(|step| matches!(step, api::Step::Upscale(_)))
}

#[test]
fn every_preset_is_described_and_runs() {
    let engine = engine(2);
    let presets = Recipe::presets();
    assert!(presets.len() >= 8);
    for preset in presets {
        assert!(preset.description.ends_with('.'), "{}: {}", preset.name, preset.description);
        if upscales(preset.text) {
            continue;
        }
        let recipe = Recipe::preset(preset.name).unwrap();
        assert_eq!(recipe.name(), Some(preset.name));
        assert_eq!(recipe.description(), Some(preset.description.as_str()));
        let rendition = engine.run_recipe(PHOTO, &recipe).unwrap();
        let wanted = match recipe.data().steps.last() {
            Some(api::Step::Export(file)) => file.format.unwrap(),
            _ => ImageFormat::Png,
        };
        assert_eq!(rendition.format, wanted, "{}", preset.name);
        let again = Photo::decode(&rendition.bytes).unwrap();
        let photo = Photo::open(PHOTO).unwrap();
        let estimate = recipe.estimate((photo.width(), photo.height()), |_, _, _| 1);
        let most = estimate.steps.last().unwrap().output;
        assert!(again.width() <= most.0 && again.height() <= most.1, "{}: {most:?}", preset.name);
        assert_eq!(estimate.total, recipe.data().steps.len() as u64);
    }
}

#[test]
fn nothing_around_a_matte_is_subject() {
    let engine = engine(2);
    for (output, more, corner) in [
        ("alpha", "", 0),
        ("mask", "", 0),
        ("foreground", "", 0),
        ("mask", r##", background = "#ffffff""##, 255),
        ("rgba", "", 0),
    ] {
        let text = format!(
            r#"schema = "packshot.recipe/1"
            [[steps]]
            remove_background = {{ output = "{output}" }}
            [[steps]]
            export = {{ format = "png", size = "40x80", fit = "pad"{more} }}"#
        );
        let rendition = engine.run_recipe(PHOTO, &Recipe::parse(&text).unwrap()).unwrap();
        let photo = Photo::decode(&rendition.bytes).unwrap();
        assert_eq!((photo.width(), photo.height()), (40, 80));
        let packshot::Samples::U8(samples) = photo.samples() else { panic!("16 bit") };
        let count = samples.len() / (40 * 80);
        assert!(samples[..count].iter().all(|sample| *sample == corner), "{output}{more}: {:?}", &samples[..count]);
    }
}

#[test]
fn the_same_recipe_makes_the_same_bytes() {
    let recipe = Recipe::preset("white-background").unwrap().with("size", "300").unwrap();
    let one = engine(1).run_recipe(PHOTO, &recipe).unwrap().bytes;
    let two = engine(2);
    assert!(two.run_recipe(PHOTO, &recipe).unwrap().bytes == one, "with two threads");
    for text in [recipe.to_json(), recipe.to_toml()] {
        let again = Recipe::parse(&text).unwrap();
        assert_eq!(again.data(), recipe.data());
        assert_eq!(again.hash(), recipe.hash());
        assert!(two.run_recipe(PHOTO, &again).unwrap().bytes == one, "{text}");
    }
    let data = Recipe::new(recipe.data().clone()).unwrap();
    assert_eq!(data.hash(), recipe.hash());
    assert!(two.run_recipe(PHOTO, &data).unwrap().bytes == one);
}

#[test]
fn variables_are_set_one_after_the_other() {
    let recipe = Recipe::preset("white-background").unwrap();
    let red = recipe.with("background", "red").unwrap().with("quality", "70").unwrap();
    assert_eq!((red.variables()["background"].as_str(), red.variables()["quality"].as_str()), ("red", "70"));
    assert_eq!(recipe.variables()["background"], "white", "the first one is as it was");
    assert_ne!(red.hash(), recipe.hash());
    let both = recipe.with_all(BTreeMap::from([("background", "red"), ("quality", "70")])).unwrap();
    assert_eq!(both.hash(), red.hash());

    let refused = |name: &str, value: &str| recipe.with(name, value).unwrap_err();
    assert!(refused("colour", "red").message().contains("background"));
    for (name, value) in [("quality", "high"), ("quality", "0"), ("background", "chartreus"), ("margin", "5 apples")] {
        let error = refused(name, value);
        assert_eq!(error.code(), Code::RecipeInvalid, "{error}");
        assert!(error.message().contains(name), "{error}");
        assert!(error.context().any(|(key, _)| key == "line"), "{error}");
    }
    let data = Recipe::new(recipe.data().clone()).unwrap();
    assert_eq!(data.with("quality", "70").unwrap_err().code(), Code::RecipeInvalid);
    assert!(data.variables().is_empty());
}

#[test]
fn an_unknown_preset_is_told_which_there_are() {
    let error = Recipe::preset("white").unwrap_err();
    assert_eq!(error.code(), Code::RecipeInvalid);
    for preset in Recipe::presets() {
        assert!(error.message().contains(preset.name), "{error}");
    }
}

#[test]
fn data_that_cannot_be_done_is_told_with_its_key() {
    let data = |steps: &str| {
        let json = format!(r#"{{"schema": "packshot.recipe/1", "steps": {steps}}}"#);
        Recipe::new(packshot::from_json(&json).unwrap()).unwrap_err()
    };
    for (steps, key) in [
        ("[]", "steps"),
        (r#"[{"export": {}}, {"remove_background": {}}]"#, "steps[0].export"),
        (r#"[{"remove_background": {"background": "chartreus"}}]"#, "steps[0].remove_background.background"),
        (r#"[{"export": {"quality": 101}}]"#, "steps[0].export.quality"),
    ] {
        let error = data(steps);
        assert_eq!(error.code(), Code::RecipeInvalid, "{error}");
        assert!(error.message().starts_with(&format!("`{key}`: ")), "{error}");
    }
}

#[test]
fn models_are_found_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let text = "schema = \"packshot.recipe/1\"\n[[steps]]\nremove_background = { model = { file = \"tiny.onnx\", like = \"u2netp\" } }\n";
    fs::write(&path, text).unwrap();
    let recipe = Recipe::open(&path).unwrap();
    assert_eq!(recipe.hash(), Recipe::parse(text).unwrap().hash(), "the folder does not count");
    let error = engine(1).run_recipe(PHOTO, &recipe).unwrap_err();
    let looked = error.context().find(|(key, _)| *key == "file").unwrap().1;
    assert_eq!(looked, folder.path().join("tiny.onnx").to_str().unwrap(), "{error:?}");
}

#[test]
fn the_examples_of_the_guide_are_right() {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/recipes.md")).unwrap();
    let examples = guide.split("```").skip(1).step_by(2);
    let mut count = 0;
    for example in examples {
        let Some((language, text)) = example.split_once('\n') else { continue };
        if matches!(language, "toml" | "json") {
            Recipe::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            count += 1;
        }
    }
    assert!(count >= 3);
    for preset in Recipe::presets() {
        assert!(guide.contains(&format!("| `{}` |", preset.name)), "{} is missing in the table", preset.name);
    }
}

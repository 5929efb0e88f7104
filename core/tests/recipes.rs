//! Recipes: presets, variables, faults, and the same bytes for the same recipe.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::BTreeMap;
use std::fs;

use packshot::{Backend, Code, Engine, ImageFormat, Photo, Recipe, api};

const PHOTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/cases/photos/mug.jpg");

fn engine(threads: usize) -> Engine {
    let threads = std::num::NonZeroUsize::new(threads).unwrap();
    Engine::builder().backend(Backend::Rten).offline(true).threads(threads).build().unwrap()
}

fn upscales(recipe: &api::Recipe) -> bool {
    recipe.steps.iter().any(|step| matches!(step, api::Step::Upscale(_)))
}

#[test]
fn every_preset_is_described_and_runs() {
    let engine = engine(2);
    let presets = Recipe::presets();
    assert!(presets.len() >= 8);
    for preset in presets {
        assert!(preset.description.ends_with('.'), "{}: {}", preset.name, preset.description);
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

//! Any text as a recipe: it is refused at a line that the text has, or read and then written as the same recipe.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packshot::{Code, Recipe};

fuzz_target!(|text: &str| {
    match Recipe::parse(text) {
        Ok(recipe) => {
            for text in [recipe.to_toml(), recipe.to_json()] {
                let again = Recipe::parse(&text);
                assert!(again.is_ok_and(|again| again.hash() == recipe.hash()), "{text}");
            }
        }
        Err(error) => {
            assert_eq!(error.code(), Code::RecipeInvalid);
            let line = error.context().find(|(key, _)| *key == "line").and_then(|(_, line)| line.parse().ok());
            assert!(line.is_some_and(|line: usize| (1..=text.matches('\n').count() + 1).contains(&line)), "{error}");
        }
    }
});

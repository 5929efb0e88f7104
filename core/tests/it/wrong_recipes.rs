//! What people read when their recipe is wrong: `testdata/wrong-recipes.txt` has the recipes, and
//! `wrong-recipes.messages.txt` what is said about each. `PACKSHOT_BLESS=1` writes the second anew.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use packshot::{Code, Recipe, api};
use serde_json::json;

fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

#[test]
fn wrong_recipes_say_where_and_what_to_do() {
    let recipes = fs::read_to_string(testdata("wrong-recipes.txt")).unwrap().replace('\r', "");
    let mut messages = String::new();
    for block in recipes.split("=== ").skip(1) {
        let (name, text) = block.split_once('\n').unwrap();
        let error = Recipe::parse(text).err().unwrap_or_else(|| panic!("{name} is accepted"));
        assert_eq!(error.code(), Code::RecipeInvalid, "{name}: {error}");
        let line: usize = error.context().find(|(key, _)| *key == "line").unwrap().1.parse().unwrap();
        assert!((1..=text.lines().count() + 1).contains(&line), "{name}: line {line}");
        let shown = text.lines().nth(line - 1).unwrap_or("(end)").trim();
        writeln!(messages, "{name}\n  {line} | {shown}\n  {}\n", error.message()).unwrap();
    }
    let path = testdata("wrong-recipes.messages.txt");
    if env::var_os("PACKSHOT_BLESS").is_some() {
        fs::write(&path, &messages).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    assert!(messages == expected, "PACKSHOT_BLESS=1 accepts these messages:\n{messages}");
}

#[test]
fn no_message_speaks_of_the_library_underneath() {
    let messages = fs::read_to_string(testdata("wrong-recipes.messages.txt")).unwrap();
    assert!(messages.matches("  ").count() >= 100, "at least fifty recipes");
    for word in
        ["untagged", "expected struct", "missing field", "invalid type", "invalid value", "unknown field", "serde"]
    {
        assert!(!messages.contains(word), "{word}");
    }
}

#[test]
fn files_that_are_no_text_or_too_long_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    fs::write(&path, b"schema = \"packshot.recipe/1\"\nname = \"caf\xe9\"\n").unwrap();
    let error = Recipe::open(&path).unwrap_err();
    assert_eq!(error.code(), Code::RecipeInvalid);
    assert!(error.context().any(|(key, line)| key == "line" && line == "2"), "{error}");
    assert!(error.context().any(|(key, file)| key == "file" && file.ends_with("a.toml")), "{error}");

    let long = format!("schema = \"packshot.recipe/1\"\n{}", "# long\n".repeat(200_000));
    assert_eq!(Recipe::parse(&long).unwrap_err().code(), Code::RecipeInvalid);
    fs::write(&path, long).unwrap();
    assert_eq!(Recipe::open(&path).unwrap_err().code(), Code::LimitBytes);
    assert_eq!(Recipe::open(folder.path().join("b.toml")).unwrap_err().code(), Code::FileMissing);
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let json = format!(
            "{{\"schema\": \"packshot.recipe/1\", \"steps\": {}1{}}}",
            open.repeat(50_000),
            close.repeat(50_000)
        );
        assert_eq!(Recipe::parse(&json).unwrap_err().code(), Code::RecipeInvalid);
    }
    let toml = format!("schema = \"packshot.recipe/1\"\nsteps = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(Recipe::parse(&toml).unwrap_err().code(), Code::RecipeInvalid);
}

/// The ranges that documentation, schema and editors show are those that the core demands.
#[test]
fn ranges_are_those_of_the_reference() {
    let mut count = 0;
    for (tool, _, options) in api::Step::ALL {
        for field in options.fields {
            let Some((low, high)) = field.bounds() else { continue };
            let read = |value: f64| {
                let value = match field.kind {
                    api::Kind::Number => json!(value),
                    _ => json!(value as i64),
                };
                Recipe::parse(
                    &json!({ "schema": api::Schema::NAME, "steps": [{ *tool: { field.name: value } }] }).to_string(),
                )
            };
            for value in [low, high] {
                assert!(read(value).is_ok(), "{tool}.{} takes {value}", field.name);
            }
            for value in [low - 1.0, high + 1.0] {
                assert!(read(value).is_err(), "{tool}.{} refuses {value}", field.name);
            }
            count += 1;
        }
    }
    assert!(count >= 5);
}

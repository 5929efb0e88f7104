//! `packshot recipe`, as a process.

use std::process::{Command, Output};

use packshot::Recipe;
use serde_json::Value;

fn recipe(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_packshot")).arg("recipe").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn list_names_every_preset() {
    let (people, programs) = (text(&recipe(&["list"]).stdout), text(&recipe(&["list", "--json"]).stdout));
    for preset in Recipe::presets() {
        assert!(people.lines().any(|line| line.starts_with(preset.name) && line.ends_with(&preset.description)));
        let is_it = |line: &str| serde_json::from_str::<Value>(line).unwrap()["name"] == preset.name;
        assert!(programs.lines().any(is_it), "{}", preset.name);
    }
}

#[test]
fn show_prints_the_text_or_the_values() {
    let plain = text(&recipe(&["show", "web"]).stdout);
    assert!(plain.contains("[variables]") && plain.contains("${quality}"), "{plain}");
    for form in ["--toml", "--json"] {
        let output = recipe(&["show", "web", form, "--set", "quality=61"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let shown = Recipe::parse(&text(&output.stdout)).unwrap();
        assert_eq!(shown.hash(), Recipe::preset("web").unwrap().with("quality", "61").unwrap().hash());
    }
    for wrong in [&["show", "wbe"][..], &["show", "web", "--set", "colour=red"], &["show", "web", "--set", "quality"]] {
        let output = recipe(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", text(&output.stderr));
    }
    assert_eq!(recipe(&["show", "missing.toml"]).status.code(), Some(3));
}

#[test]
fn check_tells_file_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let path = path.to_str().unwrap();
    std::fs::write(path, "schema = \"packshot.recipe/1\"\n\n[[steps]]\nexport = { qualty = 90 }\n").unwrap();
    let output = recipe(&["check", path]);
    assert_eq!(output.status.code(), Some(3));
    let told = text(&output.stderr);
    assert!(told.starts_with(&format!("{path}:4: steps[0].export.qualty: ")), "{told}");
    assert!(told.contains("did you mean `quality`?"), "{told}");

    let output = recipe(&["check", "web", path, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["ok"], true);
    assert_eq!((&lines[1]["line"], &lines[1]["key"]), (&Value::from(4), &Value::from("steps[0].export.qualty")));
    assert_eq!(lines[1]["code"], "recipe_invalid");
    assert_eq!(recipe(&["check", "web", "print"]).status.code(), Some(0));
}

#[test]
fn schema_is_json() {
    let schema: Value = serde_json::from_slice(&recipe(&["schema"]).stdout).unwrap();
    assert!(schema["$defs"]["Encode"]["properties"]["quality"].is_object());
    assert!(schema["properties"]["variables"].is_object());
}

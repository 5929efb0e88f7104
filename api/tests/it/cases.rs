//! Every option is set by a case of `bindings/cases`, and with every word that it takes. The core's test of the cases
//! demands that each of them fails without any of its options.

use std::collections::BTreeSet;
use std::path::Path;

use packshot_api::{Batch, Template, recipe_schema};
use serde_json::{Map, Value};

/// What no case can show, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("Recipe.name", "for people: no result depends on it"),
    ("Recipe.description", "for people: no result depends on it"),
    // A case with one of these would be the same without it.
    ("RemoveBackground.output=rgba", "the default"),
    ("RemoveBackground.edges=fast", "the default"),
    ("Decode.color=to-srgb", "the default"),
    ("Encode.format=png", "the default"),
    ("Encode.chroma=half", "the default"),
    ("Encode.png=fast", "the default"),
    ("Encode.fit=inside", "the default"),
    ("Encode.metadata=strip", "the default"),
    ("Encode.profile=keep", "the default"),
    ("Batch.existing=skip", "the default"),
];

fn cases(file: &str) -> Vec<Map<String, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/cases").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What the schema of a type lets one say: `Type.option`, and `Type.option=word`.
fn sayable(name: &str, schema: &Value, definitions: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (option, schema) in schema["properties"].as_object().into_iter().flatten() {
        all.insert(format!("{name}.{option}"));
        let words = references(schema).into_iter().flat_map(|word| definitions[word]["oneOf"].as_array());
        let words = words.flatten().filter_map(|word| word["const"].as_str());
        all.extend(words.chain(inline_words(schema)).map(|word| format!("{name}.{option}={word}")));
    }
    all
}

/// The definitions that a schema refers to.
fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The words that a schema lists itself, because the option takes only some of its type's.
fn inline_words(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(map) => {
            let own = map.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            own.chain(map.values().flat_map(inline_words)).collect()
        }
        Value::Array(items) => items.iter().flat_map(inline_words).collect(),
        _ => Vec::new(),
    }
}

/// What a table says, as a type of this name.
fn said(name: &str, table: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for (option, value) in table.as_object().into_iter().flatten() {
        all.push(format!("{name}.{option}"));
        match value {
            Value::String(word) => all.push(format!("{name}.{option}={word}")),
            Value::Object(_) if option == "model" => all.extend(said("ModelFile", value)),
            _ => {}
        }
    }
    all
}

/// What the recipe of a case says, if it is one.
fn said_by_recipe(case: &Map<String, Value>) -> Vec<String> {
    let text = case.get("recipe").and_then(Value::as_str).unwrap_or_default();
    let set = case.get("variables").and_then(Value::as_object).into_iter().flatten();
    let set = set.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    let Ok(recipe) = Template::parse(text).and_then(|template| template.recipe(&set)) else { return Vec::new() };
    let recipe = serde_json::to_value(recipe).unwrap();
    let mut all = [said("Recipe", &recipe), said("Decode", &recipe["decode"])].concat();
    for step in recipe["steps"].as_array().unwrap() {
        let tools = [("remove_background", "RemoveBackground"), ("upscale", "Upscale"), ("export", "Encode")];
        all.extend(tools.iter().flat_map(|(tool, name)| said(name, &step[tool])));
    }
    all.extend(case.contains_key("variables").then(|| "Recipe.variables".to_owned()));
    all
}

#[test]
fn every_option_and_word_is_in_a_case() {
    let schema: Value = serde_json::from_str(&recipe_schema()).unwrap();
    let batch = schemars::schema_for!(Batch).to_value();
    let mut missing = sayable("Recipe", &schema, &schema["$defs"]);
    missing.append(&mut sayable("Batch", &batch, &batch["$defs"]));
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        missing.append(&mut sayable(name, definition, &schema["$defs"]));
    }
    missing.retain(|name| !name.starts_with("Step."));
    for (exempt, _) in EXEMPT {
        assert!(missing.remove(*exempt), "{exempt} is exempt, and no option");
    }
    let mut found = Vec::new();
    for (file, group, name) in [
        ("cutouts.json", "options", "RemoveBackground"),
        ("upscales.json", "options", "Upscale"),
        ("photos.json", "decode", "Decode"),
        ("photos.json", "encode", "Encode"),
        ("batches.json", "options", "Batch"),
    ] {
        found.extend(cases(file).iter().flat_map(|case| said(name, &case[group])));
    }
    found.extend(
        ["recipes.json", "batches.json"].iter().flat_map(|file| cases(file)).flat_map(|case| said_by_recipe(&case)),
    );
    for (exempt, _) in EXEMPT {
        assert!(!found.iter().any(|found| found == exempt), "{exempt} is exempt, and in a case");
    }
    missing.retain(|name| !found.contains(name));
    assert!(missing.is_empty(), "no case has {missing:#?}");
}

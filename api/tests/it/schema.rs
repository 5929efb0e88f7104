//! The committed JSON Schema is that of the types. `PACKSHOT_BLESS=1` writes it anew.

use std::collections::BTreeMap;

use packshot_api::{RECIPE_SCHEMA, Template, recipe_schema};
use serde_json::Value;

#[test]
fn the_committed_schema_is_current() {
    let schema = recipe_schema();
    if std::env::var_os("PACKSHOT_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/packshot.recipe-1.json");
        std::fs::write(path, &schema).unwrap();
        return;
    }
    assert!(schema == RECIPE_SCHEMA.replace('\r', ""), "PACKSHOT_BLESS=1 accepts this schema:\n{schema}");
}

fn as_json(value: toml::Value) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn presets_fit_the_schema_and_misspelt_ones_do_not() {
    let schema: Value = serde_json::from_str(RECIPE_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let presets = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/presets");
    let mut count = 0;
    for entry in std::fs::read_dir(presets).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let read = |text: &str| as_json(toml::Value::Table(text.parse().unwrap()));
        if let Err(fault) = schema.validate(&read(&text)) {
            panic!("{fault}\n{text}");
        }
        let recipe = Template::parse(&text).unwrap().recipe(&BTreeMap::new()).unwrap();
        for text in [recipe.to_json(), serde_json::to_string(&recipe).unwrap()] {
            assert!(schema.is_valid(&serde_json::from_str(&text).unwrap()), "{text}");
        }
        for (from, to) in [("format =", "fromat ="), ("export =", "exprot ="), ("/1", "/2"), ("[[steps]]", "[[stepz]]")]
        {
            assert!(!schema.is_valid(&read(&text.replace(from, to))), "{to}");
        }
        count += 1;
    }
    assert!(count >= 8);
}

//! Every option is set by a case of `bindings/cases`, and with every word that it takes. The core's test of the cases
//! demands that each of them fails without any of its options.

use std::collections::BTreeSet;
use std::path::Path;

use packshot_api::{Batch, Decode, ImageFormat, Kind, Options, Step, TOOLS, Table, Template};
use serde_json::{Map, Value};

/// What no case can show, and why.
const EXEMPT: &[(&str, &str)] = &[
    // A case with one of these would be the same without it.
    // Paths, and where they lead from depends on the suite; `core/tests/it/recipe_pictures.rs` shows them.
    ("RemoveBackground.mask", "a path"),
    ("RemoveBackground.trimap", "a path"),
    ("RemoveBackground.background_picture", "a path"),
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
    ("Crop.gravity=center", "the default"),
];

fn cases(file: &str) -> Vec<Map<String, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/cases").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What options let one say: `Type.option`, and `Type.option=word`.
fn sayable(table: &Table) -> Vec<String> {
    let mut all = Vec::new();
    for field in table.fields {
        let name = format!("{}.{}", table.name, field.name);
        let words = match field.kind {
            Kind::Words(words) => words.choices.iter().map(|(word, _)| *word).collect(),
            Kind::Format => ImageFormat::WRITTEN.iter().map(|format| format.as_str()).collect(),
            _ => Vec::new(),
        };
        all.extend(words.iter().map(|word| format!("{name}={word}")));
        all.push(name);
    }
    all
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
        all.extend(Step::ALL.iter().flat_map(|(tool, _, options)| said(options.name, &step[tool])));
    }
    all.extend(case.contains_key("variables").then(|| "Recipe.variables".to_owned()));
    all
}

#[test]
fn every_option_and_word_is_in_a_case() {
    let tables = Step::ALL.iter().map(|(_, _, options)| *options).chain([Decode::TABLE, Batch::TABLE]);
    let mut missing: BTreeSet<_> = tables.flat_map(sayable).collect();
    let others = ["Recipe.variables", "Recipe.decode", "ModelFile.file", "ModelFile.like", "ModelFile.descriptor"];
    missing.extend(others.map(str::to_owned));
    for (exempt, _) in EXEMPT {
        assert!(missing.remove(*exempt), "{exempt} is exempt, and no option");
    }
    let mut found = Vec::new();
    for tool in TOOLS {
        let cases = cases(&format!("tools/{}.json", tool.name));
        found.extend(cases.iter().flat_map(|case| said(tool.options.name, &case["options"])));
    }
    for (file, group, name) in
        [("photos.json", "decode", "Decode"), ("photos.json", "encode", "Encode"), ("batches.json", "options", "Batch")]
    {
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

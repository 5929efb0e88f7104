//! Every value of a policy in which every key is set is changed in turn, and every change must be told, both ways.
//!
//! The keys are those of the JSON Schema, which other tests hold to what the reader reads: a new key of the format fails here
//! until `everything.toml` sets it and the comparison sees it.

use std::collections::BTreeSet;

use packshot_policy::Policy;
use serde_json::Value as Json;
use toml::Value;

const EVERYTHING: &str = include_str!("everything.toml");

/// Ids that are names for programs; nobody is promised a name, and renaming an entry changes no promise.
const NAMES: [&str; 3] = ["rule[].id", "deadline[].id", "notice[].id"];

fn schema() -> Json {
    serde_json::from_str(include_str!("../../../schema/packshot.policy-1.json")).unwrap()
}

/// Every key that a policy may have, such as `rule[].truncate_to.v4`; what is named by people is `*`.
fn keys(node: &Json, root: &Json, path: &str, found: &mut BTreeSet<String>) {
    if let Some(name) = node["$ref"].as_str() {
        return keys(&root["$defs"][name.trim_start_matches("#/$defs/")], root, path, found);
    }
    for one in node["anyOf"].as_array().into_iter().flatten() {
        keys(one, root, path, found);
    }
    if let Some(items) = node.get("items") {
        keys(items, root, &format!("{path}[]"), found);
    }
    let dot = if path.is_empty() { "" } else { "." };
    for (key, value) in node["properties"].as_object().into_iter().flatten() {
        found.insert(format!("{path}{dot}{key}"));
        keys(value, root, &format!("{path}{dot}{key}"), found);
    }
    if node["additionalProperties"].is_object() {
        keys(&node["additionalProperties"], root, &format!("{path}{dot}*"), found);
    }
}

/// A step into a document.
#[derive(Clone)]
enum Step {
    Key(String),
    Place(usize),
}

/// The document with something else, or nothing, at a place.
fn changed(document: &Value, path: &[Step], new: Option<Value>) -> Value {
    let mut document = document.clone();
    let (last, way) = path.split_last().unwrap();
    let mut at = &mut document;
    for step in way {
        at = match step {
            Step::Key(key) => at.get_mut(key).unwrap(),
            Step::Place(place) => at.get_mut(*place).unwrap(),
        };
    }
    match (last, new) {
        (Step::Key(key), Some(new)) => drop(at.as_table_mut().unwrap().insert(key.clone(), new)),
        (Step::Key(key), None) => drop(at.as_table_mut().unwrap().remove(key)),
        (Step::Place(place), Some(new)) => at.as_array_mut().unwrap()[*place] = new,
        (Step::Place(place), None) => drop(at.as_array_mut().unwrap().remove(*place)),
    }
    document
}

/// Words that a text may become: those of the format, and names of this policy.
fn words() -> Vec<String> {
    let schema = schema();
    let of_format = schema["$defs"].as_object().unwrap().values().filter_map(|node| node["enum"].as_array()).flatten();
    let mut words: Vec<String> = of_format.map(|word| word.as_str().unwrap().to_owned()).collect();
    let names =
        ["account", "photo", "account.ip", "free", "paid", "email", "marketing", "training", "2h", "400d", "8y"];
    words.extend(names.into_iter().chain(["UTC", "DARKROOM-99", "none"]).map(ToOwned::to_owned));
    words
}

fn others(value: &Value, words: &[String]) -> Vec<Value> {
    match value {
        Value::Boolean(yes) => vec![Value::Boolean(!yes)],
        Value::Integer(number) => vec![Value::Integer(number + 1), Value::Integer(number - 1)],
        Value::Datetime(_) => vec![Value::Datetime("2026-03-05".parse().unwrap())],
        Value::String(text) => {
            let other = words.iter().filter(|word| *word != text).cloned();
            [format!("{text}x")].into_iter().chain(other).map(Value::String).collect()
        }
        _ => Vec::new(),
    }
}

struct Mutants<'d> {
    document: &'d Value,
    right: Policy,
    words: Vec<String>,
    seen: BTreeSet<String>,
    count: usize,
    blind: Vec<String>,
}

impl Mutants<'_> {
    fn walk(&mut self, value: &Value, path: &[Step], name: &str) {
        let mut mutants = others(value, &self.words).into_iter().map(Some).collect::<Vec<_>>();
        mutants.push(None);
        let mut any_text = false;
        for new in mutants {
            // Where any text will do, one is enough.
            if path.is_empty() || (any_text && new.is_some()) {
                continue;
            }
            let text = changed(self.document, path, new.clone()).as_table().unwrap().to_string();
            let Ok(mut policy) = text.parse::<Policy>() else { continue };
            // The hash says that something changed, and not what.
            policy.identity = self.right.identity;
            any_text = matches!(&new, Some(Value::String(text)) if text.ends_with('x'));
            // What is not written has a value all the same: taken out, it may be what it was.
            if format!("{policy:?}") == format!("{:?}", self.right) {
                continue;
            }
            self.count += 1;
            self.seen.insert(name.to_owned());
            let told = !self.right.diff(&policy).changes.is_empty() && !policy.diff(&self.right).changes.is_empty();
            if !told && !NAMES.contains(&name) {
                self.blind.push(format!("{name}: {value} -> {new:?}"));
            }
        }
        let step = |step: Step| path.iter().cloned().chain([step]).collect::<Vec<_>>();
        match value {
            Value::Table(table) => {
                for (key, value) in table {
                    let free = matches!(name, "data" | "age.by_country");
                    let key_name = if free { "*" } else { key.as_str() };
                    let dot = if name.is_empty() { "" } else { "." };
                    self.walk(value, &step(Step::Key(key.clone())), &format!("{name}{dot}{key_name}"));
                }
            }
            Value::Array(list) => {
                for (place, value) in list.iter().enumerate() {
                    self.walk(value, &step(Step::Place(place)), &format!("{name}[]"));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn no_change_of_any_field_is_overlooked() {
    let document = Value::Table(EVERYTHING.parse().unwrap());
    let right = document.as_table().unwrap().to_string().parse().unwrap();
    let mut mutants =
        Mutants { document: &document, right, words: words(), seen: BTreeSet::new(), count: 0, blind: Vec::new() };
    mutants.walk(&document, &[], "");
    println!("{} changes of {} places", mutants.count, mutants.seen.len());
    assert!(mutants.blind.is_empty(), "{} of {}:\n{}", mutants.blind.len(), mutants.count, mutants.blind.join("\n"));

    let mut every = BTreeSet::new();
    keys(&schema(), &schema(), "", &mut every);
    let is_seen = |key: &String| {
        let inside =
            |seen: &String| seen == key || seen.starts_with(&format!("{key}.")) || seen.starts_with(&format!("{key}["));
        mutants.seen.iter().any(inside)
    };
    let missed: Vec<&String> = every.iter().filter(|key| *key != "schema" && !is_seen(key)).collect();
    assert!(missed.is_empty(), "never changed: {missed:?}");
    assert!(every.len() > 120, "{} keys", every.len());
}

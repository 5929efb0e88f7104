//! The published JSON Schema says what the reader reads: no key and no word more or less.
//!
//! A validator of our own knows the few keywords that the schema uses, and refuses others: a schema library would bring
//! fifty crates for one file.

use packshot_policy::{
    Action, Basis, CardData, Channel, Clause, Clock, CookieClass, Downgrade, FaultCode, Law, Occasion, Period, Policy,
    Preset, Purpose, Right, Setting, StaffAccess, Tier, TlsVersion, Training, Trigger, Unbounded,
};
use serde_json::{Map, Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schema/packshot.policy-1.json")).unwrap()
}

fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(value) => json!(value),
        toml::Value::Datetime(at) => Value::String(at.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(as_json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, as_json(value))).collect())
        }
    }
}

/// Where a value differs from the schema.
fn differ(value: &Value, schema: &Value, root: &Value, path: &str, found: &mut Vec<String>) {
    let rules = schema.as_object().unwrap();
    if let Some(name) = rules.get("$ref") {
        let name = name.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
        return differ(value, &root["$defs"][name], root, path, found);
    }
    let mut wrong = |what: String| found.push(format!("{path}: {what}"));
    for (keyword, rule) in rules {
        let fits = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("the validator does not know the type {other}"),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
            "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
            "uniqueItems" => value
                .as_array()
                .is_none_or(|list| list.iter().enumerate().all(|(place, one)| !list[..place].contains(one))),
            "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|number| number <= rule.as_i64().unwrap()),
            "format" => rule == "date" && value.as_str().is_none_or(|text| text.parse::<jiff::civil::Date>().is_ok()),
            "pattern" => value.as_str().is_none_or(|text| matches_pattern(rule.as_str().unwrap(), text)),
            "propertyNames" => {
                let pattern = rule["pattern"].as_str().unwrap();
                value.as_object().is_none_or(|object| object.keys().all(|key| matches_pattern(pattern, key)))
            }
            "required" => {
                let keys = rule.as_array().unwrap().iter().map(|key| key.as_str().unwrap());
                value.as_object().is_none_or(|object| keys.into_iter().all(|key| object.contains_key(key)))
            }
            "anyOf" => rule.as_array().unwrap().iter().any(|one| {
                let mut found = Vec::new();
                differ(value, one, root, path, &mut found);
                found.is_empty()
            }),
            "properties" | "additionalProperties" | "items" => true,
            other => panic!("the validator does not know the keyword {other}"),
        };
        if !fits {
            wrong(format!("{value} does not fit `{keyword}: {rule}`"));
        }
    }
    if let (Some(items), Some(list)) = (rules.get("items"), value.as_array()) {
        for (place, value) in list.iter().enumerate() {
            differ(value, items, root, &format!("{path}[{place}]"), found);
        }
    }
    if let Some(object) = value.as_object() {
        let none = Map::new();
        let known = rules.get("properties").map_or(&none, |known| known.as_object().unwrap());
        for (key, value) in object {
            let path = format!("{path}.{key}");
            match (known.get(key), rules.get("additionalProperties")) {
                (Some(schema), _) => differ(value, schema, root, &path, found),
                (None, Some(Value::Bool(false))) => found.push(format!("{path}: there is no such key")),
                (None, Some(schema)) => differ(value, schema, root, &path, found),
                (None, None) => {}
            }
        }
    }
}

/// The three patterns of the schema, read by what they mean.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    match pattern {
        "^[A-Z]{2}$" => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()),
        "^[A-Z]+-[A-Za-z0-9.]+$" => Clause::new(text).is_some(),
        period if period.starts_with("^(\\d+y)?(\\d+mo)?(\\d+bd)?") => text.parse::<Period>().is_ok(),
        other => panic!("the validator does not know the pattern {other}"),
    }
}

fn check(text: &str) -> Vec<String> {
    let value = as_json(toml::Value::Table(text.parse().unwrap()));
    let (schema, mut found) = (schema(), Vec::new());
    differ(&value, &schema, &schema, "policy", &mut found);
    found
}

#[test]
fn every_preset_fits_the_schema() {
    for preset in Preset::ALL {
        assert_eq!(check(preset.text), Vec::<String>::new(), "{}", preset.name);
    }
    assert_eq!(check(include_str!("../wrong/right.toml")), Vec::<String>::new());
}

#[test]
fn the_words_of_the_schema_are_those_of_the_reader() {
    let schema = schema();
    macro_rules! same {
        ($($name:literal $kind:ident,)*) => {$(
            let words: Vec<Value> = $kind::ALL.iter().map(|word| json!(word.as_str())).collect();
            assert_eq!(schema["$defs"][$name]["enum"], Value::Array(words), "{}", $name);
        )*};
    }
    same! {
        "clock" Clock, "tier" Tier, "basis" Basis, "action" Action, "unbounded" Unbounded, "downgrade" Downgrade,
        "training" Training, "law" Law, "right" Right, "purpose" Purpose, "trigger" Trigger, "occasion" Occasion,
        "channel" Channel, "cookie_class" CookieClass, "card_data" CardData, "staff_access" StaffAccess,
        "tls_version" TlsVersion,
    }
    let settings: Vec<&str> =
        schema["properties"]["promised"]["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut words: Vec<&str> = Setting::ALL.iter().map(|setting| setting.as_str()).collect();
    words.sort_unstable();
    assert_eq!(settings, words);
}

/// What the schema refuses is refused by the reader, with the code that says the same.
#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let right = include_str!("../wrong/right.toml");
    for (from, to, code) in [
        ("packshot.policy/1", "packshot.policy/2", FaultCode::Schema),
        ("shred = true", "shred = true\ncolour = \"red\"", FaultCode::UnknownKey),
        ("chosen = \"2026-01-01\"\n", "", FaultCode::MissingKey),
        ("sale = false", "sale = \"no\"", FaultCode::WrongKind),
        ("minimum = 13", "minimum = 130", FaultCode::Limit),
        ("DE = 16", "Germany = 16", FaultCode::WrongKind),
        ("gone_by = \"30d\"", "gone_by = \"24h30d\"", FaultCode::Period),
        ("published = 2026-01-01", "published = \"2026-01\"", FaultCode::IncompleteDate),
        ("action = \"truncate\"", "action = \"erase\"", FaultCode::UnknownWord),
        ("DARKROOM-4.1a", "section 4.1", FaultCode::ClauseId),
        ("clauses = [\"DARKROOM-3\"]", "clauses = []", FaultCode::NoClause),
        ("[\"free\", \"paid\"]", "[\"free\", \"free\"]", FaultCode::Duplicate),
        ("[data.photo]\ngroup = \"images\"", "[data]\nphoto = \"images\"", FaultCode::WrongKind),
    ] {
        let wrong = right.replacen(from, to, 1);
        assert_ne!(wrong, right, "{from}");
        assert!(!check(&wrong).is_empty(), "{to} fits the schema");
        let faults = wrong.parse::<Policy>().unwrap_err();
        assert!(faults.iter().any(|fault| fault.code == code), "{to}: {faults}");
    }
}

/// Every key of the schema is one that the reader knows: it is put into a policy, and must not be called unknown.
#[test]
fn the_reader_knows_every_key_of_the_schema() {
    let schema = schema();
    let sections = schema["properties"].as_object().unwrap();
    let mut count = 0;
    for (section, rules) in sections {
        let (open, keys) =
            match (&rules["properties"], &rules["items"]["properties"], &rules["additionalProperties"]["properties"]) {
                (Value::Object(keys), ..) => (format!("[{section}]"), keys),
                (_, Value::Object(keys), _) => (format!("[[{section}]]"), keys),
                (_, _, Value::Object(keys)) => (format!("[{section}.x]"), keys),
                _ => continue,
            };
        for key in keys.keys() {
            count += 1;
            let text = format!("schema = \"packshot.policy/1\"\n{open}\n{key} = 0\n");
            let faults = text.parse::<Policy>().unwrap_err();
            let unknown = faults.iter().find(|fault| fault.code == FaultCode::UnknownKey);
            assert!(unknown.is_none(), "{section}.{key}: {faults}");
        }
    }
    assert!(count > 100, "{count} keys");
}

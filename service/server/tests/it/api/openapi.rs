//! The OpenAPI document is the one in the repository, and says what all operations share.

use std::path::Path;

use serde_json::Value;

/// Where the document is kept, for clients and for the check of what breaks them.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

fn document() -> Value {
    serde_json::to_value(packshot_server::openapi()).expect("JSON")
}

#[test]
fn the_document_in_the_repository_is_the_one_of_the_code() {
    let text = serde_json::to_string_pretty(&document()).expect("JSON") + "\n";
    if std::env::var_os("PACKSHOT_BLESS").is_some() {
        std::fs::write(FILE, &text).expect("it can be written");
    }
    let kept = std::fs::read_to_string(Path::new(FILE)).unwrap_or_default();
    assert!(kept == text, "{FILE} is out of date; run this test with PACKSHOT_BLESS=1");
}

#[test]
fn every_operation_is_described() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let place = format!("{method} {path}");
            operations += 1;
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{place}");
            for (status, response) in operation["responses"].as_object().expect("responses") {
                assert!(!response["description"].as_str().unwrap_or_default().is_empty(), "{place}: {status}");
            }
            let names: Vec<_> = operation["parameters"]
                .as_array()
                .expect("parameters")
                .iter()
                .map(|parameter| parameter["name"].as_str().unwrap_or_default())
                .collect();
            assert_eq!(names.contains(&"idempotency-key"), ["post", "delete"].contains(&method.as_str()), "{place}");
        }
    }
    assert!(operations > 15, "{operations}");
}

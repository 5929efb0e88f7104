//! The client has a method for each operation that the service documents, and for no other.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

#[test]
fn every_operation_of_the_service_has_a_method() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("../service/server/openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods
            .as_object()
            .unwrap()
            .keys()
            .filter(|word| ["get", "post", "patch", "put", "delete"].contains(&word.as_str()))
        {
            documented.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    // The document itself is for other programs.
    documented.remove("GET /v1/openapi.json");

    let mut written = BTreeSet::new();
    for file in std::fs::read_dir(root.join("src/client/resource")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        written.extend(text.split('"').filter(|literal| literal.contains(" /v1/")).map(str::to_owned));
    }
    assert!(documented.len() > 40, "{documented:?}");
    assert_eq!(written, documented);
}

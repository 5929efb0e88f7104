//! The committed JSON Schema is that of the types. `PACKSHOT_BLESS=1` writes it anew.
#![cfg(feature = "schema")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use packshot_api::{RECIPE_SCHEMA, recipe_schema};

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

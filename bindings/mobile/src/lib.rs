//! The facade for Swift and Kotlin.

uniffi::setup_scaffolding!("packshot");

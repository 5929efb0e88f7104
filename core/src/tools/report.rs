use std::time::Duration;

use serde_json::{Map, Value};

use super::Ran;

/// What one step of a recipe did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StepReport {
    /// The tool.
    pub step: &'static str,
    /// Width of the picture after it, in pixels.
    pub width: u32,
    /// Height of the picture after it, in pixels.
    pub height: u32,
    /// Model, backend, and the time of each stage.
    pub ran: Ran,
    /// The time of the whole step.
    pub time: Duration,
    /// The tool's own facts, by name; see [`AnyFacts::data`](crate::AnyFacts::data).
    pub facts: Map<String, Value>,
}

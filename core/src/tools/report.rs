use std::time::Duration;

use super::Ran;
use crate::geometry::Rect;
use crate::ops::components::Instance;

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
    /// What a cut-out found.
    pub found: Option<Found>,
    /// By what factor an upscale made the sides larger.
    pub scale: Option<f64>,
}

/// What a cut-out found in a photo; each as in [`CutoutFacts`](crate::CutoutFacts).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Found {
    /// The box around everything that is at least half subject.
    pub subject: Option<Rect>,
    /// The separate subjects, the largest first.
    pub instances: Vec<Instance>,
    /// How sure the model is, from 0 to 1.
    pub confidence: f32,
    /// How much of the old background is left in the rim, from 0 to 1.
    pub halo: f32,
}

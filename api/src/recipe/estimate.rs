//! What a recipe will cost, before it runs.

use super::{Recipe, Step};
use crate::{Encode, Fit, Size, Upscale};

/// What the steps of a recipe will do to a photo of a known size, and what they cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// One entry for each step.
    pub steps: Vec<StepEstimate>,
    /// The sum of the prices; at most `u64::MAX`.
    pub total: u64,
}

/// One step of an [`Estimate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepEstimate {
    /// The tool.
    pub step: &'static str,
    /// Width and height before it, in pixels.
    pub input: (u32, u32),
    /// Width and height after it, in pixels. Never too small: a crop to the subject is not known before the photo is.
    pub output: (u32, u32),
    /// What the caller's prices say.
    pub price: u64,
}

impl Recipe {
    /// What each step makes of a photo of `photo` pixels (width, height), and its price in whatever unit `price` counts:
    /// it gets the step, and width and height before and after it.
    ///
    /// Sizes are the largest that can come out. `crop` can only make a cut-out smaller.
    pub fn estimate(&self, photo: (u32, u32), mut price: impl FnMut(&Step, (u32, u32), (u32, u32)) -> u64) -> Estimate {
        let mut input = photo;
        let mut estimate = Estimate { steps: Vec::with_capacity(self.steps.len()), total: 0 };
        for step in &self.steps {
            let output = step.reach(input);
            let price = price(step, input, output);
            estimate.total = estimate.total.saturating_add(price);
            estimate.steps.push(StepEstimate { step: step.name(), input, output, price });
            input = output;
        }
        estimate
    }
}

impl Step {
    /// The largest width and height, in pixels, that the step makes of a picture of width and height `from`.
    #[must_use]
    pub fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        match self {
            Self::RemoveBackground(_) => from,
            Self::Upscale(options) => enlarged(options, from),
            Self::Export(options) => exported(options, from),
        }
    }
}

fn enlarged(options: &Upscale, from: (u32, u32)) -> (u32, u32) {
    let factor = match (options.scale, options.size) {
        (Some(scale), _) => scale,
        (None, Some(size)) => size.factor(from.0, from.1),
        (None, None) => 2.0,
    };
    scaled(from, factor.max(1.0))
}

fn exported(options: &Encode, from: (u32, u32)) -> (u32, u32) {
    let Some(size) = options.size else { return from };
    let factor = size.factor(from.0, from.1);
    match (options.fit, size) {
        (Some(Fit::Pad | Fit::Cover), Size::Box(width, height)) => (width, height),
        (Some(Fit::Pad | Fit::Cover), Size::LongSide(side)) => (side, side),
        (Some(Fit::Pad | Fit::Cover), _) => scaled(from, factor),
        (Some(Fit::Inside) | None, _) => scaled(from, factor.min(1.0)),
    }
}

fn scaled((width, height): (u32, u32), factor: f64) -> (u32, u32) {
    let side = |side: u32| (f64::from(side) * factor).round().max(1.0) as u32;
    (side(width), side(height))
}

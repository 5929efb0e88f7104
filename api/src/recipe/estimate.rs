//! What a recipe will cost, before it runs.

use super::{Recipe, Step};

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

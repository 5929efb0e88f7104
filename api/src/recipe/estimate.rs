//! Estimates the cost of a recipe before it runs.

use super::{Recipe, Step};

/// The sizes and prices of a recipe's steps, for a photo of a known size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// One entry for each step.
    pub steps: Vec<StepEstimate>,
    /// The sum of the prices, saturating at `u64::MAX`.
    pub total: u64,
}

/// One step of an [`Estimate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepEstimate {
    /// The tool.
    pub step: &'static str,
    /// Width and height before it, in pixels.
    pub input: (u32, u32),
    /// Width and height after it, in pixels. An upper bound: a crop to the subject is known only with the photo.
    pub output: (u32, u32),
    /// The price, as computed by the caller.
    pub price: u64,
}

impl Recipe {
    /// Estimates the size after each step for a photo of `photo` pixels (width, height), and its price: `price` gets
    /// the step, and width and height before and after it, and returns a number in any unit.
    ///
    /// Sizes are upper bounds: a crop is that of a subject as large as the photo, with its margin.
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

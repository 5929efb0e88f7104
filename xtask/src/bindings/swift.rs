//! The Swift package.

use super::Places;
use crate::steps::Steps;

/// The steps of `cargo xtask test swift`.
pub(super) fn run(_steps: &mut Steps, _places: &Places) {}

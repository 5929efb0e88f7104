use std::fmt;
use std::str::FromStr;

use packshot_api::Gravity;

use crate::error::{Code, Error, Result};
use crate::geometry::{Area, Margin};
use crate::models::ModelChoice;
use crate::note::Note;
use crate::photo::{Size, check_sides};

/// The narrowest and the widest aspect; anything beyond is a mistake.
const ASPECTS: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Settings of [`Engine::crop`](crate::Engine::crop).
///
/// A portrait for a shop, with the product in the middle and a tenth of its size around it:
///
/// ```
/// use packshot::Crop;
///
/// let portrait = Crop { margin: Some("10%".parse()?), aspect: Some("4:5".parse()?), ..Crop::default() };
/// # Ok::<(), packshot::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Crop {
    /// The part to keep.
    pub area: Option<Area>,
    /// Keeps the subject and this much space around it, as far as the photo reaches. The subject is what is at least
    /// half opaque in a photo with transparent parts; in any other, a model finds it.
    pub margin: Option<Margin>,
    /// Width to height of the result. Keeps the largest part of `area`, or of the whole photo, with this aspect; with
    /// `margin`, the smallest part around the subject.
    pub aspect: Option<Aspect>,
    /// Position of the kept part, or of the subject in it, when `aspect` leaves a choice; the middle by default.
    pub gravity: Gravity,
    /// The size that the result is scaled down to; it is never scaled up.
    pub size: Option<Size>,
    /// The model that finds the subject.
    pub model: ModelChoice,
}

impl Default for Crop {
    fn default() -> Self {
        Self {
            area: None,
            margin: None,
            aspect: None,
            gravity: Gravity::Center,
            size: None,
            model: ModelChoice::Embedded,
        }
    }
}

impl Crop {
    /// Fails for invalid settings, as the tool does before it starts; call it to find out before the first photo is
    /// read.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`], with the option's name.
    pub fn check(&self) -> Result<()> {
        let refuse = |option: &str, message: &str| Err(Error::new(Code::OptionInvalid, message).with("option", option));
        if self.area.is_some() && self.margin.is_some() {
            return refuse("margin", "area and margin are both given: keep one of them");
        }
        if self.area.is_none() && self.margin.is_none() && self.aspect.is_none() && self.size.is_none() {
            return refuse("area", "nothing to crop to: give area, margin, aspect or size");
        }
        self.size.map_or(Ok(()), check_sides)
    }

    /// Whether the subject must be known.
    pub(super) fn needs_subject(&self) -> bool {
        self.margin.is_some() || (self.gravity == Gravity::Subject && self.aspect.is_some())
    }

    /// Notes on options that were set and have no effect; `found`: a model searched for the subject.
    pub(super) fn ignored(&self, found: bool) -> Vec<Note> {
        let gravity = (self.gravity != Gravity::Center && self.aspect.is_none())
            .then(|| Note::ignored("gravity", "without an aspect there is nothing to choose"));
        let model = (!found && !matches!(self.model, ModelChoice::Embedded)).then(|| {
            let why = if self.needs_subject() {
                "the photo's alpha already defines the subject"
            } else {
                "no option needs the subject"
            };
            Note::ignored("model", why)
        });
        gravity.into_iter().chain(model).collect()
    }
}

/// Width to height: `4:5`, `16/9`, `1.91` or the two numbers as a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aspect {
    width: f64,
    height: f64,
}

impl Aspect {
    /// Width over height.
    #[must_use]
    pub fn ratio(self) -> f64 {
        self.width / self.height
    }
}

impl FromStr for Aspect {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (width, height) = text.split_once([':', '/', ',']).unwrap_or((text, "1"));
        let side = |text: &str| text.trim().parse::<f64>().ok().filter(|side| side.is_finite() && *side > 0.0);
        side(width)
            .zip(side(height))
            .map(|(width, height)| Self { width, height })
            .filter(|aspect| ASPECTS.contains(&aspect.ratio()))
            .ok_or_else(|| {
                let message = format!("`{text}` is not an aspect such as 1:1, 4:5 or 1.91, from 1:100 to 100:1");
                Error::new(Code::OptionInvalid, message)
            })
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aspects_are_two_numbers_or_one() {
        for (text, ratio) in [("1:1", 1.0), ("4:5", 0.8), ("16/9", 16.0 / 9.0), (" 1.91 : 1 ", 1.91), ("1.5", 1.5)] {
            let aspect: Aspect = text.parse().unwrap();
            assert_eq!(aspect.ratio(), ratio, "{text}");
            assert_eq!(aspect.to_string().parse::<Aspect>().unwrap(), aspect);
        }
        for text in ["", ":", "4:", "0:1", "-1:1", "1:0", "4:5:6", "wide", "inf", "nan:1", "1:101", "101"] {
            let error = text.parse::<Aspect>().unwrap_err();
            assert_eq!(error.code(), Code::OptionInvalid, "{text}");
        }
    }
}

use packshot_api::{Aspect, Gravity};

use crate::error::{Code, Error, Result};
use crate::geometry::{Area, Margin};
use crate::models::ModelChoice;
use crate::note::Note;
use crate::photo::{Size, check_sides};

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
    /// Keeps the subject and this much space around it. The subject is what is at least half opaque in a photo with
    /// transparent parts, and the result may reach beyond such a photo. In any other, a model finds the subject, and the
    /// margin ends where the photo does.
    pub margin: Option<Margin>,
    /// Width to height of the result. Keeps the largest part of `area`, or of the whole photo, with this aspect; with
    /// `margin`, the smallest part around the subject.
    pub aspect: Option<Aspect>,
    /// Position of the kept part, or of the subject in it, when `aspect` leaves a choice; the middle by default.
    pub gravity: Gravity,
    /// With `margin`: none where the photo cuts the subject off, so that it touches the edge of the result there.
    pub snap: bool,
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
            snap: false,
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
        let snap = (self.snap && self.margin.is_none()).then(|| Note::ignored("snap", "there is no margin"));
        let model = (!found && !matches!(self.model, ModelChoice::Embedded)).then(|| {
            let why = if self.needs_subject() {
                "the photo's alpha already defines the subject"
            } else {
                "no option needs the subject"
            };
            Note::ignored("model", why)
        });
        gravity.into_iter().chain(snap).chain(model).collect()
    }
}

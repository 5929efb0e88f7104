use std::str::FromStr;

use crate::color::Color;
use crate::error::{Code, Error, Result};
use crate::geometry::{Area, Margin};
use crate::models::ModelChoice;
use crate::photo::{Matte, Photo, Trimap};
use crate::tools::remove_background::{Edges, Output};

/// Settings of [`Engine::remove_background`](crate::Engine::remove_background).
///
/// The default cuts out every subject with the embedded model and returns the photo with alpha, at its own size:
///
/// ```
/// use packshot::{Color, Background, RemoveBackground};
///
/// let on_white = RemoveBackground {
///     background: Background::Color(Color::WHITE),
///     crop: Some("5%".parse()?),
///     ..RemoveBackground::default()
/// };
/// # Ok::<(), packshot::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RemoveBackground {
    /// The model that finds the subject.
    pub model: ModelChoice,
    /// What the result shows.
    pub output: Output,
    /// How alpha is computed along the edge.
    pub edges: Edges,
    /// Takes the old background's colour out of half-transparent pixels; on by default. Opaque pixels keep their
    /// colours.
    pub decontaminate: bool,
    /// Also cuts out background that shows through the subject and that models miss: in rings, handles, frames and
    /// letters. A hole is an enclosed part that looks like the background around the subject and is separated from the
    /// subject by an edge; a label in the colour of the background looks the same, so this is off by default.
    pub keep_holes: bool,
    /// Makes the inside of the subject opaque, where the model was in doubt. Holes that the model saw stay holes if
    /// they look like the background. Glass becomes opaque too, so this is off by default.
    pub solidify: bool,
    /// The background behind the subject; only with [`Output::Rgba`].
    pub background: Background,
    /// Crops the result to the subject and this much space around it. Where the photo ends before the margin does, the
    /// result reaches beyond it: onto the background, or transparent.
    pub crop: Option<Margin>,
    /// With `crop`: no margin where the photo cuts the subject off, so that it touches the edge of the result there.
    pub snap: bool,
    /// Restricts the search to this part of the photo; everything else is background.
    pub region: Option<Area>,
    /// A box around the wanted subject. The model sees the box and a tenth around it, and only subjects that reach into
    /// the box are kept.
    pub subject: Option<Area>,
    /// A matte of the photo's size to use in place of a model's. [`Edges::Fast`] keeps its edge if it is as sharp as
    /// the photo's pixels; choose [`Edges::Off`] to keep a soft edge.
    pub mask: Option<Matte>,
    /// A trimap of the photo's size that defines where alpha is recomputed, in place of a band along the model's edge.
    /// Sure pixels become opaque or transparent. It replaces the model; a [`mask`](Self::mask) beside it gives the
    /// initial alpha.
    pub trimap: Option<Trimap>,
    /// Which of several separate subjects to keep.
    pub instances: Instances,
}

impl Default for RemoveBackground {
    fn default() -> Self {
        Self {
            model: ModelChoice::Embedded,
            output: Output::Rgba,
            edges: Edges::Fast,
            decontaminate: true,
            keep_holes: false,
            solidify: false,
            background: Background::Transparent,
            crop: None,
            snap: false,
            region: None,
            subject: None,
            mask: None,
            trimap: None,
            instances: Instances::All,
        }
    }
}

/// The background behind the subject.
#[derive(Debug, Clone, Default)]
pub enum Background {
    /// Nothing: the result has alpha.
    #[default]
    Transparent,
    /// A colour; if it is not opaque itself, the result has alpha.
    Color(Color),
    /// A picture, scaled to cover the photo and cut at its centre.
    Image(Photo),
}

/// Which of several separate subjects to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Instances {
    /// All of them.
    #[default]
    All,
    /// The one with the largest area.
    Largest,
    /// These, by their position in [`CutoutFacts::instances`](crate::CutoutFacts::instances).
    These(Vec<usize>),
}

impl FromStr for Instances {
    type Err = Error;

    /// `all`, `largest`, or positions such as `0,2`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "all" => Ok(Self::All),
            "largest" => Ok(Self::Largest),
            _ => text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().map(Self::These).map_err(
                |cause| {
                    let message = format!("`{text}` does not choose instances: write all, largest, or 0,2");
                    Error::new(Code::OptionInvalid, message).because(cause)
                },
            ),
        }
    }
}

impl RemoveBackground {
    /// Fails for invalid combinations, as the tool does before it starts; call it to find out before the first photo is
    /// read.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`].
    pub fn check(&self) -> Result<()> {
        let refuse = |option: &str, message: &str| Err(Error::new(Code::OptionInvalid, message).with("option", option));
        if !matches!(self.background, Background::Transparent) && self.output != Output::Rgba {
            return refuse("background", "a background can only be given with the output rgba");
        }
        if self.mask.is_some() && !matches!(self.model, ModelChoice::Embedded) {
            return refuse("mask", "a mask replaces the model: give one of the two");
        }
        if self.trimap.is_some() && !matches!(self.model, ModelChoice::Embedded) {
            return refuse("trimap", "a trimap replaces the model: give one of the two");
        }
        if self.edges == Edges::Off && (self.trimap.is_some() || self.output == Output::Trimap) {
            return refuse("edges", "a trimap needs edge refinement: choose edges fast or fine");
        }
        Ok(())
    }
}

use std::path::PathBuf;
use std::str::FromStr;

use crate::geometry::{Area, Margin};
use crate::matte::Matte;
use crate::models::Descriptor;
use crate::{Code, Color, Error, Photo, Result};

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
#[derive(Debug, Clone, Default)]
pub struct RemoveBackground {
    /// The model that finds the subject.
    pub model: ModelChoice,
    /// What the result shows.
    pub output: Output,
    /// How the edge is refined.
    pub edges: Edges,
    /// What stands behind the subject; only with [`Output::Rgba`].
    pub background: Background,
    /// Crops the result to the subject and this much space around it, as far as the photo reaches.
    pub crop: Option<Margin>,
    /// Only this part of the photo is looked at; all else is background.
    pub region: Option<Area>,
    /// A box around the wanted subject. The model looks at it and a tenth around it, and only subjects that reach
    /// into the box are kept.
    pub subject: Option<Area>,
    /// A matte to use in place of a model's, of the photo's size.
    pub mask: Option<Matte>,
    /// Which of several separate subjects to keep.
    pub instances: Instances,
}

/// The model that finds the subject.
#[derive(Debug, Clone, Default)]
pub enum ModelChoice {
    /// Packshot's own model, compiled into the library.
    #[default]
    Embedded,
    /// A model of the registry, by id; it must be on this machine, or the engine must be allowed to fetch it.
    Id(String),
    /// Any ONNX file, with what it expects.
    File {
        /// The ONNX file.
        path: PathBuf,
        /// How it takes a photo and gives a matte.
        descriptor: DescriptorSource,
    },
}

/// Where the description of a model file comes from.
#[derive(Debug, Clone)]
pub enum DescriptorSource {
    /// The same as this model of the registry.
    Like(String),
    /// Given.
    Given(Box<Descriptor>),
}

/// What the result shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Output {
    /// The photo with alpha, or on a new background.
    #[default]
    Rgba,
    /// The matte as a gray picture: 0 is background.
    Alpha,
    /// The matte cut at one half: black or white.
    Mask,
    /// The subject's colours without alpha, black where alpha is 0: to be used together with [`Output::Alpha`].
    Foreground,
    /// The photo without its subject: alpha is inverted.
    Background,
}

impl FromStr for Output {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "rgba" => Self::Rgba,
            "alpha" => Self::Alpha,
            "mask" => Self::Mask,
            "foreground" => Self::Foreground,
            "background" => Self::Background,
            _ => {
                let message = format!("`{text}` is not an output: rgba, alpha, mask, foreground or background");
                return Err(Error::new(Code::OptionInvalid, message));
            }
        })
    }
}

/// How the edge of the matte is refined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Edges {
    /// Not at all: the model's matte, scaled to the photo.
    #[default]
    Off,
}

/// What stands behind the subject.
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
    /// These, by their position in [`Cutout::instances`](crate::Cutout::instances).
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
    /// Refuses combinations that cannot mean anything, as every tool does before it starts; call it to know before the
    /// first photo is read.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`].
    pub fn check(&self) -> Result<()> {
        let refuse = |message: &str| Err(Error::new(Code::OptionInvalid, message));
        if !matches!(self.background, Background::Transparent) && self.output != Output::Rgba {
            return refuse("a background can only be given with the output rgba");
        }
        if self.mask.is_some() && !matches!(self.model, ModelChoice::Embedded) {
            return refuse("a mask replaces the model: give one of the two");
        }
        Ok(())
    }
}

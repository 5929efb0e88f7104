use packshot_api::Size;

use crate::error::{Code, Error, Result};
use crate::models::ModelChoice;
use crate::note::Note;

/// The smallest and the largest factor.
const SCALES: std::ops::RangeInclusive<f64> = 1.0..=8.0;

/// Smaller tiles spend most of the work on margins; larger ones need gigabytes in a deep net.
const TILES: std::ops::RangeInclusive<u32> = 32..=2048;

/// The most pixels that a result may have: 1.6 GB of 8-bit RGB.
const MOST_PIXELS: u64 = 1 << 29;

/// Settings of [`Engine::upscale`](crate::Engine::upscale).
///
/// The default doubles both sides with Packshot's own nets:
///
/// ```
/// use packshot::{Size, Target, Upscale};
///
/// let for_a_shop = Upscale { target: Target::Size(Size::LongSide(2000)), denoise: Some(0.5), ..Upscale::default() };
/// # Ok::<(), packshot::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Upscale {
    /// The model that adds the detail. A net of one factor serves every other factor: if its result is too large, it is
    /// scaled down; if too small, the net runs again. The embedded ones are a pair, for 2 and for 4.
    pub model: ModelChoice,
    /// How large the result is.
    pub target: Target,
    /// How much noise and JPEG blocking to remove, from 0 (none) to 1, in steps of 0.01: the weights of two trained
    /// nets are blended. `None` is the model as it is, which for the embedded ones is 0. A model without a denoising
    /// twin accepts only 0.
    pub denoise: Option<f32>,
    /// The longest side of the tiles that the model works on, in pixels of the photo, 32 to 2048. Smaller tiles take
    /// less memory, larger ones less time; the result is the same. By default 256 to 384, depending on the model's
    /// halo.
    pub tile: Option<u32>,
}

/// How large the result of an upscale is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Both sides times this, 1 to 8, rounded.
    Scale(f64),
    /// The size to reach, with the aspect kept. A photo that is already as large is returned unchanged; one that would
    /// have to grow by more than a factor of 8 is refused.
    Size(Size),
}

impl Default for Target {
    fn default() -> Self {
        Self::Scale(2.0)
    }
}

impl Upscale {
    /// Fails for values out of range, as the tool does before it starts; call it to find out before the first photo is
    /// read.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`], with the option's name.
    pub fn check(&self) -> Result<()> {
        if let Target::Scale(scale) = self.target
            && !SCALES.contains(&scale)
        {
            return Err(refused("scale", format!("scale is {scale}; it must be 1 to 8")));
        }
        if let Some(denoise) = self.denoise
            && !(0.0..=1.0).contains(&denoise)
        {
            return Err(refused("denoise", format!("denoise is {denoise}; it must be 0 to 1")));
        }
        match self.tile {
            Some(tile) if !TILES.contains(&tile) => {
                Err(refused("tile", format!("tile is {tile}; it must be {} to {}", TILES.start(), TILES.end())))
            }
            _ => Ok(()),
        }
    }

    /// Notes on options that have no effect because the photo already has the wanted `size`.
    pub(super) fn ignored(&self, (width, height): (u32, u32)) -> Vec<Note> {
        let set = [
            ("model", !matches!(self.model, ModelChoice::Embedded)),
            ("denoise", self.denoise.is_some_and(|denoise| denoise > 0.0)),
            ("tile", self.tile.is_some()),
        ];
        let why = format!("the photo is {width} x {height}, as large as asked for, and stays as it is");
        set.iter().filter(|(_, set)| *set).map(|(option, _)| Note::ignored(option, &why)).collect()
    }

    /// A note if `denoise` was rounded to 0.
    pub(super) fn rounded(&self) -> Option<Note> {
        let denoise = self.denoise.filter(|denoise| *denoise > 0.0 && self.hundredths() == Some(0))?;
        Some(Note::ignored("denoise", format!("{denoise} is less than half of its smallest step, 0.01")))
    }

    /// The share of the denoising net in percent; `None` for the model as it is.
    pub(super) fn hundredths(&self) -> Option<u8> {
        self.denoise.map(|denoise| (denoise * 100.0).round() as u8)
    }
}

impl Target {
    /// The size of the result for a photo of `width` by `height`, and its factor; never smaller than the photo.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for more than 8 times, [`Code::LimitPixels`].
    pub(crate) fn resolve(self, width: u32, height: u32) -> Result<((u32, u32), f64)> {
        let scale = match self {
            Self::Scale(scale) => scale,
            Self::Size(size) => size.factor(width, height).max(1.0),
        };
        if !SCALES.contains(&scale) {
            let message =
                format!("the photo is {width} x {height}: it would have to grow by a factor of {scale:.1}, at most 8");
            return Err(refused("size", message));
        }
        let side = |side: u32| (f64::from(side) * scale).round().max(1.0);
        let (wide, high) = (side(width), side(height));
        if wide * high > MOST_PIXELS as f64 {
            let message = format!("the result would have {wide} x {high} pixels; at most {MOST_PIXELS} are made");
            return Err(Error::new(Code::LimitPixels, message));
        }
        Ok(((wide as u32, high as u32), scale))
    }
}

pub(super) fn refused(option: &'static str, message: String) -> Error {
    Error::new(Code::OptionInvalid, message).with("option", option)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_exact() {
        for (target, photo, result) in [
            (Target::Scale(1.0), (5, 7), (5, 7)),
            (Target::Scale(1.5), (5, 7), (8, 11)),
            (Target::Scale(5.3), (10, 1), (53, 5)),
            (Target::Scale(8.0), (1, 1), (8, 8)),
            (Target::Size(Size::LongSide(2000)), (999, 333), (2000, 667)),
            (Target::Size(Size::LongSide(2000)), (3000, 333), (3000, 333)),
            (Target::Size(Size::Width(1001)), (333, 777), (1001, 2336)),
            (Target::Size(Size::Height(70)), (10, 33), (21, 70)),
            (Target::Size(Size::Box(100, 100)), (30, 60), (50, 100)),
            (Target::Size(Size::Box(20, 100)), (30, 60), (30, 60)),
        ] {
            assert_eq!(target.resolve(photo.0, photo.1).unwrap().0, result, "{target:?} of {photo:?}");
        }
    }

    #[test]
    fn too_large_is_refused() {
        let error = Target::Size(Size::LongSide(2000)).resolve(100, 50).unwrap_err();
        assert_eq!(error.code(), Code::OptionInvalid);
        assert!(error.to_string().contains("factor of 20.0") && error.to_string().contains("option: size"), "{error}");
        let error = Target::Scale(8.0).resolve(10_000, 10_000).unwrap_err();
        assert_eq!(error.code(), Code::LimitPixels);
    }
}

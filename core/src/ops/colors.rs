//! The colours of subject and background where both are seen through one another.

use super::picture::Rgb;

/// The colours that a photo's pixels are mixed from: an estimate for each pixel.
#[derive(Debug, Clone)]
pub(crate) struct Colors {
    /// The subject's, 0 to 1.
    pub(crate) foreground: Vec<Rgb>,
    /// The background's, 0 to 1.
    pub(crate) background: Vec<Rgb>,
}

/// The foreground at a pixel of colour `photo`, from smooth estimates: what `alpha F + (1 - alpha) B` leaves unexplained
/// of the pixel is detail, and belongs to the subject as far as alpha says so. 0 to 1.
pub(crate) fn settled(photo: Rgb, alpha: f32, foreground: Rgb, background: Rgb) -> Rgb {
    [0, 1, 2].map(|channel| {
        let explained = alpha * foreground[channel] + (1.0 - alpha) * background[channel];
        (foreground[channel] + alpha * (photo[channel] - explained)).clamp(0.0, 1.0)
    })
}

//! The colours of subject and background in mixed pixels.

use super::picture::Rgb;

/// The two colours that a pixel is mixed from, 0 to 1: red, green and blue of the subject, a 0, red, green and blue of
/// the background, a 0. An array of eight fits a SIMD register.
pub(crate) type Mixed = [f32; 8];

/// Packs the two colours.
pub(crate) fn mixed(foreground: Rgb, background: Rgb) -> Mixed {
    let ([r, g, b], [s, h, c]) = (foreground, background);
    [r, g, b, 0.0, s, h, c, 0.0]
}

/// The foreground at a pixel of colour `photo`, from smooth estimates: the residual of `alpha F + (1 - alpha) B` is
/// detail, and is attributed to the subject in proportion to alpha. 0 to 1.
pub(crate) fn settled(photo: Rgb, alpha: f32, colors: &Mixed) -> Rgb {
    [0, 1, 2].map(|channel| {
        let explained = alpha * colors[channel] + (1.0 - alpha) * colors[4 + channel];
        (colors[channel] + alpha * (photo[channel] - explained)).clamp(0.0, 1.0)
    })
}

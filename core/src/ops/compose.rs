//! Combines a photo and a matte.
//!
//! All blending is the Porter-Duff *over* operator on straight alpha, on the encoded (sRGB) values, as browsers and
//! image editors do by default. Samples of 8 and 16 bit share the same code. Backgrounds are converted to the space of
//! the photo first.

use packshot_resize as resize;
use rayon::prelude::*;

use packshot_api::Output;

use crate::color::Color;
use crate::error::{Code, Error, Result};
use crate::geometry::{Frame, Rect};
use crate::ops::picture::Rgb;
use crate::photo::{Channels, Matte, Photo, Samples};

/// `alpha = alpha * factor`, rounded to nearest.
pub(crate) fn multiply(alpha: &mut [u8], factor: &[u8]) {
    alpha.par_iter_mut().zip(factor).with_min_len(1 << 14).for_each(|(alpha, &factor)| {
        *alpha = ((u32::from(*alpha) * u32::from(factor) + 127) / 255) as u8;
    });
}

/// The picture of `photo` that `output` asks for; `matte` has the photo's size and contains the photo's own alpha.
pub(crate) fn output(photo: &Photo, matte: &Matte, output: Output) -> Result<Photo> {
    let (width, height) = (photo.width(), photo.height());
    let gray = |alpha: Vec<u8>| Photo::new(width, height, Channels::Gray, alpha);
    match output {
        Output::Rgba => keep(photo, photo.channels().with_alpha(), matte.alpha()),
        Output::Alpha => gray(matte.alpha().to_vec()),
        Output::Trimap => Err(Error::new(Code::Internal, "a trimap is not made from photo and matte")),
        Output::Mask => gray(matte.alpha().iter().map(|&a| if a >= Matte::SUBJECT_FROM { 255 } else { 0 }).collect()),
        Output::Foreground => keep(photo, photo.channels().without_alpha(), matte.alpha()),
        Output::Background => {
            let own = photo.alpha8();
            let mut rest = vec![0; matte.alpha().len()];
            rest.par_iter_mut().zip(matte.alpha()).enumerate().with_min_len(1 << 14).for_each(|(i, (rest, &alpha))| {
                *rest = own.as_ref().map_or(255, |own| own[i]).saturating_sub(alpha);
            });
            keep(photo, photo.channels().with_alpha(), &rest)
        }
    }
}

/// Keeps the photo where `alpha` is above 0. Fully transparent pixels lose their colour, so that a removed background
/// is no longer in the file.
fn keep(photo: &Photo, channels: Channels, alpha: &[u8]) -> Result<Photo> {
    let samples = match photo.samples() {
        Samples::U8(samples) => Samples::U8(cut(samples, photo.channels(), channels, alpha)),
        Samples::U16(samples) => Samples::U16(cut(samples, photo.channels(), channels, alpha)),
    };
    photo.derive(photo.width(), photo.height(), channels, samples)
}

/// The photo with new colours at the pixels for which `color(index, color)` returns one; colours are 0 to 1.
pub(crate) fn recolored(photo: &Photo, color: impl Fn(usize, Rgb) -> Option<Rgb> + Sync) -> Result<Photo> {
    let (width, height, channels) = (photo.width(), photo.height(), photo.channels());
    let samples = match photo.samples().clone() {
        Samples::U8(mut samples) => {
            repaint(&mut samples, channels, color);
            Samples::U8(samples)
        }
        Samples::U16(mut samples) => {
            repaint(&mut samples, channels, color);
            Samples::U16(samples)
        }
    };
    photo.derive(width, height, channels, samples)
}

/// `picture` over a colour of sRGB. The result has alpha only if the colour does.
pub(crate) fn over_color(picture: &Photo, color: Color) -> Result<Photo> {
    let color = Photo::new(1, 1, Channels::Rgba, color.0.to_vec())?;
    let alpha = color.alpha8().is_some_and(|alpha| alpha[0] < 255);
    over(picture, &color, alpha)
}

/// `picture`, the part `frame` of a photo of the size `whole`, over `image`, which is scaled to cover photo and frame, and
/// cut at its centre.
pub(crate) fn over_image(picture: &Photo, image: &Photo, whole: Rect, frame: Frame) -> Result<Photo> {
    let canvas = frame.union(whole);
    let (from, to) = ((image.width(), image.height()), (canvas.width, canvas.height));
    let behind = image.scaled(resize::cover(from, to), to)?;
    over(picture, &behind.framed(frame.relative_to(canvas))?, image.has_alpha())
}

/// `picture` over another one of its size, or of a single pixel that is repeated, in the space of `picture` if colours
/// can be converted to it.
fn over(picture: &Photo, behind: &Photo, keep_alpha: bool) -> Result<Photo> {
    let picture = picture.colored();
    let behind = behind.brought_into(&picture)?;
    let channels = if keep_alpha { Channels::Rgba } else { Channels::Rgb };
    let from = picture.channels();
    let samples = match (picture.samples(), behind.samples()) {
        (Samples::U8(front), Samples::U8(behind)) => Samples::U8(blend(front, from, channels.count(), behind)),
        (Samples::U16(front), Samples::U16(behind)) => Samples::U16(blend(front, from, channels.count(), behind)),
        _ => return Err(Error::new(Code::Internal, "the background has a different depth")),
    };
    picture.derive(picture.width(), picture.height(), channels, samples)
}

/// A sample of 8 or 16 bit.
trait Sample: Copy + Default + Send + Sync + PartialEq {
    const MAX: Self;
    fn wide(self) -> u64;
    /// `value` is at most `MAX`.
    fn narrow(value: u64) -> Self;
    /// The same brightness from 8 bit.
    fn from_byte(byte: u8) -> Self;
    /// As 0 to 1.
    fn unit(self) -> f32 {
        self.wide() as f32 / Self::MAX.wide() as f32
    }
}

impl Sample for u8 {
    const MAX: Self = 255;
    fn wide(self) -> u64 {
        u64::from(self)
    }
    fn narrow(value: u64) -> Self {
        value as Self
    }
    fn from_byte(byte: u8) -> Self {
        byte
    }
}

impl Sample for u16 {
    const MAX: Self = 65_535;
    fn wide(self) -> u64 {
        u64::from(self)
    }
    fn narrow(value: u64) -> Self {
        value as Self
    }
    fn from_byte(byte: u8) -> Self {
        Self::from(byte) * 257
    }
}

/// Pixels per task: large enough to amortise scheduling, small enough to parallelise a small photo.
const BLOCK: usize = 1 << 14;

/// The colours where `alpha` is above 0, followed by alpha if the result has it, and zeros elsewhere.
fn cut<T: Sample>(samples: &[T], from: Channels, to: Channels, alpha: &[u8]) -> Vec<T> {
    let (take, give, colors) = (from.count(), to.count(), to.without_alpha().count());
    let mut out = vec![T::default(); alpha.len() * give];
    let blocks = out.par_chunks_mut(give * BLOCK).zip(samples.par_chunks(take * BLOCK)).zip(alpha.par_chunks(BLOCK));
    blocks.for_each(|((out, samples), alpha)| {
        for ((out, pixel), &alpha) in out.chunks_exact_mut(give).zip(samples.chunks_exact(take)).zip(alpha) {
            if alpha > 0 {
                out[..colors].copy_from_slice(&pixel[..colors]);
                out[colors..].fill(T::from_byte(alpha));
            }
        }
    });
    out
}

fn repaint<T: Sample>(samples: &mut [T], channels: Channels, color: impl Fn(usize, Rgb) -> Option<Rgb> + Sync) {
    let count = channels.count();
    samples.par_chunks_mut(count * BLOCK).enumerate().for_each(|(block, samples)| {
        for (index, pixel) in samples.chunks_exact_mut(count).enumerate() {
            let channel = |channel: usize| pixel[if channels.is_gray() { 0 } else { channel }].unit();
            let Some(new) = color(block * BLOCK + index, [channel(0), channel(1), channel(2)]) else { continue };
            for (sample, new) in pixel.iter_mut().zip(new).take(channels.without_alpha().count()) {
                *sample = T::narrow((new * T::MAX.wide() as f32).round() as u64);
            }
        }
    });
}

/// Porter-Duff over. With `f` the picture's alpha and `b` the background's:
/// `alpha = f + b (1 - f)`, `color = (F f + B b (1 - f)) / alpha`.
fn blend<T: Sample>(samples: &[T], from: Channels, give: usize, behind: &[T]) -> Vec<T> {
    let take = from.count();
    let max = T::MAX.wide();
    let mut out = vec![T::default(); samples.len() / take * give];
    out.par_chunks_mut(give * BLOCK).zip(samples.par_chunks(take * BLOCK)).enumerate().for_each(
        |(block, (out, samples))| {
            for (index, (out, pixel)) in out.chunks_exact_mut(give).zip(samples.chunks_exact(take)).enumerate() {
                let at = if behind.len() == 4 { 0 } else { (block * BLOCK + index) * 4 };
                let front = if from.has_alpha() { pixel[take - 1].wide() } else { max };
                // Weights of front and background, both times max.
                let (f, b) = (front * max, behind[at + 3].wide() * (max - front));
                let alpha = f + b;
                for channel in 0..3 {
                    out[channel] = match alpha {
                        0 => T::default(),
                        _ => {
                            let (front, behind) = (pixel[channel].wide(), behind[at + channel].wide());
                            T::narrow((front * f + behind * b + alpha / 2) / alpha)
                        }
                    };
                }
                if give == 4 {
                    out[3] = T::narrow((alpha + max / 2) / max);
                }
            }
        },
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rgba(pixels: &[[u8; 4]]) -> Photo {
        Photo::new(pixels.len() as u32, 1, Channels::Rgba, pixels.concat()).unwrap()
    }

    #[test]
    fn removed_pixels_lose_their_colour() {
        let photo = Photo::new(2, 1, Channels::Rgb, vec![10_u8, 20, 30, 40, 50, 60]).unwrap();
        let matte = Matte::new(2, 1, vec![0, 200]).unwrap();
        assert_eq!(output(&photo, &matte, Output::Rgba).unwrap(), rgba(&[[0, 0, 0, 0], [40, 50, 60, 200]]));
        let front = output(&photo, &matte, Output::Foreground).unwrap();
        assert_eq!(front.as_u8().unwrap(), [0, 0, 0, 40, 50, 60]);
        let back = output(&photo, &matte, Output::Background).unwrap();
        assert_eq!(back, rgba(&[[10, 20, 30, 255], [40, 50, 60, 55]]));
        assert_eq!(output(&photo, &matte, Output::Mask).unwrap().as_u8().unwrap(), [0, 255]);
        assert_eq!(output(&photo, &matte, Output::Alpha).unwrap().as_u8().unwrap(), [0, 200]);
    }

    #[test]
    fn gray_and_16_bit_survive() {
        let photo = Photo::new(1, 1, Channels::Gray, vec![0x1234_u16]).unwrap();
        let cut = output(&photo, &Matte::new(1, 1, vec![128]).unwrap(), Output::Rgba).unwrap();
        assert_eq!(cut.as_u16().unwrap(), [0x1234, 128 * 257]);
        assert_eq!(cut.channels(), Channels::GrayAlpha);
    }

    #[test]
    fn over_a_colour() {
        let picture = rgba(&[[0, 0, 0, 0], [200, 100, 0, 255], [0, 0, 0, 128]]);
        let on_white = over_color(&picture, Color::WHITE).unwrap();
        assert_eq!(on_white.channels(), Channels::Rgb);
        assert_eq!(on_white.as_u8().unwrap(), [255, 255, 255, 200, 100, 0, 127, 127, 127]);
        let on_glass = over_color(&picture, Color([255, 0, 0, 128])).unwrap();
        assert_eq!(on_glass.as_u8().unwrap()[..8], [255, 0, 0, 128, 200, 100, 0, 255]);
    }

    #[test]
    fn a_background_image_covers_the_photo_and_follows_the_crop() {
        let image = Photo::new(2, 1, Channels::Rgb, vec![255_u8, 0, 0, 0, 0, 255]).unwrap();
        let clear = rgba(&[[0, 0, 0, 0]]);
        let frame = Rect { left: 1, top: 0, width: 1, height: 1 };
        let right = over_image(&clear, &image, Rect::whole(2, 1), frame.into()).unwrap();
        assert_eq!(right.as_u8().unwrap(), [0, 0, 255]);
        let clear = Photo::new(4, 2, Channels::Rgba, vec![0_u8; 32]).unwrap();
        let beyond = Frame { left: -1, top: 0, width: 4, height: 2 };
        let all = over_image(&clear, &image.scaled(resize::whole((2, 1)), (4, 2)).unwrap(), Rect::whole(2, 1), beyond);
        let all = all.unwrap();
        assert_eq!((all.width(), all.height()), (4, 2), "the picture covers what lies beyond the photo too");
        assert!(all.as_u8().unwrap()[0] > 200 && all.as_u8().unwrap()[11] > 200, "{all:?}");
    }

    proptest! {
        /// The formula in floating point is the reference.
        #[test]
        fn blending_agrees_with_the_formula(front in any::<[u8; 4]>(), back in any::<[u8; 4]>()) {
            let blended = over(&rgba(&[front]), &rgba(&[back]), true).unwrap();
            let unit = |v: u8| f64::from(v) / 255.0;
            let (f, b) = (unit(front[3]), unit(back[3]));
            let alpha = f + b * (1.0 - f);
            for channel in 0..3 {
                let color = if alpha == 0.0 { 0.0 } else {
                    (unit(front[channel]) * f + unit(back[channel]) * b * (1.0 - f)) / alpha
                };
                let got = f64::from(blended.as_u8().unwrap()[channel]);
                prop_assert!((got - color * 255.0).abs() <= 0.501, "{got} and {}", color * 255.0);
            }
            prop_assert!((f64::from(blended.as_u8().unwrap()[3]) - alpha * 255.0).abs() <= 0.501);
        }

        #[test]
        fn cut_and_laid_over_itself_is_the_photo(pixels in prop::collection::vec(any::<[u8; 3]>(), 1..40), seed in any::<u8>()) {
            let photo = Photo::new(pixels.len() as u32, 1, Channels::Rgb, pixels.concat()).unwrap();
            let alpha = (0..pixels.len()).map(|i| (i as u8).wrapping_mul(37).wrapping_add(seed)).collect();
            let matte = Matte::new(pixels.len() as u32, 1, alpha).unwrap();
            let cut = output(&photo, &matte, Output::Rgba).unwrap();
            let whole = Rect::whole(photo.width(), 1);
            let again = over_image(&cut, &photo, whole, whole.into()).unwrap();
            for (a, b) in again.as_u8().unwrap().iter().zip(photo.as_u8().unwrap()) {
                prop_assert!(a.abs_diff(*b) <= 1);
            }
        }
    }
}

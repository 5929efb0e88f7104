//! Cutting and scaling a decoded photo.

use std::borrow::Cow;

use packshot_resize as resize;

use super::{Channels, Photo, Samples, Size};
use crate::error::{Code, Error, Result};
use crate::geometry::{Frame, Rect};
use crate::photo::Matte;

impl Photo {
    /// The part `frame` of the picture.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] if `frame` is empty or reaches beyond the picture.
    pub fn crop(&self, frame: Rect) -> Result<Self> {
        let whole = Rect::whole(self.width, self.height);
        if frame == whole {
            return Ok(self.clone());
        }
        if frame.intersect(whole) != Some(frame) {
            let message = format!("{frame:?} is not a part of {} x {} pixels", self.width, self.height);
            return Err(Error::new(Code::OptionInvalid, message));
        }
        let samples = match self.samples() {
            Samples::U8(samples) => Samples::U8(cut(samples, self.width, self.channels.count(), frame)),
            Samples::U16(samples) => Samples::U16(cut(samples, self.width, self.channels.count(), frame)),
        };
        self.derive(frame.width, frame.height, self.channels, samples)
    }

    /// The rectangle of the whole picture.
    pub(crate) fn bounds(&self) -> Rect {
        Rect::whole(self.width, self.height)
    }

    /// What `frame` shows: the picture as far as it reaches, and beyond it transparent pixels, or black ones without
    /// alpha. Both sides of `frame` must be at least 1.
    pub(crate) fn framed(&self, frame: Frame) -> Result<Self> {
        let whole = self.bounds();
        if let Some(visible) = frame.visible(whole).filter(|visible| frame == *visible) {
            return self.crop(visible);
        }
        let count = self.channels.count();
        let samples = match self.samples() {
            Samples::U8(samples) => Samples::U8(show(samples, whole, frame, &vec![0; count])),
            Samples::U16(samples) => Samples::U16(show(samples, whole, frame, &vec![0; count])),
        };
        self.derive(frame.width, frame.height, self.channels, samples)
    }

    /// The picture scaled down to fit into `width` by `height`, with its channels and depth; never scaled up.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] if a side is zero.
    pub fn fit_within(&self, width: u32, height: u32) -> Result<Self> {
        if width == 0 || height == 0 {
            return Err(Error::new(Code::OptionInvalid, "the width or height to fit into is 0"));
        }
        if self.width <= width && self.height <= height {
            return Ok(self.clone());
        }
        let from = (self.width, self.height);
        self.scaled(resize::whole(from), inscribed(from, (width, height)))
    }

    /// The picture scaled down to `size`, with its aspect; never scaled up.
    ///
    /// # Errors
    /// Those of [`fit_within`](Self::fit_within).
    pub(crate) fn fit_size(&self, size: Size) -> Result<Self> {
        match size {
            Size::LongSide(side) => self.fit_within(side, side),
            Size::Width(width) => self.fit_within(width, u32::MAX),
            Size::Height(height) => self.fit_within(u32::MAX, height),
            Size::Box(width, height) => self.fit_within(width, height),
        }
    }

    /// The part `crop` scaled to `to`, by Lanczos with three lobes, with the photo's channels, depth and profile.
    /// Colours are weighted by alpha. Neither size may be zero, and `crop` must lie within the picture.
    pub(crate) fn scaled(&self, crop: resize::Crop, to: (u32, u32)) -> Result<Self> {
        let from = (self.width, self.height);
        if crop == resize::whole(from) && from == to {
            return Ok(self.clone());
        }
        let filter = resize::Filter::Lanczos3;
        let samples = match (self.samples(), self.channels) {
            (Samples::U8(samples), channels) => match channels {
                Channels::Gray => resize::gray(samples, from, crop, to, filter),
                Channels::GrayAlpha => resize::gray_alpha(samples, from, crop, to, filter),
                Channels::Rgb => resize::rgb(samples, from, crop, to, filter),
                Channels::Rgba => resize::rgba(samples, from, crop, to, filter),
            }
            .map(Samples::U8),
            (Samples::U16(samples), channels) => match channels {
                Channels::Gray => resize::gray16(samples, from, crop, to, filter),
                Channels::GrayAlpha => resize::gray_alpha16(samples, from, crop, to, filter),
                Channels::Rgb => resize::rgb16(samples, from, crop, to, filter),
                Channels::Rgba => resize::rgba16(samples, from, crop, to, filter),
            }
            .map(Samples::U16),
        };
        let samples = samples.map_err(|cause| Error::new(Code::Internal, "cannot scale the photo").because(cause))?;
        self.derive(to.0, to.1, self.channels, samples)
    }

    /// The alpha channel in 8 bit, one value per pixel; `None` without one.
    #[must_use]
    pub fn alpha8(&self) -> Option<Vec<u8>> {
        let count = self.channels.count();
        self.has_alpha().then(|| match self.samples() {
            Samples::U8(samples) => samples.iter().skip(count - 1).step_by(count).copied().collect(),
            Samples::U16(samples) => {
                samples.iter().skip(count - 1).step_by(count).map(|&sample| super::samples::narrow(sample)).collect()
            }
        })
    }

    /// The picture as a matte: its alpha channel, or its brightness (Rec. 601 luma) if there is none or if it is opaque
    /// everywhere, as editors often write it.
    #[must_use]
    pub fn to_matte(&self) -> Matte {
        self.alpha_matte().unwrap_or_else(|| {
            let luma =
                |p: &[u8]| ((299 * u32::from(p[0]) + 587 * u32::from(p[1]) + 114 * u32::from(p[2]) + 500) / 1000) as u8;
            Matte::of_photo(self.width, self.height, self.rgb8().chunks_exact(3).map(luma).collect())
        })
    }

    /// The alpha channel as a matte; `None` for a photo that is opaque everywhere.
    pub(crate) fn alpha_matte(&self) -> Option<Matte> {
        let alpha = self.alpha8().filter(|alpha| alpha.iter().any(|&alpha| alpha < 255));
        alpha.map(|alpha| Matte::of_photo(self.width, self.height, alpha))
    }

    /// 8-bit RGB, without a copy if the photo has that form; alpha is dropped, not applied.
    pub(crate) fn rgb8(&self) -> Cow<'_, [u8]> {
        match (self.as_u8(), self.channels) {
            (Some(samples), Channels::Rgb) => Cow::Borrowed(samples),
            _ => Cow::Owned(self.to_rgb8()),
        }
    }
}

/// The largest size with the aspect of `from` that fits into `frame`, each side at least 1. It touches the frame.
pub(super) fn inscribed(from: (u32, u32), frame: (u32, u32)) -> (u32, u32) {
    let [(width, height), (wide, high)] = [from, frame].map(|(x, y)| (u64::from(x.max(1)), u64::from(y)));
    let rounded = |side: u64, wanted: u64, other: u64| ((side * wanted + other / 2) / other).max(1) as u32;
    if width * high >= height * wide {
        (frame.0, rounded(height, wide, width))
    } else {
        (rounded(width, high, height), frame.1)
    }
}

/// `frame` of a picture with the bounds `whole`, and `pixel` beyond it.
pub(super) fn show<T: Copy>(samples: &[T], whole: Rect, frame: Frame, pixel: &[T]) -> Vec<T> {
    let channels = pixel.len();
    let mut out = pixel.repeat(frame.width as usize * frame.height as usize);
    let Some(visible) = frame.visible(whole) else { return out };
    let Frame { left, top, .. } = Frame::from(visible).relative_to(frame);
    let (stride, wide) = (whole.width as usize * channels, frame.width as usize * channels);
    let (from, to) = (visible.left as usize * channels, left as usize * channels);
    let length = visible.width as usize * channels;
    let rows = samples.chunks_exact(stride).skip(visible.top as usize).take(visible.height as usize);
    for (out, row) in out.chunks_exact_mut(wide).skip(top as usize).zip(rows) {
        out[to..to + length].copy_from_slice(&row[from..from + length]);
    }
    out
}

fn cut<T: Copy>(samples: &[T], width: u32, channels: usize, frame: Rect) -> Vec<T> {
    let stride = width as usize * channels;
    let columns = frame.left as usize * channels..frame.right() as usize * channels;
    let rows = samples.chunks_exact(stride).skip(frame.top as usize).take(frame.height as usize);
    let mut out = Vec::with_capacity(columns.len() * frame.height as usize);
    rows.for_each(|row| out.extend_from_slice(&row[columns.clone()]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cropping_takes_the_right_pixels() {
        let photo = Photo::new(3, 2, Channels::Gray, vec![1_u8, 2, 3, 4, 5, 6]).unwrap();
        let part = photo.crop(Rect { left: 1, top: 0, width: 2, height: 2 }).unwrap();
        assert_eq!(part.as_u8().unwrap(), [2, 3, 5, 6]);
        let beyond = Rect { left: 2, top: 0, width: 2, height: 2 };
        assert_eq!(photo.crop(beyond).unwrap_err().code(), Code::OptionInvalid);
        let framed = |left, top, width, height| photo.framed(Frame { left, top, width, height }).unwrap();
        assert_eq!(framed(1, 0, 2, 2), part);
        assert_eq!(framed(2, -1, 2, 4).as_u8().unwrap(), [0, 0, 3, 0, 6, 0, 0, 0]);
        assert_eq!(framed(-2, 1, 6, 1).as_u8().unwrap(), [0, 0, 4, 5, 6, 0]);
        assert_eq!(framed(3, 0, 1, 1).as_u8().unwrap(), [0]);
    }

    #[test]
    fn fitting_keeps_the_aspect_and_never_enlarges() {
        let photo = Photo::new(40, 20, Channels::Rgb, vec![7_u8; 2400]).unwrap();
        let small = photo.fit_within(10, 10).unwrap();
        assert_eq!((small.width(), small.height()), (10, 5));
        assert_eq!(photo.fit_within(100, 100).unwrap(), photo);
        assert_eq!(photo.fit_within(40, 1).unwrap().height(), 1);
        let deep = Photo::new(40, 20, Channels::GrayAlpha, vec![40_000_u16; 1600]).unwrap().fit_within(10, 10).unwrap();
        assert_eq!((deep.channels(), deep.depth()), (Channels::GrayAlpha, crate::photo::Depth::Sixteen));
        assert_eq!(photo.fit_within(0, 1).unwrap_err().code(), Code::OptionInvalid);
    }

    #[test]
    fn a_mask_is_alpha_or_brightness() {
        let alpha = Photo::new(1, 2, Channels::GrayAlpha, vec![9_u8, 40, 9, 50]).unwrap();
        assert_eq!(alpha.to_matte().alpha(), [40, 50]);
        let opaque = Photo::new(1, 2, Channels::GrayAlpha, vec![9_u8, 255, 80, 255]).unwrap();
        assert_eq!(opaque.to_matte().alpha(), [9, 80]);
        let gray = Photo::new(1, 2, Channels::Gray, vec![0_u16, 65_535]).unwrap();
        assert_eq!(gray.to_matte().alpha(), [0, 255]);
        let rgb = Photo::new(1, 1, Channels::Rgb, vec![255_u8, 0, 0]).unwrap();
        assert_eq!(rgb.to_matte().alpha(), [76]);
    }
}

//! The colour space of a photo's samples: sRGB, or that of its profile.
//!
//! Code that puts a colour or another picture into a photo must convert it with these functions, so that a profile is
//! only kept with samples that it describes.

use std::sync::Arc;

use super::{Channels, Depth, Photo, Samples, color};
use crate::error::Result;

/// Factor from an 8-bit to a 16-bit sample.
const WIDEN: u16 = 257;

impl Photo {
    /// The picture in sRGB, without a profile.
    #[must_use]
    pub fn to_srgb(&self) -> Self {
        let Some(profile) = &self.profile else { return self.clone() };
        let mut samples = (*self.samples).clone();
        color::to_srgb(&mut samples, self.channels, profile);
        Self { samples: Arc::new(samples), profile: None, ..self.clone() }
    }

    /// The photo as RGB in a space that other colours can be converted to: gray becomes sRGB, since its profile does
    /// not describe colours, and so does a photo whose profile only supports conversion from its space.
    pub(crate) fn colored(&self) -> Self {
        if self.channels.is_gray() {
            let photo = self.to_srgb();
            let channels = if photo.has_alpha() { Channels::Rgba } else { Channels::Rgb };
            let samples = match photo.samples() {
                Samples::U8(samples) => Samples::U8(tripled(samples, photo.channels.count())),
                Samples::U16(samples) => Samples::U16(tripled(samples, photo.channels.count())),
            };
            return Self { channels, samples: Arc::new(samples), ..photo };
        }
        if self.converted([0; 3]).is_none() { self.to_srgb() } else { self.clone() }
    }

    /// The photo itself if it can represent this sRGB colour, otherwise [`colored`](Self::colored).
    pub(crate) fn for_color(&self, srgb: [u8; 3]) -> Self {
        let shown = !self.channels.is_gray() || srgb.iter().all(|sample| *sample == srgb[0]);
        if shown && self.converted(srgb).is_some() { self.clone() } else { self.colored() }
    }

    /// An sRGB colour as 16-bit samples in this photo's space, with gray repeated three times; the photo must be
    /// [`for_color`](Self::for_color).
    pub(crate) fn color_of(&self, srgb: [u8; 3]) -> [u16; 3] {
        self.converted(srgb).unwrap_or_else(|| srgb.map(|sample| u16::from(sample) * WIDEN))
    }

    fn converted(&self, srgb: [u8; 3]) -> Option<[u16; 3]> {
        let (channels, count) = if self.channels.is_gray() { (Channels::Gray, 1) } else { (Channels::Rgb, 3) };
        let mut samples = Samples::U16(srgb[..count].iter().map(|sample| u16::from(*sample) * WIDEN).collect());
        let done = color::convert(&mut samples, channels, None, self.profile());
        let Samples::U16(samples) = samples else { return None };
        done.then(|| [0, 1, 2].map(|channel| samples[channel % count]))
    }

    /// The picture as RGBA in the space and depth of `other`, which must be [`colored`](Self::colored).
    pub(crate) fn brought_into(&self, other: &Self) -> Result<Self> {
        let picture = self.wide().colored();
        let mut samples = (*picture.samples).clone();
        if !color::convert(&mut samples, picture.channels, picture.profile(), other.profile()) {
            let srgb = picture.to_srgb();
            samples = (*srgb.samples).clone();
            color::convert(&mut samples, srgb.channels, None, other.profile());
        }
        let samples = match (other.depth(), &samples) {
            (Depth::Sixteen, Samples::U16(samples)) => Samples::U16(opaque(samples, picture.channels)),
            _ => Samples::U8(samples.convert_u8(picture.channels, Channels::Rgba)),
        };
        let photo = Self::new(self.width, self.height, Channels::Rgba, samples)?;
        Ok(Self { profile: other.profile.clone(), ..photo })
    }

    /// Composites the photo on an sRGB colour: `out = a * sample + (1 - a) * background`, on the encoded values as
    /// browsers do. Gray stays gray on a gray background.
    pub(crate) fn flattened(&self, background: [u8; 3]) -> Self {
        if !self.has_alpha() {
            return self.clone();
        }
        let photo = self.for_color(background);
        let samples = photo.samples.flatten(photo.channels, photo.color_of(background));
        Self { channels: photo.channels.without_alpha(), samples: Arc::new(samples), ..photo }
    }

    /// The photo with 16 bits per sample.
    fn wide(&self) -> Self {
        match &*self.samples {
            Samples::U16(_) => self.clone(),
            Samples::U8(samples) => {
                let samples = Samples::U16(samples.iter().map(|sample| u16::from(*sample) * WIDEN).collect());
                Self { samples: Arc::new(samples), ..self.clone() }
            }
        }
    }
}

fn tripled<T: Copy>(samples: &[T], count: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(samples.len() / count * (count + 2));
    for pixel in samples.chunks_exact(count) {
        out.extend([pixel[0]; 2]);
        out.extend_from_slice(pixel);
    }
    out
}

/// Adds opaque alpha if there is none.
fn opaque(samples: &[u16], channels: Channels) -> Vec<u16> {
    match channels {
        Channels::Rgb => samples.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], u16::MAX]).collect(),
        _ => samples.to_vec(),
    }
}

//! The input of the edge operations: a photo in `f32`, scaled to a bounded size.

use packshot_resize as resize;
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::photo::Photo;

/// Red, green and blue, 0 to 1, in the encoding of the photo (sRGB values, not linear light).
pub(crate) type Rgb = [f32; 3];

/// A picture of at least one pixel, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<Rgb>,
}

impl Picture {
    /// The photo's colours at `width` by `height`, which must not be more than the photo has. Alpha is not applied.
    pub(crate) fn of(photo: &Photo, width: u32, height: u32) -> Result<Self> {
        let from = (photo.width(), photo.height());
        let samples = photo.rgb8();
        let scaled;
        let samples = if from == (width, height) {
            &*samples
        } else {
            scaled = resize::rgb(&samples, from, resize::whole(from), (width, height), resize::Filter::Area)
                .map_err(|cause| Error::new(Code::Internal, "cannot scale the photo").because(cause))?;
            &*scaled
        };
        let pixels = samples.par_chunks_exact(3).map(rgb).collect();
        Ok(Self { width: width as usize, height: height as usize, pixels })
    }
}

/// Three 8-bit samples as `Rgb`.
pub(crate) fn rgb(samples: &[u8]) -> Rgb {
    [0, 1, 2].map(|channel| f32::from(samples[channel]) / 255.0)
}

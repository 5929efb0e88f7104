use crate::facts::facts;
use crate::size::scaled;
use crate::table::options;
use crate::{Model, Size};

options! {
    /// Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.
    Upscale as upscale {
        /// The model that adds the detail.
        model: Model, default "Packshot's own";
        /// The factor for both sides; may be fractional.
        scale: f64, range "1 to 8", default "2";
        /// The size to reach, such as `2000` for the longer side; the aspect is kept. A photo that is already as large
        /// is returned unchanged.
        size: Size, default "given by `scale`";
        /// How much noise and JPEG blocking to remove; in between, the weights of two trained nets are blended.
        denoise: f64, range "0 to 1", default "the model as it is; 0 with Packshot's own";
        /// Longest side of the tiles that the model works on, in pixels of the photo: smaller tiles take less memory,
        /// larger ones less time.
        tile: u32, range "32 to 2,048", default "256 to 384, depending on the model";
    }
}

facts! {
    /// A larger photo, with the depth, channels, profile and metadata of the input.
    UPSCALED: Upscaled as upscaled {
        /// The factor of both sides, before rounding to whole pixels: 1 if nothing had to be done.
        scale: Number;
    }
}

impl Upscale {
    pub(crate) fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        let factor = match (self.scale, self.size) {
            (Some(scale), _) => scale,
            (None, Some(size)) => size.factor(from.0, from.1),
            (None, None) => 2.0,
        };
        scaled(from, factor.max(1.0))
    }
}

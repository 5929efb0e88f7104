use crate::facts::facts;
use crate::size::scaled;
use crate::table::options;
use crate::{Model, Size};

options! {
    /// Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.
    Upscale as upscale {
        /// The model that adds the detail.
        model: Model, default "Packshot's own";
        /// The factor of both sides; need not be whole.
        scale: f64, range "1 to 8", default "2";
        /// The size to reach, such as `2000` for the longer side; the aspect is kept. A photo that is as large already stays
        /// as it is.
        size: Size, default "what `scale` makes";
        /// How much noise and how many JPEG blocks to take away; in between, the weights of two trained nets are blended.
        denoise: f64, range "0 to 1", default "the model as it is; 0 with Packshot's own";
        /// Longest side of the tiles that the model works on, in pixels of the photo: smaller takes less memory, larger less
        /// time.
        tile: u32, range "32 to 2,048", default "256 to 384, according to how far the model looks";
    }
}

facts! {
    /// A larger photo, with the depth, channels, profile and metadata of the one that came in.
    UPSCALED: Upscaled as upscaled {
        /// By what factor both sides are larger, before they were rounded to whole pixels: 1 if nothing had to be done.
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

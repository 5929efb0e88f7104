use crate::facts::facts;
use crate::table::options;
use crate::word::words;
use crate::{Aspect, Margin, Model, Size};

options! {
    /// Keeps a part of a photo: an area, an aspect, or the subject with a margin.
    ///
    /// `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
    Crop as crop {
        /// The part to keep: `left top right bottom`, such as `10% 0 90% 100%`.
        area: Area, default "the whole photo";
        /// Keeps the subject and this margin: one, two or four lengths in CSS order, such as `20px 40px`, `5%`
        /// (of the subject) or `6% of result`. The subject is the opaque part of a photo with transparency, and the
        /// result may reach beyond such a photo. In any other photo, a model finds the subject, and the margin ends
        /// where the photo does.
        margin: Margin, default "the subject is not searched for";
        /// Width to height of the result, such as `1:1`, `4:5` or `1.91`, from 1:100 to 100:1. Keeps the largest part
        /// of the area with this aspect; with `margin`, the smallest part around the subject.
        aspect: Aspect, default "that of the kept part";
        /// Position of the kept part, or of the subject in it, when `aspect` leaves a choice.
        gravity: Gravity, default "center";
        /// With `margin`: none where the photo cuts the subject off, so that it touches the edge of the result there.
        snap: bool, default "`false`";
        /// The size that the result is scaled down to; it is never scaled up.
        size: Size, default "not scaled";
        /// The model that finds the subject.
        model: Model, default "Packshot's own";
    }
}

facts! {
    /// A part of a photo, with the depth, channels, profile and metadata of the input.
    CROPPED: Cropped as cropped {
        /// The part of the photo that was kept, before it was scaled to a size; it may reach beyond a photo with
        /// transparency, to leave a margin.
        frame: Frame;
        /// The smallest rectangle around everything that is at least half subject.
        subject: Rect, absent "if nothing is, or if the subject was not searched for";
    }
}

words! {
    /// Where a part of a photo lies.
    Gravity as gravity, "gravity", {
        /// In the middle.
        Center = "center",
        /// At the upper edge.
        Top = "top",
        /// In the upper right corner.
        TopRight = "top-right",
        /// At the right edge.
        Right = "right",
        /// In the lower right corner.
        BottomRight = "bottom-right",
        /// At the lower edge.
        Bottom = "bottom",
        /// In the lower left corner.
        BottomLeft = "bottom-left",
        /// At the left edge.
        Left = "left",
        /// In the upper left corner.
        TopLeft = "top-left",
        /// Around the subject.
        Subject = "subject",
    }
}

impl Crop {
    /// What is cut off is known only with the photo, so the bound is computed for each side separately.
    pub(crate) fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        let margin = self.margin.as_deref().and_then(|margin| margin.parse().ok());
        let aspect = self.aspect.as_deref().and_then(|aspect| aspect.parse().ok());
        let (width, height) = largest_crop(margin, aspect, from);
        match self.size {
            None => (width, height),
            Some(Size::LongSide(most)) => (width.min(most), height.min(most)),
            Some(Size::Width(most)) => (width.min(most), height),
            Some(Size::Height(most)) => (width, height.min(most)),
            Some(Size::Box(wide, high)) => (width.min(wide), height.min(high)),
        }
    }
}

/// The largest width and height of a crop of a picture of `width` by `height`, before it is scaled down: with a margin, a
/// subject as large as the picture, with its margin, in a frame of the aspect.
#[must_use]
pub fn largest_crop(margin: Option<Margin>, aspect: Option<Aspect>, (width, height): (u32, u32)) -> (u32, u32) {
    let Some(margin) = margin else { return (width, height) };
    let (width, height) = margin.around((width, height));
    let Some(aspect) = aspect else { return (width, height) };
    let side = |side: u32, other: u32, ratio: f64| side.max((f64::from(other) * ratio).round() as u32);
    (side(width, height, aspect.ratio()), side(height, width, aspect.ratio().recip()))
}

use crate::facts::facts;
use crate::table::options;
use crate::word::words;
use crate::{Model, Size};

options! {
    /// Keeps a part of a photo: an area, an aspect, or the subject with a margin.
    ///
    /// `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
    Crop as crop {
        /// The part to keep: `left top right bottom`, such as `10% 0 90% 100%`.
        area: Area, default "the whole photo";
        /// Keeps the subject and this margin: one, two or four lengths in CSS order, such as `5%` or `20px 40px`. The subject
        /// is what is not transparent; in a photo without transparent parts, a model finds it.
        margin: Margin, default "the subject is not looked for";
        /// Width to height of the result, such as `1:1`, `4:5` or `1.91`, from 1:100 to 100:1. The largest part of the area
        /// that has it is kept; with `margin`, the smallest part around the subject.
        aspect: Aspect, default "as it comes";
        /// Where the kept part lies, or where the subject stands in it, when `aspect` leaves a choice.
        gravity: Gravity, default "center";
        /// The size of the result: it is scaled down to fit, and never up.
        size: Size, default "as it is";
        /// The model that finds the subject.
        model: Model, default "Packshot's own";
    }
}

facts! {
    /// A part of a photo, with the depth, channels, profile and metadata of the one that came in.
    CROPPED: Cropped as cropped {
        /// The part of the photo that was kept, before it was scaled to a size.
        frame: Rect;
        /// The smallest rectangle around everything that is at least half subject.
        subject: Rect, absent "if nothing is, or nothing asked";
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
    /// What is cut off is known with the photo only, so each side counts by itself.
    pub(crate) fn reach(&self, (width, height): (u32, u32)) -> (u32, u32) {
        match self.size {
            None => (width, height),
            Some(Size::LongSide(most)) => (width.min(most), height.min(most)),
            Some(Size::Width(most)) => (width.min(most), height),
            Some(Size::Height(most)) => (width, height.min(most)),
            Some(Size::Box(wide, high)) => (width.min(wide), height.min(high)),
        }
    }
}

use crate::facts::facts;
use crate::table::options;
use crate::word::words;
use crate::{Margin, Model};

options! {
    /// Cuts the subject out of a photo.
    ///
    /// A mask, a trimap and a background picture can be files or decoded photos.
    RemoveBackground as remove_background {
        /// The model that finds the subject.
        model: Model, default "Packshot's own";
        /// What the result shows.
        output: Output, default "`rgba`";
        /// How alpha is computed along the edge.
        edges: Edges, default "`fast`";
        /// Takes the old background's colour out of half-transparent pixels.
        decontaminate: bool, default "`true`";
        /// Also cuts out the background that shows through rings, handles, frames and letters.
        keep_holes: bool, default "`false`";
        /// Makes the inside of the subject opaque.
        solidify: bool, default "`false`";
        /// The colour behind the subject, as a CSS colour, or `transparent`.
        background: Color, default "`transparent`";
        /// A picture behind the subject, scaled to cover the photo and cut at its centre: the path of a file.
        background_picture: Picture;
        /// A matte to use in place of a model's: the path of a gray picture of the photo's size, where 0 is background.
        mask: Picture;
        /// Where alpha is computed, in place of a band along the model's edge: the path of a gray picture of the
        /// photo's size, where 0 is background, 255 subject, and everything else unknown. It replaces the model; a
        /// `mask` beside it gives the initial alpha.
        trimap: Picture;
        /// Crops to the subject and this margin: one, two or four lengths in CSS order, such as `20px 40px`, `5%`
        /// (of the subject) or `6% of result`. Where the photo ends first, the result reaches beyond it.
        crop: Margin, default "the whole photo";
        /// With `crop`: no margin where the photo cuts the subject off, so that it touches the edge of the result there.
        snap: bool, default "`false`";
        /// Restricts the search to this part of the photo: `left top right bottom`, in pixels or percent, such as
        /// `10% 0 90% 100%`.
        region: Area, default "the whole photo";
        /// A box around the wanted subject, written like `region`.
        subject: Area, default "every subject is wanted";
        /// Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`.
        instances: Instances, default "`all`";
    }
}

impl RemoveBackground {
    /// The subject is known only with the photo; at most, it is as large.
    pub(crate) fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        self.crop.as_deref().and_then(|margin| margin.parse().ok()).map_or(from, |margin: Margin| margin.around(from))
    }
}

facts! {
    /// A photo without its background, and what was found.
    CUTOUT: Cutout as cutout {
        /// The matte at the photo's full size, before cropping: 0 is background, 255 subject.
        matte: Matte;
        /// Where alpha was computed, at the photo's full size: 0 is background, 255 subject, 128 unknown.
        trimap: Trimap, absent "with edges off";
        /// The smallest rectangle around everything that is at least half subject, in the photo.
        subject: Rect, absent "if nothing is";
        /// The part of the photo that the result shows; it may reach beyond the photo, to leave a margin.
        frame: Frame;
        /// The separate subjects found, largest first; specks below 1/2000 of the photo are not listed.
        instances: Instances;
        /// How sure the model is, from 0 to 1.
        confidence: Share;
        /// How much of the old background is left in the rim, from 0 to 1. Above about 0.2 a rim is visible on another
        /// background: try fine edges. If the result has no colours, it is measured on the photo's own.
        halo: Share;
    }
}

words! {
    /// What the result of a cut-out shows.
    Output as output, "output", {
        /// The photo with alpha, or on a new background.
        Rgba = "rgba",
        /// The matte as a gray picture: 0 is background.
        Alpha = "alpha",
        /// The matte thresholded at one half: black or white.
        Mask = "mask",
        /// The subject's colours without alpha, black where alpha is 0: for use together with `alpha`.
        Foreground = "foreground",
        /// The photo without its subject: alpha is inverted.
        Background = "background",
        /// Where the matte was sure and where alpha was computed, as a gray picture: 0, 128 or 255.
        Trimap = "trimap",
    }
}

words! {
    /// How alpha is computed along the edge of a subject.
    Edges as edges, "edge mode", {
        /// No refinement: the model's output, scaled up.
        Off = "off",
        /// Alpha follows the photo's edges: a colour guided filter. It has no effect if the model sees the photo at
        /// nearly its own size.
        Fast = "fast",
        /// Hair, fur and glass: closed-form matting, several times slower.
        Fine = "fine",
    }
}

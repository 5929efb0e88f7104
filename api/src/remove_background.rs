use crate::Model;
use crate::facts::facts;
use crate::table::options;
use crate::word::words;

options! {
    /// Cuts the subject out of a photo.
    ///
    /// A mask, a trimap and a picture behind the subject may be files, and photos that are decoded already.
    RemoveBackground as remove_background {
        /// The model that finds the subject.
        model: Model, default "Packshot's own";
        /// What the result shows.
        output: Output, default "`rgba`";
        /// How alpha is worked out along the edge.
        edges: Edges, default "`fast`";
        /// Takes the old background's colour out of half-transparent pixels.
        decontaminate: bool, default "`true`";
        /// Also cuts out the background that shows through rings, handles, frames and letters.
        keep_holes: bool, default "`false`";
        /// Makes the inside of the subject opaque.
        solidify: bool, default "`false`";
        /// The colour behind the subject, as CSS writes it, or `transparent`.
        background: Color, default "`transparent`";
        /// A picture behind the subject, scaled to cover the photo and cut at its centre: the path of a file.
        background_picture: Picture;
        /// The matte, in place of a model's: the path of a gray picture of the photo's size, where 0 is background.
        mask: Picture;
        /// Where the edge is to be worked out, in place of a band along the model's edge: the path of a gray picture of the
        /// photo's size, where 0 is background, 255 subject, and all else unknown. It replaces the model; a `mask` beside it
        /// says what to begin with.
        trimap: Picture;
        /// Crops to the subject and this margin: one, two or four lengths in CSS order, such as `5%` or `20px 40px`.
        crop: Margin, default "the whole photo";
        /// Only this part of the photo is looked at: `left top right bottom`, in pixels or percent, such as `10% 0 90% 100%`.
        region: Area, default "the whole photo";
        /// A box around the wanted subject, written like `region`.
        subject: Area, default "every subject is wanted";
        /// Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`.
        instances: Instances, default "`all`";
    }
}

impl RemoveBackground {
    /// A crop to the subject is not known before the photo is.
    pub(crate) fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        from
    }
}

facts! {
    /// A photo without its background, and what was found.
    CUTOUT: Cutout as cutout {
        /// The matte at the photo's full size, before cropping: 0 is background, 255 subject.
        matte: Matte;
        /// Where the edge was worked out, at the photo's full size: 0 is background, 255 subject, 128 unknown.
        trimap: Trimap, absent "with edges off";
        /// The smallest rectangle around everything that is at least half subject, in the photo.
        subject: Rect, absent "if nothing is";
        /// The part of the photo that the result shows.
        frame: Rect;
        /// The separate subjects found, largest first; specks below 1/2000 of the photo are not listed.
        instances: Instances;
        /// How sure the model is, from 0 to 1.
        confidence: Share;
        /// How much of the old background is left in the rim, from 0 to 1. Above 0.2 or so a rim shows on another
        /// background: try fine edges. Without colours in the result it tells of the photo's own.
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
        /// The matte cut at one half: black or white.
        Mask = "mask",
        /// The subject's colours without alpha, black where alpha is 0: to be used together with `alpha`.
        Foreground = "foreground",
        /// The photo without its subject: alpha is inverted.
        Background = "background",
        /// Where the matte was sure and where the edge was worked out, as a gray picture: 0, 128 or 255.
        Trimap = "trimap",
    }
}

words! {
    /// How alpha is worked out along the edge of a subject.
    Edges as edges, "edge mode", {
        /// Not at all: the model's answer, scaled up.
        Off = "off",
        /// Alpha follows the photo's edges: a colour guided filter. It has nothing to add where the model sees the photo
        /// at nearly its own size.
        Fast = "fast",
        /// Hair, fur and glass: closed-form matting, several times slower.
        Fine = "fine",
    }
}

use serde::{Deserialize, Serialize};

use crate::Size;
use crate::text;
use crate::word::words;

/// How to read a photo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decode {
    /// What becomes of the colour profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<ColorPolicy>,
    /// Most pixels, width times height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pixels: Option<u64>,
    /// Most bytes of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Most frames of an animation, or pages of a TIFF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_frames: Option<u32>,
    /// Most bytes of the ICC profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_profile_bytes: Option<u64>,
    /// Most bytes of EXIF and of XMP each; what is larger is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_metadata_bytes: Option<u64>,
}

/// How to write a photo. What concerns another format is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Encode {
    /// The file format; by default the one that the file's name asks for, or PNG where there is no name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::format")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::format"))]
    pub format: Option<ImageFormat>,
    /// JPEG, lossy WebP, AVIF: 1 (worst) to 100 (best).
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::quality")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
    pub quality: Option<u8>,
    /// JPEG: resolution of colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chroma: Option<Chroma>,
    /// WebP: keep every sample as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lossless: Option<bool>,
    /// PNG: time against size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub png: Option<PngCompression>,
    /// The colour that shows through where the photo is transparent and the format cannot be, and of the padding of
    /// `fit`, as CSS writes it. Without it, white; padding is transparent where photo and format are, and black around
    /// a matte.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::color")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::color"))]
    pub background: Option<String>,
    /// What of the original's metadata is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<MetadataMode>,
    /// The size of the saved picture: `2000` (the longer side), `1200x`, `x800` or `1200x800`; see `fit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// How the photo gets that size. `pad` and `cover` need both sides, or one number for a square.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
    /// Most bytes of the file: quality is lowered, down to 30, until it fits; lossless formats are compressed harder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Dots per inch that the file states, 1 to 65,535; changes no pixel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u32>,
    /// The colour profile that the file carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileMode>,
}

words! {
    /// A file format for photos.
    ImageFormat, "format", {
        /// JPEG; 8 bit, no alpha.
        Jpeg = "jpeg",
        /// PNG; 8 or 16 bit, alpha, lossless.
        Png = "png",
        /// WebP; 8 bit, alpha, lossy or lossless.
        Webp = "webp",
        /// TIFF; 8 or 16 bit, alpha, lossless.
        Tiff = "tiff",
        /// AVIF; 8 bit, alpha. Written with the cargo feature `avif`, never read.
        Avif = "avif",
        /// HEIC; read with the cargo feature `heic`, never written.
        Heic = "heic",
    }
}

impl ImageFormat {
    /// Those that some build writes.
    pub const WRITTEN: &'static [Self] = &[Self::Jpeg, Self::Png, Self::Webp, Self::Tiff, Self::Avif];

    /// The usual file extension, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Tiff => "tif",
            _ => self.as_str(),
        }
    }
}

words! {
    /// What becomes of a photo's colour profile.
    ColorPolicy, "colour policy", {
        /// Convert to sRGB, which models expect and every screen shows.
        ToSrgb = "to-srgb",
        /// Keep the samples as they are and write the profile back when saving. CMYK is converted all the same.
        Keep = "keep",
        /// The samples as they are, without a profile: for masks, trimaps and whatever else is no colour.
        Data = "data",
    }
}

words! {
    /// How a photo gets the size of its file.
    Fit, "fit", {
        /// Scaled down until it fits in; a smaller photo stays as it is.
        Inside = "inside",
        /// Scaled to fit in, larger too, and padded to exactly the size.
        Pad = "pad",
        /// Scaled to cover the size, and what reaches beyond it cut off on both sides alike.
        Cover = "cover",
    }
}

words! {
    /// Which colour profile a file carries.
    ProfileMode, "profile mode", {
        /// The photo's own, where it still has one; sRGB is meant where there is none.
        Keep = "keep",
        /// Colours are converted to sRGB, and the file says so.
        Srgb = "srgb",
        /// Colours are converted to sRGB, and the file says nothing, to be smaller.
        None = "none",
    }
}

words! {
    /// Resolution of colour in a JPEG.
    Chroma, "chroma", {
        /// Half in both directions (4:2:0): the usual, a third smaller.
        Half = "half",
        /// Full (4:4:4): for sharp coloured edges and text.
        Full = "full",
    }
}

words! {
    /// Time against size for PNG. All are lossless.
    PngCompression, "PNG compression", {
        /// 12 million pixels in about 0.1 s.
        Fast = "fast",
        /// 15 % smaller, thirty times slower.
        Balanced = "balanced",
        /// A little smaller again, twice as slow again.
        Best = "best",
    }
}

words! {
    /// Which of the original's metadata a saved photo carries.
    MetadataMode, "metadata mode", {
        /// None.
        Strip = "strip",
        /// EXIF about camera, lens, exposure, date, author and copyright, and nothing else: no place, no serial numbers,
        /// no owner, no maker notes, no thumbnail, no XMP, no IPTC. Fields that Packshot does not know are dropped, since
        /// nobody can say what is in them.
        KeepSafe = "keep-safe",
        /// EXIF as it was, thumbnail included, but with orientation 1 and the size of the saved picture; and XMP.
        Keep = "keep",
    }
}

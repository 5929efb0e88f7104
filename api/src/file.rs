use crate::Size;
use crate::size::scaled;
use crate::table::options;
use crate::word::words;

options! {
    /// How to read a photo.
    Decode as decode {
        /// What to do with the colour profile.
        color: ColorPolicy, default "`to-srgb`";
        /// The most pixels, width times height.
        max_pixels: u64, default "120 million";
        /// The most bytes of the file.
        max_bytes: Bytes, default "512 MiB";
        /// The most frames of an animation, or pages of a TIFF.
        max_frames: u32, default "1,000";
        /// The most bytes of the ICC profile.
        max_profile_bytes: Bytes, default "4 MiB";
        /// The most bytes of EXIF and of XMP each; larger metadata is skipped.
        max_metadata_bytes: Bytes, default "4 MiB";
    }
}

options! {
    /// How to write a photo. Options for other formats are ignored.
    Encode as encode {
        /// The file format.
        format: Format, default "that of the file's extension, or PNG without a file name";
        /// JPEG, lossy WebP, AVIF: 1 is worst, 100 best.
        quality: Quality, range "1 to 100", default "90";
        /// JPEG: resolution of colour.
        chroma: Chroma, default "`half`";
        /// WebP: keep every sample as it is.
        lossless: bool, default "`false`";
        /// PNG: time against size.
        png: PngCompression, default "`fast`";
        /// The colour behind transparent parts in a format without alpha, and of the padding of `fit`, as a CSS colour.
        background: Color, default "white; padding is transparent where photo and format are, and black around a matte";
        /// Which of the original's metadata to write.
        metadata: MetadataMode, default "`strip`";
        /// The size of the saved picture: `2000` (the longer side), `1200x`, `x800` or `1200x800`; see `fit`.
        size: Size, default "the photo's";
        /// How the photo is fitted to that size. `pad` and `cover` need both sides, or one number for a square.
        fit: Fit, default "`inside`";
        /// The most bytes of the file: quality is lowered, down to 30, until it fits; lossless formats are compressed
        /// harder.
        max_bytes: Bytes, default "unlimited";
        /// Dots per inch stated in the file; changes no pixel.
        dpi: u32, range "1 to 65,535", default "that of the kept metadata";
        /// The colour profile in the file.
        profile: ProfileMode, default "`keep`";
    }
}

words! {
    /// A file format for photos.
    ImageFormat as image_format, "format", {
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

impl Encode {
    pub(crate) fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        let Some(size) = self.size else { return from };
        let factor = size.factor(from.0, from.1);
        match (self.fit, size) {
            (Some(Fit::Pad | Fit::Cover), Size::Box(width, height)) => (width, height),
            (Some(Fit::Pad | Fit::Cover), Size::LongSide(side)) => (side, side),
            (Some(Fit::Pad | Fit::Cover), _) => scaled(from, factor),
            (Some(Fit::Inside) | None, _) => scaled(from, factor.min(1.0)),
        }
    }
}

impl ImageFormat {
    /// The formats that some build can write.
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
    /// What to do with a photo's colour profile.
    ColorPolicy as color_policy, "colour policy", {
        /// Convert to sRGB, which models expect and every screen shows.
        ToSrgb = "to-srgb",
        /// Keep the samples as they are and embed the profile when saving. CMYK is converted nevertheless.
        Keep = "keep",
        /// The samples as they are, without a profile: for masks, trimaps and other data that is not colour.
        Data = "data",
    }
}

words! {
    /// How a photo is fitted to the size of its file.
    Fit as fit, "fit", {
        /// Scaled down to fit; a smaller photo is unchanged.
        Inside = "inside",
        /// Scaled up or down to fit, and padded to exactly the size.
        Pad = "pad",
        /// Scaled to cover the size; the excess is cut off equally on both sides.
        Cover = "cover",
    }
}

words! {
    /// Which colour profile a file contains.
    ProfileMode as profile_mode, "profile mode", {
        /// The photo's own, if it still has one; without one, sRGB is implied.
        Keep = "keep",
        /// Colours are converted to sRGB, with a profile.
        Srgb = "srgb",
        /// Colours are converted to sRGB, without a profile, which makes the file smaller.
        None = "none",
    }
}

words! {
    /// Resolution of colour in a JPEG.
    Chroma as chroma, "chroma", {
        /// Half in both directions (4:2:0): the usual choice, a third smaller.
        Half = "half",
        /// Full (4:4:4): for sharp coloured edges and text.
        Full = "full",
    }
}

words! {
    /// Time against size for PNG. All are lossless.
    PngCompression as png_compression, "PNG compression", {
        /// 12 million pixels in about 0.1 s.
        Fast = "fast",
        /// 15 % smaller, thirty times slower.
        Balanced = "balanced",
        /// A little smaller again, twice as slow again.
        Best = "best",
    }
}

words! {
    /// Which of the original's metadata a saved photo contains.
    MetadataMode as metadata_mode, "metadata mode", {
        /// None.
        Strip = "strip",
        /// EXIF about camera, lens, exposure, date, author and copyright, and nothing else: no place, no serial
        /// numbers, no owner, no maker notes, no thumbnail, no XMP, no IPTC. Unknown fields are dropped, since they may
        /// contain anything.
        KeepSafe = "keep-safe",
        /// All of EXIF, thumbnail included, but with orientation 1 and the size of the saved picture; and XMP.
        Keep = "keep",
    }
}

use crate::Size;
use crate::size::scaled;
use crate::table::options;
use crate::word::words;

options! {
    /// How to read a photo.
    Decode as decode {
        /// What becomes of the colour profile.
        color: ColorPolicy, default "`to-srgb`";
        /// Most pixels, width times height.
        max_pixels: u64, default "120 million";
        /// Most bytes of the file.
        max_bytes: Bytes, default "512 MiB";
        /// Most frames of an animation, or pages of a TIFF.
        max_frames: u32, default "1,000";
        /// Most bytes of the ICC profile.
        max_profile_bytes: Bytes, default "4 MiB";
        /// Most bytes of EXIF and of XMP each; what is larger is left out.
        max_metadata_bytes: Bytes, default "4 MiB";
    }
}

options! {
    /// How to write a photo. What concerns another format is ignored.
    Encode as encode {
        /// The file format.
        format: Format, default "the one that the file's name asks for, or PNG where there is no name";
        /// JPEG, lossy WebP, AVIF: 1 is worst, 100 best.
        quality: Quality, range "1 to 100", default "90";
        /// JPEG: resolution of colour.
        chroma: Chroma, default "`half`";
        /// WebP: keep every sample as it is.
        lossless: bool, default "`false`";
        /// PNG: time against size.
        png: PngCompression, default "`fast`";
        /// The colour that shows through where the photo is transparent and the format cannot be, and of the padding of
        /// `fit`, as CSS writes it.
        background: Color, default "white; padding is transparent where photo and format are, and black around a matte";
        /// What of the original's metadata is written.
        metadata: MetadataMode, default "`strip`";
        /// The size of the saved picture: `2000` (the longer side), `1200x`, `x800` or `1200x800`; see `fit`.
        size: Size, default "the photo's";
        /// How the photo gets that size. `pad` and `cover` need both sides, or one number for a square.
        fit: Fit, default "`inside`";
        /// Most bytes of the file: quality is lowered, down to 30, until it fits; lossless formats are compressed harder.
        max_bytes: Bytes, default "as many as it takes";
        /// Dots per inch that the file states; changes no pixel.
        dpi: u32, range "1 to 65,535", default "what the metadata that is kept says";
        /// The colour profile that the file carries.
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
    ColorPolicy as color_policy, "colour policy", {
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
    Fit as fit, "fit", {
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
    ProfileMode as profile_mode, "profile mode", {
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
    Chroma as chroma, "chroma", {
        /// Half in both directions (4:2:0): the usual, a third smaller.
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
    /// Which of the original's metadata a saved photo carries.
    MetadataMode as metadata_mode, "metadata mode", {
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

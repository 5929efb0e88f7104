//! The core's plain types, word by word: uniffi needs their definitions, and the compiler refuses a difference.

mod batch;

use std::path::PathBuf;

pub(crate) use packshot::api::{
    Batch, Chroma, ColorPolicy, Decode, Edges, Encode, Fit, ImageFormat, MetadataMode, Model, ModelFile, Output,
    PngCompression, ProfileMode, RemoveBackground, Size, Upscale,
};
pub(crate) use packshot::models::ModelState;
pub(crate) use packshot::{Backend, BatchOutcome, Channels, Depth, EngineOptions, ErrorKind, Instance, Rect, Stage};

// A string of these languages is Unicode. A path that is not is shown with `%E9` for each byte at fault, and cannot be given.
uniffi::custom_type!(PathBuf, String, {
    remote,
    try_lift: |text| Ok(PathBuf::from(text)),
    lower: |path| packshot::api::path_text(&path).into_owned(),
});

/// What an engine can be asked for. What is left out is as the core chooses.
#[uniffi::remote(Record)]
pub struct EngineOptions {
    /// Which backend runs models.
    #[uniffi(default = None)]
    pub backend: Option<Backend>,
    /// The ONNX Runtime library to load, before any that is found by itself.
    #[uniffi(default = None)]
    pub ort_library: Option<String>,
    /// An ONNX Runtime library, or its folder, that happens to be there: tried after the environment variables and
    /// before the system's, and passed over if it is missing or cannot be used.
    #[uniffi(default = None)]
    pub offered_ort_library: Option<String>,
    /// Threads for one model run, at least 1.
    #[uniffi(default = None)]
    pub threads: Option<u32>,
    /// The folder for models.
    #[uniffi(default = None)]
    pub cache_dir: Option<String>,
    /// Whether a tool may fetch a missing model of the registry.
    #[uniffi(default = None)]
    pub download: Option<bool>,
    /// Forbids the network.
    #[uniffi(default = None)]
    pub offline: Option<bool>,
    /// Permits models whose licence forbids commercial use.
    #[uniffi(default = None)]
    pub allow_noncommercial: Option<bool>,
    /// Models to add to those that Packshot knows: the text of a registry in TOML.
    #[uniffi(default = None)]
    pub registry: Option<String>,
}

/// Cuts the subject out of a photo.
#[uniffi::remote(Record)]
pub struct RemoveBackground {
    /// The model that finds the subject; by default Packshot's own.
    #[uniffi(default = None)]
    pub model: Option<Model>,
    /// What the result shows.
    #[uniffi(default = None)]
    pub output: Option<Output>,
    /// How alpha is worked out along the edge.
    #[uniffi(default = None)]
    pub edges: Option<Edges>,
    /// Takes the old background's colour out of half-transparent pixels.
    #[uniffi(default = None)]
    pub decontaminate: Option<bool>,
    /// Also cuts out the background that shows through rings, handles and frames.
    #[uniffi(default = None)]
    pub keep_holes: Option<bool>,
    /// Makes the inside of the subject opaque.
    #[uniffi(default = None)]
    pub solidify: Option<bool>,
    /// The colour behind the subject, as CSS writes it, or `transparent`.
    #[uniffi(default = None)]
    pub background: Option<String>,
    /// Crops to the subject and this margin: one, two or four lengths in CSS order, such as `5%` or `20px 40px`.
    #[uniffi(default = None)]
    pub crop: Option<String>,
    /// Only this part of the photo is looked at: `left top right bottom`, such as `10% 0 90% 100%`.
    #[uniffi(default = None)]
    pub region: Option<String>,
    /// A box around the wanted subject, written like `region`.
    #[uniffi(default = None)]
    pub subject: Option<String>,
    /// Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`.
    #[uniffi(default = None)]
    pub instances: Option<String>,
}

/// Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.
#[uniffi::remote(Record)]
pub struct Upscale {
    /// The model that adds the detail; by default Packshot's own.
    #[uniffi(default = None)]
    pub model: Option<Model>,
    /// The factor of both sides, 1 to 8; need not be whole.
    #[uniffi(default = None)]
    pub scale: Option<f64>,
    /// The size to reach; the aspect is kept. A photo that is as large already stays as it is.
    #[uniffi(default = None)]
    pub size: Option<Size>,
    /// How much noise and how many JPEG blocks to take away, 0 (none) to 1.
    #[uniffi(default = None)]
    pub denoise: Option<f64>,
    /// Side of the tiles that the model works on, in pixels of the photo: smaller takes less memory, larger less time.
    #[uniffi(default = None)]
    pub tile: Option<u32>,
}

/// A model, by name or by file.
#[uniffi::remote(Enum)]
pub enum Model {
    /// A model of the registry, by id.
    Id(String),
    /// Any ONNX file, with what it expects.
    File(ModelFile),
}

/// An ONNX file. One of `like` and `descriptor` says how it takes a photo and gives its answer.
#[uniffi::remote(Record)]
pub struct ModelFile {
    /// Path of the file.
    pub file: String,
    /// It does the same as this model of the registry.
    #[uniffi(default = None)]
    pub like: Option<String>,
    /// It does what this descriptor says: the text of a TOML file.
    #[uniffi(default = None)]
    pub descriptor: Option<String>,
}

/// How to read a photo.
#[uniffi::remote(Record)]
pub struct Decode {
    /// What becomes of the colour profile.
    #[uniffi(default = None)]
    pub color: Option<ColorPolicy>,
    /// Most pixels, width times height.
    #[uniffi(default = None)]
    pub max_pixels: Option<u64>,
    /// Most bytes of the file.
    #[uniffi(default = None)]
    pub max_bytes: Option<u64>,
    /// Most frames of an animation, or pages of a TIFF.
    #[uniffi(default = None)]
    pub max_frames: Option<u32>,
    /// Most bytes of the ICC profile.
    #[uniffi(default = None)]
    pub max_profile_bytes: Option<u64>,
    /// Most bytes of EXIF and of XMP each; what is larger is left out.
    #[uniffi(default = None)]
    pub max_metadata_bytes: Option<u64>,
}

/// How to write a photo. What concerns another format is ignored.
#[uniffi::remote(Record)]
pub struct Encode {
    /// The file format; by default the one that the file's name asks for, or PNG where there is no name.
    #[uniffi(default = None)]
    pub format: Option<ImageFormat>,
    /// JPEG, lossy WebP, AVIF: 1 (worst) to 100 (best).
    #[uniffi(default = None)]
    pub quality: Option<u8>,
    /// JPEG: resolution of colour.
    #[uniffi(default = None)]
    pub chroma: Option<Chroma>,
    /// WebP: keep every sample as it is.
    #[uniffi(default = None)]
    pub lossless: Option<bool>,
    /// PNG: time against size.
    #[uniffi(default = None)]
    pub png: Option<PngCompression>,
    /// The colour that shows through where the photo is transparent and the format cannot be, and of the padding of
    /// `fit`, as CSS writes it.
    #[uniffi(default = None)]
    pub background: Option<String>,
    /// What of the original's metadata is written.
    #[uniffi(default = None)]
    pub metadata: Option<MetadataMode>,
    /// The size of the saved picture; see `fit`.
    #[uniffi(default = None)]
    pub size: Option<Size>,
    /// How the photo gets that size.
    #[uniffi(default = None)]
    pub fit: Option<Fit>,
    /// Most bytes of the file: quality is lowered, down to 30, or a lossless file compressed harder, until it fits.
    #[uniffi(default = None)]
    pub max_bytes: Option<u64>,
    /// Dots per inch that the file states; changes no pixel.
    #[uniffi(default = None)]
    pub dpi: Option<u32>,
    /// The colour profile that the file carries.
    #[uniffi(default = None)]
    pub profile: Option<ProfileMode>,
}

/// A size to reach, in pixels.
#[uniffi::remote(Enum)]
pub enum Size {
    /// Of the longer side.
    LongSide(u32),
    /// The width; the height follows.
    Width(u32),
    /// The height; the width follows.
    Height(u32),
    /// Both.
    Box(u32, u32),
}

/// A rectangle of whole pixels; `left` and `top` count from the photo's upper left corner.
#[uniffi::remote(Record)]
pub struct Rect {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// One connected subject.
#[uniffi::remote(Record)]
pub struct Instance {
    /// The smallest rectangle around it.
    pub bounds: Rect,
    /// Number of pixels that are at least half subject.
    pub area: u64,
}

/// What the result of a cut-out shows.
#[uniffi::remote(Enum)]
pub enum Output {
    /// The photo with alpha, or on a new background.
    Rgba,
    /// The matte as a gray picture: 0 is background.
    Alpha,
    /// The matte cut at one half: black or white.
    Mask,
    /// The subject's colours without alpha, black where alpha is 0: to be used together with the alpha output.
    Foreground,
    /// The photo without its subject: alpha is inverted.
    Background,
    /// Where the matte was sure and where the edge was worked out, as a gray picture: 0, 128 or 255.
    Trimap,
}

/// How alpha is worked out along the edge of a subject.
#[uniffi::remote(Enum)]
pub enum Edges {
    /// Not at all: the model's answer, scaled up.
    Off,
    /// Alpha follows the photo's edges: a colour guided filter.
    Fast,
    /// Hair, fur and glass: closed-form matting, several times slower.
    Fine,
}

/// Which backend runs models.
#[uniffi::remote(Enum)]
pub enum Backend {
    /// ONNX Runtime if a usable library is found and loads the model, rten otherwise.
    Auto,
    /// ONNX Runtime, or an error.
    OnnxRuntime,
    /// rten, which is compiled in.
    Rten,
}

/// What an operation is doing.
#[uniffi::remote(Enum)]
pub enum Stage {
    /// Reading and decoding the photo.
    Decode,
    /// Fetching a model.
    Download,
    /// Reading a model into a backend.
    Load,
    /// Scaling and normalising the photo.
    Prepare,
    /// Running the model.
    Inference,
    /// Turning the model's answer into a matte at photo size.
    Matte,
    /// Working out alpha and colours along the edge.
    Edges,
    /// Composing and cropping the result.
    Compose,
    /// Writing the picture as a file.
    Encode,
}

/// The coarse class of an error: who can mend it, and how.
#[uniffi::remote(Enum)]
pub enum ErrorKind {
    /// The photo itself cannot be used.
    Photo,
    /// A limit was reached; nothing was allocated beyond it.
    Limit,
    /// An option, or a combination of options, makes no sense.
    Option,
    /// A file could not be read or written.
    File,
    /// A model is unknown, missing, damaged or not permitted.
    Model,
    /// A download failed.
    Network,
    /// No backend could run the model.
    Backend,
    /// The caller cancelled.
    Cancelled,
    /// A defect in Packshot.
    Internal,
}

/// Whether a model is on this machine.
#[uniffi::remote(Enum)]
pub enum ModelState {
    /// It is a part of the library.
    Embedded,
    /// Every file is there, with the published size where there is one.
    Present,
    /// At least one file is not there.
    Absent,
    /// A file is there with the wrong size.
    Damaged,
}

/// The channels of a pixel.
#[uniffi::remote(Enum)]
pub enum Channels {
    /// Gray.
    Gray,
    /// Gray and alpha.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
}

/// Bits per sample.
#[uniffi::remote(Enum)]
pub enum Depth {
    /// 0 to 255.
    Eight,
    /// 0 to 65,535.
    Sixteen,
}

/// A file format for photos.
#[uniffi::remote(Enum)]
pub enum ImageFormat {
    /// JPEG; 8 bit, no alpha.
    Jpeg,
    /// PNG; 8 or 16 bit, alpha, lossless.
    Png,
    /// WebP; 8 bit, alpha, lossy or lossless.
    Webp,
    /// TIFF; 8 or 16 bit, alpha, lossless.
    Tiff,
    /// AVIF; 8 bit, alpha. Written by some builds, never read.
    Avif,
    /// HEIC; read by some builds, never written.
    Heic,
}

/// What becomes of a photo's colour profile.
#[uniffi::remote(Enum)]
pub enum ColorPolicy {
    /// Convert to sRGB, which models expect and every screen shows.
    ToSrgb,
    /// Keep the samples as they are and write the profile back when saving. CMYK is converted all the same.
    Keep,
    /// The samples as they are, without a profile: for masks, trimaps and whatever else is no colour.
    Data,
}

/// Resolution of colour in a JPEG.
#[uniffi::remote(Enum)]
pub enum Chroma {
    /// Half in both directions (4:2:0): the usual, a third smaller.
    Half,
    /// Full (4:4:4): for sharp coloured edges and text.
    Full,
}

/// Time against size for PNG. All are lossless.
#[uniffi::remote(Enum)]
pub enum PngCompression {
    /// 12 million pixels in about 0.1 s.
    Fast,
    /// 15 % smaller, thirty times slower.
    Balanced,
    /// A little smaller again, twice as slow again.
    Best,
}

/// Which of the original's metadata a saved photo carries.
#[uniffi::remote(Enum)]
pub enum MetadataMode {
    /// None.
    Strip,
    /// EXIF about camera, lens, exposure, date, author and copyright, and nothing else.
    KeepSafe,
    /// EXIF as it was, but with orientation 1 and the size of the saved picture; and XMP.
    Keep,
}

/// How a photo gets the size of its file.
#[uniffi::remote(Enum)]
pub enum Fit {
    /// Scaled down until it fits in; a smaller photo stays as it is.
    Inside,
    /// Scaled to fit in, larger too, and padded to exactly the size.
    Pad,
    /// Scaled to cover the size, and what reaches beyond it cut off on both sides alike.
    Cover,
}

/// Which colour profile a file carries.
#[uniffi::remote(Enum)]
pub enum ProfileMode {
    /// The photo's own, where it still has one; sRGB is meant where there is none.
    Keep,
    /// Colours are converted to sRGB, and the file says so.
    Srgb,
    /// Colours are converted to sRGB, and the file says nothing, to be smaller.
    None,
}

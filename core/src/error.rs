//! One error type for the whole crate.
//!
//! An [`Error`] says what is wrong ([`Error::code`], stable across versions and languages), in words for a person
//! ([`std::fmt::Display`]), and what to do about it ([`Error::remedy`]). Programs match on the code or on the
//! coarser [`ErrorKind`]; people read the message; logs take `{:?}`, which adds context and causes.

use std::fmt;
use std::path::Path;

pub use packshot_api::ErrorKind;

/// `Result` with Packshot's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What went wrong, and what to do about it.
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Inner>);

#[derive(Debug, thiserror::Error)]
#[error("{message}{}", facts(.context))]
struct Inner {
    code: Code,
    message: String,
    context: Vec<(&'static str, String)>,
    source: Option<Source>,
}

fn facts(context: &[(&'static str, String)]) -> String {
    context.iter().map(|(key, value)| format!(" ({key}: {value})")).collect()
}

macro_rules! codes {
    (@retryable) => { false };
    (@retryable retryable) => { true };
    ($($(#[$doc:meta])* $name:ident = $text:literal, $kind:ident $($retryable:ident)?, $remedy:literal;)*) => {
        /// The stable identifiers of every error, shared by all language bindings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of this list.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The identifier that programs, JSON reports and bindings see; it never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The class this code belongs to.
            #[must_use]
            pub const fn kind(self) -> ErrorKind {
                match self { $(Code::$name => ErrorKind::$kind,)* }
            }

            /// What a person can do, in one sentence.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Code::$name => $remedy,)* }
            }

            /// Whether the same call may succeed if it is retried a little later, unchanged: the cause was a disk, a
            /// network or another program.
            #[must_use]
            pub const fn retryable(self) -> bool {
                match self { $(Code::$name => codes!(@retryable $($retryable)?),)* }
            }
        }
    };
}

codes! {
    /// The input holds no bytes.
    PhotoEmpty = "photo_empty", Photo, "Check that the file finished downloading or that the buffer was filled.";
    /// The data ends before the picture does.
    PhotoTruncated = "photo_truncated", Photo, "Fetch or copy the file again; it ends too early.";
    /// The data is damaged.
    PhotoCorrupt = "photo_corrupt", Photo, "Open the file in an image editor and save it again.";
    /// No decoder recognises the data.
    PhotoFormat = "photo_format", Photo, "Use JPEG, PNG, WebP or TIFF; the format is detected from the content when reading, and from the extension when writing.";
    /// The format is known, but this build has no decoder or encoder for it.
    PhotoFormatDisabled = "photo_format_disabled", Photo, "Use JPEG, PNG, WebP or TIFF instead; if the message names a cargo feature, a build with that feature supports the format.";
    /// The format is known, but this variant of it is not supported.
    PhotoUnsupported = "photo_unsupported", Photo, "Save the photo again in a plainer way: 8 or 16 bit gray, RGB or CMYK, a JPEG as baseline or progressive; if its sides are too long for the format, write PNG or TIFF.";
    /// More pixels than the limit.
    LimitPixels = "limit_pixels", Limit, "Scale the photo down, or raise the limit `max_pixels` if the input is trusted.";
    /// More bytes than the limit.
    LimitBytes = "limit_bytes", Limit, "Use a smaller file; for a photo from a trusted source, raise the reading limit `max_bytes`.";
    /// More frames or pages than the limit.
    LimitFrames = "limit_frames", Limit, "Extract one frame first, or raise the limit `max_frames`.";
    /// A colour profile larger than the limit.
    LimitProfile = "limit_profile", Limit, "Remove the colour profile, write the photo with the profile `srgb`, or raise the reading limit `max_profile_bytes`.";
    /// EXIF or XMP to be kept is larger than the limit, or than the file format can hold.
    LimitMetadata = "limit_metadata", Limit, "Write the photo with the metadata mode `strip`, or as PNG or WebP if a JPEG has no room for it, or raise the reading limit `max_metadata_bytes`.";
    /// An option is out of range or contradicts another.
    OptionInvalid = "option_invalid", Option, "Correct what the message names; every option is in the documentation, with its range.";
    /// The file cannot be made as small as was asked for.
    BudgetMissed = "budget_missed", Option, "Raise `max_bytes`, make the picture smaller with `size`, or choose a lossy format.";
    /// A recipe cannot be read, or asks for something impossible.
    RecipeInvalid = "recipe_invalid", Option, "Correct the line and the key that the message names; Packshot's presets are working examples.";
    /// A mask or background does not fit the photo.
    MaskSize = "mask_size", Option, "Give a mask with exactly the photo's width and height, after EXIF orientation.";
    /// A subject was asked for, and none was found.
    SubjectMissing = "subject_missing", Option, "Give a subject box, use another model, or drop the option that needs a subject.";
    /// A file or folder does not exist.
    FileMissing = "file_missing", File, "Check the path.";
    /// A file exists but cannot be read.
    FileUnreadable = "file_unreadable", File retryable, "Check the permissions of the file, and that it is not a folder.";
    /// A file cannot be written.
    FileUnwritable = "file_unwritable", File retryable, "Check that the folder exists and that you may write to it.";
    /// A file that no batch wrote already exists where a result, a report or a sheet should go.
    FileExists = "file_exists", File, "Move the file away, choose another name or folder, or set `existing` to skip, replace or number.";
    /// The output would replace a file that the same call reads.
    FileProtected = "file_protected", File, "Choose another name or folder: a call never writes to a file that it reads.";
    /// The disk is full; the half-written file was removed.
    DiskFull = "disk_full", File, "Free some space, or write to another disk.";
    /// Another batch writes to the same folder.
    BatchBusy = "batch_busy", File retryable, "Wait until the other batch has ended, or give this one another folder for its results.";
    /// The registry has no such model.
    ModelUnknown = "model_unknown", Model, "List the known models: `packshot models list`, or the models of an engine.";
    /// The model is known but not on this machine.
    ModelMissing = "model_missing", Model, "Pull it once, with a network connection: `packshot models pull ID`, or through the models of an engine.";
    /// The model's licence does not permit commercial use.
    ModelLicence = "model_licence", Model, "Choose another model, or allow non-commercial models if your use is non-commercial.";
    /// The registry or descriptor gives no hash for the file, so it cannot be verified.
    ModelUnverifiable = "model_unverifiable", Model, "Use a model with a published hash, or load your own copy as a file.";
    /// The file on disk is not the one that the registry names.
    ModelCorrupt = "model_corrupt", Model, "Remove it and pull it again: `packshot models remove ID` and `pull ID`, or through the models of an engine.";
    /// The descriptor or registry entry cannot be used.
    DescriptorInvalid = "descriptor_invalid", Model, "Correct the line that the message names.";
    /// The file is not a model that the backend can load.
    ModelInvalid = "model_invalid", Model, "Check that the file is an ONNX model with opset 21 or lower and no custom operators.";
    /// The model's inputs or outputs do not have the names or shapes that its descriptor gives.
    ModelShape = "model_shape", Model, "Compare the descriptor with the model's real input and output names and shapes.";
    /// The server could not be reached or answered with an error.
    NetworkFailed = "network_failed", Network retryable, "Check the connection and try again; the download continues where it stopped.";
    /// The server stopped sending.
    NetworkStalled = "network_stalled", Network retryable, "Try again; the download continues where it stopped.";
    /// What was downloaded is not the file that the registry names; it was deleted.
    DownloadCorrupt = "download_corrupt", Network retryable, "Try again; if it happens twice, the server's file has changed and must not be used.";
    /// A network access would be needed, and offline mode is on.
    Offline = "offline", Network, "Turn offline mode off, or copy the model into the cache folder.";
    /// The backend that was asked for is not available.
    BackendMissing = "backend_missing", Backend, "See where ONNX Runtime was searched for (`packshot doctor`, or the message), then install it or give the path of its library.";
    /// The backend failed while running a model.
    BackendFailed = "backend_failed", Backend, "Try the other backend; if that works, report the model and the message.";
    /// The caller cancelled.
    Cancelled = "cancelled", Cancelled, "Nothing to do: the operation was cancelled on request.";
    /// A defect in Packshot.
    Internal = "internal", Internal, "Please report this with the message and the photo, if you can share it.";
}

impl Error {
    /// An error with `code` and a message that says what is wrong in this case.
    ///
    /// The message starts in lower case, has no full stop, and names the value at fault.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { code, message: message.into(), context: Vec::new(), source: None }))
    }

    /// The same error with a fact attached, such as `("file", "a.jpg")`.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.0.context.push((key, value.to_string()));
        self
    }

    /// The same error with the file it concerns.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        self.with("file", path.display())
    }

    /// The same error with its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The stable identifier.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The coarse class.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.code.kind()
    }

    /// What is wrong, without context or cause.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What a person can do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.0.code.remedy()
    }

    /// Whether the same call may succeed if it is made again; see [`Code::retryable`].
    #[must_use]
    pub fn retryable(&self) -> bool {
        self.0.code.retryable()
    }

    /// The facts attached, in the order they were added.
    pub fn context(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.context.iter().map(|(key, value)| (*key, value.as_str()))
    }
}

impl From<packshot_api::Unknown> for Error {
    fn from(unknown: packshot_api::Unknown) -> Self {
        Self::new(Code::OptionInvalid, unknown.to_string())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.0.code.as_str())?;
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_have_a_remedy() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(code.remedy().ends_with('.'), "{code}: a remedy is a sentence");
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        }
    }

    #[test]
    fn only_trouble_that_passes_by_itself_is_retryable() {
        let passing: Vec<_> = Code::ALL.iter().filter(|code| code.retryable()).map(|code| code.as_str()).collect();
        let wanted = [
            "file_unreadable",
            "file_unwritable",
            "batch_busy",
            "network_failed",
            "network_stalled",
            "download_corrupt",
        ];
        assert_eq!(passing, wanted);
        assert!(Error::new(Code::NetworkStalled, "no").retryable() && !Error::new(Code::DiskFull, "no").retryable());
    }

    #[test]
    fn display_is_for_people_and_debug_for_logs() {
        let cause = std::io::Error::other("disk on fire");
        let error = Error::new(Code::FileUnreadable, "cannot read the photo").at(Path::new("a.jpg")).because(cause);
        assert_eq!(error.to_string(), "cannot read the photo (file: a.jpg)");
        assert_eq!(
            format!("{error:?}"),
            "file_unreadable: cannot read the photo (file: a.jpg)\n  because: disk on fire"
        );
        assert_eq!(error.kind(), ErrorKind::File);
    }
}

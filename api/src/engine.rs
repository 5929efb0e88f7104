use crate::table::options;
use crate::word::words;

options! {
    /// The options of an engine.
    EngineOptions as engine_options {
        /// Which backend runs models.
        backend: Backend, default "`auto`";
        /// The ONNX Runtime library to load, in preference to any that is found automatically.
        ort_library: PathText;
        /// An optional ONNX Runtime library, or its folder: tried after the environment variables and before the
        /// system's, and skipped if it is missing or cannot be used.
        offered_ort_library: PathText;
        /// Threads for one model run, at least 1.
        threads: u32, default "the number of cores, at most 4";
        /// How many calls run at a time, at least 1; further ones wait in order of arrival. One extra worker serves
        /// photos of up to two million pixels. Photos of batches take turns with the calls.
        workers: u32, default "the number of cores";
        /// Memory in bytes for all calls and batches together, at least 1, as estimated from the headers of their
        /// photos. A photo that needs more than that runs alone. Models are not counted.
        memory: Bytes, default "a quarter of the machine's memory";
        /// The most pixels, width times height, of a photo or picture that a call reads. A recipe may set its own.
        max_pixels: u64, default "120 million";
        /// The most bytes of a file that a call reads as a photo or picture. A recipe may set its own.
        max_bytes: Bytes, default "512 MiB";
        /// The folder for models.
        cache_dir: PathText, default "`PACKSHOT_CACHE`, or the platform's cache folder";
        /// Whether a tool may download a missing registry model.
        download: bool, default "`false`";
        /// Forbids the network.
        offline: bool, default "`false`";
        /// Permits models whose licence forbids commercial use.
        allow_noncommercial: bool, default "`false`";
        /// Models to add to the built-in registry: the text of a registry in TOML.
        registry: String;
    }
}

impl EngineOptions {
    /// The option that packages for languages give, not people.
    pub(crate) const INTERNAL: &str = "offered_ort_library";
}

words! {
    /// Which backend runs models.
    Backend as backend, "backend", {
        /// ONNX Runtime if a usable library is found and loads the model, rten otherwise.
        Auto = "auto",
        /// ONNX Runtime, or an error with the code `backend_missing`.
        OnnxRuntime = "onnxruntime",
        /// rten, which is compiled in.
        Rten = "rten",
    }
}

#[allow(clippy::derivable_impls, reason = "the macro writes the enum")]
impl Default for Backend {
    fn default() -> Self {
        Self::Auto
    }
}

words! {
    /// What an operation is doing.
    Stage as stage, "stage", {
        /// Reading and decoding the photo.
        Decode = "decode",
        /// Downloading a model.
        Download = "download",
        /// Loading a model into a backend.
        Load = "load",
        /// Scaling and normalising the photo.
        Prepare = "prepare",
        /// Running the model.
        Inference = "inference",
        /// Turning the model's answer into a matte at photo size.
        Matte = "matte",
        /// Computing alpha and colours along the edge.
        Edges = "edges",
        /// Composing and cropping the result.
        Compose = "compose",
        /// Encoding the result.
        Encode = "encode",
    }
}

words! {
    /// The coarse class of an error: what has to be fixed.
    ErrorKind as error_kind, "kind of error", {
        /// The photo itself cannot be used.
        Photo = "photo",
        /// A limit was reached; nothing was allocated beyond it.
        Limit = "limit",
        /// An option, or a combination of options, is invalid.
        Option = "option",
        /// A file could not be read or written.
        File = "file",
        /// A model is unknown, missing, damaged or not permitted.
        Model = "model",
        /// A download failed.
        Network = "network",
        /// No backend could run the model.
        Backend = "backend",
        /// The caller cancelled.
        Cancelled = "cancelled",
        /// A defect in Packshot.
        Internal = "internal",
    }
}

words! {
    /// What was not done as asked, or not as expected, although there is a result.
    NoteCode as note_code, "code of a note", {
        /// An option was given that has no effect on this photo, with this model or in this format.
        OptionIgnored = "option_ignored",
        /// A backend could not be used, or could not load the model, and the other one ran.
        BackendFallback = "backend_fallback",
        /// The margin around a subject meets the edge of the photo that cuts it off.
        SubjectCut = "subject_cut",
        /// A margin is smaller than asked: the photo ends before it does.
        MarginClipped = "margin_clipped",
        /// The photo has floating-point samples, which were read as 16 bits and clipped to 0 to 1.
        FloatClipped = "float_clipped",
    }
}

words! {
    /// Whether a model is on this machine.
    ModelState as model_state, "state of a model", {
        /// It is compiled into the library.
        Embedded = "embedded",
        /// Every file is there, with the published size where there is one.
        Present = "present",
        /// At least one file is not there.
        Absent = "absent",
        /// A file is there with the wrong size. (The right size with wrong content is found by verifying it.)
        Damaged = "damaged",
    }
}

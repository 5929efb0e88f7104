package packshot

import java.nio.file.Path

// The core's own options, word by word. What is left out is as the core chooses.

/** What an engine can be asked for. */
public typealias EngineOptions = packshot.ffi.EngineOptions

/** Which backend runs models. */
public typealias Backend = packshot.ffi.Backend

/** How to cut the subject out of a photo. */
public typealias RemoveBackground = packshot.ffi.RemoveBackground

/** What the result of a cut-out shows. */
public typealias Output = packshot.ffi.Output

/** How alpha is worked out along the edge of a subject. */
public typealias Edges = packshot.ffi.Edges

/** How to read a photo. */
public typealias Decode = packshot.ffi.Decode

/** What becomes of a photo's colour profile. */
public typealias ColorPolicy = packshot.ffi.ColorPolicy

/** How to write a photo. */
public typealias Encode = packshot.ffi.Encode

/** A file format for photos. */
public typealias ImageFormat = packshot.ffi.ImageFormat

/** Resolution of colour in a JPEG. */
public typealias Chroma = packshot.ffi.Chroma

/** Time against size for PNG. */
public typealias PngCompression = packshot.ffi.PngCompression

/** A size to reach, in pixels. */
public typealias Size = packshot.ffi.Size

/** How a photo gets the size of its file. */
public typealias Fit = packshot.ffi.Fit

/** Which colour profile a file carries. */
public typealias ProfileMode = packshot.ffi.ProfileMode

/** Which of the original's metadata a saved photo carries. */
public typealias MetadataMode = packshot.ffi.MetadataMode

/** The channels of a pixel. */
public typealias Channels = packshot.ffi.Channels

/** Bits per sample. */
public typealias Depth = packshot.ffi.Depth

/** What an operation is doing. */
public typealias Stage = packshot.ffi.Stage

/** The coarse class of an error: who can mend it, and how. */
public typealias ErrorKind = packshot.ffi.ErrorKind

/** Whether a model is on this machine. */
public typealias ModelState = packshot.ffi.ModelState

/** The backend that runs a model, and why it is this one. */
public typealias BackendReport = packshot.ffi.BackendReport

/** The model that finds the subject: [Model.id][id] or [Model.file][file]. */
public typealias Model = packshot.ffi.Model

/** A model of the registry. */
public fun packshot.ffi.Model.Companion.id(id: String): Model = packshot.ffi.Model.Id(id)

/**
 * Any ONNX file. Either it does the same as a model of the registry, whose id is [like], or what [descriptor] says: the
 * text of a TOML file.
 */
public fun packshot.ffi.Model.Companion.file(path: Path, like: String? = null, descriptor: String? = null): Model =
    packshot.ffi.Model.File(packshot.ffi.ModelFile(path.toString(), like, descriptor))

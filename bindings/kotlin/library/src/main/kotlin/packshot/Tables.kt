// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot

/** Which backend runs models. */
public typealias Backend = packshot.ffi.Backend

/** Runs one recipe on many photos: the inputs, the output folder, and what to do with existing files. */
public typealias Batch = packshot.ffi.Batch

/** How a photo of a batch ended. */
public typealias BatchOutcome = packshot.ffi.BatchOutcome

/** Resolution of colour in a JPEG. */
public typealias Chroma = packshot.ffi.Chroma

/** What to do with a photo's colour profile. */
public typealias ColorPolicy = packshot.ffi.ColorPolicy

/** Keeps a part of a photo: an area, an aspect, or the subject with a margin. */
public typealias Crop = packshot.ffi.Crop

/** How to read a photo. */
public typealias Decode = packshot.ffi.Decode

/** How alpha is computed along the edge of a subject. */
public typealias Edges = packshot.ffi.Edges

/** How to write a photo. Options for other formats are ignored. */
public typealias Encode = packshot.ffi.Encode

/** The options of an engine. */
public typealias EngineOptions = packshot.ffi.EngineOptions

/** The coarse class of an error: what has to be fixed. */
public typealias ErrorKind = packshot.ffi.ErrorKind

/** What to do if a file that no batch wrote already exists in a result's place. */
public typealias Existing = packshot.ffi.Existing

/** How a photo is fitted to the size of its file. */
public typealias Fit = packshot.ffi.Fit

/** Where a part of a photo lies. */
public typealias Gravity = packshot.ffi.Gravity

/** A file format for photos. */
public typealias ImageFormat = packshot.ffi.ImageFormat

/** Which of the original's metadata a saved photo contains. */
public typealias MetadataMode = packshot.ffi.MetadataMode

/** Whether a model is on this machine. */
public typealias ModelState = packshot.ffi.ModelState

/** What was not done as asked, or not as expected, although there is a result. */
public typealias NoteCode = packshot.ffi.NoteCode

/** What the result of a cut-out shows. */
public typealias Output = packshot.ffi.Output

/** Time against size for PNG. All are lossless. */
public typealias PngCompression = packshot.ffi.PngCompression

/** Which colour profile a file contains. */
public typealias ProfileMode = packshot.ffi.ProfileMode

/** Cuts the subject out of a photo. */
public typealias RemoveBackground = packshot.ffi.RemoveBackground

/** What an operation is doing. */
public typealias Stage = packshot.ffi.Stage

/** Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2. */
public typealias Upscale = packshot.ffi.Upscale

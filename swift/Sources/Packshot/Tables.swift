// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

@_exported import enum PackshotBindings.Backend
@_exported import struct PackshotBindings.Batch
@_exported import enum PackshotBindings.BatchOutcome
@_exported import enum PackshotBindings.Chroma
@_exported import enum PackshotBindings.ColorPolicy
@_exported import struct PackshotBindings.Crop
@_exported import struct PackshotBindings.Decode
@_exported import enum PackshotBindings.Edges
@_exported import struct PackshotBindings.Encode
@_exported import struct PackshotBindings.EngineOptions
@_exported import enum PackshotBindings.ErrorKind
@_exported import enum PackshotBindings.Existing
@_exported import enum PackshotBindings.Fit
@_exported import enum PackshotBindings.Gravity
@_exported import enum PackshotBindings.ImageFormat
@_exported import enum PackshotBindings.MetadataMode
@_exported import enum PackshotBindings.ModelState
@_exported import enum PackshotBindings.NoteCode
@_exported import enum PackshotBindings.Output
@_exported import enum PackshotBindings.PngCompression
@_exported import enum PackshotBindings.ProfileMode
@_exported import struct PackshotBindings.RemoveBackground
@_exported import enum PackshotBindings.Stage
@_exported import struct PackshotBindings.Upscale

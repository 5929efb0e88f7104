// Options and facts are the core's own types, under their own names. `@_exported` makes them, with their initialisers, a
// part of this module: a program needs no other import, also where it asks for `MemberImportVisibility`.

import PackshotBindings

@_exported import enum PackshotBindings.Backend
@_exported import struct PackshotBindings.BackendReport
@_exported import struct PackshotBindings.Batch
@_exported import enum PackshotBindings.BatchOutcome
@_exported import enum PackshotBindings.Channels
@_exported import enum PackshotBindings.Chroma
@_exported import enum PackshotBindings.ColorPolicy
@_exported import struct PackshotBindings.Decode
@_exported import enum PackshotBindings.Depth
@_exported import enum PackshotBindings.Edges
@_exported import struct PackshotBindings.Encode
@_exported import struct PackshotBindings.EngineOptions
@_exported import enum PackshotBindings.ErrorKind
@_exported import enum PackshotBindings.Existing
@_exported import enum PackshotBindings.Fit
@_exported import enum PackshotBindings.ImageFormat
@_exported import struct PackshotBindings.Instance
@_exported import enum PackshotBindings.MetadataMode
@_exported import enum PackshotBindings.Model
@_exported import struct PackshotBindings.ModelFile
@_exported import enum PackshotBindings.ModelState
@_exported import struct PackshotBindings.ModelStatus
@_exported import struct PackshotBindings.Note
@_exported import enum PackshotBindings.Output
@_exported import enum PackshotBindings.PngCompression
@_exported import struct PackshotBindings.Preset
@_exported import enum PackshotBindings.ProfileMode
@_exported import struct PackshotBindings.ProgressReport
@_exported import struct PackshotBindings.Ran
@_exported import struct PackshotBindings.Rect
@_exported import struct PackshotBindings.RemoveBackground
@_exported import enum PackshotBindings.Size
@_exported import enum PackshotBindings.Stage
@_exported import struct PackshotBindings.StageTime
@_exported import struct PackshotBindings.StepReport
@_exported import struct PackshotBindings.Upscale

/// The version of the library: `Packshot.version`.
public let version: String = PackshotBindings.version()

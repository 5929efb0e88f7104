// Facts are the core's own types, under their own names, and so are the options of Tables.swift. `@_exported` makes them, with
// their initialisers, a part of this module: a program needs no other import, also where it asks for `MemberImportVisibility`.

import PackshotBindings

@_exported import struct PackshotBindings.BackendReport
@_exported import enum PackshotBindings.Channels
@_exported import enum PackshotBindings.Depth
@_exported import struct PackshotBindings.Instance
@_exported import enum PackshotBindings.Model
@_exported import struct PackshotBindings.ModelFile
@_exported import struct PackshotBindings.ModelStatus
@_exported import struct PackshotBindings.Note
@_exported import struct PackshotBindings.Preset
@_exported import struct PackshotBindings.ProgressReport
@_exported import struct PackshotBindings.Ran
@_exported import struct PackshotBindings.Rect
@_exported import enum PackshotBindings.Size
@_exported import struct PackshotBindings.StageTime
@_exported import struct PackshotBindings.StepReport

/// The version of the library: `Packshot.version`.
public let version: String = PackshotBindings.version()

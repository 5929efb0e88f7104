package packshot

import java.nio.file.Path

// Types of options beside those of Tables.kt. What is left out is as the core chooses.

/** A size to reach, in pixels: [longSide], [width], [height] or [box]. */
public typealias Size = packshot.ffi.Size

/** The channels of a pixel. */
public typealias Channels = packshot.ffi.Channels

/** Bits per sample. */
public typealias Depth = packshot.ffi.Depth

/** The backend that runs a model, and why it is this one. */
public typealias BackendReport = packshot.ffi.BackendReport

/** The model of a tool: [Model.id][id] or [Model.file][file]. */
public typealias Model = packshot.ffi.Model

/** A model of the registry. */
public fun packshot.ffi.Model.Companion.id(id: String): Model = packshot.ffi.Model.Id(id)

/**
 * Any ONNX file. Either it does the same as a model of the registry, whose id is [like], or what [descriptor] says: the
 * text of a TOML file.
 */
public fun packshot.ffi.Model.Companion.file(path: Path, like: String? = null, descriptor: String? = null): Model =
    packshot.ffi.Model.File(packshot.ffi.ModelFile(path.toString(), like, descriptor))

/** The longer side has so many pixels, the other one follows. */
public fun packshot.ffi.Size.Companion.longSide(pixels: Int): Size = packshot.ffi.Size.LongSide(pixels.toUInt())

/** The width is so many pixels, the height follows. */
public fun packshot.ffi.Size.Companion.width(pixels: Int): Size = packshot.ffi.Size.Width(pixels.toUInt())

/** The height is so many pixels, the width follows. */
public fun packshot.ffi.Size.Companion.height(pixels: Int): Size = packshot.ffi.Size.Height(pixels.toUInt())

/** Both sides. */
public fun packshot.ffi.Size.Companion.box(width: Int, height: Int): Size =
    packshot.ffi.Size.Box(width.toUInt(), height.toUInt())

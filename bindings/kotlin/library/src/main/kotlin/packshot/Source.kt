package packshot

import java.nio.file.Path

/** Where a photo comes from. Files and bytes are read and decoded as a part of the operation. */
public sealed interface Source {
    /** A file. */
    public data class File(val path: Path) : Source

    /** The bytes of a file, which are copied when the operation starts. */
    public class Bytes(public val bytes: ByteArray) : Source

    /** A photo that is decoded already. */
    public data class Decoded(val photo: Photo) : Source
}

/** Calls [work] with the source as Rust takes it; a copy of the bytes is freed afterwards. */
internal inline fun <T> Source.lent(work: (packshot.ffi.Source) -> T): T = when (this) {
    is Source.File -> work(packshot.ffi.Source.File(path.toString()))
    is Source.Decoded -> work(packshot.ffi.Source.Decoded(photo.native))
    is Source.Bytes -> lending(bytes) { packshot.ffi.Bytes(it) }.use { work(packshot.ffi.Source.Encoded(it)) }
}

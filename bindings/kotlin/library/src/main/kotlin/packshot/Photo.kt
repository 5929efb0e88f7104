package packshot

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Path
import packshot.ffi.UniffiLib

/**
 * Decoded pixels, upright, with straight alpha; 8 or 16 bit, RGB(A) or gray, in sRGB unless the profile was kept.
 *
 * A photo never changes, and may be used from any thread. Its pixels are native memory: [close] frees them at once;
 * otherwise the garbage collector does so some day. A closed photo throws [IllegalStateException].
 */
public class Photo internal constructor(internal val native: packshot.ffi.Photo) : AutoCloseable {
    private val facts = translating { native.facts() }

    /** Width in pixels, at least 1. */
    public val width: Int get() = facts.width.toInt()

    /** Height in pixels, at least 1. */
    public val height: Int get() = facts.height.toInt()

    /** The channels of a pixel. */
    public val channels: Channels get() = facts.channels

    /** The range of a sample. */
    public val depth: Depth get() = facts.depth

    /** The format of the file it was read from; null for other photos. */
    public val format: ImageFormat? get() = facts.format

    /** A copy of the ICC profile of the samples; without one they are sRGB. */
    public val profile: ByteArray? get() = facts.profile?.clone()

    /** A copy of the EXIF block, from the TIFF header on, with orientation 1. */
    public val exif: ByteArray? get() = facts.exif?.clone()

    /** A copy of the XMP packet. */
    public val xmp: ByteArray? get() = facts.xmp?.clone()

    /**
     * A copy of the interleaved samples, row by row from the top left. 16-bit samples are two bytes each, in the machine's
     * order.
     *
     * @throws IllegalStateException if they are more than 2 GiB, where an array ends.
     */
    public fun pixels(): ByteArray = translating { native.pixels().toByteArray() }

    /**
     * The interleaved samples where they are, without a copy: a direct buffer that can only be read, in the machine's byte
     * order. They stay as long as the buffer or a view of it is reachable, whether the photo is closed or not.
     *
     * @throws IllegalStateException if they are more than 2 GiB, where a buffer ends.
     */
    public fun pixelBuffer(): ByteBuffer {
        val bytes = translating { native.pixels() }
        val samples = bytes.pointer().getByteBuffer(0, bytes.size().toLong())
        // Every view of a buffer keeps the buffer that it is made from, on the JVM and on Android: when that one goes, nobody
        // can see the samples any more.
        UniffiLib.CLEANER.register(samples) { bytes.close() }
        return samples.asReadOnlyBuffer().order(ByteOrder.nativeOrder())
    }

    /**
     * The photo as a file in memory; as PNG unless [options] say otherwise.
     *
     * @throws PackshotException with code `option_invalid`, `photo_format_disabled`, `photo_unsupported` or `limit_metadata`.
     */
    public suspend fun encode(options: Encode = Encode()): ByteArray =
        calling { native.encode(options, it).toByteArray() }

    /**
     * Writes the photo to [path] in one step, in the format of its extension unless [options] name one: on failure, a file
     * that was there is untouched.
     *
     * @throws PackshotException with code `file_unwritable`, `disk_full`, `photo_format`, and those of [encode].
     */
    public suspend fun save(path: Path, options: Encode = Encode()): Unit =
        calling { native.save(path.toString(), options, it) }

    /** Frees the pixels. Operations that run go on. */
    override fun close(): Unit = native.close()

    override fun toString(): String = "Photo($width x $height, $channels, $depth)"

    public companion object {
        /**
         * Reads and decodes a file.
         *
         * @throws PackshotException.File if there is no such file or it cannot be read.
         * @throws PackshotException.Photo if its content is no photo that can be decoded.
         * @throws PackshotException.Limit if it is larger than [options] allow.
         */
        public suspend fun open(path: Path, options: Decode = Decode()): Photo = read(Source.File(path), options)

        /**
         * Decodes the bytes of a file.
         *
         * @throws PackshotException as [open] does, but for files.
         */
        public suspend fun decode(bytes: ByteArray, options: Decode = Decode()): Photo =
            read(Source.Bytes(bytes), options)

        /**
         * A photo in sRGB from interleaved samples, row by row from the top left and without gaps, which are copied. 16-bit
         * samples are two bytes each, in the machine's order.
         *
         * @throws PackshotException.Option if the samples do not make [width] times [height] pixels.
         */
        public fun ofPixels(
            bytes: ByteArray,
            width: Int,
            height: Int,
            channels: Channels,
            depth: Depth = Depth.EIGHT,
        ): Photo = lending(bytes) { ofPixels(it, width, height, channels, depth) }

        /**
         * The same from the bytes between a buffer's position and its limit. From a direct buffer they are copied once, from
         * another one twice.
         *
         * @throws PackshotException.Option if the samples do not make [width] times [height] pixels.
         */
        public fun ofPixels(
            bytes: ByteBuffer,
            width: Int,
            height: Int,
            channels: Channels,
            depth: Depth = Depth.EIGHT,
        ): Photo {
            if (!bytes.isDirect) {
                val copy = ByteArray(bytes.remaining()).also { bytes.duplicate().get(it) }
                return ofPixels(copy, width, height, channels, depth)
            }
            // A slice, since the generated code takes the address of a buffer's beginning.
            return translating {
                Photo(packshot.ffi.Photo.fromPixels(bytes.slice(), width.toUInt(), height.toUInt(), channels, depth))
            }
        }

        private suspend fun read(source: Source, options: Decode): Photo =
            calling { token -> source.lent { Photo(packshot.ffi.readPhoto(it, options, token)) } }
    }
}

package packshot

/** A larger photo, and what was done. [close] frees its pixels. */
public class Upscaled internal constructor(upscaled: packshot.ffi.Upscaled) : AutoCloseable {
    /** The larger photo, with the depth, channels, profile and metadata of the one that came in. */
    public val photo: Photo = Photo(upscaled.photo)

    /** By what factor both sides are larger, before they were rounded to whole pixels: 1 if nothing had to be done. */
    public val scale: Double = upscaled.scale

    /** What did the work; without a model if nothing had to be done. */
    public val ran: Ran = Ran(upscaled.ran)

    override fun close(): Unit = photo.close()

    override fun toString(): String = "Upscaled($photo, scale $scale)"
}

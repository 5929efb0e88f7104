package packshot

/** A part of a photo, and where it was. [close] frees its pixels. */
public class Cropped internal constructor(cropped: packshot.ffi.Cropped) : AutoCloseable {
    /** The part, with the depth, channels, profile and metadata of the photo that came in. */
    public val photo: Photo = Photo(cropped.photo)

    /** The part of the photo that was kept, before it was scaled to a size. */
    public val frame: Rect = Rect(cropped.frame)

    /** The smallest rectangle around everything that is at least half subject; `null` if nothing is, or nothing asked. */
    public val subject: Rect? = cropped.subject?.let { Rect(it) }

    /** What did the work; without a model unless one looked for the subject. */
    public val ran: Ran = Ran(cropped.ran)

    override fun close(): Unit = photo.close()

    override fun toString(): String = "Cropped($photo, frame $frame)"
}

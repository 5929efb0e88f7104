package packshot

import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What a recipe made of a photo. [close] frees the file and the picture. */
public class Rendition internal constructor(private val native: packshot.ffi.Rendition) : AutoCloseable {
    /** The picture after the last step but `export`, which may scale it and lower its quality. */
    public val photo: Photo = Photo(translating { native.photo() })

    /** The format of the file. */
    public val format: ImageFormat = translating { native.format() }

    /** What was done, in order. */
    public val steps: List<StepReport> = translating { native.steps() }.map { StepReport(it) }

    /** What was not done as asked: the notes of all steps, and options of the export that have no effect. */
    public val notes: List<Note> = translating { native.notes() }.map { Note(it) }

    /**
     * A copy of the file.
     *
     * @throws IllegalStateException if it is more than 2 GiB, where an array ends.
     */
    public fun bytes(): ByteArray = translating { native.bytes().toByteArray() }

    /**
     * Writes the file to [path] in one step: on failure, a file that was there is untouched.
     *
     * @throws PackshotException.File with code `file_unwritable` or `disk_full`.
     */
    public suspend fun save(path: Path): Unit = calling { native.save(path.toString(), it) }

    override fun close() {
        native.close()
        photo.close()
    }

    override fun toString(): String = "Rendition($format, ${steps.joinToString { it.step }})"
}

/** What one step of a recipe did. */
public data class StepReport(
    /** The tool. */
    val step: String,
    /** Width of the picture after it, in pixels. */
    val width: Int,
    /** Height of the picture after it, in pixels. */
    val height: Int,
    /** Model, backend, and the time of each stage. */
    val ran: Ran,
    /** The time of the whole step. */
    val time: Duration,
) {
    internal constructor(report: packshot.ffi.StepReport) :
        this(report.step, report.width.toInt(), report.height.toInt(), Ran(report.ran), report.seconds.seconds)
}

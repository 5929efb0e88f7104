package packshot

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A rectangle of whole pixels; [left] and [top] count from the photo's upper left corner, and may be negative. */
public data class Rect(val left: Int, val top: Int, val width: Int, val height: Int) {
    internal constructor(rect: packshot.ffi.Rect) :
        this(rect.left, rect.top, rect.width.toInt(), rect.height.toInt())
}

/** One connected subject: the smallest rectangle around it, and how many pixels are at least half subject. */
public data class Instance(val bounds: Rect, val area: Long) {
    internal constructor(instance: packshot.ffi.Instance) : this(Rect(instance.bounds), instance.area.toLong())
}

/** Something that was not done as asked, or not as expected, although the result is there. */
public data class Note(
    /** What it is, for programs. */
    val code: NoteCode,
    /** What it is, for people. */
    val text: String,
) {
    internal constructor(note: packshot.ffi.Note) : this(note.code, note.text)
}

/** What did the work, and how long it took. */
public data class Ran(
    /**
     * Id or file name of the model; of several, all in the order they ran, with commas between. A blend of two names both,
     * such as `a (70%) + b (30%)`. Null if none ran.
     */
    val model: String?,
    /** The backend; null if a mask was given. */
    val backend: BackendReport?,
    /** Time spent in each stage, in order. */
    val stages: List<Pair<Stage, Duration>>,
    /** What was not done as asked: options without effect, a backend in place of another. */
    val notes: List<Note>,
) {
    internal constructor(ran: packshot.ffi.Ran) :
        this(ran.model, ran.backend, ran.stages.map { it.stage to it.seconds.seconds }, ran.notes.map { Note(it) })
}

package packshot

import packshot.ffi.Failure
import packshot.ffi.InternalException

/**
 * What went wrong, and what to do about it. There is a subclass for each [kind], so that a program catches what it can
 * mend.
 *
 * A coroutine that is cancelled gets a `CancellationException`, as everywhere in Kotlin, and none of these.
 */
public sealed class PackshotException(failure: Failure.Raised, cause: Throwable?) : Exception(failure.display, cause) {
    /** The stable identifier, such as `photo_truncated`. */
    public val code: String = failure.code

    /** The coarse class. */
    public val kind: ErrorKind = failure.kind

    /** What is wrong, for people: a sentence that names the values at fault. */
    override val message: String = failure.display

    /** What a person can do about it, in a sentence. */
    public val remedy: String = failure.remedy

    /** Whether the same call may succeed if it is made again a little later, with nothing changed. */
    public val retryable: Boolean = failure.retryable

    /** The facts attached, in order, such as `file` to `a.jpg`. */
    public val context: Map<String, String> = failure.context.associate { it.key to it.value }

    /** The photo itself cannot be used. */
    public class Photo internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** A limit of [Decode] was reached; nothing was allocated beyond it. */
    public class Limit internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** An option, or a combination of options, makes no sense. */
    public class Option internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** A file could not be read or written. */
    public class File internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** A model is unknown, missing, damaged or not permitted. */
    public class Model internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** A download failed. */
    public class Network internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** No backend could run the model. */
    public class Backend internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** The operation was cancelled by something else than the caller's coroutine. */
    public class Cancelled internal constructor(failure: Failure.Raised) : PackshotException(failure, null)

    /** A defect in Packshot. */
    public class Internal internal constructor(failure: Failure.Raised, cause: Throwable? = null) :
        PackshotException(failure, cause)

    internal companion object {
        fun of(failure: Failure): PackshotException = when (failure) {
            is Failure.Raised -> when (failure.kind) {
                ErrorKind.PHOTO -> Photo(failure)
                ErrorKind.LIMIT -> Limit(failure)
                ErrorKind.OPTION -> Option(failure)
                ErrorKind.FILE -> File(failure)
                ErrorKind.MODEL -> Model(failure)
                ErrorKind.NETWORK -> Network(failure)
                ErrorKind.BACKEND -> Backend(failure)
                ErrorKind.CANCELLED -> Cancelled(failure)
                ErrorKind.INTERNAL -> Internal(failure)
            }
        }

        /** A panic that reached the boundary. */
        fun of(panic: InternalException): PackshotException {
            val internal = packshot.ffi.errorCodes().first { it.kind == ErrorKind.INTERNAL }
            val text = panic.message.orEmpty()
            val raised = Failure.Raised(internal.code, internal.kind, text, text, internal.remedy, false, emptyList())
            return Internal(raised, panic)
        }
    }
}

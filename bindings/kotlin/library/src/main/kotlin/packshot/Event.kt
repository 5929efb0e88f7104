package packshot

import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import packshot.ffi.BatchListener
import packshot.ffi.ProgressListener
import packshot.ffi.ProgressReport

/** What happens in an operation that is watched: progress, again and again, then the result. */
public sealed interface Event<out T> {
    /** [stage] is being done; of the whole operation, [fraction] is done, from 0 to 1. It never falls. */
    public data class Progress(val stage: Stage, val fraction: Float) : Event<Nothing>

    /** The result. Nothing comes after it. */
    public data class Done<T>(val result: T) : Event<T>
}

/** As many reports of progress wait for a collector. */
private const val MOST_WAITING = 64

/**
 * Watches [work], which starts when somebody collects and is cancelled when they stop. A slow collector does not hold up
 * the work: it misses reports, and hears the newest ones and the result.
 */
internal fun <T> watching(work: suspend (ProgressListener) -> T): Flow<Event<T>> = channelFlow {
    val listener = object : ProgressListener {
        override fun onProgress(report: ProgressReport) {
            trySend(Event.Progress(report.stage, report.fraction))
        }
    }
    send(Event.Done(work(listener)))
}.buffer(MOST_WAITING, BufferOverflow.DROP_OLDEST)

/** Hands [tell] what the library says of a batch. */
internal class BatchTeller(private val tell: (BatchEvent) -> Unit) : BatchListener {
    override fun onEvent(event: packshot.ffi.BatchEvent): Unit = tell(BatchEvent.Progress(event))
}

package packshot

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import packshot.ffi.BatchListener
import packshot.ffi.BatchProgress

/** What happens in a batch that is watched: photos that are finished, again and again, then the report. */
public sealed interface BatchEvent {
    /** A photo is finished. */
    public data class Progress(
        /** Photos in the batch; null while it watches, since more may come. */
        val total: Long?,
        /** Photos that were made now. */
        val done: Long,
        /** Photos that failed. */
        val failed: Long,
        /** Photos that were left out because a file that no batch wrote stands in the result's place. */
        val skipped: Long,
        /** Photos that were done already when the batch was started. */
        val resumed: Long,
        /** Photos per second of late, those that were resumed or skipped not counted; 0 until it is known. */
        val rate: Double,
        /** Time until the last photo is finished, if the rate stays as it is; null until it is known. */
        val left: Duration?,
        /** The photo. */
        val item: BatchItem,
    ) : BatchEvent

    /** All are finished. Nothing comes after it. */
    public data class Done(val report: BatchReport) : BatchEvent
}

/** A photo of a batch that is finished. */
public data class BatchItem(
    /** The input, as it was given or found; `%E9` stands for a byte of a name that is not Unicode. */
    val input: String,
    /** The result's file; null if the photo failed before it had a name. */
    val output: String?,
    /** How it ended. */
    val outcome: BatchOutcome,
    /** Whether the result has another name than was wanted, because that one was taken. */
    val renamed: Boolean,
    /** Why it failed. */
    val error: PackshotException?,
    /** How often it was tried; 0 if nothing had to be done. */
    val attempts: Int,
    /** The time it took, from the first byte to the written file, waiting included. */
    val time: Duration,
    /** What was not done as asked; empty if it was not made now. */
    val notes: List<Note>,
) {
    internal constructor(item: packshot.ffi.BatchItem) : this(
        item.input, item.output, item.outcome, item.renamed, item.error?.let { PackshotException.of(it) },
        item.attempts.toInt(), item.seconds.seconds, item.notes.map { Note(it) },
    )
}

/** What became of a batch. */
public data class BatchReport(
    /** Photos in the batch; those that came while it watched. */
    val total: Long,
    /** Photos that were made now. */
    val done: Long,
    /** Photos that were done already when the batch was started. */
    val resumed: Long,
    /** Photos that were left out because a file that no batch wrote stands in the result's place. */
    val skipped: Long,
    /** Photos that failed. */
    val failed: Long,
    /** Whether the result of each photo is there, and a batch's own; a photo that was skipped has none. */
    val complete: Boolean,
    /** Why the batch ended before the last photo: a full disk, or more failures than were allowed. */
    val stopped: PackshotException?,
    /** The time it took. */
    val time: Duration,
    /** Photos made per second, over the whole time. */
    val rate: Double,
    /** The photos that failed, the first 1,000 of them; the report's file has all. */
    val failures: List<BatchItem>,
    /** The folder for the results. */
    val output: String,
    /** The journal, by which the batch can be resumed. */
    val journal: String,
    /** The report's file. */
    val report: String?,
    /** The contact sheet. */
    val sheet: String?,
) {
    internal constructor(report: packshot.ffi.BatchReport) : this(
        report.total.toLong(), report.done.toLong(), report.resumed.toLong(), report.skipped.toLong(),
        report.failed.toLong(), report.complete, report.stopped?.let { PackshotException.of(it) },
        report.seconds.seconds, report.rate, report.failures.map { BatchItem(it) }, report.output, report.journal,
        report.report, report.sheet,
    )
}

/** Hands [tell] what the library says of a batch. */
internal class BatchTeller(private val tell: (BatchEvent) -> Unit) : BatchListener {
    override fun onProgress(progress: BatchProgress): Unit = progress.run {
        tell(
            BatchEvent.Progress(
                total?.toLong(), done.toLong(), failed.toLong(), skipped.toLong(), resumed.toLong(), rate,
                left?.seconds, BatchItem(item),
            ),
        )
    }
}

// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot

/** What happens in a batch that is watched: photos that are finished, again and again, then the report. */
public sealed interface BatchEvent {
    /** Sent for each finished photo of a batch: the counts so far, and the photo. */
    public data class Progress(
        /** Photos in the batch; `null` while it watches, since more may come. */
        val total: Long?,
        /** Photos that were made now. */
        val done: Long,
        /** Photos that failed. */
        val failed: Long,
        /** Photos that were skipped because a file that no batch wrote exists in the result's place. */
        val skipped: Long,
        /** Photos that were already done when the batch was started. */
        val resumed: Long,
        /** Recent photos per second, not counting resumed and skipped ones; 0 until known. */
        val rate: Double,
        /**
         * Estimated seconds until the last photo is finished, at the current rate; `null` until known, and while the
         * batch watches.
         */
        val left: Double?,
        /** The photo. */
        val item: BatchItem,
    ) : BatchEvent {
        internal constructor(told: packshot.ffi.BatchEvent) : this(
            told.total?.toLong(),
            told.done.toLong(),
            told.failed.toLong(),
            told.skipped.toLong(),
            told.resumed.toLong(),
            told.rate,
            told.left,
            BatchItem(told.item),
        )
    }

    /** All are finished. Nothing comes after it. */
    public data class Done(val report: BatchReport) : BatchEvent
}

/**
 * A finished photo of a batch.
 *
 * In paths, `%E9` stands for a byte of a name that is not Unicode.
 */
public data class BatchItem(
    /** The input, as given or found. */
    val input: String,
    /** The result's file; `null` if the photo failed before it had a name. */
    val output: String?,
    /** How it ended. */
    val outcome: BatchOutcome,
    /** Whether the result got another name because the wanted one was taken. */
    val renamed: Boolean,
    /** Why it failed; `null` if it did not. */
    val error: PackshotException?,
    /** Number of attempts; 0 if nothing had to be done. */
    val attempts: Int,
    /** Seconds from the first byte read to the written file, including waiting. */
    val seconds: Double,
    /** What was not done as asked. Empty if it was not made now. */
    val notes: List<Note>,
) {
    internal constructor(told: packshot.ffi.BatchItem) : this(
        told.input,
        told.output,
        told.outcome,
        told.renamed,
        told.error?.let { PackshotException.of(it) },
        told.attempts.toInt(),
        told.seconds,
        told.notes.map { Note(it) },
    )
}

/**
 * The outcome of a batch.
 *
 * In paths, `%E9` stands for a byte of a name that is not Unicode.
 */
public data class BatchReport(
    /** Photos in the batch, including those that arrived while it watched. */
    val total: Long,
    /** Photos that were made now. */
    val done: Long,
    /** Photos that were already done when the batch was started. */
    val resumed: Long,
    /** Photos that were skipped because a file that no batch wrote exists in the result's place. */
    val skipped: Long,
    /** Photos that failed. */
    val failed: Long,
    /** Whether every photo has a result that a batch wrote. A skipped photo has none. */
    val complete: Boolean,
    /**
     * Why the batch ended before the last photo: a full disk, or more failures than were allowed; `null` if it did not.
     */
    val stopped: PackshotException?,
    /** Seconds that it took. */
    val seconds: Double,
    /** Photos made per second, over the whole time. */
    val rate: Double,
    /** The photos that failed, the first 1,000 of them; the report's file has all. */
    val failures: List<BatchItem>,
    /** The output folder. */
    val output: String,
    /** The journal, from which the batch can be resumed. */
    val journal: String,
    /** The report's file; `null` if none was asked for. */
    val report: String?,
    /** The contact sheet; `null` if none was asked for. */
    val sheet: String?,
) {
    internal constructor(told: packshot.ffi.BatchReport) : this(
        told.total.toLong(),
        told.done.toLong(),
        told.resumed.toLong(),
        told.skipped.toLong(),
        told.failed.toLong(),
        told.complete,
        told.stopped?.let { PackshotException.of(it) },
        told.seconds,
        told.rate,
        told.failures.map { BatchItem(it) },
        told.output,
        told.journal,
        told.report,
        told.sheet,
    )
}

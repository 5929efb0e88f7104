package packshot

import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.channelFlow
import packshot.ffi.BatchListener
import packshot.ffi.ProgressListener

/**
 * Runs tools on this device. Make one and keep it: it loads each model once, and may be used from any thread.
 *
 * The work is done on threads of its own, in Rust: a call may be made on any dispatcher and blocks none. Cancelling the
 * coroutine stops the work; the caller does not wait for that.
 *
 * Nothing is loaded yet when an engine is made. The first one switches the telemetry of ONNX Runtime off for this process,
 * by the environment variable `ORT_DISABLE_TELEMETRY`.
 *
 * @throws PackshotException with code `option_invalid` or `descriptor_invalid`.
 */
public class Engine(options: EngineOptions = EngineOptions()) :
    Tools(translating { packshot.ffi.Engine(options) }), AutoCloseable {
    /** The models of this machine. */
    public val models: Models = Models(native)

    /**
     * Loads the embedded model with a backend, and says which one runs and why.
     *
     * @throws PackshotException.Backend with the list of places looked at.
     */
    public suspend fun probe(backend: Backend = Backend.AUTO): BackendReport = calling { native.probe(backend, it) }

    /**
     * Makes a file of a photo as [recipe] says.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read, and as the tools of the recipe do.
     */
    public suspend fun runRecipe(source: Source, recipe: Recipe): Rendition = render(source, recipe, null)

    /** The same, watched, as [removingBackground] is. */
    public fun runningRecipe(source: Source, recipe: Recipe): Flow<Event<Rendition>> =
        watching { render(source, recipe, it) }

    /**
     * Puts many photos through [recipe]. A photo that fails does not stop the others; the report has it.
     *
     * What was done is noted in the folder for the results: the same call, made again after the batch was stopped in
     * whichever way, goes on where it was. When the coroutine is cancelled, the call returns as soon as the files are
     * closed, so that the next one can begin at once.
     *
     * @throws PackshotException with code `option_invalid` for options and tables that cannot be read, `file_missing` if
     *   there is no photo at all, `batch_busy` if another batch writes to the folder; of kind `FILE` for the folder itself.
     */
    public suspend fun batch(recipe: Recipe, batch: Batch): BatchReport = work(recipe, batch, null)

    /**
     * The same, watched: each photo when it is finished, then the report. Whoever collects starts the batch, and whoever
     * stops collecting stops it. The batch does not wait for a collector that is slower: that one misses photos of which
     * later events have the counts, but none that failed, and not the report.
     */
    public fun batching(recipe: Recipe, batch: Batch): Flow<BatchEvent> = channelFlow {
        // It may wait for the collector: the core then drops what is only progress. A flow that is over refuses at once.
        send(BatchEvent.Done(work(recipe, batch, BatchTeller { trySendBlocking(it) })))
    }

    private suspend fun render(source: Source, recipe: Recipe, listener: ProgressListener?): Rendition =
        calling { token -> source.lent { Rendition(native.runRecipe(it, recipe.native, token, listener)) } }

    private suspend fun work(recipe: Recipe, batch: Batch, listener: BatchListener?): BatchReport =
        callingToTheEnd { BatchReport(native.batch(recipe.native, batch, it, listener)) }

    /** Lets go of the models that are loaded. Operations that run go on. */
    override fun close(): Unit = native.close()
}

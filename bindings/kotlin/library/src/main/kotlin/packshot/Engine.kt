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
public class Engine(options: EngineOptions = EngineOptions()) : AutoCloseable {
    private val native = translating { packshot.ffi.Engine(options) }

    /** The models of this machine. */
    public val models: Models = Models(native)

    /**
     * Loads the embedded model with a backend, and says which one runs and why.
     *
     * @throws PackshotException.Backend with the list of places looked at.
     */
    public suspend fun probe(backend: Backend = Backend.AUTO): BackendReport = calling { native.probe(backend, it) }

    /**
     * Cuts the subject out of a photo.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read; with code `option_invalid`, `mask_size` or
     *   `subject_missing` for options that do not fit the photo; of kind `MODEL` or `BACKEND` for what cannot run.
     */
    public suspend fun removeBackground(
        source: Source,
        options: RemoveBackground = RemoveBackground(),
        pictures: Pictures = Pictures(),
    ): Cutout = cutOut(source, options, pictures, null)

    /**
     * The same, watched: reports of progress, then the cut-out. Whoever collects starts the work, and whoever stops
     * collecting stops it.
     */
    public fun removingBackground(
        source: Source,
        options: RemoveBackground = RemoveBackground(),
        pictures: Pictures = Pictures(),
    ): Flow<Event<Cutout>> = watching { cutOut(source, options, pictures, it) }

    /**
     * Makes a photo larger, with detail that a model adds. The photo keeps its depth, its channels, its profile and its
     * metadata.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read; with code `option_invalid` for options out of
     *   range; of kind `MODEL` or `BACKEND` for what cannot run.
     */
    public suspend fun upscale(source: Source, options: Upscale = Upscale()): Upscaled = enlarge(source, options, null)

    /** The same, watched, as [removingBackground] is. */
    public fun upscaling(source: Source, options: Upscale = Upscale()): Flow<Event<Upscaled>> =
        watching { enlarge(source, options, it) }

    /**
     * Keeps a part of a photo: an area, an aspect, or the subject with a margin. The photo keeps its depth, its channels, its
     * profile and its metadata.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read; with code `option_invalid` for options that
     *   exclude each other, `subject_missing` where there is nothing to crop to; of kind `MODEL` or `BACKEND` for what cannot
     *   run.
     */
    public suspend fun crop(source: Source, options: Crop): Cropped = cut(source, options, null)

    /** The same, watched, as [removingBackground] is. */
    public fun cropping(source: Source, options: Crop): Flow<Event<Cropped>> =
        watching { cut(source, options, it) }

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

    private suspend fun cutOut(
        source: Source,
        options: RemoveBackground,
        pictures: Pictures,
        listener: ProgressListener?,
    ): Cutout = calling { token ->
        source.lent { Cutout(native.removeBackground(it, options, pictures.native(), token, listener)) }
    }

    private suspend fun enlarge(source: Source, options: Upscale, listener: ProgressListener?): Upscaled =
        calling { token -> source.lent { Upscaled(native.upscale(it, options, token, listener)) } }

    private suspend fun cut(source: Source, options: Crop, listener: ProgressListener?): Cropped =
        calling { token -> source.lent { Cropped(native.crop(it, options, token, listener)) } }

    private suspend fun render(source: Source, recipe: Recipe, listener: ProgressListener?): Rendition =
        calling { token -> source.lent { Rendition(native.runRecipe(it, recipe.native, token, listener)) } }

    private suspend fun work(recipe: Recipe, batch: Batch, listener: BatchListener?): BatchReport =
        callingToTheEnd { BatchReport(native.batch(recipe.native, batch, it, listener)) }

    /** Lets go of the models that are loaded. Operations that run go on. */
    override fun close(): Unit = native.close()
}

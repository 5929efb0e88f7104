package packshot

import kotlinx.coroutines.flow.Flow
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

    private suspend fun cutOut(
        source: Source,
        options: RemoveBackground,
        pictures: Pictures,
        listener: ProgressListener?,
    ): Cutout = calling { token ->
        source.lent { Cutout(native.removeBackground(it, options, pictures.native(), token, listener)) }
    }

    /** Lets go of the models that are loaded. Operations that run go on. */
    override fun close(): Unit = native.close()
}

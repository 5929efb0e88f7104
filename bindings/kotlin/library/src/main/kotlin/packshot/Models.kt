package packshot

import java.nio.file.Path
import java.nio.file.Paths
import kotlinx.coroutines.flow.Flow
import packshot.ffi.ProgressListener

/** The models of this machine. Nothing but [pull] and [pulling] uses the network, unless [EngineOptions] say so. */
public class Models internal constructor(private val engine: packshot.ffi.Engine) {
    /** Every model that is known, and whether it is here. */
    public fun list(): List<ModelStatus> = translating { engine.models().map { ModelStatus(it) } }

    /**
     * The file of a model that is here. Compares sizes, not hashes: [verify] does that.
     *
     * @throws PackshotException.Model if it is unknown, not here, damaged or not permitted.
     */
    public fun path(id: String): Path = translating { Paths.get(engine.modelPath(id)) }

    /**
     * Fetches a model, verified, if it is not here yet, and says where it is. A download that was interrupted continues
     * where it stopped.
     *
     * @throws PackshotException.Network with code `offline` where the network is forbidden, or if the download fails.
     * @throws PackshotException.Model if it is unknown or not permitted.
     */
    public suspend fun pull(id: String): Path = fetch(id, null)

    /** The same, watched. */
    public fun pulling(id: String): Flow<Event<Path>> = watching { fetch(id, it) }

    /**
     * Compares a model's files with their published hashes.
     *
     * @throws PackshotException.Model with code `model_corrupt` if one differs, `model_missing` if one is not here.
     */
    public suspend fun verify(id: String): Unit = calling { engine.verifyModel(id, it) }

    /** Deletes a model's files, and says whether there were any. */
    public suspend fun remove(id: String): Boolean = calling { engine.removeModel(id, it) }

    private suspend fun fetch(id: String, listener: ProgressListener?): Path =
        calling { Paths.get(engine.pullModel(id, it, listener)) }
}

/** A model, seen from this machine. */
public data class ModelStatus(
    /** The model's id. */
    val id: String,
    /** What it does, for people. */
    val title: String,
    /** Its licence: an SPDX identifier. */
    val licence: String,
    /** Whether the licence permits commercial use. */
    val commercial: Boolean,
    /** Whether it can be used as it is. */
    val state: ModelState,
    /** Size of its files in bytes: on disk or inside the library; if absent, of the download, and 0 where unknown. */
    val bytes: Long,
) {
    internal constructor(status: packshot.ffi.ModelStatus) :
        this(status.id, status.title, status.licence, status.commercial, status.state, status.bytes.toLong())
}

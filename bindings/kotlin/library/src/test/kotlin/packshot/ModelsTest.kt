package packshot

import java.nio.file.Path
import kotlin.io.path.fileSize
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeBytes
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

class ModelsTest {
    private val server: String? = System.getenv("PACKSHOT_TEST_SERVER")

    private fun engine(offline: Boolean? = null, cache: Path = temporaryFolder()): Engine {
        assumeTrue(server != null, "PACKSHOT_TEST_SERVER is not set")
        val registry = cases.resolve("tiny.toml").readText().replace("SERVER", server!!)
        return Engine(EngineOptions(Backend.RTEN, cacheDir = cache.toString(), offline = offline, registry = registry))
    }

    private fun Engine.state(id: String) = models.list().single { it.id == id }

    @Test
    @Shows("models.list", "models.pull", "models.files")
    fun `a model is fetched, verified, used and removed`() = runBlocking<Unit> {
        val cache = temporaryFolder()
        engine(cache = cache).use { engine ->
            val known = engine.state("tiny")
            assertEquals(ModelStatus("tiny", "A net of one layer, for tests", "MIT", true, ModelState.ABSENT, 371), known)
            assertEquals(ModelState.EMBEDDED, engine.state("packshot-matte-2").state)
            assertEquals("model_missing", thrownBy<PackshotException.Model> { engine.models.path("tiny") }.code)
            assertEquals("model_missing", thrownBy<PackshotException.Model> { engine.models.verify("tiny") }.code)
            assertFalse(engine.models.remove("tiny"))

            val path = engine.models.pull("tiny")
            assertTrue(path.startsWith(cache))
            assertEquals(path, engine.models.path("tiny"))
            assertArrayEquals(cases.resolve("tiny.onnx").readBytes(), path.readBytes())
            assertEquals(ModelState.PRESENT, engine.state("tiny").state)
            assertEquals(path.fileSize(), engine.state("tiny").bytes)
            engine.models.verify("tiny")
            val options = RemoveBackground(model = Model.id("tiny"))
            val cutout = engine.removeBackground(Source.File(photoPath("mug.jpg")), options)
            assertEquals("tiny", cutout.ran.model)

            path.writeBytes(path.readBytes().apply { this[100] = (this[100] + 1).toByte() })
            val corrupt = thrownBy<PackshotException.Model> { engine.models.verify("tiny") }
            assertEquals("model_corrupt", corrupt.code)
            assertEquals(path.toString(), corrupt.context["file"])
            assertTrue(engine.models.remove("tiny"))
            assertEquals(ModelState.ABSENT, engine.state("tiny").state)
        }
    }

    @Test
    fun `a download is watched`() = runBlocking<Unit> {
        engine().use { engine ->
            val events = engine.models.pulling("tiny").toList()
            val reports = events.filterIsInstance<Event.Progress>()
            assertEquals(setOf(Stage.DOWNLOAD), reports.map { it.stage }.toSet())
            assertEquals(reports.map { it.fraction }.sorted(), reports.map { it.fraction })
            assertEquals(1f, reports.last().fraction)
            assertEquals(Event.Done(engine.models.path("tiny")), events.last())
        }
    }

    @Test
    fun `offline is offline`() = engine(offline = true).use { engine ->
        val error = thrownBy<PackshotException.Network> { engine.models.pull("tiny") }
        assertEquals("offline", error.code)
        assertEquals("model_unknown", thrownBy<PackshotException.Model> { engine.models.pull("huge") }.code)
    }
}

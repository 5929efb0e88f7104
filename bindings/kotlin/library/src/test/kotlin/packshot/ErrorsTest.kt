package packshot

import com.google.gson.JsonObject
import java.nio.file.Paths
import kotlin.reflect.KClass
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import packshot.ffi.injectFault

class ErrorsTest {
    private val types: Map<String, KClass<out PackshotException>> = mapOf(
        "photo" to PackshotException.Photo::class,
        "limit" to PackshotException.Limit::class,
        "option" to PackshotException.Option::class,
        "file" to PackshotException.File::class,
        "model" to PackshotException.Model::class,
        "network" to PackshotException.Network::class,
        "backend" to PackshotException.Backend::class,
        "cancelled" to PackshotException.Cancelled::class,
        "internal" to PackshotException.Internal::class,
    )

    /** A small cut-out with a mask: no model runs. */
    private suspend fun Engine.cutQuickly(): Cutout {
        val photo = Photo.ofPixels(ByteArray(8 * 8 * 3) { it.toByte() }, 8, 8, Channels.RGB)
        val mask = Photo.ofPixels(ByteArray(8 * 8) { if (it % 8 in 2..5) -1 else 0 }, 8, 8, Channels.GRAY)
        return removeBackground(Source.Decoded(photo), RemoveBackground(edges = Edges.FAST), Pictures(mask = mask))
    }

    @Test
    @Shows("errors")
    fun `every code arrives as its own type`() = engine().use { engine ->
        val codes = cases("errors.json")
        assertEquals(codes.size, packshot.ffi.errorCodes().size)
        assertEquals(types.keys, codes.map { it["kind"].asString }.toSet())
        for (case: JsonObject in codes) {
            val code = case["code"].asString
            injectFault(Stage.COMPOSE, code)
            val error = thrownBy<PackshotException> { engine.cutQuickly() }
            assertEquals(code, error.code)
            assertInstanceOf(types.getValue(case["kind"].asString).java, error)
            assertEquals(case["kind"].asString, error.kind.name.lowercase())
            assertEquals(case["remedy"].asString, error.remedy, code)
            assertEquals(case["retryable"].asBoolean, error.retryable, code)
            assertEquals(mapOf("stage" to "compose"), error.context, code)
            assertEquals("injected by a test (stage: compose)", error.message)
        }
        runBlocking { engine.cutQuickly() }.close()
    }

    @Test
    fun `an error names the file at fault`() {
        val error = thrownBy<PackshotException.File> { Photo.open(Paths.get("nowhere/a.jpg")) }
        assertEquals("file_missing", error.code)
        assertEquals("nowhere/a.jpg", error.context["file"])
        assertTrue("nowhere/a.jpg" in error.message, error.message)
    }

    @Test
    @Shows("panics")
    fun `a panic is an internal error and the process lives`() = engine().use { engine ->
        for (stage in listOf(Stage.EDGES, Stage.COMPOSE)) {
            injectFault(stage, null)
            val error = thrownBy<PackshotException.Internal> { engine.cutQuickly() }
            assertEquals("internal", error.code)
            assertTrue("injected by a test" in error.message, error.message)
            runBlocking { engine.cutQuickly() }.close()
        }
    }

    @Test
    fun `a panic that nothing in Rust caught is one too`() {
        val error = thrownBy<PackshotException.Internal> { translating { packshot.ffi.panicUnguarded() } }
        assertEquals("internal", error.code)
        assertEquals(ErrorKind.INTERNAL, error.kind)
        assertTrue("no guard" in error.message, error.message)
        assertTrue(error.remedy.isNotEmpty())
    }

    @Test
    fun `options are checked by the core`() {
        val zero = thrownBy<PackshotException.Option> { Engine(EngineOptions(threads = 0u)) }
        assertEquals("option_invalid", zero.code)
        val registry = thrownBy<PackshotException.Model> { Engine(EngineOptions(registry = "[[model]]\nid = 7\n")) }
        assertEquals("descriptor_invalid", registry.code)
    }

    @Test
    fun `what is closed says so`() {
        val engine = engine()
        engine.close()
        engine.close()
        thrownBy<IllegalStateException> { engine.probe() }
        val photo = Photo.ofPixels(ByteArray(1), 1, 1, Channels.GRAY)
        photo.close()
        thrownBy<IllegalStateException> { photo.pixels() }
        assertEquals(1, photo.width)
    }
}

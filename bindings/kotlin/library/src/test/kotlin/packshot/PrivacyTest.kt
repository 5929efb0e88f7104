package packshot

import com.sun.jna.Function
import java.nio.file.Paths
import kotlin.math.abs
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

private const val SWITCH = "ORT_DISABLE_TELEMETRY"

/** The environment as it is now; the JVM's own is a copy from its start. */
private fun environment(name: String): String? = Function.getFunction("c", "getenv").invokeString(arrayOf(name), false)

class PrivacyTest {
    /** In a process of its own, where no engine was before and nobody else has set the variable. */
    @Test
    @Shows("privacy", "engine.probe")
    fun `the first engine switches telemetry off, and ONNX Runtime runs`() {
        val java = Paths.get(System.getProperty("java.home"), "bin", "java").toString()
        val command = listOf(
            java, "-Djna.library.path=${System.getProperty("jna.library.path")}",
            "-cp", System.getProperty("java.class.path"), "packshot.PrivacyTestKt",
        )
        val process = ProcessBuilder(command).redirectErrorStream(true)
        process.environment().remove(SWITCH)
        val child = process.start()
        val lines = child.inputStream.bufferedReader().readLines()
        assertEquals(0, child.waitFor(), lines.joinToString("\n"))
        val backend = if (System.getenv("PACKSHOT_TEST_ORT") == null) "rten" else "onnxruntime"
        assertEquals(listOf("before: null", "after: 1", "backend: $backend"), lines)
    }

    @Test
    fun `both backends see the same`() = runBlocking<Unit> {
        val library = System.getenv("PACKSHOT_TEST_ORT")
        assumeTrue(library != null, "PACKSHOT_TEST_ORT is not set")
        val mug = Source.File(photoPath("mug.jpg"))
        val ort = Engine(EngineOptions(Backend.ONNX_RUNTIME, ortLibrary = library)).use { it.removeBackground(mug) }
        val rten = engine().use { it.removeBackground(mug) }
        assertEquals("onnxruntime" to "rten", ort.ran.backend?.name to rten.ran.backend?.name)
        assertEquals(Paths.get(library).toRealPath().toString(), ort.ran.backend?.library)
        val (a, b) = ort.matte.pixels() to rten.matte.pixels()
        assertTrue(a.indices.all { abs(a.u(it) - b.u(it)) <= 3 }, "the mattes differ")
    }
}

/** What the child process runs. */
fun main() {
    println("before: ${environment(SWITCH)}")
    val library = System.getenv("PACKSHOT_TEST_ORT")
    val backend = if (library == null) Backend.RTEN else Backend.ONNX_RUNTIME
    Engine(EngineOptions(backend = backend, ortLibrary = library)).use { engine ->
        println("after: ${environment(SWITCH)}")
        println("backend: ${runBlocking { engine.probe(backend) }.name}")
    }
}

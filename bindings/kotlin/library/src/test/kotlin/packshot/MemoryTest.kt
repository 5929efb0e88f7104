package packshot

import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

/**
 * Only in the soak, which says how many calls: a thousand of them must not make the process grow. The highest values of
 * both halves are compared, because an allocator keeps a few megabytes now and then, and gives them back.
 */
class MemoryTest {
    @Test
    fun `memory stays flat`() = runBlocking {
        val calls = System.getenv("PACKSHOT_SOAK_CALLS")?.toInt() ?: 0
        assumeTrue(calls > 0, "PACKSHOT_SOAK_CALLS is not set")
        val bytes = Files.readAllBytes(photoPath("mug.jpg"))
        engine().use { engine ->
            val highest = longArrayOf(0, 0)
            for (call in 1..calls) {
                engine.removeBackground(Source.Bytes(bytes)).use { cutout ->
                    cutout.photo.pixels()
                    cutout.photo.encode()
                }
                val half = if (call > calls / 2) 1 else 0
                if (call % 10 == 0) highest[half] = maxOf(highest[half], resident())
                if (call % (calls / 10) == 0) println("memory: ${resident() shr 20} MiB after $call calls")
            }
            val growth = highest[1] - highest[0]
            println("memory: the second half added ${growth / (1 shl 20)} MiB")
            assertTrue(growth < ALLOWED_GROWTH, "$growth bytes")
        }
    }

    /** Bytes of this process in memory; without what the heap could give back. */
    private fun resident(): Long {
        System.gc()
        val pages = Files.readString(Path.of("/proc/self/statm")).split(' ')[1].toLong()
        return pages * PAGE
    }

    private companion object {
        const val PAGE = 4096

        /** The heap is not always as full. */
        const val ALLOWED_GROWTH = 32 shl 20
    }
}

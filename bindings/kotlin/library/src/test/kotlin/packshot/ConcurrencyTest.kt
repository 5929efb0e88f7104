package packshot

import java.util.concurrent.Executors
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ConcurrencyTest {
    @Test
    @Shows("concurrency")
    fun `many calls at once give what one gives`() = runBlocking(Dispatchers.Default) {
        engine().use { engine ->
            suspend fun cut() = engine.removeBackground(Source.File(photoPath("mug.jpg"))).use { it.photo.encode() }
            val alone = cut()
            List(12) { async { cut() } }.awaitAll().forEach { assertArrayEquals(alone, it) }
        }
    }

    @Test
    fun `one thread goes on with other coroutines meanwhile`() {
        val photo = largePhoto(2400, 1800)
        val executor = Executors.newSingleThreadExecutor()
        val longest = runBlocking {
            withContext(executor.asCoroutineDispatcher()) {
                var longest = Duration.ZERO
                var ticks = 0
                val ticker = launch {
                    while (isActive) {
                        val before = TimeSource.Monotonic.markNow()
                        delay(5)
                        longest = maxOf(longest, before.elapsedNow())
                        ticks++
                    }
                }
                engine().use { it.removeBackground(Source.Decoded(photo)).close() }
                ticker.cancelAndJoin()
                assertTrue(ticks > 20, "the other coroutine ran only $ticks times")
                longest
            }
        }
        executor.shutdown()
        println("concurrency: the longest gap of a 5 ms ticker was $longest")
        assertTrue(longest < 1.seconds, "$longest")
    }

    @Test
    fun `who has no dispatcher does not go on inside of a callback`() = runBlocking<Unit> {
        engine().use { engine ->
            val thread = withContext(Dispatchers.Unconfined) {
                engine.removeBackground(Source.File(photoPath("mug.jpg"))).close()
                Thread.currentThread().name
            }
            assertTrue(thread.startsWith("DefaultDispatcher"), thread)
        }
    }
}

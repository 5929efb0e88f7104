package packshot

import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import packshot.ffi.ProgressListener
import packshot.ffi.ProgressReport

class CancelTest {
    private val slow = RemoveBackground(edges = Edges.FINE)

    private fun twelveMegapixels() = largePhoto(4000, 3000)

    private suspend fun Engine.stillWorks() = removeBackground(Source.File(photoPath("mug.jpg"))).close()

    @Test
    @Shows("cancel")
    fun `a cancelled coroutine gets its answer at once and the work stops`() = runBlocking(Dispatchers.Default) {
        val reports = CopyOnWriteArrayList<ProgressReport>()
        val started = CompletableDeferred<Unit>()
        val listener = object : ProgressListener {
            override fun onProgress(report: ProgressReport) {
                reports += report
                if (report.stage == Stage.EDGES) started.complete(Unit)
            }
        }
        packshot.ffi.Engine(EngineOptions(backend = Backend.RTEN)).use { native ->
            val job = async {
                val source = packshot.ffi.Source.Decoded(twelveMegapixels().native)
                calling { native.removeBackground(source, slow, emptyMap(), it, listener) }
            }
            started.await()
            delay(100)
            val time = measureTime { job.cancelAndJoin() }
            println("cancel: the caller had its answer after $time")
            assertTrue(time < 2.seconds, "$time")
            thrownBy<CancellationException> { job.await() }

            val seen = reports.size
            val stopped = measureTime { workEnds() }
            println("cancel: the work ended after another $stopped")
            assertEquals(seen, reports.size, "progress came after the cancel")
            assertTrue(reports.none { it.stage == Stage.COMPOSE }, "the work went on to its end")
        }
        engine().use { it.stillWorks() }
    }

    /** Waits until the threads of Packshot use no time any more. Rayon's have the name of the task that started them. */
    private suspend fun workEnds() = withTimeout(60.seconds) {
        do {
            val before = ticks()
            delay(200)
        } while (ticks() != before)
    }

    /** The processor time of Packshot's threads, where the system says. */
    private fun ticks(): Long = File("/proc/self/task").listFiles().orEmpty().sumOf { thread ->
        val stat = runCatching { File(thread, "stat").readText() }.getOrDefault("")
        val fields = stat.substringAfter("(packshot) ", "").split(' ')
        if (fields.size < 13) 0 else fields[11].toLong() + fields[12].toLong()
    }

    @Test
    fun `a timeout is a cancellation`() = engine().use { engine ->
        thrownBy<TimeoutCancellationException> {
            withTimeout(300) { engine.removeBackground(Source.Decoded(twelveMegapixels()), slow) }
        }
        runBlocking { engine.stillWorks() }
    }

    @Test
    fun `what is cancelled before it starts does not start`() = runBlocking<Unit> {
        engine().use { engine ->
            val events = mutableListOf<Event<Cutout>>()
            val job = launch(start = CoroutineStart.UNDISPATCHED) {
                coroutineContext[kotlinx.coroutines.Job]!!.cancel()
                engine.removingBackground(Source.File(photoPath("mug.jpg"))).collect { events += it }
            }
            job.join()
            assertTrue(job.isCancelled)
            assertEquals(emptyList<Event<Cutout>>(), events)
            engine.stillWorks()
        }
    }

    @Test
    fun `cancelling twice is the same as once`() = runBlocking<Unit> {
        engine().use { engine ->
            val job = launch(Dispatchers.Default) {
                engine.removeBackground(Source.Decoded(twelveMegapixels()), slow)
            }
            delay(300)
            job.cancel()
            job.cancelAndJoin()
            assertTrue(job.isCancelled)
            engine.stillWorks()
        }
    }

    @Test
    fun `who stops collecting stops the work`() = runBlocking<Unit> {
        engine().use { engine ->
            val first = engine.removingBackground(Source.Decoded(twelveMegapixels()), slow).first()
            assertInstanceOf(Event.Progress::class.java, first)
            workEnds()
            engine.stillWorks()
        }
    }

    @Test
    fun `a token that something else cancels is an error and no cancellation`() {
        packshot.ffi.Engine(EngineOptions(backend = Backend.RTEN)).use { native ->
            val source = packshot.ffi.Source.File(photoPath("mug.jpg").toString())
            val error = thrownBy<PackshotException.Cancelled> {
                calling { token ->
                    token.cancel()
                    native.removeBackground(source, slow, emptyMap(), token, null)
                }
            }
            assertEquals("cancelled", error.code)
        }
    }
}

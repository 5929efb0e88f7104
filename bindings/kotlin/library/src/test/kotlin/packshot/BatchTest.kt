package packshot

import java.nio.file.Path
import kotlin.io.path.copyTo
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.measureTime
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class BatchTest {
    private val recipe = Recipe.preset("transparent-png")

    /** A folder with so many copies of one photo. */
    private fun photos(count: Int): Path = temporaryFolder().also { folder ->
        repeat(count) { photoPath("mug.jpg").copyTo(folder.resolve("mug-$it.jpg")) }
    }

    private fun batch(photos: Path, workers: UInt = 1u) =
        Batch(inputs = listOf("$photos"), output = "${temporaryFolder()}", workers = workers)

    private fun results(batch: Batch) =
        Path.of(batch.output!!).listDirectoryEntries().map { it.name }.filter { it.endsWith(".png") }

    @Test
    @Shows("batch", "batch.progress")
    fun `each photo is told, a bad one too, and the report comes last`() = runBlocking<Unit> {
        engine().use { engine ->
            val photos = photos(3)
            photoPath("truncated.jpg").copyTo(photos.resolve("bad.jpg"))
            val report = photos.resolve("report.json")
            val events = engine.batching(recipe, batch(photos, 2u).copy(report = "$report")).toList()
            val told = events.filterIsInstance<BatchEvent.Progress>()
            assertEquals(listOf(1L, 2L, 3L, 4L), told.map { it.done + it.failed })
            assertTrue(told.all { it.total == 4L && it.skipped == 0L && it.resumed == 0L })
            assertTrue(told.last().rate > 0 && told.last().left == 0.0, "${told.last()}")
            assertEquals(listOf("bad.jpg"), told.map { it.item }.filter { it.error != null }.map { Path.of(it.input).name })
            for (item in told.map { it.item }.filter { it.outcome == BatchOutcome.DONE }) {
                assertTrue(Path.of(item.output!!).exists() && item.attempts == 1 && item.seconds > 0, "$item")
                assertNull(item.error)
            }
            val bad = told.single { it.item.outcome == BatchOutcome.FAILED }.item
            assertInstanceOf(PackshotException.Photo::class.java, bad.error)
            assertEquals("photo_truncated" to "bad.jpg", bad.error?.code to Path.of(bad.input).name)
            assertTrue(bad.error!!.remedy.isNotEmpty())

            val done = assertInstanceOf(BatchEvent.Done::class.java, events.last()).report
            assertEquals(listOf(4L, 3L, 1L, 0L), done.run { listOf(total, done.done, failed, skipped) })
            assertEquals(listOf(bad.input), done.failures.map { it.input })
            assertTrue(!done.complete && done.stopped == null && done.seconds > 0)
            assertTrue("photo_truncated" in Path.of(done.report!!).readText())
        }
    }

    @Test
    @Shows("batch.resume")
    fun `a batch that was cancelled goes on where it was`() = runBlocking(Dispatchers.Default) {
        engine().use { engine ->
            val batch = batch(photos(8))
            var made = 0
            val job = launch {
                engine.batching(recipe, batch).onEach { if (it is BatchEvent.Progress) made++ }.toList()
            }
            while (made < 2) delay(5)
            val time = measureTime { job.cancelAndJoin() }
            println("cancel: the batch had closed its files after $time")
            assertTrue(time < 10.seconds, "$time")
            val before = results(batch).size
            assertTrue(before in 2..7, "$before")
            val report = engine.batch(recipe, batch)
            assertEquals(8L, report.done + report.resumed)
            assertTrue(report.resumed >= 2 && report.complete, "$report")
            assertEquals(8, results(batch).size)
        }
    }

    @Test
    fun `a slow collector misses progress and no failure`() = runBlocking<Unit> {
        engine().use { engine ->
            val photos = photos(200)
            photos.resolve("mug-105.jpg").writeText("no photo")
            val batch = batch(photos)
            val small = Recipe.parse(
                "schema = \"packshot.recipe/1\"\n[[steps]]\nexport = { format = \"png\", size = 32 }\n",
            )
            val events = mutableListOf<BatchEvent>()
            val begin = TimeSource.Monotonic.markNow()
            engine.batching(small, batch).collect {
                // A batch that waited for it would never come so far.
                while (results(batch).size < 199) {
                    check(begin.elapsedNow() < 120.seconds) { "the batch waits for its collector" }
                    Thread.sleep(10)
                }
                events += it
            }
            val told = events.filterIsInstance<BatchEvent.Progress>()
            assertTrue(told.size < 180, "${told.size} events")
            assertEquals(200L, told.last().run { done + failed })
            val failed = told.map { it.item }.filter { it.error != null }
            assertEquals(listOf("mug-105.jpg"), failed.map { Path.of(it.input).name })
            assertEquals(199L, assertInstanceOf(BatchEvent.Done::class.java, events.last()).report.done)
        }
    }

    @Test
    fun `who stops collecting stops the batch`() = runBlocking<Unit> {
        engine().use { engine ->
            val batch = batch(photos(6))
            assertInstanceOf(BatchEvent.Progress::class.java, engine.batching(recipe, batch).first())
            assertTrue(results(batch).size < 6)
            assertEquals(6L, engine.batch(recipe, batch).run { done + resumed })
        }
    }

    @Test
    fun `what a collector throws stops the batch and arrives as it is`() = engine().use { engine ->
        val batch = batch(photos(6))
        val mine = IllegalArgumentException("enough")
        var seen = 0
        val thrown = thrownBy<IllegalArgumentException> {
            engine.batching(recipe, batch).collect { seen++; throw mine }
        }
        assertSame(mine, thrown.cause ?: thrown)
        assertEquals(1, seen)
        assertTrue(results(batch).size < 6)
    }

    @Test
    fun `options and folders are checked by the core`() = engine().use { engine ->
        val batch = batch(photos(1))
        suspend fun run(batch: Batch) = engine.batch(recipe, batch)
        assertEquals("option_invalid", thrownBy<PackshotException.Option> { run(batch.copy(workers = 0u)) }.code)
        assertEquals("option_invalid", thrownBy<PackshotException.Option> { run(Batch()) }.code)
        val empty = batch.copy(inputs = listOf("${temporaryFolder()}"))
        assertEquals("file_missing", thrownBy<PackshotException.File> { run(empty) }.code)
        val report = runBlocking { run(batch.copy(existing = Existing.NUMBER, name = "{stem}-small.{ext}")) }
        assertEquals(listOf("mug-0-small.png"), results(batch))
        assertTrue(report.complete && report.journal.endsWith(".packshot-journal"))
    }
}

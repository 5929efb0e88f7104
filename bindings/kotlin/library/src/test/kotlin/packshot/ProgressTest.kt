package packshot

import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ProgressTest {
    private val mug = Source.File(photoPath("mug.jpg"))

    @Test
    @Shows("progress")
    fun `fractions rise from 0 to 1 and the cut-out comes last`() = runBlocking<Unit> {
        engine().use { engine ->
            val events = engine.removingBackground(mug, RemoveBackground(edges = Edges.FINE)).toList()
            val reports = events.filterIsInstance<Event.Progress>()
            val fractions = reports.map { it.fraction }
            assertEquals(0f, fractions.first())
            assertEquals(1f, fractions.last())
            assertEquals(fractions.sorted(), fractions)
            val stages = listOf(
                Stage.DECODE, Stage.LOAD, Stage.PREPARE, Stage.INFERENCE, Stage.MATTE, Stage.EDGES, Stage.COMPOSE,
            )
            assertEquals(stages, reports.map { it.stage }.distinct())

            val done = assertInstanceOf(Event.Done::class.java, events.last())
            assertEquals(reports.size + 1, events.size)
            (done.result as Cutout).use { assertEquals(320, it.photo.width) }
        }
    }

    @Test
    fun `nothing happens before somebody collects, and each collects anew`() = runBlocking<Unit> {
        engine().use { engine ->
            val flow = engine.removingBackground(mug)
            val sizes = List(2) {
                flow.toList().map { event -> (event as? Event.Done)?.result?.photo?.width }.last()
            }
            assertEquals(listOf(320, 320), sizes)
        }
    }

    @Test
    fun `what a collector throws stops the work and arrives as it is`() = engine().use { engine ->
        val mine = IllegalArgumentException("enough")
        var seen = 0
        val thrown = thrownBy<IllegalArgumentException> {
            engine.removingBackground(mug).collect { seen++; throw mine }
        }
        // Coroutines may copy an exception to add the caller's stack; the original is then the cause.
        assertSame(mine, thrown.cause ?: thrown)
        assertEquals(1, seen)
        runBlocking { engine.removeBackground(mug) }.close()
    }

    @Test
    fun `errors come through the flow`() = engine().use { engine ->
        val error = thrownBy<PackshotException.File> {
            engine.removingBackground(Source.File(photoPath("nowhere.jpg"))).collect { }
        }
        assertTrue("nowhere.jpg" in error.message, error.message)
    }
}

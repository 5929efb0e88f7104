package packshot

import kotlin.io.path.readBytes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import packshot.ffi.injectFault

class UpscaleTest {
    private val mug = Source.File(photoPath("mug.jpg"))

    private fun size(photo: Photo) = photo.width to photo.height

    @Test
    @Shows("upscale")
    fun `every source gives the same`() = runBlocking<Unit> {
        engine().use { engine ->
            val bytes = photoPath("mug.jpg").readBytes()
            val sources = listOf(mug, Source.Bytes(bytes), Source.Decoded(Photo.decode(bytes)))
            val results = sources.map { engine.upscale(it) }
            results.forEach { assertArrayEquals(results[0].photo.pixels(), it.photo.pixels()) }
            val first = results.first()
            assertEquals(640 to 544, size(first.photo))
            assertEquals(2.0, first.scale)
            assertEquals("rten", first.ran.backend?.name)
            assertTrue(first.ran.stages.any { (stage, _) -> stage == Stage.INFERENCE })
            results.forEach(Upscaled::close)
            thrownBy<IllegalStateException> { first.photo.pixels() }
        }
    }

    @Test
    @Shows("upscale.options")
    fun `sizes are of one side or both`() = runBlocking<Unit> {
        engine().use { engine ->
            suspend fun reached(size: Size) = engine.upscale(mug, Upscale(size = size)).use { size(it.photo) }
            assertEquals(400 to 340, reached(Size.longSide(400)))
            assertEquals(400 to 340, reached(Size.width(400)))
            assertEquals(400 to 340, reached(Size.height(340)))
            assertEquals(400 to 340, reached(Size.box(400, 900)))
            val error = thrownBy<PackshotException.Option> { engine.upscale(mug, Upscale(scale = 9.0)) }
            assertEquals("option_invalid", error.code)
            thrownBy<PackshotException.Photo> { engine.upscale(Source.Bytes(ByteArray(0))) }
        }
    }

    @Test
    fun `progress rises to 1 and the photo comes last`() = runBlocking<Unit> {
        engine().use { engine ->
            val events = engine.upscaling(mug, Upscale(tile = 64u)).toList()
            val fractions = events.filterIsInstance<Event.Progress>().map { it.fraction }
            assertEquals(events.size - 1, fractions.size)
            assertEquals(fractions.sorted(), fractions)
            assertEquals(0f to 1f, fractions.first() to fractions.last())
            assertTrue(fractions.distinct().size > 4, "$fractions")
            val done = assertInstanceOf(Event.Done::class.java, events.last())
            (done.result as Upscaled).use { assertEquals(640, it.photo.width) }
        }
    }

    @Test
    fun `a cancelled coroutine gets its answer at once`() = runBlocking(Dispatchers.Default) {
        engine().use { engine ->
            val job = async { engine.upscale(Source.Decoded(largePhoto(4000, 3000)), Upscale(scale = 4.0)) }
            delay(1000)
            val time = measureTime { job.cancelAndJoin() }
            println("cancel: who upscales had the answer after $time")
            assertTrue(time < 2.seconds, "$time")
            thrownBy<CancellationException> { job.await() }
            engine.upscale(mug).close()
        }
    }

    @Test
    fun `what a collector throws arrives as it is`() = engine().use { engine ->
        val mine = IllegalArgumentException("enough")
        val thrown = thrownBy<IllegalArgumentException> { engine.upscaling(mug).collect { throw mine } }
        assertSame(mine, thrown.cause ?: thrown)
    }

    @Test
    fun `a panic is an error`() = engine().use { engine ->
        injectFault(Stage.INFERENCE, null)
        val error = thrownBy<PackshotException.Internal> { engine.upscale(mug) }
        assertTrue("injected by a test" in error.message, error.message)
        runBlocking { engine.upscale(mug) }.close()
    }
}

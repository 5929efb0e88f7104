package packshot

import kotlin.io.path.readBytes
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class CropTest {
    private val mug = Source.File(photoPath("mug.jpg"))

    @Test
    @Shows("crop")
    fun `every source gives the same part`() = runBlocking<Unit> {
        engine().use { engine ->
            val bytes = photoPath("mug.jpg").readBytes()
            val sources = listOf(mug, Source.Bytes(bytes), Source.Decoded(Photo.decode(bytes)))
            val results = sources.map { engine.crop(it, Crop(margin = "5%", aspect = "1:1")) }
            results.forEach { assertArrayEquals(results[0].photo.pixels(), it.photo.pixels()) }
            val first = results.first()
            assertEquals(first.photo.width, first.photo.height)
            assertTrue(first.subject!!.width <= first.frame.width)
            assertEquals("rten", first.ran.backend?.name)
            results.forEach(Cropped::close)
            thrownBy<IllegalStateException> { first.photo.pixels() }
        }
    }

    @Test
    @Shows("crop.options")
    fun `options that exclude each other are refused, and progress rises to 1`() = runBlocking<Unit> {
        engine().use { engine ->
            val error = thrownBy<PackshotException.Option> { engine.crop(mug, Crop(area = "0 0 9 9", margin = "0")) }
            assertEquals("option_invalid", error.code)
            val events = engine.cropping(mug, Crop(margin = "0")).toList()
            val fractions = events.filterIsInstance<Event.Progress>().map { it.fraction }
            assertEquals(fractions.sorted(), fractions)
            assertEquals(1f, fractions.last())
            (events.last() as Event.Done).result.use { assertEquals(it.frame.width, it.photo.width) }
        }
    }
}

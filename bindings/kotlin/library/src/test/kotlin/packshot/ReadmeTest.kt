package packshot

import java.nio.ByteBuffer
import java.nio.file.Path
import kotlin.io.path.copyTo
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The README's code: every block stands here, word by word, and runs. */
class ReadmeTest {
    private val folder = temporaryFolder().also { photoPath("mug.jpg").copyTo(it.resolve("shoe.jpg")) }

    private fun Path(name: String): Path = folder.resolve(name)

    @Test
    fun `every block of the README is in this file`() {
        fun lines(text: String) = text.lines().map { it.trim() }.filter { it.isNotEmpty() }.joinToString("\n")
        val here = lines(Path.of("src/test/kotlin/packshot/ReadmeTest.kt").readText())
        val readme = Path.of("../README.md").readText()
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(readme).map { it.groupValues[1] }
        assertEquals(11, blocks.count())
        blocks.forEach { assertTrue(lines(it) in here, "not in the test:\n$it") }
    }

    @Test
    fun `first cut-out`() = runBlocking<Unit> {
        Engine().use { engine ->
            engine.removeBackground(Source.File(Path("shoe.jpg"))).use { cutout ->
                cutout.photo.save(Path("shoe.png"))
                println("subject at ${cutout.subject}, ${(cutout.confidence * 100).toInt()} % sure")
            }
        }
        assertTrue(Path("shoe.png").exists())
    }

    @Test
    fun options() = runBlocking<Unit> {
        val engine = engine()
        val upload = Path("shoe.jpg").readBytes()
        val options = RemoveBackground(edges = Edges.FINE, background = "white", crop = "5%")
        engine.removeBackground(Source.Bytes(upload), options).use { cutout ->
            cutout.photo.save(Path("on-white.jpg"), Encode(quality = 85u))
        }
        assertTrue(Path("on-white.jpg").exists())
    }

    @Test
    fun `larger photos`() = runBlocking<Unit> {
        val engine = engine()
        engine.upscale(Source.File(Path("shoe.jpg")), Upscale(size = Size.longSide(400), denoise = 0.5)).use { upscaled ->
            upscaled.photo.save(Path("larger.png"))
            println("${upscaled.scale} times as large, with ${upscaled.ran.model}")
        }
        assertTrue(Path("larger.png").exists())
    }

    @Test
    fun `parts of photos`() = runBlocking<Unit> {
        val engine = engine()
        engine.crop(Source.File(Path("shoe.jpg")), Crop(margin = "10%", aspect = "4:5")).use { portrait ->
            portrait.photo.save(Path("portrait.png"))
            println("${portrait.frame} of the photo, around ${portrait.subject}")
        }
        assertTrue(Path("portrait.png").exists())
    }

    @Test
    fun recipes() = runBlocking<Unit> {
        val engine = engine()
        val recipe = Recipe.preset("white-background").with("background" to "#eee")
        engine.runRecipe(Source.File(Path("shoe.jpg")), recipe).use { rendition ->
            rendition.save(Path("on-gray.jpg"))
            println("${rendition.steps.map { it.step }} made ${rendition.bytes().size} bytes of ${rendition.format}")
        }
        println(recipe.variables)
        assertTrue(Path("on-gray.jpg").exists())
    }

    @Test
    fun `a folder`() = runBlocking<Unit> {
        val engine = engine()
        val scope = this
        val (photos, results) = "$folder" to "${Path("results")}"
        val batch = Batch(inputs = listOf(photos), output = results)
        val job = scope.launch {
            engine.batching(Recipe.preset("transparent-png"), batch).collect { event ->
                when (event) {
                    is BatchEvent.Progress -> println("${event.done} of ${event.total}, ${event.left ?: 0} seconds left")
                    is BatchEvent.Done -> println("${event.report.failed} failed")
                }
            }
        }
        job.join()
        assertTrue(Path("results/shoe.png").exists())
    }

    @Test
    fun progress() = runBlocking<Unit> {
        val engine = engine()
        engine.removingBackground(Source.File(Path("shoe.jpg"))).collect { event ->
            when (event) {
                is Event.Progress -> println("${event.stage}: ${(event.fraction * 100).toInt()} %")
                is Event.Done -> event.result.use { it.photo.save(Path("watched.png")) }
            }
        }
        assertTrue(Path("watched.png").exists())
    }

    @Test
    fun cancelling() = runBlocking<Unit> {
        val engine = engine()
        val scope = this
        val job = scope.launch(Dispatchers.Default) {
            engine.removeBackground(Source.File(Path("shoe.jpg"))).use { it.photo.save(Path("never.png")) }
        }
        job.cancelAndJoin()
        assertTrue(job.isCancelled && !Path("never.png").exists())
    }

    @Test
    fun errors() = runBlocking<Unit> {
        Path("broken.jpg").writeText("no photo")
        try {
            Photo.open(Path("broken.jpg")).close()
        } catch (error: PackshotException.Photo) {
            println("${error.code}: ${error.message}. ${error.remedy}")
        }
    }

    @Test
    fun pixels() = runBlocking<Unit> {
        val samples = ByteArray(640 * 480 * 4)
        val photo = Photo.ofPixels(samples, 640, 480, Channels.RGBA)
        val copy: ByteArray = photo.pixels()
        val inPlace: ByteBuffer = photo.pixelBuffer()
        assertEquals(ByteBuffer.wrap(copy), inPlace)
    }

    @Test
    fun models() {
        val engine = Engine(EngineOptions(offline = true, cacheDir = folder.toString()))
        val error = thrownBy<PackshotException.Network> {
            engine.models.list().forEach { println("${it.id}: ${it.licence}, ${it.state}") }
            val file = engine.models.pull("u2netp")
            val options = RemoveBackground(model = Model.id("u2netp"))
            val mine = RemoveBackground(model = Model.file(Path("mine.onnx"), like = "u2netp"))
            println("$file $options $mine")
        }
        assertEquals("offline", error.code)
    }
}

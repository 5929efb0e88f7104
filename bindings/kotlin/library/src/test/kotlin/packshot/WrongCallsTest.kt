package packshot

import java.nio.file.Paths
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** What people read when a call is wrong. With the variable `PACKSHOT_BLESS`, the messages of now are the right ones. */
class WrongCallsTest {
    private val blessed = checkout.resolve("bindings/kotlin/library/src/test/resources/wrong-calls.messages.txt").toFile()
    private val mug = photoPath("mug.jpg")
    private val cache = temporaryFolder()

    /** Calls that the compiler accepts, and nothing else should. */
    private fun calls(engine: Engine, photo: Photo, bytes: ByteArray): List<Pair<String, suspend () -> Any?>> {
        val decoded = Source.Decoded(photo)
        suspend fun cut(options: RemoveBackground) = engine.removeBackground(decoded, options)
        suspend fun pull(model: String) = cut(RemoveBackground(model = Model.id(model)))
        val web = Recipe.preset("web")
        return listOf(
            "Photo.open(nowhere.jpg)" to { Photo.open(Paths.get("nowhere.jpg")) },
            "Photo.open(\"\")" to { Photo.open(Paths.get("")) },
            "Photo.open(/)" to { Photo.open(Paths.get("/")) },
            "Photo.open(photo, Decode(maxPixels = 9u))" to { Photo.open(mug, Decode(maxPixels = 9u)) },
            "Photo.open(photo, Decode(maxBytes = 9u))" to { Photo.open(mug, Decode(maxBytes = 9u)) },
            "Photo.decode(no bytes)" to { Photo.decode(ByteArray(0)) },
            "Photo.decode(text)" to { Photo.decode("no photo".toByteArray()) },
            "Photo.decode(half a file)" to { Photo.decode(bytes.copyOf(900)) },
            "Photo.ofPixels(3 bytes, 2, 1, RGB)" to { Photo.ofPixels(ByteArray(3), 2, 1, Channels.RGB) },
            "Photo.ofPixels(0 bytes, 0, 1, RGB)" to { Photo.ofPixels(ByteArray(0), 0, 1, Channels.RGB) },
            "background = \"whit\"" to { cut(RemoveBackground(background = "whit")) },
            "crop = \"5 apples\"" to { cut(RemoveBackground(crop = "5 apples")) },
            "crop = \"0.06\"" to { cut(RemoveBackground(crop = "0.06")) },
            "region = \"left\"" to { cut(RemoveBackground(region = "left")) },
            "instances = \"biggest\"" to { cut(RemoveBackground(instances = "biggest")) },
            "mask = \"nowhere.png\"" to { cut(RemoveBackground(mask = "nowhere.png")) },
            "model = \"u3net\"" to { pull("u3net") },
            "model = \"u2net\"" to { pull("u2net") },
            "output = MASK, background" to { cut(RemoveBackground(output = Output.MASK, background = "white")) },
            "upscale(scale = 100.0)" to { engine.upscale(decoded, Upscale(scale = 100.0)) },
            "upscale(scale, size)" to { engine.upscale(decoded, Upscale(scale = 2.0, size = Size.longSide(800))) },
            "upscale(denoise = 2.0)" to { engine.upscale(decoded, Upscale(denoise = 2.0)) },
            "crop()" to { engine.crop(decoded, Crop()) },
            "crop(aspect = \"4x5\")" to { engine.crop(decoded, Crop(aspect = "4x5")) },
            "crop(area = \"0 0 9 9\", margin = \"0\")" to { engine.crop(decoded, Crop(area = "0 0 9 9", margin = "0")) },
            "encode(quality = 0u)" to { photo.encode(Encode(quality = 0u)) },
            "encode(format = HEIC)" to { photo.encode(Encode(format = ImageFormat.HEIC)) },
            "encode(JPEG, maxBytes = 10u)" to { photo.encode(Encode(format = ImageFormat.JPEG, maxBytes = 10u)) },
            "save(x.gif)" to { photo.save(Paths.get("x.gif")) },
            "save(no/such/folder/x.png)" to { photo.save(Paths.get("no/such/folder/x.png")) },
            "Engine(threads = 0u)" to { Engine(EngineOptions(threads = 0u)) },
            "Engine(maxPixels = 9u).crop(file)" to {
                Engine(EngineOptions(maxPixels = 9u)).use { it.crop(Source.File(mug), Crop(aspect = "1")) }
            },
            "models.path(\"u3net\")" to { engine.models.path("u3net") },
            "Recipe.preset(\"whit-background\")" to { Recipe.preset("whit-background") },
            "Recipe.parse(\"steps = 7\")" to { Recipe.parse("steps = 7") },
            "web.with(\"siz\" to \"800\")" to { web.with("siz" to "800") },
            "batch(Batch(output = out))" to { engine.batch(web, Batch(output = "out")) },
            "batch(Batch(inputs = photos, output = out, workers = 0u))" to {
                engine.batch(web, Batch(inputs = listOf("photos"), output = "out", workers = 0u))
            },
        )
    }

    @Test
    fun `a wrong call says what is wrong and what to write`() {
        val engine = Engine(EngineOptions(backend = Backend.RTEN, cacheDir = cache.toString()))
        val photo = runBlocking { Photo.open(mug) }
        val said = engine.use {
            calls(engine, photo, mug.toFile().readBytes()).joinToString("") { (call, work) ->
                val error = thrownBy<PackshotException> { work() }
                "$call\n  ${error.code}: ${error.message}\n  ${error.remedy}\n\n"
            }
        }
        val messages = said.replace(mug.toString(), "mug.jpg").replace(cache.toString(), "CACHE")
        if (System.getenv("PACKSHOT_BLESS") != null) blessed.writeText(messages)
        assertEquals(blessed.readText().replace("\r", ""), messages)
    }
}

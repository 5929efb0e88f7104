package packshot

import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.writeText
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import packshot.ffi.injectFault

class RecipeTest {
    private val mug = Source.File(photoPath("mug.jpg"))

    private val text = """
        schema = "packshot.recipe/1"
        name = "Small"
        description = "A small picture."

        [variables]
        side = 64
        format = "webp"

        [[steps]]
        export = { format = "${'$'}{format}", size = "${'$'}{side}" }
    """.trimIndent()

    @Test
    @Shows("recipe")
    fun `a recipe is read and written`() {
        val parsed = Recipe.parse(text)
        assertEquals("Small" to "A small picture.", parsed.name to parsed.description)
        val file = temporaryFolder().resolve("small.toml").also { it.writeText(text) }
        for (other in listOf(Recipe.open(file), Recipe.parse(parsed.toToml()), Recipe.parse(parsed.toJson()))) {
            assertEquals(parsed.hash, other.hash)
            assertEquals("Small", other.name)
        }
        assertEquals(64, parsed.hash.length)

        val presets = Recipe.presets()
        assertTrue(presets.any { it.name == "white-background" }, "$presets")
        for (preset in presets) {
            val recipe = Recipe.preset(preset.name)
            assertEquals(preset.description, recipe.description)
            assertEquals(recipe.hash, Recipe.parse(preset.text).hash)
        }
    }

    @Test
    @Shows("recipe.variables")
    fun `variables are seen and set`() {
        val recipe = Recipe.parse(text)
        assertEquals(mapOf("side" to "64", "format" to "webp"), recipe.variables)
        val other = recipe.with("side" to "32")
        assertEquals(mapOf("side" to "32", "format" to "webp"), other.variables)
        assertEquals(mapOf("side" to "32", "format" to "png"), other.with(mapOf("format" to "png")).variables)
        assertEquals("64", recipe.variables["side"])
        assertNotEquals(recipe.hash, other.hash)
        assertEquals(recipe.hash, other.with("side" to "64").hash)
        for (fault in listOf("colour" to "red", "side" to "large", "format" to "gif")) {
            assertEquals("recipe_invalid", thrownBy<PackshotException.Option> { recipe.with(fault) }.code, "$fault")
        }
    }

    @Test
    fun `a fault names its line`() {
        val error = thrownBy<PackshotException.Option> { Recipe.parse(text.replace("format = \"$", "fromat = \"$")) }
        assertEquals("recipe_invalid", error.code)
        assertEquals("10", error.context["line"])
        assertTrue("fromat" in error.message, error.message)
        val file = temporaryFolder().resolve("bad.toml").also { it.writeText("steps = [") }
        assertEquals("$file", thrownBy<PackshotException.Option> { Recipe.open(file) }.context["file"])
        val nowhere = file.resolveSibling("nowhere.toml")
        assertEquals("file_missing", thrownBy<PackshotException.File> { Recipe.open(nowhere) }.code)
        assertTrue("web" in thrownBy<PackshotException.Option> { Recipe.preset("nothing") }.message)
    }

    @Test
    @Shows("recipe.run")
    fun `a recipe makes a file`() = runBlocking<Unit> {
        engine().use { engine ->
            val recipe = Recipe.preset("transparent-png")
            val rendition = engine.runRecipe(mug, recipe)
            assertEquals(ImageFormat.PNG, rendition.format)
            assertEquals("remove_background", rendition.steps.first().step)
            assertEquals("packshot-matte-2", rendition.steps.first().ran.model)
            assertTrue(rendition.steps.all { it.width > 0 && it.height > 0 && it.time.isPositive() })
            val folder = temporaryFolder()
            rendition.save(folder.resolve("mug.png"))
            assertArrayEquals(rendition.bytes(), folder.resolve("mug.png").readBytes())
            assertEquals(listOf("mug.png"), folder.listDirectoryEntries().map { "${it.fileName}" })
            assertEquals(Channels.RGBA, rendition.photo.channels)
            val nowhere = folder.resolve("nowhere/mug.png")
            thrownBy<PackshotException.File> { rendition.save(nowhere) }
            assertTrue(!nowhere.exists())
            rendition.close()
            thrownBy<IllegalStateException> { rendition.bytes() }
        }
    }

    @Test
    fun `a recipe that runs is watched`() = runBlocking<Unit> {
        engine().use { engine ->
            val events = engine.runningRecipe(mug, Recipe.preset("white-background")).toList()
            val reports = events.filterIsInstance<Event.Progress>()
            assertEquals(reports.map { it.fraction }.sorted(), reports.map { it.fraction })
            assertEquals(Stage.DECODE to Stage.ENCODE, reports.first().stage to reports.last().stage)
            val done = assertInstanceOf(Event.Done::class.java, events.last())
            (done.result as Rendition).use { assertEquals(ImageFormat.JPEG, it.format) }
        }
    }

    @Test
    fun `a step that fails is an error`() = engine().use { engine ->
        val recipe = Recipe.parse(text)
        injectFault(Stage.ENCODE, "disk_full")
        assertEquals("disk_full", thrownBy<PackshotException.File> { engine.runRecipe(mug, recipe) }.code)
        injectFault(Stage.ENCODE, null)
        thrownBy<PackshotException.Internal> { engine.runRecipe(mug, recipe) }
        val again = runBlocking { Photo.decode(engine.runRecipe(mug, recipe).bytes()) }
        assertEquals(64, again.width)
    }

    @Test
    @Shows("export")
    fun `files get the size that was asked for`() = runBlocking<Unit> {
        val photo = Photo.open(photoPath("mug.jpg"))
        suspend fun encoded(options: Encode) = Photo.decode(photo.encode(options)).use { it.width to it.height }
        assertEquals(100 to 85, encoded(Encode(size = Size.longSide(100))))
        assertEquals(100 to 85, encoded(Encode(size = Size.width(100))))
        assertEquals(100 to 85, encoded(Encode(size = Size.height(85))))
        val padded = Encode(format = ImageFormat.JPEG, size = Size.box(120, 120), fit = Fit.PAD, background = "white")
        assertEquals(120 to 120, encoded(padded))
        val small = photo.encode(Encode(format = ImageFormat.JPEG, maxBytes = 8000u))
        assertTrue(small.size <= 8000, "${small.size} bytes")
        val plain = photo.encode(Encode(profile = ProfileMode.NONE))
        val dense = photo.encode(Encode(profile = ProfileMode.SRGB, dpi = 300u))
        assertTrue(dense.size > plain.size && String(dense, Charsets.ISO_8859_1).contains("pHYs"))
        val error = thrownBy<PackshotException.Option> { photo.encode(Encode(dpi = 0u)) }
        assertEquals("option_invalid", error.code)
    }
}

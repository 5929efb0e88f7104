package packshot

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.copyTo
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.writeText
import kotlin.math.abs
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Every case of `bindings/cases`. */
class CasesTest {
    /** What the compiler refuses in Kotlin: a word that is no option, or no value of one. */
    private val impossible = mapOf(
        "cutouts.json" to setOf("option with a slip of the pen", "value with a slip of the pen"),
        "photos.json" to setOf("unknown limit", "unknown format"),
        "upscales.json" to setOf("a misspelt option", "a size that is none"),
        "batches.json" to setOf("a misspelt option"),
    )

    @Test
    @Shows("cutout", "cutout.options", "cutout.pictures", "cutout.facts", "cutout.model", "engine", "engine.options")
    fun `cut-outs are as the cases say`() = engine().use { engine ->
        run("cutouts.json") { case ->
            val given = case["pictures"]?.asJsonObject ?: JsonObject()
            suspend fun picture(name: String) = given[name]?.let { Photo.open(photoPath(it.asString)) }
            val pictures = Pictures(picture("mask"), picture("trimap"), picture("background"))
            val source = Source.File(photoPath(case["photo"].asString))
            engine.removeBackground(source, removeBackground(case["options"].asJsonObject), pictures).use { facts(it) }
        }
    }

    @Test
    @Shows("photo.open", "photo.decode", "photo.encode", "photo.limits", "photo.facts")
    fun `photos are as the cases say`() = run("photos.json") { case ->
        val decode = decode(case["decode"].asJsonObject)
        val encode = encode(case["encode"].asJsonObject)
        val photo = Photo.open(photoPath(case["photo"].asString), decode)
        val again = Photo.decode(photo.encode(encode), decode)
        fileFacts(photo).apply { add("again", fileFacts(again)) }
    }

    @Test
    @Shows("upscale", "upscale.options")
    fun `larger photos are as the cases say`() = engine().use { engine ->
        run("upscales.json") { case ->
            val options = upscale(case["options"].asJsonObject)
            engine.upscale(Source.File(photoPath(case["photo"].asString)), options).use { facts(it) }
        }
    }

    @Test
    @Shows("recipe", "recipe.variables", "recipe.run")
    fun `recipes make what the cases say`() = engine().use { engine ->
        run("recipes.json") { case ->
            val source = Source.File(photoPath(case["photo"].asString))
            engine.runRecipe(source, recipe(case)).use { facts(it) }
        }
    }

    @Test
    @Shows("batch", "batch.resume")
    fun `batches are as the cases say`() = engine().use { engine ->
        run("batches.json") { case ->
            val (from, to) = temporaryFolder() to temporaryFolder()
            val batch = batch(case["options"].asJsonObject).copy(output = "$to")
            val table = case["table"]?.let { from.resolve("table.csv").apply { writeText(it.asString) } }
            val names = case[if (table == null) "inputs" else "files"].asJsonArray.map { it.asString }
            val copies = names.map { "${photoPath(it).copyTo(from.resolve(it))}" }
            val given = if (table == null) batch.copy(inputs = copies) else batch.copy(table = "$table")
            val report = engine.batch(recipe(case), given)
            facts(report, to).apply { add("again", counts(engine.batch(recipe(case), given))) }
        }
    }

    private fun recipe(case: JsonObject): Recipe {
        val recipe = case["preset"]?.let { Recipe.preset(it.asString) } ?: Recipe.parse(case["recipe"].asString)
        val variables = case["variables"]?.asJsonObject?.entrySet().orEmpty()
        return recipe.with(variables.associate { (name, value) -> name to value.asString })
    }

    /** Runs every case of a file; [work] says what came out. */
    private fun run(file: String, work: suspend (JsonObject) -> JsonObject) {
        val faults = mutableListOf<String>()
        val inexpressible = mutableSetOf<String>()
        for (case in cases(file)) {
            val name = case["name"].asString
            val (key, found) = try {
                runBlocking { "expect" to work(case) }
            } catch (error: PackshotException) {
                "error" to JsonPrimitive(error.code)
            } catch (_: Inexpressible) {
                assertEquals("option_invalid", case["error"]?.asString, name)
                inexpressible += name
                continue
            }
            if (!alike("", case[key], found)) faults += "$name: $key is $found, not ${case[key]}"
        }
        assertEquals(emptyList<String>(), faults)
        assertEquals(impossible[file].orEmpty(), inexpressible)
    }

    /** Whether two results are the same within the tolerance of their key. */
    private fun alike(key: String, expected: JsonElement?, found: JsonElement): Boolean = when {
        expected is JsonObject && found is JsonObject ->
            expected.keySet() == found.keySet() && found.keySet().all { alike(it, expected[it], found[it]) }
        expected is JsonArray && found is JsonArray ->
            expected.size() == found.size() && expected.zip(found).all { (a, b) -> alike(key, a, b) }
        expected is JsonPrimitive && expected.isNumber && found is JsonPrimitive ->
            abs(expected.asDouble - found.asDouble) <= when (key) {
                "confidence", "halo" -> 0.0205
                "scale" -> 0.0105
                // The means are rounded to a tenth.
                "grid", "subject", "frame" -> 2.05
                else -> 0.0
            }
        else -> expected == found
    }

    private fun facts(photo: Photo) = JsonObject().apply {
        addProperty("width", photo.width)
        addProperty("height", photo.height)
        addProperty("channels", count(photo.channels))
        addProperty("depth", bits(photo.depth))
        add("grid", grid(photo))
    }

    private fun fileFacts(photo: Photo) = facts(photo).apply {
        add("format", photo.format?.let { JsonPrimitive(it.name.lowercase()) } ?: JsonNull.INSTANCE)
        addProperty("exif", photo.exif != null)
    }

    private fun facts(cutout: Cutout) = facts(cutout.photo).apply {
        fun json(rect: Rect?) =
            rect?.run { JsonArray().apply { listOf(left, top, width, height).forEach { add(it) } } } ?: JsonNull.INSTANCE
        add("subject", json(cutout.subject))
        add("frame", json(cutout.frame))
        addProperty("instances", cutout.instances.size)
        addProperty("confidence", cutout.confidence)
        addProperty("halo", cutout.halo)
        addProperty("model", cutout.ran.model)
    }

    private fun facts(upscaled: Upscaled) = facts(upscaled.photo).apply {
        addProperty("model", upscaled.ran.model)
        addProperty("scale", upscaled.scale)
    }

    private suspend fun facts(rendition: Rendition) = Photo.decode(rendition.bytes()).use { facts(it) }.apply {
        addProperty("format", rendition.format.name.lowercase())
        add("steps", JsonArray().apply { rendition.steps.forEach { add(it.step) } })
    }

    private fun counts(report: BatchReport) = JsonObject().apply {
        addProperty("done", report.done)
        addProperty("failed", report.failed)
        addProperty("skipped", report.skipped)
        addProperty("resumed", report.resumed)
    }

    private fun facts(report: BatchReport, folder: Path) = counts(report).apply {
        val outputs = folder.listDirectoryEntries().map { "${it.fileName}" }.filter { it != ".packshot-journal" }
        add("outputs", JsonArray().apply { outputs.sorted().forEach { add(it) } })
        val errors = report.failures.associate { "${Paths.get(it.input).fileName}" to it.error?.code }
        add("errors", JsonObject().apply { errors.forEach { (name, code) -> addProperty(name, code) } })
    }
}

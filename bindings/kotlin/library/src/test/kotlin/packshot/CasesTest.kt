package packshot

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import kotlin.math.abs
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Every case of `bindings/cases`. */
class CasesTest {
    /** What the compiler refuses in Kotlin: a word that is no option, or no value of one. */
    private val impossible = setOf(
        "option with a slip of the pen", "value with a slip of the pen", "unknown limit", "unknown format",
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
        assertEquals(cases(file).map { it["name"].asString }.filter { it in impossible }.toSet(), inexpressible)
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
}

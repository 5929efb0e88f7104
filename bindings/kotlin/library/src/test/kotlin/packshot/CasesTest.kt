package packshot

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.copyTo
import kotlin.io.path.createDirectories
import kotlin.io.path.writeText
import kotlin.math.abs
import kotlin.math.max
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Every case of `bindings/cases`. */
class CasesTest {
    @Test
    @Shows("cutout.pictures", "cutout.facts", "cutout.model", "engine", "engine.options")
    fun `tools do what the cases say`() = engine().use { engine ->
        for (tool in tools) {
            run("tools/$tool.json") { case ->
                val given = case["pictures"]?.asJsonObject ?: JsonObject()
                val pictures = pictures { name -> given[name]?.let { Photo.open(photoPath(it.asString)) } }
                val source = Source.File(photoPath(case["photo"].asString))
                made(tool, engine, source, case["options"].asJsonObject, pictures)
            }
            shown(tool, "$tool.options")
        }
    }

    @Test
    @Shows("photo.open", "photo.decode", "photo.encode", "photo.limits", "photo.facts")
    fun `photos are as the cases say`() = run("photos.json") { case ->
        val decode = decode(case["decode"].asJsonObject)
        val encode = encode(case["encode"].asJsonObject)
        val photo = Photo.open(photoPath(case["photo"].asString), decode)
        readFacts(photo).apply { add("file", fileFacts(photo.encode(encode))) }
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
            val (photos, results) = temporaryFolder() to temporaryFolder()
            prepare(case, photos, results)
            val batch = batch(case["options"].asJsonObject).below(photos, results, names(case, "files"))
            val recipe = recipe(case)
            val report = engine.batch(recipe, batch)
            facts(report, results).apply { add("again", counts(engine.batch(recipe, batch))) }
        }
    }

    private fun names(case: JsonObject, key: String) = case[key]?.asJsonArray?.map { it.asString }.orEmpty()

    /** Puts the photos of a batch into one folder, and what stands in its way into the other. */
    private fun prepare(case: JsonObject, photos: Path, results: Path) {
        for (name in names(case, "files")) {
            val copy = photos.resolve(name).apply { parent.createDirectories() }
            photoPath("${copy.fileName}").copyTo(copy)
        }
        for (name in names(case, "standing")) {
            val place = results.resolve(name)
            if (name.endsWith('/')) place.createDirectories() else place.writeText("was here before")
        }
    }

    /** With paths in these folders; the text of the table becomes a file. */
    private fun Batch.below(photos: Path, results: Path, files: List<String>): Batch {
        val table = table?.let { photos.resolve("table.csv").apply { writeText(it) } }
        val inputs = if (table != null) emptyList() else inputs.ifEmpty { files }
        fun below(name: String?) = name?.let { "${results.resolve(it)}" }
        return copy(
            inputs = inputs.map { "${photos.resolve(it)}" },
            table = table?.toString(),
            output = below(output ?: ""),
            report = below(report),
            sheet = below(sheet),
            protect = protect.mapNotNull { below(it) },
        )
    }

    private fun recipe(case: JsonObject): Recipe {
        val recipe = case["preset"]?.let { Recipe.preset(it.asString) } ?: Recipe.parse(case["recipe"].asString)
        val variables = case["variables"]?.asJsonObject?.entrySet().orEmpty()
        return recipe.with(variables.associate { (name, value) -> name to value.asString })
    }

    /**
     * Runs every case of a file; [work] says what came out. A case has to hold, and not without any of its options: one that
     * got lost on the way would show.
     */
    private fun run(file: String, work: suspend (JsonObject) -> JsonObject) {
        val faults = mutableListOf<String>()
        val inexpressible = mutableSetOf<String>()
        // Many cases are the same once an option is taken away.
        val known = mutableMapOf<JsonObject, Pair<String, JsonElement>>()
        fun outcome(case: JsonObject) = known.getOrPut(given(case)) {
            try {
                runBlocking { "expect" to work(case) }
            } catch (error: PackshotException) {
                "error" to JsonPrimitive(error.code)
            } catch (_: Inexpressible) {
                "inexpressible" to JsonNull.INSTANCE
            }
        }
        for (case in cases(file)) {
            val name = case["name"].asString
            val (key, found) = outcome(case)
            if (key == "inexpressible") {
                assertEquals("option_invalid", case["error"]?.asString, name)
                inexpressible += name
                continue
            }
            if (!alike("", case[key], found)) faults += "$name: $key is $found, not ${case[key]}"
            for ((option, mutant) in mutants(case)) {
                val (another, without) = outcome(mutant)
                if (alike("", case[another], without)) faults += "$name: passes without $option"
            }
        }
        assertEquals(emptyList<String>(), faults)
        // What the compiler refuses in Kotlin: a word that is no option, or no value of one.
        val refused = cases(file).filter { it.has("untyped") }.map { it["name"].asString }
        assertEquals(refused.toSet(), inexpressible)
    }

    private fun given(case: JsonObject) = listOf("name", "expect", "error", "untyped").fold(case) { given, key -> given.without(key) }

    private fun JsonObject.without(key: String) = deepCopy().apply { remove(key) }

    private fun JsonObject.with(key: String, value: JsonElement) = deepCopy().apply { add(key, value) }

    /** The case without each of its options; of a table, such as that of a model, also without each of its keys. */
    private fun mutants(case: JsonObject) = sequence {
        for (group in listOf("options", "pictures", "decode", "encode", "variables")) {
            val options = case[group]?.asJsonObject ?: continue
            for ((option, value) in options.entrySet()) {
                yield(option to case.with(group, options.without(option)))
                val keys = (value as? JsonObject)?.keySet().orEmpty()
                if (keys.size > 1) {
                    for (key in keys) {
                        val table = options.with(option, value.asJsonObject.without(key))
                        yield("$option.$key" to case.with(group, table))
                    }
                }
            }
        }
    }

    /** Whether two results are the same within the tolerance of their key. */
    private fun alike(key: String, expected: JsonElement?, found: JsonElement): Boolean = when {
        expected is JsonObject && found is JsonObject ->
            expected.keySet() == found.keySet() && found.keySet().all { alike(it, expected[it], found[it]) }
        expected is JsonArray && found is JsonArray ->
            expected.size() == found.size() && expected.zip(found).all { (a, b) -> alike(key, a, b) }
        expected is JsonPrimitive && expected.isNumber && found is JsonPrimitive && found.isNumber ->
            abs(expected.asDouble - found.asDouble) <= tolerance(key, expected.asDouble)
        else -> expected == found
    }

    private fun tolerance(key: String, expected: Double) = when (key) {
        // The means are rounded to a tenth.
        "grid" -> 2.05
        "detail", "bytes" -> max(0.03 * expected, 0.1)
        else -> toleranceOfFact(key)
    }

    private fun readFacts(photo: Photo) = facts(photo).apply {
        addProperty("format", photo.format?.name?.lowercase())
        addProperty("exif", photo.exif?.size)
        addProperty("profile", photo.profile?.size)
    }

    private suspend fun fileFacts(file: ByteArray) =
        Photo.decode(file, Decode(color = ColorPolicy.KEEP)).use { readFacts(it) }.apply {
            addProperty("bytes", file.size)
            addProperty("dpi", dpi(file))
        }

    /** Dots per inch in the first segment of a JPEG. */
    private fun dpi(file: ByteArray): Int? {
        val isPerInch = String(file, 6, 4, Charsets.ISO_8859_1) == "JFIF" && file.u(13) == 1
        return if (isPerInch) file.u(14) * 256 + file.u(15) else null
    }

    private suspend fun facts(rendition: Rendition) = fileFacts(rendition.bytes()).apply {
        assertEquals(this["format"].asString, rendition.format.name.lowercase())
        add("steps", JsonArray().apply { rendition.steps.forEach { add(it.step) } })
    }

    private fun counts(report: BatchReport) = JsonObject().apply {
        addProperty("done", report.done)
        addProperty("failed", report.failed)
        addProperty("skipped", report.skipped)
        addProperty("resumed", report.resumed)
    }

    private suspend fun facts(report: BatchReport, folder: Path) = counts(report).apply {
        val failures = JsonObject()
        for (item in report.failures) {
            val failure = JsonArray().apply { add(item.error?.code); add(item.attempts) }
            failures.add("${Paths.get(item.input).fileName}", failure)
        }
        add("failures", failures)
        addProperty("stopped", report.stopped?.code)
        add("results", sizes(folder))
    }

    /** The files in a folder, with width and height of those that are photos. */
    private suspend fun sizes(folder: Path) = JsonObject().apply {
        for (file in folder.toFile().walk().filter { it.isFile && !it.name.startsWith('.') }) {
            val size = try {
                Photo.open(file.toPath()).use { JsonArray().apply { add(it.width); add(it.height) } }
            } catch (_: PackshotException) {
                JsonNull.INSTANCE
            }
            add(folder.relativize(file.toPath()).joinToString("/"), size)
        }
    }
}

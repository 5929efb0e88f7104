package packshot

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.math.abs
import kotlin.math.hypot
import kotlinx.coroutines.runBlocking

/** The root of the checkout; Maven runs the tests in the folder of their module. */
val checkout: Path = Paths.get("../../..").toAbsolutePath().normalize()

val cases: Path = System.getenv("PACKSHOT_CASES")?.let { Paths.get(it) } ?: checkout.resolve("bindings/cases")

fun photoPath(name: String): Path = cases.resolve("photos").resolve(name)

fun cases(file: String): List<JsonObject> =
    JsonParser.parseString(cases.resolve(file).toFile().readText()).asJsonArray.map { it.asJsonObject }

fun temporaryFolder(): Path = Files.createTempDirectory("packshot").also { it.toFile().deleteOnExit() }

/** An engine as the cases want it. */
fun engine(): Engine = Engine(EngineOptions(backend = Backend.RTEN, cacheDir = temporaryFolder().toString()))

fun ByteArray.u(index: Int): Int = this[index].toInt() and 0xff

fun ByteBuffer.u(index: Int): Int = this[index].toInt() and 0xff

/** An ellipse of coloured stripes on a ground with a gradient; enough of an edge for fine matting to work on. */
fun largePhoto(width: Int, height: Int): Photo {
    val bytes = ByteArray(width * height * 3)
    for (y in 0 until height) for (x in 0 until width) {
        val inside = hypot((x - width / 2.0) / width, (y - height / 2.0) / height) < 0.3
        val at = (y * width + x) * 3
        bytes[at] = (if (inside) 200 - (x * 7 + y * 3) % 31 else 230 - y * 20 / height).toByte()
        bytes[at + 1] = (if (inside) 40 + (x * 5 + y) % 23 else 228).toByte()
        bytes[at + 2] = (if (inside) 60 else 225 + x * 20 / width).toByte()
    }
    return Photo.ofPixels(bytes, width, height, Channels.RGB)
}

/** What [work] throws; that it throws nothing is a failure. */
inline fun <reified T : Throwable> thrownBy(crossinline work: suspend () -> Unit): T {
    try {
        runBlocking { work() }
    } catch (thrown: Throwable) {
        if (thrown is T) return thrown
        throw AssertionError("${thrown::class} instead of ${T::class}", thrown)
    }
    throw AssertionError("nothing was thrown instead of ${T::class}")
}

/** A sample of [photo] by its place, between 0 and 255. */
private fun samples(photo: Photo): (Int) -> Double {
    val bytes = photo.pixelBuffer()
    if (photo.depth == Depth.EIGHT) return { at -> bytes.u(at).toDouble() }
    val shorts = bytes.asShortBuffer()
    return { at -> (shorts[at].toInt() and 0xffff) / 257.0 }
}

/** What a picture is like. */
fun facts(photo: Photo): JsonObject = JsonObject().apply {
    addProperty("width", photo.width)
    addProperty("height", photo.height)
    addProperty("channels", count(photo.channels))
    addProperty("depth", bits(photo.depth))
    add("grid", grid(photo))
    add("detail", detail(photo))
}

fun json(rect: Rect?): JsonElement =
    rect?.run { JsonArray().apply { listOf(left, top, width, height).forEach { add(it) } } } ?: JsonNull.INSTANCE

/** 4 by 4 cells with the mean of each channel; see `bindings/cases/README.md`. */
fun grid(photo: Photo): JsonArray {
    val (width, height) = photo.width to photo.height
    val channels = count(photo.channels)
    val sample = samples(photo)
    val cells = JsonArray()
    for (j in 0 until 4) for (i in 0 until 4) {
        val rows = j * height / 4 until (j + 1) * height / 4
        val columns = i * width / 4 until (i + 1) * width / 4
        val means = JsonArray()
        for (channel in 0 until channels) {
            val sum = rows.sumOf { y -> columns.sumOf { x -> sample((y * width + x) * channels + channel) } }
            means.add(sum / (rows.count() * columns.count()))
        }
        cells.add(means)
    }
    return cells
}

/** By how much neighbours in a row differ, as a mean of each channel. */
fun detail(photo: Photo): JsonArray {
    val (width, height) = photo.width to photo.height
    val channels = count(photo.channels)
    val sample = samples(photo)
    val means = JsonArray()
    for (channel in 0 until channels) {
        val sum = (0 until height).sumOf { y ->
            (1 until width).sumOf { x ->
                val at = (y * width + x) * channels + channel
                abs(sample(at) - sample(at - channels))
            }
        }
        means.add(sum / maxOf((width - 1) * height, 1))
    }
    return means
}

fun count(channels: Channels): Int = when (channels) {
    Channels.GRAY -> 1
    Channels.GRAY_ALPHA -> 2
    Channels.RGB -> 3
    Channels.RGBA -> 4
}

fun bits(depth: Depth): Int = if (depth == Depth.EIGHT) 8 else 16

package packshot

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.nio.file.Path

/** Options that the types of Kotlin cannot say. */
class Inexpressible(what: String) : Exception(what)

fun removeBackground(json: JsonObject): RemoveBackground {
    var options = RemoveBackground()
    for ((key, value) in json.entrySet()) options = when (key) {
        "model" -> options.copy(model = model(value))
        "output" -> options.copy(output = word<Output>(value))
        "edges" -> options.copy(edges = word<Edges>(value))
        "decontaminate" -> options.copy(decontaminate = value.asBoolean)
        "keep_holes" -> options.copy(keepHoles = value.asBoolean)
        "solidify" -> options.copy(solidify = value.asBoolean)
        "background" -> options.copy(background = color(value))
        "crop" -> options.copy(crop = text(value, " "))
        "region" -> options.copy(region = text(value, " "))
        "subject" -> options.copy(subject = text(value, " "))
        "instances" -> options.copy(instances = text(value, ","))
        else -> throw Inexpressible(key)
    }
    return options
}

fun decode(json: JsonObject): Decode {
    var options = Decode()
    for ((key, value) in json.entrySet()) options = when (key) {
        "color" -> options.copy(color = word<ColorPolicy>(value))
        "max_pixels" -> options.copy(maxPixels = value.asLong.toULong())
        "max_bytes" -> options.copy(maxBytes = value.asLong.toULong())
        "max_frames" -> options.copy(maxFrames = value.asInt.toUInt())
        "max_profile_bytes" -> options.copy(maxProfileBytes = value.asLong.toULong())
        "max_metadata_bytes" -> options.copy(maxMetadataBytes = value.asLong.toULong())
        else -> throw Inexpressible(key)
    }
    return options
}

fun encode(json: JsonObject): Encode {
    var options = Encode()
    for ((key, value) in json.entrySet()) options = when (key) {
        "format" -> options.copy(format = word<ImageFormat>(value))
        "quality" -> options.copy(quality = value.asInt.toUByte())
        "chroma" -> options.copy(chroma = word<Chroma>(value))
        "lossless" -> options.copy(lossless = value.asBoolean)
        "png" -> options.copy(png = word<PngCompression>(value))
        "background" -> options.copy(background = color(value))
        "metadata" -> options.copy(metadata = word<MetadataMode>(value))
        "size" -> options.copy(size = size(value.asString))
        "fit" -> options.copy(fit = word<Fit>(value))
        "max_bytes" -> options.copy(maxBytes = value.asLong.toULong())
        "dpi" -> options.copy(dpi = value.asInt.toUInt())
        "profile" -> options.copy(profile = word<ProfileMode>(value))
        else -> throw Inexpressible(key)
    }
    return options
}

fun upscale(json: JsonObject): Upscale {
    var options = Upscale()
    for ((key, value) in json.entrySet()) options = when (key) {
        "model" -> options.copy(model = model(value))
        "scale" -> options.copy(scale = value.asDouble)
        "size" -> options.copy(size = size(value.asString))
        "denoise" -> options.copy(denoise = value.asDouble)
        "tile" -> options.copy(tile = value.asInt.toUInt())
        else -> throw Inexpressible(key)
    }
    return options
}

fun batch(json: JsonObject): Batch {
    var options = Batch()
    for ((key, value) in json.entrySet()) options = when (key) {
        "inputs" -> options.copy(inputs = value.asJsonArray.map { it.asString })
        "table" -> options.copy(table = value.asString)
        "output" -> options.copy(output = value.asString)
        "report" -> options.copy(report = value.asString)
        "sheet" -> options.copy(sheet = value.asString)
        "protect" -> options.copy(protect = value.asJsonArray.map { it.asString })
        "watch" -> options.copy(watch = value.asBoolean)
        "recursive" -> options.copy(recursive = value.asBoolean)
        "name" -> options.copy(name = value.asString)
        "existing" -> options.copy(existing = word<Existing>(value))
        "resume" -> options.copy(resume = value.asBoolean)
        "workers" -> options.copy(workers = value.asInt.toUInt())
        "memory" -> options.copy(memory = value.asLong.toULong())
        "retries" -> options.copy(retries = value.asInt.toUInt())
        "max_failures" -> options.copy(maxFailures = value.asLong.toULong())
        else -> throw Inexpressible(key)
    }
    return options
}

private fun model(json: JsonElement): Model {
    if (!json.isJsonObject) return Model.id(json.asString)
    val file = json.asJsonObject
    val path: Path = cases.resolve(file["file"]?.asString ?: throw Inexpressible("a model without a file"))
    return Model.file(path, like = file["like"]?.asString, descriptor = file["descriptor"]?.asString)
}

/** `keep-safe` is `KEEP_SAFE`. */
private inline fun <reified T : Enum<T>> word(json: JsonElement): T =
    enumValues<T>().find { it.name == json.asString.uppercase().replace('-', '_') } ?: throw Inexpressible(json.asString)

/** Numbers and lists of them, as CSS writes them. */
private fun text(json: JsonElement, separator: String): String =
    if (json.isJsonArray) json.asJsonArray.joinToString(separator) { it.asString } else json.asString

/** `2000`, `1200x`, `x800` or `1200x800`. */
private fun size(text: String): Size {
    val sides = text.split('x').map { it.toIntOrNull() }
    val (width, height) = Pair(sides.first(), sides.last())
    return when {
        sides.size == 1 && width != null -> Size.longSide(width)
        sides.size == 2 && width != null && height != null -> Size.box(width, height)
        sides.size == 2 && width != null -> Size.width(width)
        sides.size == 2 && height != null -> Size.height(height)
        else -> throw Inexpressible(text)
    }
}

private fun color(json: JsonElement): String =
    if (json.isJsonArray) json.asJsonArray.joinToString("", "#") { "%02x".format(it.asInt) } else json.asString

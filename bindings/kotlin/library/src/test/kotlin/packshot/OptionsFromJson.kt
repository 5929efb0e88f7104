package packshot

import com.google.gson.JsonElement
import java.nio.file.Path

/** Options that the types of Kotlin cannot say. */
class Inexpressible(what: String) : Exception(what)

fun model(json: JsonElement): Model {
    if (!json.isJsonObject) return Model.id(json.asString)
    val file = json.asJsonObject
    val path: Path = cases.resolve(file["file"]?.asString ?: throw Inexpressible("a model without a file"))
    return Model.file(path, like = file["like"]?.asString, descriptor = file["descriptor"]?.asString)
}

/** `keep-safe` is `KEEP_SAFE`. */
inline fun <reified T : Enum<T>> word(json: JsonElement): T =
    enumValues<T>().find { it.name == json.asString.uppercase().replace('-', '_') } ?: throw Inexpressible(json.asString)

inline fun <reified T : Any> whole(json: JsonElement): T = when (T::class) {
    UByte::class -> json.asInt.toUByte() as T
    UInt::class -> json.asLong.toUInt() as T
    else -> json.asLong.toULong() as T
}

/** Numbers and lists of them, as CSS writes them. */
fun text(json: JsonElement, separator: String): String =
    if (json.isJsonArray) json.asJsonArray.joinToString(separator) { it.asString } else json.asString

/** `2000`, `1200x`, `x800` or `1200x800`. */
fun size(text: String): Size {
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

fun color(json: JsonElement): String =
    if (json.isJsonArray) json.asJsonArray.joinToString("", "#") { "%02x".format(it.asInt) } else json.asString

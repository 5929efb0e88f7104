// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot

import com.google.gson.JsonObject

val tools = listOf("remove_background", "upscale", "crop")

/** What a tool makes of a photo, in the words of the cases. */
suspend fun made(tool: String, engine: Engine, source: Source, options: JsonObject, pictures: Pictures): JsonObject =
    when (tool) {
        "remove_background" -> engine.removeBackground(source, removeBackground(options), pictures).use { facts(it) }
        "upscale" -> engine.upscale(source, upscale(options)).use { facts(it) }
        "crop" -> engine.crop(source, crop(options)).use { facts(it) }
        else -> throw Inexpressible(tool)
    }

/** Pictures by their names. */
suspend fun pictures(open: suspend (String) -> Photo?): Pictures = Pictures(
    mask = open("mask"),
    trimap = open("trimap"),
    background = open("background"),
)

/** By how much a fact of a tool may differ. */
fun toleranceOfFact(name: String): Double = when (name) {
    "subject" -> 2.05
    "confidence", "halo", "scale" -> 0.0205
    else -> 0.0
}

fun facts(made: Cutout): JsonObject = facts(made.photo).apply {
    addProperty("model", made.ran.model)
    addProperty("trimap", made.trimap != null)
    add("subject", json(made.subject))
    add("frame", json(made.frame))
    addProperty("instances", made.instances.size)
    addProperty("confidence", made.confidence)
    addProperty("halo", made.halo)
}

fun facts(made: Upscaled): JsonObject = facts(made.photo).apply {
    addProperty("model", made.ran.model)
    addProperty("scale", made.scale)
}

fun facts(made: Cropped): JsonObject = facts(made.photo).apply {
    addProperty("model", made.ran.model)
    add("frame", json(made.frame))
    add("subject", json(made.subject))
}

// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot

import com.google.gson.JsonObject

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
        "background_picture" -> options.copy(backgroundPicture = value.asString)
        "mask" -> options.copy(mask = value.asString)
        "trimap" -> options.copy(trimap = value.asString)
        "crop" -> options.copy(crop = text(value, " "))
        "snap" -> options.copy(snap = value.asBoolean)
        "region" -> options.copy(region = text(value, " "))
        "subject" -> options.copy(subject = text(value, " "))
        "instances" -> options.copy(instances = text(value, ","))
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
        "tile" -> options.copy(tile = whole(value))
        else -> throw Inexpressible(key)
    }
    return options
}

fun crop(json: JsonObject): Crop {
    var options = Crop()
    for ((key, value) in json.entrySet()) options = when (key) {
        "area" -> options.copy(area = text(value, " "))
        "margin" -> options.copy(margin = text(value, " "))
        "aspect" -> options.copy(aspect = text(value, ":"))
        "gravity" -> options.copy(gravity = word<Gravity>(value))
        "snap" -> options.copy(snap = value.asBoolean)
        "size" -> options.copy(size = size(value.asString))
        "model" -> options.copy(model = model(value))
        else -> throw Inexpressible(key)
    }
    return options
}

fun encode(json: JsonObject): Encode {
    var options = Encode()
    for ((key, value) in json.entrySet()) options = when (key) {
        "format" -> options.copy(format = word<ImageFormat>(value))
        "quality" -> options.copy(quality = whole(value))
        "chroma" -> options.copy(chroma = word<Chroma>(value))
        "lossless" -> options.copy(lossless = value.asBoolean)
        "png" -> options.copy(png = word<PngCompression>(value))
        "background" -> options.copy(background = color(value))
        "metadata" -> options.copy(metadata = word<MetadataMode>(value))
        "size" -> options.copy(size = size(value.asString))
        "fit" -> options.copy(fit = word<Fit>(value))
        "max_bytes" -> options.copy(maxBytes = whole(value))
        "dpi" -> options.copy(dpi = whole(value))
        "profile" -> options.copy(profile = word<ProfileMode>(value))
        else -> throw Inexpressible(key)
    }
    return options
}

fun decode(json: JsonObject): Decode {
    var options = Decode()
    for ((key, value) in json.entrySet()) options = when (key) {
        "color" -> options.copy(color = word<ColorPolicy>(value))
        "max_pixels" -> options.copy(maxPixels = whole(value))
        "max_bytes" -> options.copy(maxBytes = whole(value))
        "max_frames" -> options.copy(maxFrames = whole(value))
        "max_profile_bytes" -> options.copy(maxProfileBytes = whole(value))
        "max_metadata_bytes" -> options.copy(maxMetadataBytes = whole(value))
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
        "recursive" -> options.copy(recursive = value.asBoolean)
        "name" -> options.copy(name = value.asString)
        "existing" -> options.copy(existing = word<Existing>(value))
        "resume" -> options.copy(resume = value.asBoolean)
        "workers" -> options.copy(workers = whole(value))
        "memory" -> options.copy(memory = whole(value))
        "retries" -> options.copy(retries = whole(value))
        "max_failures" -> options.copy(maxFailures = whole(value))
        "watch" -> options.copy(watch = value.asBoolean)
        "report" -> options.copy(report = value.asString)
        "sheet" -> options.copy(sheet = value.asString)
        "protect" -> options.copy(protect = value.asJsonArray.map { it.asString })
        else -> throw Inexpressible(key)
    }
    return options
}

package packshot.examples

import java.nio.file.Paths
import packshot.Engine
import packshot.Source
import packshot.Upscale

/** Makes a photo larger: `Upscale small.jpg large.png 2.5`. */
suspend fun main(args: Array<String>) {
    val (from, to) = args.take(2).map { Paths.get(it) }
    Engine().use { engine ->
        engine.upscale(Source.File(from), Upscale(scale = args[2].toDouble())).use { upscaled ->
            upscaled.photo.save(to)
            println("$to: ${upscaled.photo.width} x ${upscaled.photo.height}, with ${upscaled.ran.model}")
        }
    }
}

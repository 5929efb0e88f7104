package packshot.examples

import java.nio.file.Paths
import kotlin.math.roundToInt
import kotlin.system.exitProcess
import packshot.Engine
import packshot.PackshotException
import packshot.Source

/** Cuts one photo out: `CutOut shoe.jpg shoe.png`. */
suspend fun main(args: Array<String>) {
    val (from, to) = args.map { Paths.get(it) }
    try {
        Engine().use { engine ->
            engine.removeBackground(Source.File(from)).use { cutout ->
                cutout.photo.save(to)
                println("$to: ${cutout.photo.width} x ${cutout.photo.height}, subject at ${cutout.subject}")
                println("${(cutout.confidence * 100).roundToInt()} % sure, with ${cutout.ran.model}")
            }
        }
    } catch (error: PackshotException) {
        System.err.println("${error.message}\n${error.remedy}")
        exitProcess(1)
    }
}

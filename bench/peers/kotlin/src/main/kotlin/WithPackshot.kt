// Packshot itself, from Kotlin: what it costs to cross the boundary. The words are those of with_packshot.py, and
// bench/src/serve.rs says what the orders mean.

import java.nio.file.Files
import kotlin.io.path.Path
import kotlinx.coroutines.runBlocking
import packshot.Backend
import packshot.Channels
import packshot.Engine
import packshot.EngineOptions
import packshot.Photo
import packshot.Source

fun main(args: Array<String>) = Engine(EngineOptions(backend = Backend.RTEN)).use { engine ->
    val data = Files.readAllBytes(Path(args[1]))
    serve(
        when (args[0]) {
            "bytes" -> suspend { engine.removeBackground(Source.Bytes(data)).use { it.photo.encode() } }
            else -> suspend {
                Photo.ofPixels(data, args[2].toInt(), args[3].toInt(), Channels.RGB).use { photo ->
                    engine.removeBackground(Source.Decoded(photo)).use { it.photo.pixels() }
                }
            }
        },
    )
}

private fun serve(work: suspend () -> ByteArray) {
    var answer: ByteArray? = null
    println("ready")
    for (line in generateSequence(::readLine)) {
        if (line == "round") {
            answer = null
            val begin = System.nanoTime()
            answer = runBlocking { work() }
            println("done ${(System.nanoTime() - begin) / 1e9}")
        } else {
            Files.write(Path(line.substringAfter(' ')), answer!!)
            println("saved")
        }
    }
}

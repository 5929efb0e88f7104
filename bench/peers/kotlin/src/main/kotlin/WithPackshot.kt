// Packshot itself, from Kotlin: what it costs to cross the boundary. The words are those of with_packshot.py, and
// bench/src/serve.rs says what the orders mean.

import java.nio.file.Files
import kotlin.io.path.Path
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import packshot.Backend
import packshot.Channels
import packshot.Edges
import packshot.Engine
import packshot.EngineOptions
import packshot.Photo
import packshot.RemoveBackground
import packshot.Source

fun main(args: Array<String>) = Engine(EngineOptions(backend = Backend.RTEN)).use { engine ->
    val data = Files.readAllBytes(Path(args[1]))
    if (args[0] == "cancel") return@use serveTimed { ByteArray(0) to cancelled(engine, data) }
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

// When each round's cancels come after the start of the work, in milliseconds.
private val cancels = listOf(5L, 40, 90, 160, 250)

/** The slowest answer to a cancel, in seconds. */
private suspend fun cancelled(engine: Engine, data: ByteArray): Double = coroutineScope {
    cancels.maxOf { wait ->
        val cutout = async(Dispatchers.Default) {
            engine.removeBackground(Source.Bytes(data), RemoveBackground(edges = Edges.FINE))
        }
        delay(wait)
        val begin = System.nanoTime()
        cutout.cancelAndJoin()
        val seconds = (System.nanoTime() - begin) / 1e9
        check(cutout.isCancelled) { "the work was done before $wait ms" }
        seconds
    }
}

private fun serve(work: suspend () -> ByteArray) = serveTimed {
    val begin = System.nanoTime()
    val answer = work()
    answer to (System.nanoTime() - begin) / 1e9
}

/** The work says itself how many seconds count. */
private fun serveTimed(work: suspend () -> Pair<ByteArray, Double>) {
    var answer: ByteArray? = null
    println("ready")
    for (line in generateSequence(::readLine)) {
        if (line == "round") {
            answer = null
            val (made, seconds) = runBlocking { work() }
            answer = made
            println("done $seconds")
        } else {
            Files.write(Path(line.substringAfter(' ')), answer!!)
            println("saved")
        }
    }
}

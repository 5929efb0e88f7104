package packshot

import java.io.File
import java.nio.file.Files
import kotlin.system.exitProcess
import kotlin.time.DurationUnit
import kotlin.time.measureTime
import kotlinx.coroutines.runBlocking

/*
 * What Kotlin costs on top of Rust, for a photo of 12 million pixels. With release builds of both, in turns, so that what
 * else the machine does falls on both:
 *
 *     cargo build --release -p packshot --example overhead
 *     java -cp … packshot.OverheadKt target/release/examples/overhead 15
 *
 * With `memory 1000` instead it makes that many small calls, and says how much memory the process has along the way.
 */

private const val LARGEST_OVERHEAD = 0.05

fun main(args: Array<String>) {
    val rounds = args[1].toInt()
    if (args[0] == "memory") memory(rounds) else exitProcess(if (overhead(args[0], rounds)) 0 else 1)
}

private fun overhead(program: String, rounds: Int): Boolean = Engine(EngineOptions(Backend.RTEN)).use { engine ->
    val file = Files.createTempFile("large", ".jpg")
    runBlocking { largePhoto(4000, 3000).use { it.save(file) } }
    val data = Files.readAllBytes(file)
    val photo = runBlocking { Photo.open(file) }
    val pixels = photo.pixels()
    val rust = ProcessBuilder(program, file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val (ask, answers) = rust.outputStream.bufferedWriter() to rust.inputStream.bufferedReader()
    val forms = mapOf<String, suspend () -> ByteArray>(
        "bytes" to { engine.removeBackground(Source.Bytes(data)).use { it.photo.encode() } },
        "pixels" to {
            Photo.ofPixels(pixels, photo.width, photo.height, photo.channels).use { source ->
                engine.removeBackground(Source.Decoded(source)).use { it.photo.pixels() }
            }
        },
    )
    val fine = forms.map { (name, work) ->
        val times = List(rounds + 1) {
            ask.write("$name\n")
            ask.flush()
            val theirs = answers.readLine().substringBefore(' ').toDouble()
            theirs to measureTime { runBlocking { work() } }.toDouble(DurationUnit.MILLISECONDS)
        }.drop(1)
        val (theirs, ours) = times.map { it.first }.sorted() to times.map { it.second }.sorted()
        val more = ours[rounds / 2] / theirs[rounds / 2] - 1
        println(
            "%-7s Rust %.1f ms  Kotlin %.1f ms  %+.1f %%  (fastest %.1f and %.1f)"
                .format(name, theirs[rounds / 2], ours[rounds / 2], more * 100, theirs[0], ours[0]),
        )
        more <= LARGEST_OVERHEAD
    }
    ask.close()
    Files.delete(file)
    fine.all { it }
}

private fun memory(calls: Int) = Engine(EngineOptions(Backend.RTEN)).use { engine ->
    val data = Files.readAllBytes(photoPath("mug.jpg"))
    repeat(calls) { n ->
        runBlocking {
            engine.removeBackground(Source.Bytes(data)).use { cutout ->
                cutout.photo.encode()
                cutout.photo.pixelBuffer()
            }
        }
        if ((n + 1) % (calls / 10) == 0) println("${n + 1} calls: ${residentMegabytes()} MB")
    }
}

private fun residentMegabytes(): Long {
    val line = File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }
    return Regex("[0-9]+").find(line)!!.value.toLong() / 1024
}

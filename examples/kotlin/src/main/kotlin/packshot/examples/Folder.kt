package packshot.examples

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.Paths
import kotlin.io.path.extension
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.math.roundToInt
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import packshot.Edges
import packshot.Engine
import packshot.Event
import packshot.PackshotException
import packshot.RemoveBackground
import packshot.Source

private val endings = setOf("jpg", "jpeg", "png", "webp", "tif", "tiff")

/**
 * Cuts out every photo of a folder, with progress: `Folder photos out`. Ctrl-C stops it, in the middle of a photo too;
 * `--stop-after 2` does the same after two photos.
 */
fun main(args: Array<String>) = runBlocking {
    val (from, to) = args.take(2).map { Paths.get(it) }
    val stopAfter = args.drop(2).zipWithNext().find { it.first == "--stop-after" }?.second?.toInt()
    Files.createDirectories(to)

    val job = launch {
        Engine().use { engine ->
            val photos = from.listDirectoryEntries().filter { it.extension.lowercase() in endings }.sorted()
            photos.forEachIndexed { index, photo ->
                if (index == stopAfter) coroutineContext.cancel(CancellationException("stopped after $index photos"))
                cutOut(engine, photo, to.resolve("${photo.nameWithoutExtension}.png"))
            }
        }
    }
    Runtime.getRuntime().addShutdownHook(Thread { runBlocking { job.cancel(); job.join() } })
    job.invokeOnCompletion { cause -> println(cause?.message ?: "done") }
    job.join()
}

/** One bad photo does not spoil the others. */
private suspend fun cutOut(engine: Engine, photo: Path, to: Path) = try {
    engine.removingBackground(Source.File(photo), RemoveBackground(edges = Edges.FINE)).collect { event ->
        when (event) {
            is Event.Progress -> print("\r${photo.fileName} ${(event.fraction * 100).roundToInt()} %")
            is Event.Done -> event.result.use { it.photo.save(to) }
        }
    }
    println()
} catch (error: PackshotException) {
    println("\n${error.message}\n${error.remedy}")
}

package packshot.examples

import java.nio.file.Paths
import kotlin.math.roundToInt
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import packshot.Batch
import packshot.BatchEvent
import packshot.Engine
import packshot.PackshotException
import packshot.Recipe

/**
 * Puts every photo of a folder through a recipe: `Folder photos out`, or with a recipe of your own
 * `Folder photos out --recipe mine.toml`.
 *
 * Ctrl-C stops it, in the middle of a photo too, and the same call continues where it was; `--stop-after 2` does the same
 * after two photos.
 */
fun main(args: Array<String>) = runBlocking {
    val (from, to) = args
    val options = args.drop(2).zipWithNext().toMap()
    val recipe = options["--recipe"]?.let { Recipe.open(Paths.get(it)) } ?: Recipe.preset("transparent-png")
    val stopAfter = options["--stop-after"]?.toLong()

    val job = launch {
        Engine().use { engine ->
            engine.batching(recipe, Batch(inputs = listOf(from), output = to)).collect { event ->
                when (event) {
                    is BatchEvent.Progress -> {
                        tell(event)
                        if (event.done == stopAfter) cancel(CancellationException("stopped after $stopAfter photos"))
                    }
                    is BatchEvent.Done -> event.report.run { println("$done made, $resumed there before, $failed failed") }
                }
            }
        }
    }
    Runtime.getRuntime().addShutdownHook(
        Thread {
            job.cancel(CancellationException("stopped"))
            runBlocking { job.join() }
        },
    )
    job.invokeOnCompletion { cause -> cause?.let { println(it.message) } }
    job.join()
}

private fun tell(progress: BatchEvent.Progress) = progress.run {
    val finished = done + failed + skipped + resumed
    println("$finished of $total, ${(rate * 10).roundToInt() / 10.0} a second, ${left?.roundToInt() ?: "?"} s left")
    item.error?.let { println(explained(item.input, it)) }
}

/** One bad photo does not spoil the others. */
private fun explained(photo: String, error: PackshotException) = "$photo: ${error.message}\n${error.remedy}"

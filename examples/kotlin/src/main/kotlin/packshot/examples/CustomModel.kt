package packshot.examples

import java.nio.file.Paths
import packshot.Engine
import packshot.Model
import packshot.RemoveBackground
import packshot.Source
import packshot.file

/** Cuts a photo out with an ONNX file: `CustomModel mine.onnx u2netp shoe.jpg shoe.png`, if it works like `u2netp`. */
suspend fun main(args: Array<String>) {
    val (model, like, from, to) = args
    val options = RemoveBackground(model = Model.file(Paths.get(model), like = like))
    Engine().use { engine ->
        engine.removeBackground(Source.File(Paths.get(from)), options).use { cutout ->
            cutout.photo.save(Paths.get(to))
            val backend = cutout.ran.backend
            println("${cutout.ran.model} ran on ${backend?.name}: ${backend?.reason}")
            cutout.ran.stages.forEach { (stage, time) -> println("${stage.name.lowercase()} $time") }
        }
    }
}

package packshot

import android.graphics.Bitmap
import android.graphics.Color
import java.nio.ByteBuffer

/** The photo as a bitmap with alpha, 8 bits a channel. Do not call it on the main thread: it looks at every pixel. */
public fun Photo.toBitmap(): Bitmap {
    val bitmap = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
    val buffer = pixelBuffer()
    val shorts = buffer.asShortBuffer()
    val sample: (Int) -> Int = when (depth) {
        Depth.EIGHT -> { at -> buffer[at].toInt() and 0xff }
        Depth.SIXTEEN -> { at -> (shorts[at].toInt() and 0xffff) / 257 }
    }
    val pixel: (Int) -> Int = when (channels) {
        Channels.GRAY -> { n -> sample(n).let { Color.rgb(it, it, it) } }
        Channels.GRAY_ALPHA -> { n -> sample(n * 2).let { Color.argb(sample(n * 2 + 1), it, it, it) } }
        Channels.RGB -> { n -> Color.rgb(sample(n * 3), sample(n * 3 + 1), sample(n * 3 + 2)) }
        Channels.RGBA -> { n ->
            Color.argb(sample(n * 4 + 3), sample(n * 4), sample(n * 4 + 1), sample(n * 4 + 2))
        }
    }
    // Colours with straight alpha; the bitmap multiplies them by itself.
    val row = IntArray(width)
    for (y in 0 until height) {
        for (x in 0 until width) row[x] = pixel(y * width + x)
        bitmap.setPixels(row, 0, width, 0, y, width, 1)
    }
    return bitmap
}

/** The bitmap as a photo with alpha. A bitmap in hardware has to be copied to `ARGB_8888` first. */
public fun Bitmap.toPhoto(): Photo {
    val rgba = ByteBuffer.allocateDirect(width * height * 4)
    val row = IntArray(width)
    for (y in 0 until height) {
        getPixels(row, 0, width, 0, y, width, 1)
        for (color in row) {
            rgba.put(Color.red(color).toByte()).put(Color.green(color).toByte())
            rgba.put(Color.blue(color).toByte()).put(Color.alpha(color).toByte())
        }
    }
    rgba.rewind()
    return Photo.ofPixels(rgba, width, height, Channels.RGBA)
}

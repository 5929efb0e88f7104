package packshot

import java.awt.color.ColorSpace
import java.awt.color.ICC_Profile
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.ReadOnlyBufferException
import java.nio.file.Files
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.writeText
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class PhotoTest {
    @Test
    @Shows("cutout.sources", "cutout.matte")
    fun `a path, bytes and a photo give the same cut-out`() = runBlocking<Unit> {
        val path = photoPath("mug.jpg")
        engine().use { engine ->
            val sources = listOf(Source.File(path), Source.Bytes(path.readBytes()), Source.Decoded(Photo.open(path)))
            val cutouts = sources.map { engine.removeBackground(it) }
            for (cutout in cutouts) {
                assertArrayEquals(cutouts[0].photo.pixels(), cutout.photo.pixels())
                assertEquals(Channels.GRAY, cutout.matte.channels)
                assertEquals(320 to 272, cutout.matte.width to cutout.matte.height)
                val alpha = cutout.photo.pixels().filterIndexed { index, _ -> index % 4 == 3 }.toByteArray()
                assertArrayEquals(alpha, cutout.matte.pixels())
                val trimap = cutout.trimap!!.pixels().map { it.toInt() and 0xff }.toSet()
                assertEquals(setOf(0, 128, 255), trimap)
            }
            cutouts.forEach { it.close() }
            val off = engine.removeBackground(sources[0], RemoveBackground(edges = Edges.OFF, decontaminate = false))
            assertNull(off.trimap)
        }
    }

    @Test
    @Shows("photo.pixels_in", "photo.pixels_out")
    fun `pixels of every layout go in and come out`() = runBlocking<Unit> {
        for (depth in Depth.entries) for (channels in Channels.entries) {
            val (width, height) = 5 to 3
            val bytes = ByteArray(width * height * count(channels) * bits(depth) / 8) { (it * 37 + 11).toByte() }
            val photo = Photo.ofPixels(bytes, width, height, channels, depth)
            assertEquals(listOf(5, 3, channels, depth), with(photo) { listOf(this.width, this.height, this.channels, this.depth) })
            assertArrayEquals(bytes, photo.pixels())

            val view = photo.pixelBuffer()
            assertTrue(view.isDirect && view.isReadOnly)
            assertEquals(ByteOrder.nativeOrder(), view.order())
            assertEquals(ByteBuffer.wrap(bytes), view)
            thrownBy<ReadOnlyBufferException> { view.put(0, 1) }

            val again = Photo.decode(photo.encode(Encode(format = ImageFormat.PNG)))
            assertEquals(channels to depth, again.channels to again.depth)
            assertArrayEquals(bytes, again.pixels())
        }
    }

    @Test
    fun `a buffer counts from its position to its limit, direct or not`() {
        val bytes = ByteArray(20) { it.toByte() }
        for (buffer in listOf(ByteBuffer.wrap(bytes), ByteBuffer.allocateDirect(20).put(bytes))) {
            buffer.position(3).limit(15)
            val photo = Photo.ofPixels(buffer, 2, 2, Channels.RGB)
            assertArrayEquals(bytes.copyOfRange(3, 15), photo.pixels())
            assertEquals(3 to 15, buffer.position() to buffer.limit())
        }
    }

    @Test
    fun `a wrong shape is refused`() {
        val wrong = listOf(
            { Photo.ofPixels(ByteArray(11), 2, 2, Channels.RGB) },
            { Photo.ofPixels(ByteArray(12), 2, 2, Channels.RGB, Depth.SIXTEEN) },
            { Photo.ofPixels(ByteArray(3), 1, 1, Channels.GRAY, Depth.SIXTEEN) },
            { Photo.ofPixels(ByteArray(0), 0, 0, Channels.RGB) },
            { Photo.ofPixels(ByteArray(12), -2, -2, Channels.RGB) },
            { Photo.ofPixels(ByteBuffer.allocate(0), 1, 1, Channels.GRAY) },
        )
        for (make in wrong) {
            assertEquals("option_invalid", thrownBy<PackshotException.Option> { make() }.code)
        }
        assertEquals("photo_empty", thrownBy<PackshotException.Photo> { Photo.decode(ByteArray(0)) }.code)
        val empty = Source.Bytes(ByteArray(0))
        assertEquals("photo_empty", thrownBy<PackshotException.Photo> { engine().removeBackground(empty) }.code)
    }

    @Test
    fun `a pixel buffer outlives its photo`() = runBlocking<Unit> {
        val buffers = List(20) { n ->
            Photo.ofPixels(ByteArray(1_000_000) { n.toByte() }, 1000, 1000, Channels.GRAY).use { it.pixelBuffer() }
        }
        repeat(5) {
            System.gc()
            System.runFinalization()
            // Memory that was freed would be taken again here.
            Photo.ofPixels(ByteArray(1_000_000) { 99 }, 1000, 1000, Channels.GRAY).close()
            Thread.sleep(20)
        }
        buffers.forEachIndexed { n, buffer ->
            assertTrue((0 until buffer.limit()).all { buffer[it] == n.toByte() }, "buffer $n changed")
        }
    }

    @Test
    fun `profile and EXIF are there when they are kept`() = runBlocking<Unit> {
        val sideways = Photo.open(photoPath("sideways.jpg"))
        assertEquals(ImageFormat.JPEG, sideways.format)
        assertNotNull(sideways.exif)
        assertNull(sideways.profile)

        val linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).data
        val jpeg = withProfile(photoPath("mug.jpg").readBytes(), linear)
        assertArrayEquals(linear, Photo.decode(jpeg, Decode(color = ColorPolicy.KEEP)).profile)
        assertNull(Photo.decode(jpeg).profile)
    }

    /** The JPEG with a profile in a segment after its first marker. */
    private fun withProfile(jpeg: ByteArray, profile: ByteArray): ByteArray {
        val content = "ICC_PROFILE\u0000".toByteArray() + byteArrayOf(1, 1) + profile
        val length = content.size + 2
        val marker = byteArrayOf(0xff.toByte(), 0xe2.toByte(), (length shr 8).toByte(), length.toByte())
        return jpeg.copyOf(2) + marker + content + jpeg.copyOfRange(2, jpeg.size)
    }

    @Test
    fun `a limit holds`() {
        val limit = thrownBy<PackshotException.Limit> { Photo.open(photoPath("mug.jpg"), Decode(maxPixels = 9u)) }
        assertEquals("limit_pixels", limit.code)
    }

    @Test
    @Shows("photo.save")
    fun `a photo is saved in one step or not at all`() = runBlocking<Unit> {
        val folder = temporaryFolder()
        val photo = Photo.open(photoPath("mug.jpg"))
        val file = folder.resolve("mug.png")
        photo.save(file)
        assertArrayEquals(photo.pixels(), Photo.open(file).pixels())

        photo.save(folder.resolve("mug.bin"), Encode(format = ImageFormat.TIFF))
        assertEquals(ImageFormat.TIFF, Photo.open(folder.resolve("mug.bin")).format)
        assertEquals("photo_format", thrownBy<PackshotException.Photo> { photo.save(folder.resolve("mug.xyz")) }.code)

        val before = file.readBytes()
        thrownBy<PackshotException.Option> { photo.save(file, Encode(format = ImageFormat.JPEG, quality = 101u)) }
        assertArrayEquals(before, file.readBytes())
        val nowhere = folder.resolve("nowhere/mug.png")
        thrownBy<PackshotException.File> { photo.save(nowhere) }
        assertTrue(!nowhere.exists())
        assertEquals(listOf("mug.bin", "mug.png"), folder.listDirectoryEntries().map { it.fileName.toString() }.sorted())
        val text = Files.createTempFile("packshot", ".jpg").also { it.writeText("no photo") }
        thrownBy<PackshotException.Photo> { Photo.open(text) }
    }
}

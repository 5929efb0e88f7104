// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot

import kotlinx.coroutines.flow.Flow
import packshot.ffi.ProgressListener

/** A photo without its background, and what was found. [close] frees its pictures. */
public class Cutout internal constructor(made: packshot.ffi.Cutout) : AutoCloseable {
    /** The picture that was asked for. */
    public val photo: Photo = Photo(made.photo)

    /** The matte at the photo's full size, before cropping: 0 is background, 255 subject. */
    public val matte: Photo = Photo(made.matte)

    /**
     * Where alpha was computed, at the photo's full size: 0 is background, 255 subject, 128 unknown; `null` with edges
     * off.
     */
    public val trimap: Photo? = made.trimap?.let { Photo(it) }

    /** The smallest rectangle around everything that is at least half subject, in the photo; `null` if nothing is. */
    public val subject: Rect? = made.subject?.let { Rect(it) }

    /** The part of the photo that the result shows; it may reach beyond the photo, to leave a margin. */
    public val frame: Rect = Rect(made.frame)

    /** The separate subjects found, largest first; specks below 1/2000 of the photo are not listed. */
    public val instances: List<Instance> = made.instances.map { Instance(it) }

    /** How sure the model is, from 0 to 1. */
    public val confidence: Float = made.confidence

    /**
     * How much of the old background is left in the rim, from 0 to 1. Above about 0.2 a rim is visible on another
     * background: try fine edges. If the result has no colours, it is measured on the photo's own.
     */
    public val halo: Float = made.halo

    /** What did the work; without a model if none was needed. */
    public val ran: Ran = Ran(made.ran)

    override fun close(): Unit = listOfNotNull(photo, matte, trimap).forEach(Photo::close)

    override fun toString(): String =
        "Cutout($photo, subject $subject, frame $frame, ${instances.size} instances, confidence $confidence, halo $halo)"
}

/** A larger photo, with the depth, channels, profile and metadata of the input. [close] frees its pictures. */
public class Upscaled internal constructor(made: packshot.ffi.Upscaled) : AutoCloseable {
    /** The picture that was asked for. */
    public val photo: Photo = Photo(made.photo)

    /** The factor of both sides, before rounding to whole pixels: 1 if nothing had to be done. */
    public val scale: Double = made.scale

    /** What did the work; without a model if none was needed. */
    public val ran: Ran = Ran(made.ran)

    override fun close(): Unit = photo.close()

    override fun toString(): String =
        "Upscaled($photo, scale $scale)"
}

/** A part of a photo, with the depth, channels, profile and metadata of the input. [close] frees its pictures. */
public class Cropped internal constructor(made: packshot.ffi.Cropped) : AutoCloseable {
    /** The picture that was asked for. */
    public val photo: Photo = Photo(made.photo)

    /**
     * The part of the photo that was kept, before it was scaled to a size; it may reach beyond a photo with
     * transparency, to leave a margin.
     */
    public val frame: Rect = Rect(made.frame)

    /**
     * The smallest rectangle around everything that is at least half subject; `null` if nothing is, or if the subject
     * was not searched for.
     */
    public val subject: Rect? = made.subject?.let { Rect(it) }

    /** What did the work; without a model if none was needed. */
    public val ran: Ran = Ran(made.ran)

    override fun close(): Unit = photo.close()

    override fun toString(): String =
        "Cropped($photo, frame $frame, subject $subject)"
}

/** Pictures that go with the options of a tool. They stay the caller's to close. */
public data class Pictures(
    /** A matte to use in place of a model's: a gray picture of the photo's size, where 0 is background. */
    val mask: Photo? = null,
    /**
     * Where alpha is computed, in place of a band along the model's edge: a gray picture of the photo's size, where 0
     * is background, 255 subject, and everything else unknown. It replaces the model; a `mask` beside it gives the
     * initial alpha.
     */
    val trimap: Photo? = null,
    /** A picture behind the subject, scaled to cover the photo and cut at its centre. */
    val background: Photo? = null,
) {
    internal fun native(): Map<String, packshot.ffi.Photo> = buildMap {
        mask?.let { put("mask", it.native) }
        trimap?.let { put("trimap", it.native) }
        background?.let { put("background", it.native) }
    }
}

/** The tools of an [Engine]. */
public abstract class Tools internal constructor(internal val native: packshot.ffi.Engine) {
    /**
     * Cuts the subject out of a photo.
     *
     * A mask, a trimap and a background picture can be files or decoded photos.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read; of kind `OPTION` for options that make no
     * sense or do not fit the photo; of kind `MODEL` or `BACKEND` for what cannot run.
     */
    public suspend fun removeBackground(
        source: Source,
        options: RemoveBackground = RemoveBackground(),
        pictures: Pictures = Pictures(),
    ): Cutout = cutout(source, options, pictures, null)

    /**
     * The same, watched: reports of progress, then the result. Whoever collects starts the work, and whoever stops
     * collecting stops it.
     */
    public fun removingBackground(
        source: Source,
        options: RemoveBackground = RemoveBackground(),
        pictures: Pictures = Pictures(),
    ): Flow<Event<Cutout>> = watching { cutout(source, options, pictures, it) }

    private suspend fun cutout(
        source: Source,
        options: RemoveBackground,
        pictures: Pictures,
        listener: ProgressListener?,
    ): Cutout = calling { token ->
        source.lent {
            Cutout(native.removeBackground(it, options, pictures.native(), token, listener))
        }
    }

    /**
     * Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read; of kind `OPTION` for options that make no
     * sense or do not fit the photo; of kind `MODEL` or `BACKEND` for what cannot run.
     */
    public suspend fun upscale(
        source: Source,
        options: Upscale = Upscale(),
    ): Upscaled = upscaled(source, options, null)

    /**
     * The same, watched: reports of progress, then the result. Whoever collects starts the work, and whoever stops
     * collecting stops it.
     */
    public fun upscaling(
        source: Source,
        options: Upscale = Upscale(),
    ): Flow<Event<Upscaled>> = watching { upscaled(source, options, it) }

    private suspend fun upscaled(
        source: Source,
        options: Upscale,
        listener: ProgressListener?,
    ): Upscaled = calling { token ->
        source.lent {
            Upscaled(native.upscale(it, options, emptyMap(), token, listener))
        }
    }

    /**
     * Keeps a part of a photo: an area, an aspect, or the subject with a margin.
     *
     * `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
     *
     * @throws PackshotException as [Photo.open] does for what cannot be read; of kind `OPTION` for options that make no
     * sense or do not fit the photo; of kind `MODEL` or `BACKEND` for what cannot run.
     */
    public suspend fun crop(
        source: Source,
        options: Crop,
    ): Cropped = cropped(source, options, null)

    /**
     * The same, watched: reports of progress, then the result. Whoever collects starts the work, and whoever stops
     * collecting stops it.
     */
    public fun cropping(
        source: Source,
        options: Crop,
    ): Flow<Event<Cropped>> = watching { cropped(source, options, it) }

    private suspend fun cropped(
        source: Source,
        options: Crop,
        listener: ProgressListener?,
    ): Cropped = calling { token ->
        source.lent {
            Cropped(native.crop(it, options, emptyMap(), token, listener))
        }
    }
}

// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import type { Area, Color, Instances, Margin, ModelFile, Size } from './values.js';

/**
 * What the result of a cut-out shows.
 *
 * - `rgba`: The photo with alpha, or on a new background.
 * - `alpha`: The matte as a gray picture: 0 is background.
 * - `mask`: The matte thresholded at one half: black or white.
 * - `foreground`: The subject's colours without alpha, black where alpha is 0: for use together with `alpha`.
 * - `background`: The photo without its subject: alpha is inverted.
 * - `trimap`: Where the matte was sure and where alpha was computed, as a gray picture: 0, 128 or 255.
 */
export type Output = 'rgba' | 'alpha' | 'mask' | 'foreground' | 'background' | 'trimap';

/**
 * How alpha is computed along the edge of a subject.
 *
 * - `off`: No refinement: the model's output, scaled up.
 * - `fast`: Alpha follows the photo's edges: a colour guided filter. It has no effect if the model sees the photo at
 *   nearly its own size.
 * - `fine`: Hair, fur and glass: closed-form matting, several times slower.
 */
export type Edges = 'off' | 'fast' | 'fine';

/**
 * Where a part of a photo lies.
 *
 * - `center`: In the middle.
 * - `top`: At the upper edge.
 * - `top-right`: In the upper right corner.
 * - `right`: At the right edge.
 * - `bottom-right`: In the lower right corner.
 * - `bottom`: At the lower edge.
 * - `bottom-left`: In the lower left corner.
 * - `left`: At the left edge.
 * - `top-left`: In the upper left corner.
 * - `subject`: Around the subject.
 */
export type Gravity =
  'center' | 'top' | 'top-right' | 'right' | 'bottom-right' | 'bottom' | 'bottom-left' | 'left' | 'top-left' | 'subject';

/**
 * Resolution of colour in a JPEG.
 *
 * - `half`: Half in both directions (4:2:0): the usual choice, a third smaller.
 * - `full`: Full (4:4:4): for sharp coloured edges and text.
 */
export type Chroma = 'half' | 'full';

/**
 * Time against size for PNG. All are lossless.
 *
 * - `fast`: 12 million pixels in about 0.1 s.
 * - `balanced`: 15 % smaller, thirty times slower.
 * - `best`: A little smaller again, twice as slow again.
 */
export type PngCompression = 'fast' | 'balanced' | 'best';

/**
 * Which of the original's metadata a saved photo contains.
 *
 * - `strip`: None.
 * - `keep-safe`: EXIF about camera, lens, exposure, date, author and copyright, and nothing else: no place, no serial
 *   numbers, no owner, no maker notes, no thumbnail, no XMP, no IPTC. Unknown fields are dropped, since they may
 *   contain anything.
 * - `keep`: All of EXIF, thumbnail included, but with orientation 1 and the size of the saved picture; and XMP.
 */
export type MetadataMode = 'strip' | 'keep-safe' | 'keep';

/**
 * How a photo is fitted to the size of its file.
 *
 * - `inside`: Scaled down to fit; a smaller photo is unchanged.
 * - `pad`: Scaled up or down to fit, and padded to exactly the size.
 * - `cover`: Scaled to cover the size; the excess is cut off equally on both sides.
 */
export type Fit = 'inside' | 'pad' | 'cover';

/**
 * Which colour profile a file contains.
 *
 * - `keep`: The photo's own, if it still has one; without one, sRGB is implied.
 * - `srgb`: Colours are converted to sRGB, with a profile.
 * - `none`: Colours are converted to sRGB, without a profile, which makes the file smaller.
 */
export type ProfileMode = 'keep' | 'srgb' | 'none';

/**
 * What to do with a photo's colour profile.
 *
 * - `to-srgb`: Convert to sRGB, which models expect and every screen shows.
 * - `keep`: Keep the samples as they are and embed the profile when saving. CMYK is converted nevertheless.
 * - `data`: The samples as they are, without a profile: for masks, trimaps and other data that is not colour.
 */
export type ColorPolicy = 'to-srgb' | 'keep' | 'data';

/**
 * What to do if a file that no batch wrote already exists in a result's place.
 *
 * - `skip`: Keep it and count the photo as skipped.
 * - `replace`: Overwrite it.
 * - `number`: Give the result another name: `-2`, `-3`, and so on.
 * - `fail`: Count the photo as failed.
 */
export type Existing = 'skip' | 'replace' | 'number' | 'fail';

/**
 * Which backend runs models.
 *
 * - `auto`: ONNX Runtime if a usable library is found and loads the model, rten otherwise.
 * - `onnxruntime`: ONNX Runtime, or an error with the code `backend_missing`.
 * - `rten`: rten, which is compiled in.
 */
export type Backend = 'auto' | 'onnxruntime' | 'rten';

/**
 * A file format for photos.
 *
 * - `jpeg`: JPEG; 8 bit, no alpha.
 * - `png`: PNG; 8 or 16 bit, alpha, lossless.
 * - `webp`: WebP; 8 bit, alpha, lossy or lossless.
 * - `tiff`: TIFF; 8 or 16 bit, alpha, lossless.
 * - `avif`: AVIF; 8 bit, alpha. Written with the cargo feature `avif`, never read.
 * - `heic`: HEIC; read with the cargo feature `heic`, never written.
 */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif' | 'heic';

/**
 * How a photo of a batch ended.
 *
 * - `done`: Made now.
 * - `resumed`: Made in an earlier run from the same photo with the same recipe, and still there.
 * - `skipped`: Skipped: a file that no batch wrote exists in its place, or its result was changed since.
 * - `failed`: Failed.
 */
export type BatchOutcome = 'done' | 'resumed' | 'skipped' | 'failed';

/**
 * What an operation is doing.
 *
 * - `decode`: Reading and decoding the photo.
 * - `download`: Downloading a model.
 * - `load`: Loading a model into a backend.
 * - `prepare`: Scaling and normalising the photo.
 * - `inference`: Running the model.
 * - `matte`: Turning the model's answer into a matte at photo size.
 * - `edges`: Computing alpha and colours along the edge.
 * - `compose`: Composing and cropping the result.
 * - `encode`: Encoding the result.
 */
export type Stage = 'decode' | 'download' | 'load' | 'prepare' | 'inference' | 'matte' | 'edges' | 'compose' | 'encode';

/**
 * The coarse class of an error: what has to be fixed.
 *
 * - `photo`: The photo itself cannot be used.
 * - `limit`: A limit was reached; nothing was allocated beyond it.
 * - `option`: An option, or a combination of options, is invalid.
 * - `file`: A file could not be read or written.
 * - `model`: A model is unknown, missing, damaged or not permitted.
 * - `network`: A download failed.
 * - `backend`: No backend could run the model.
 * - `cancelled`: The caller cancelled.
 * - `internal`: A defect in Packshot.
 */
export type ErrorKind =
  'photo' | 'limit' | 'option' | 'file' | 'model' | 'network' | 'backend' | 'cancelled' | 'internal';

/**
 * What was not done as asked, or not as expected, although there is a result.
 *
 * - `option_ignored`: An option was given that has no effect on this photo, with this model or in this format.
 * - `backend_fallback`: A backend could not be used, or could not load the model, and the other one ran.
 * - `subject_cut`: The margin around a subject meets the edge of the photo that cuts it off.
 * - `margin_clipped`: A margin is smaller than asked: the photo ends before it does.
 * - `float_clipped`: The photo has floating-point samples, which were read as 16 bits and clipped to 0 to 1.
 */
export type NoteCode = 'option_ignored' | 'backend_fallback' | 'subject_cut' | 'margin_clipped' | 'float_clipped';

/**
 * Whether a model is on this machine.
 *
 * - `embedded`: It is compiled into the library.
 * - `present`: Every file is there, with the published size where there is one.
 * - `absent`: At least one file is not there.
 * - `damaged`: A file is there with the wrong size. (The right size with wrong content is found by verifying it.)
 */
export type ModelState = 'embedded' | 'present' | 'absent' | 'damaged';

/**
 * Cuts the subject out of a photo.
 *
 * A mask, a trimap and a background picture can be files or decoded photos.
 */
export interface RemoveBackground {
  /** The model that finds the subject. Default: Packshot's own. */
  model?: string | ModelFile | undefined;
  /** What the result shows. Default: `rgba`. */
  output?: Output | undefined;
  /** How alpha is computed along the edge. Default: `fast`. */
  edges?: Edges | undefined;
  /** Takes the old background's colour out of half-transparent pixels. Default: `true`. */
  decontaminate?: boolean | undefined;
  /** Also cuts out the background that shows through rings, handles, frames and letters. Default: `false`. */
  keepHoles?: boolean | undefined;
  /** Makes the inside of the subject opaque. Default: `false`. */
  solidify?: boolean | undefined;
  /** The colour behind the subject, as a CSS colour, or `transparent`. Default: `transparent`. */
  background?: Color | undefined;
  /**
   * Crops to the subject and this margin: one, two or four lengths in CSS order, such as `20px 40px`, `5%` (of the
   * subject) or `6% of result`. Where the photo ends first, the result reaches beyond it. Default: the whole photo.
   */
  crop?: Margin | undefined;
  /**
   * With `crop`: no margin where the photo cuts the subject off, so that it touches the edge of the result there.
   * Default: `false`.
   */
  snap?: boolean | undefined;
  /**
   * Restricts the search to this part of the photo: `left top right bottom`, in pixels or percent, such as `10% 0 90%
   * 100%`. Default: the whole photo.
   */
  region?: Area | undefined;
  /** A box around the wanted subject, written like `region`. Default: every subject is wanted. */
  subject?: Area | undefined;
  /** Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`. Default: `all`. */
  instances?: Instances | undefined;
}

/** Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2. */
export interface Upscale {
  /** The model that adds the detail. Default: Packshot's own. */
  model?: string | ModelFile | undefined;
  /** The factor for both sides; may be fractional. Range: 1 to 8. Default: 2. */
  scale?: number | undefined;
  /**
   * The size to reach, such as `2000` for the longer side; the aspect is kept. A photo that is already as large is
   * returned unchanged. Default: given by `scale`.
   */
  size?: Size | undefined;
  /**
   * How much noise and JPEG blocking to remove; in between, the weights of two trained nets are blended. Range: 0 to 1.
   * Default: the model as it is; 0 with Packshot's own.
   */
  denoise?: number | undefined;
  /**
   * Longest side of the tiles that the model works on, in pixels of the photo: smaller tiles take less memory, larger
   * ones less time. Range: 32 to 2,048. Default: 256 to 384, depending on the model.
   */
  tile?: number | undefined;
}

/**
 * Keeps a part of a photo: an area, an aspect, or the subject with a margin.
 *
 * `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
 */
export interface Crop {
  /** The part to keep: `left top right bottom`, such as `10% 0 90% 100%`. Default: the whole photo. */
  area?: Area | undefined;
  /**
   * Keeps the subject and this margin: one, two or four lengths in CSS order, such as `20px 40px`, `5%` (of the
   * subject) or `6% of result`. The subject is the opaque part of a photo with transparency, and the result may reach
   * beyond such a photo. In any other photo, a model finds the subject, and the margin ends where the photo does.
   * Default: the subject is not searched for.
   */
  margin?: Margin | undefined;
  /**
   * Width to height of the result, such as `1:1`, `4:5` or `1.91`, from 1:100 to 100:1. Keeps the largest part of the
   * area with this aspect; with `margin`, the smallest part around the subject. Default: that of the kept part.
   */
  aspect?: string | number | undefined;
  /** Position of the kept part, or of the subject in it, when `aspect` leaves a choice. Default: center. */
  gravity?: Gravity | undefined;
  /**
   * With `margin`: none where the photo cuts the subject off, so that it touches the edge of the result there. Default:
   * `false`.
   */
  snap?: boolean | undefined;
  /** The size that the result is scaled down to; it is never scaled up. Default: not scaled. */
  size?: Size | undefined;
  /** The model that finds the subject. Default: Packshot's own. */
  model?: string | ModelFile | undefined;
}

/** How to write a photo. Options for other formats are ignored. */
export interface Encode {
  /** The file format. Default: that of the file's extension, or PNG without a file name. */
  format?: ImageFormat | undefined;
  /** JPEG, lossy WebP, AVIF: 1 is worst, 100 best. Range: 1 to 100. Default: 90. */
  quality?: number | undefined;
  /** JPEG: resolution of colour. Default: `half`. */
  chroma?: Chroma | undefined;
  /** WebP: keep every sample as it is. Default: `false`. */
  lossless?: boolean | undefined;
  /** PNG: time against size. Default: `fast`. */
  png?: PngCompression | undefined;
  /**
   * The colour behind transparent parts in a format without alpha, and of the padding of `fit`, as a CSS colour.
   * Default: white; padding is transparent where photo and format are, and black around a matte.
   */
  background?: Color | undefined;
  /** Which of the original's metadata to write. Default: `strip`. */
  metadata?: MetadataMode | undefined;
  /**
   * The size of the saved picture: `2000` (the longer side), `1200x`, `x800` or `1200x800`; see `fit`. Default: the
   * photo's.
   */
  size?: Size | undefined;
  /**
   * How the photo is fitted to that size. `pad` and `cover` need both sides, or one number for a square. Default:
   * `inside`.
   */
  fit?: Fit | undefined;
  /**
   * The most bytes of the file: quality is lowered, down to 30, until it fits; lossless formats are compressed harder.
   * Default: unlimited.
   */
  maxBytes?: number | undefined;
  /** Dots per inch stated in the file; changes no pixel. Range: 1 to 65,535. Default: that of the kept metadata. */
  dpi?: number | undefined;
  /** The colour profile in the file. Default: `keep`. */
  profile?: ProfileMode | undefined;
}

/** How to read a photo. */
export interface Decode {
  /** What to do with the colour profile. Default: `to-srgb`. */
  color?: ColorPolicy | undefined;
  /** The most pixels, width times height. Default: 120 million. */
  maxPixels?: number | undefined;
  /** The most bytes of the file. Default: 512 MiB. */
  maxBytes?: number | undefined;
  /** The most frames of an animation, or pages of a TIFF. Default: 1,000. */
  maxFrames?: number | undefined;
  /** The most bytes of the ICC profile. Default: 4 MiB. */
  maxProfileBytes?: number | undefined;
  /** The most bytes of EXIF and of XMP each; larger metadata is skipped. Default: 4 MiB. */
  maxMetadataBytes?: number | undefined;
}

/**
 * Runs one recipe on many photos: the inputs, the output folder, and what to do with existing files.
 *
 * A batch never writes to files that it reads: photos, table, recipe, model files and `protect` are unchanged, whatever
 * name or link leads to them. In JSON, a path that is not Unicode is `{"bytes": "…"}`, in base64.
 */
export interface Batch {
  /** Files, folders and glob patterns. */
  inputs?: readonly (string | URL)[] | undefined;
  /**
   * A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output` (the name
   * of the result), and a column for each recipe variable to set.
   */
  table?: string | URL | undefined;
  /** The output folder; created if it does not exist. */
  output?: string | URL | undefined;
  /** Whether to search folders recursively; results then keep their subfolder. Default: `false`. */
  recursive?: boolean | undefined;
  /**
   * Naming of results: text with `{stem}`, `{ext}`, `{folder}` (the input's subfolder, relative to the given folder)
   * and `{number}` (the input's position, from 1). Default: `{folder}/{stem}.{ext}`.
   */
  name?: string | undefined;
  /**
   * What to do if a file that no batch wrote already exists in place of a result, the report or the sheet. A result
   * that was changed since counts as such a file. Default: `skip`.
   */
  existing?: Existing | undefined;
  /**
   * Resume where the batch in this folder was stopped: results of the same photo and the same recipe are not made
   * again. Default: `true`.
   */
  resume?: boolean | undefined;
  /** Number of photos to work on at a time. Range: 1 to 64. Default: the number of cores. */
  workers?: number | undefined;
  /**
   * The most bytes for decoded photos and results together; a photo waits until there is room for it. Default: 2 GiB.
   */
  memory?: number | undefined;
  /** How often a photo is retried after an error of a file, a disk or a network. Default: 1. */
  retries?: number | undefined;
  /** Stop after this many failures, at least 1. Default: never. */
  maxFailures?: number | undefined;
  /** Keep watching the folders for new photos until cancelled. Default: `false`. */
  watch?: boolean | undefined;
  /** A file for the report, as JSON. */
  report?: string | URL | undefined;
  /** A file for the contact sheet, as HTML: before and after of each photo. */
  sheet?: string | URL | undefined;
  /** Other files that this call reads, such as a list of photos, and that must not be overwritten. */
  protect?: readonly (string | URL)[] | undefined;
}

/** The options of an engine. */
export interface EngineOptions {
  /** Which backend runs models. Default: `auto`. */
  backend?: Backend | undefined;
  /** The ONNX Runtime library to load, in preference to any that is found automatically. */
  ortLibrary?: string | URL | undefined;
  /**
   * An optional ONNX Runtime library, or its folder: tried after the environment variables and before the system's, and
   * skipped if it is missing or cannot be used.
   */
  offeredOrtLibrary?: string | URL | undefined;
  /** Threads for one model run, at least 1. Default: the number of cores, at most 4. */
  threads?: number | undefined;
  /**
   * How many calls run at a time, at least 1; further ones wait in order of arrival. One extra worker serves photos of
   * up to two million pixels. Photos of batches take turns with the calls. Default: the number of cores.
   */
  workers?: number | undefined;
  /**
   * Memory in bytes for all calls and batches together, at least 1, as estimated from the headers of their photos. A
   * photo that needs more than that runs alone. Models are not counted. Default: a quarter of the machine's memory.
   */
  memory?: number | undefined;
  /**
   * The most pixels, width times height, of a photo or picture that a call reads. A recipe may set its own. Default:
   * 120 million.
   */
  maxPixels?: number | undefined;
  /** The most bytes of a file that a call reads as a photo or picture. A recipe may set its own. Default: 512 MiB. */
  maxBytes?: number | undefined;
  /** The folder for models. Default: `PACKSHOT_CACHE`, or the platform's cache folder. */
  cacheDir?: string | URL | undefined;
  /** Whether a tool may download a missing registry model. Default: `false`. */
  download?: boolean | undefined;
  /** Forbids the network. Default: `false`. */
  offline?: boolean | undefined;
  /** Permits models whose licence forbids commercial use. Default: `false`. */
  allowNoncommercial?: boolean | undefined;
  /** Models to add to the built-in registry: the text of a registry in TOML. */
  registry?: string | undefined;
}

import { fileURLToPath } from 'node:url';

import type { BatchEvent } from './batch.js';
import type { CallOptions } from './call.js';
import type { PhotoInput } from './input.js';
import { coreName } from './names.js';

/** A colour: CSS text such as `'#ff8800'` or `'white'`, or three or four numbers from 0 to 255. */
export type Color =
  | string
  | readonly [red: number, green: number, blue: number]
  | readonly [red: number, green: number, blue: number, alpha: number];

/** A space around something: one, two or four lengths in CSS order, such as `'5%'`, `'20px 40px'` or `[10, '5%']`. */
export type Margin = string | number | readonly (string | number)[];

/** A part of a photo: left, top, right and bottom, such as `'10% 0 90% 100%'` or `[0, 0, 400, 300]`. */
export type Area =
  string | readonly [left: string | number, top: string | number, right: string | number, bottom: string | number];

/** `rgba`: the photo with alpha, or on a new background. `alpha`, `mask`, `trimap`: gray. `foreground`: colours without
 * alpha. `background`: the photo without its subject. */
export type Output = 'rgba' | 'alpha' | 'mask' | 'foreground' | 'background' | 'trimap';
/** `fast` follows the photo's edges; `fine` is for hair, fur and glass; `off` takes the model's answer as it is. */
export type Edges = 'off' | 'fast' | 'fine';
/** `auto`: ONNX Runtime if a usable library is found, and rten, which is compiled in, otherwise. */
export type Backend = 'auto' | 'onnxruntime' | 'rten';
/** Builds of this package read JPEG, PNG, WebP and TIFF, and write them. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif' | 'heic';
/**
 * `to-srgb` converts the photo; `keep` leaves the samples alone and writes the profile back; `data` leaves them alone and
 * forgets the profile, for masks and whatever else is no colour.
 */
export type ColorPolicy = 'to-srgb' | 'keep' | 'data';
/** Resolution of colour in a JPEG: 4:2:0 or 4:4:4. */
export type Chroma = 'half' | 'full';
/** Time against size. */
export type PngCompression = 'fast' | 'balanced' | 'best';
/** How a photo gets the size of its file: `'inside'` (the default) never enlarges, the others give it exactly. */
export type Fit = 'inside' | 'pad' | 'cover';
/** Which colour profile a file carries. */
export type ProfileMode = 'keep' | 'srgb' | 'none';
/** A size in pixels: a number or `'2000'` (the longer side), `'1200x'`, `'x800'` or `'1200x800'`. */
export type Size = number | `${number}` | `${number}x` | `x${number}` | `${number}x${number}`;
/** `skip` leaves the file and counts the photo as skipped, `replace` writes over it, `number` gives the result another
 * name: `-2`, `-3`, and so on. */
export type Existing = 'skip' | 'replace' | 'number' | 'fail';
/** `strip` writes none of the original's metadata, `keep-safe` no place and no serial numbers, `keep` all. */
export type MetadataMode = 'strip' | 'keep-safe' | 'keep';

/** An ONNX file of your own. One of `like` and `descriptor` says how it takes a photo and gives its answer. */
export interface ModelFile {
  /** Path of the file. */
  file: string | URL;
  /** It does the same as this model of the registry. */
  like?: string | undefined;
  /** It does what this descriptor says: the text of a TOML file. */
  descriptor?: string | undefined;
}

/** What an engine can be asked for. */
export interface EngineOptions {
  /** Which backend runs models. */
  backend?: Backend | undefined;
  /** The ONNX Runtime library to load, before any that is found by itself. */
  ortLibrary?: string | URL | undefined;
  /** An ONNX Runtime library to try if neither you nor the environment names one; by default that of the package
   * `onnxruntime-node`, if it is installed. */
  offeredOrtLibrary?: string | URL | undefined;
  /** Threads for one model run, at least 1. */
  threads?: number | undefined;
  /** The folder for models. */
  cacheDir?: string | URL | undefined;
  /** Whether a tool may fetch a missing model of the registry. */
  download?: boolean | undefined;
  /** Forbids the network. */
  offline?: boolean | undefined;
  /** Permits models whose licence forbids commercial use. */
  allowNoncommercial?: boolean | undefined;
  /** Models to add to those that Packshot knows: the text of a registry in TOML. */
  registry?: string | undefined;
}

/** How a subject is cut out, and what the result shows. */
export interface RemoveBackgroundOptions extends CallOptions {
  /** The model that finds the subject, by id or as a file; by default Packshot's own. */
  model?: string | ModelFile | undefined;
  /** What the result shows. */
  output?: Output | undefined;
  /** How alpha is worked out along the edge. */
  edges?: Edges | undefined;
  /** Takes the old background's colour out of half-transparent pixels. */
  decontaminate?: boolean | undefined;
  /** Also cuts out the background that shows through rings, handles and frames. */
  keepHoles?: boolean | undefined;
  /** Makes the inside of the subject opaque. */
  solidify?: boolean | undefined;
  /** What stands behind the subject: a colour, `'transparent'`, or a picture. Text is always a colour; for the path
   * of a picture give a `file:` URL. */
  background?: Color | Exclude<PhotoInput, string> | undefined;
  /** Crops to the subject and this margin. */
  crop?: Margin | undefined;
  /** Only this part of the photo is looked at. */
  region?: Area | undefined;
  /** A box around the wanted subject. */
  subject?: Area | undefined;
  /** Which of several separate subjects to keep: `'all'`, `'largest'`, or positions. */
  instances?: 'all' | 'largest' | number | readonly number[] | undefined;
  /** A matte in place of the model's, of the photo's size. */
  mask?: PhotoInput | undefined;
  /** Where the edge is to be worked out, of the photo's size: black is background, white is subject. */
  trimap?: PhotoInput | undefined;
}

/** How a photo is made larger. `scale` and `size` exclude each other. */
export interface UpscaleOptions extends CallOptions {
  /** The model that adds the detail, by id or as a file; by default Packshot's own. */
  model?: string | ModelFile | undefined;
  /** The factor of both sides, from 1 to 8; need not be whole. */
  scale?: number | undefined;
  /** The size to reach; the aspect is kept. A photo that is as large already stays as it is. */
  size?: Size | undefined;
  /** How much noise and how many JPEG blocks to take away, from 0 (none) to 1. */
  denoise?: number | undefined;
  /** Side of the tiles that the model works on, in pixels of the photo: smaller takes less memory, larger less time. */
  tile?: number | undefined;
}

/** Which photos a batch takes, where results go, and what to do when something is in the way. */
export interface BatchOptions extends Pick<CallOptions, 'signal'> {
  /** Files, folders and glob patterns. */
  inputs?: readonly (string | URL)[] | undefined;
  /** A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output` (the name
   * of the result), and a column for each variable of the recipe that rows set. */
  table?: string | URL | undefined;
  /** The folder for the results; made if it is missing. */
  output: string | URL;
  /** Searches folders to any depth; results then keep their subfolder. */
  recursive?: boolean | undefined;
  /** How results are called: text with `{stem}`, `{ext}`, `{folder}` (the input's, below the one that was given) and
   * `{number}` (the input's place, from 1). */
  name?: string | undefined;
  /** What to do where a file that no batch wrote, or a result that was changed since, stands in a result's place. */
  existing?: Existing | undefined;
  /** Goes on where the batch in this folder was stopped: what is done with the same photo and the same recipe is not
   * done again. */
  resume?: boolean | undefined;
  /** Photos that are worked on at a time. */
  workers?: number | undefined;
  /** Most bytes that decoded photos and results may take together; a photo waits until there is room for it. */
  memory?: number | undefined;
  /** How often a photo is tried again when a file, a disk or a network is to blame. */
  retries?: number | undefined;
  /** Stops after this many failures. */
  maxFailures?: number | undefined;
  /** Goes on watching the folders for new photos until the signal aborts; then the promise resolves to the report. */
  watch?: boolean | undefined;
  /** A file for the report, as JSON. */
  report?: string | URL | undefined;
  /** A file for the contact sheet, as HTML: before and after of each photo. */
  sheet?: string | URL | undefined;
  /** Other files that this call reads, such as a list of photos: nothing is written to them. */
  protect?: readonly (string | URL)[] | undefined;
  /** Called for each photo that is finished. The batch does not wait for one that is slower: it misses photos of which
   * later events have the counts, but none that failed. If it throws, the batch stops and rejects with what was thrown. */
  onProgress?: ((event: BatchEvent) => void) | undefined;
}

/** How a photo is read. */
export interface DecodeOptions extends Pick<CallOptions, 'signal'> {
  /** What becomes of the colour profile. */
  color?: ColorPolicy | undefined;
  /** Most pixels, width times height. */
  maxPixels?: number | undefined;
  /** Most bytes of the file. */
  maxBytes?: number | undefined;
  /** Most frames of an animation, or pages of a TIFF. */
  maxFrames?: number | undefined;
  /** Most bytes of the ICC profile. */
  maxProfileBytes?: number | undefined;
  /** Most bytes of EXIF and of XMP each; what is larger is left out. */
  maxMetadataBytes?: number | undefined;
}

/** How a photo is written. What concerns another format is ignored. */
export interface EncodeOptions extends Pick<CallOptions, 'signal'> {
  /** The file format; by default the one that the file's name asks for, or PNG where there is no name. */
  format?: ImageFormat | undefined;
  /** JPEG, lossy WebP: 1 (worst) to 100 (best). */
  quality?: number | undefined;
  /** JPEG: resolution of colour. */
  chroma?: Chroma | undefined;
  /** WebP: keep every sample as it is. */
  lossless?: boolean | undefined;
  /** PNG: time against size. */
  png?: PngCompression | undefined;
  /** The colour behind a transparent photo in a JPEG, and of the padding of `fit`. */
  background?: Color | undefined;
  /** What of the original's metadata is written. */
  metadata?: MetadataMode | undefined;
  /** The size of the saved picture. */
  size?: Size | undefined;
  /** How the photo gets that size. `'pad'` and `'cover'` need both sides, or one number for a square. */
  fit?: Fit | undefined;
  /** Most bytes of the file: quality is lowered, down to 30, until it fits; lossless formats are compressed harder. */
  maxBytes?: number | undefined;
  /** Dots per inch that the file states, 1 to 65,535; changes no pixel. */
  dpi?: number | undefined;
  /** The colour profile that the file carries. */
  profile?: ProfileMode | undefined;
}

/** Options as the core reads them: the one place where their names are translated. */
export function toJson(options: object): string {
  return JSON.stringify(plain(options));
}

function plain(value: unknown): unknown {
  if (value instanceof URL) return fileURLToPath(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, value]) => [coreName(name), plain(value)]));
  }
  // JSON would leave these out or write null, which means that nothing was said. As text, the core refuses them.
  const unknown = typeof value === 'number' ? !Number.isFinite(value) : /^(bigint|function|symbol)$/.test(typeof value);
  return unknown ? String(value) : value;
}

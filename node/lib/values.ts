// What options take that is more than one word or number.

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

/** Which of several subjects: all of them, the largest, or positions. */
export type Instances = 'all' | 'largest' | number | readonly number[];

/**
 * A size in pixels: a number or `'2000'` (the longer side), `'1200x'`, `'x800'`, `'1200x800'` or
 * `[1200, 800]`.
 */
export type Size = number | `${number}` | `${number}x` | `x${number}` | `${number}x${number}` | readonly [number, number];

/** An ONNX file of your own. Either `like` or `descriptor` defines its input and output formats. */
export interface ModelFile {
  /** Path of the file. */
  file: string | URL;
  /** The registry model whose input and output formats it shares. */
  like?: string | undefined;
  /** A descriptor of its input and output formats: the text of a TOML file. */
  descriptor?: string | undefined;
}

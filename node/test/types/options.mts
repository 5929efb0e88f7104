// Read by tsc alone: what is right compiles, and what is wrong does not.
import { createReadStream } from 'node:fs';

import {
  Cutout,
  Engine,
  OptionError,
  PackshotError,
  Photo,
  Recipe,
  removeBackground,
  crop,
  upscale,
  type BatchReport,
  type ErrorCode,
  type ModelStatus,
  type Pixels,
  type RemoveBackgroundOptions,
  type Rendition,
  type Cropped,
  type Upscaled,
} from 'packshot';

declare const engine: Engine;
declare const photo: Photo;
declare const response: Response;
declare const sharpPixels: {
  data: Buffer;
  info: { width: number; height: number; channels: 1 | 2 | 3 | 4; depth?: string };
};

export async function right(): Promise<void> {
  const cutout: Cutout = await removeBackground('a.jpg', { edges: 'fine', crop: '5%', keepHoles: true });
  const asPhoto: Photo = cutout;
  await engine.removeBackground(asPhoto, {
    background: [255, 128, 0],
    crop: [10, '5%'],
    instances: [0, 2],
    region: [0, 0, '50%', 10],
  });
  await engine.removeBackground(new URL('file:///a.jpg'), {
    background: photo,
    mask: new Uint8Array(),
    trimap: 'trimap.png',
  });
  await engine.removeBackground(new Blob([]), {
    model: { file: 'a.onnx', like: 'u2netp' },
    signal: AbortSignal.timeout(1000),
  });
  await engine.removeBackground(createReadStream('a.jpg'), {
    onProgress: ({ stage, fraction }) => void [stage === 'edges', fraction * 2],
  });
  await engine.removeBackground(response.body!, { background: undefined });
  await engine.removeBackground(response, { background: [255, 255, 255] });
  const pixels: Pixels = await cutout.matte.toPixels();
  await Photo.fromPixels(pixels);
  await Photo.fromPixels(sharpPixels);
  await Photo.fromPixels({ data: new Uint8ClampedArray(4), width: 1, height: 1, channels: 4 });
  const bytes: Buffer = await photo.encode({ format: 'webp', quality: 80 });
  void new Response(await photo.encode());
  void new Response(photo.stream({ format: 'webp', quality: 80 }));
  await Photo.decode((await new Request('http://localhost').formData()).get('photo') as File);
  await Photo.decode(bytes, { maxPixels: 1e8, color: 'keep' });
  await photo.encode({ format: 'jpeg', size: '1200x1200', fit: 'pad', maxBytes: 200_000, dpi: 300, profile: 'srgb' });
  const larger: Upscaled = await upscale(asPhoto, { size: '1200x', onProgress: ({ stage }) => void stage });
  const part: Cropped = await crop(larger, { margin: [10, '5%'], aspect: 1.91, gravity: 'top-left', size: 800 });
  void [part.frame.width, part.subject?.left];
  const model = { file: new URL('file:///a.onnx'), like: 'fsrcnn-x2' };
  await engine.upscale('a.jpg', { scale: 1.5, denoise: 0.5, tile: 128, model });
  const recipe: Recipe = Recipe.preset('web').with({ name: 'a', quality: 80, lossless: true, size: undefined });
  await engine.runRecipe(larger, await Recipe.open(new URL('file:///a.toml')), { signal: AbortSignal.timeout(1000) });
  const rendition: Rendition = await engine.runRecipe('a.jpg', 'web', { onProgress: ({ fraction }) => void fraction });
  const { step, ran } = rendition.steps[0]!;
  void [step === 'upscale', ran.model, rendition.bytes.length, recipe.variables.background, JSON.stringify(recipe)];
  const report: BatchReport = await engine.batch(recipe, {
    inputs: ['photos', new URL('file:///b.jpg')],
    output: 'out',
    existing: 'number',
    onProgress: ({ total, left, item }) => void [(total ?? 0) * (left ?? 0), item.error?.code === 'photo_corrupt'],
  });
  void [report.failures[0]?.outcome === 'failed', report.stopped?.remedy];
  const left: number | undefined = cutout.subject?.left;
  const library: string | null | undefined = cutout.ran.backend?.library;
  const models: ModelStatus[] = engine.models.list();
  using part2 = await crop('a.jpg', { aspect: 1 });
  using strict = new Engine({ maxPixels: 40e6, maxBytes: 20e6 });
  void [part2.width, strict.models, rendition.stream(), rendition.close(), strict.close()];
  void [left, library, models, new Engine({ backend: 'rten', threads: 2, cacheDir: new URL('file:///tmp') })];
}

export function errors(error: unknown): ErrorCode | undefined {
  if (error instanceof OptionError) return error.code;
  return error instanceof PackshotError && error.kind === 'photo' ? error.code : undefined;
}

export async function wrong(): Promise<void> {
  // @ts-expect-error: a slip of the pen
  await removeBackground('a.jpg', { edgs: 'fine' });
  // @ts-expect-error: no such word
  await removeBackground('a.jpg', { edges: 'finest' });
  // @ts-expect-error: the core's spelling
  await removeBackground('a.jpg', { keep_holes: true });
  // @ts-expect-error: two numbers are no colour
  await removeBackground('a.jpg', { background: [1, 2] });
  // @ts-expect-error: three lengths are no area
  await removeBackground('a.jpg', { region: [0, 0, 10] });
  // @ts-expect-error: a number is no photo
  await removeBackground(7);
  // @ts-expect-error: a controller is no signal
  await removeBackground('a.jpg', { signal: new AbortController() });
  // @ts-expect-error: not a stage
  await removeBackground('a.jpg', { onProgress: ({ stage }) => stage === 'finish' });
  // @ts-expect-error: a path is opened, not decoded
  await Photo.decode('a.jpg');
  // @ts-expect-error: shapes are no guess
  await Photo.fromPixels({ data: new Uint8Array(3) });
  // @ts-expect-error: floats are no samples
  await Photo.fromPixels({ data: new Float32Array(3), width: 1, height: 1, channels: 3 });
  // @ts-expect-error: no such backend
  new Engine({ backend: 'cuda' });
  // @ts-expect-error: photos are not made like this
  new Photo();
  // @ts-expect-error: photos do not change
  photo.width = 3;
  // @ts-expect-error: no such format
  await photo.encode({ format: 'gif' });
  // @ts-expect-error: a model needs a file
  const options: RemoveBackgroundOptions = { model: { like: 'u2netp' } };
  // @ts-expect-error: not a size
  await upscale('a.jpg', { size: 'large' });
  // @ts-expect-error: a stage is not what a batch tells
  await engine.batch('web', { output: 'out', onProgress: ({ stage }) => stage });
  // @ts-expect-error: a batch needs a folder for its results
  await engine.batch('web', { inputs: ['photos'] });
  // @ts-expect-error: one folder is a list of one
  await engine.batch('web', { inputs: 'photos', output: 'out' });
  // @ts-expect-error: variables are no lists
  Recipe.preset('web').with({ background: [1, 2, 3] });
  // @ts-expect-error: recipes are not made like this
  new Recipe();
  // @ts-expect-error: no such code of a note
  void (photo as Cutout).ran.notes.some(({ code }) => code === 'odd');
  // @ts-expect-error: no such code
  const code: ErrorCode = 'photo_ugly';
  void [options, code];
}

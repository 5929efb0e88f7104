import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

import { FileError, LimitError, OptionError, Photo, PhotoError, Recipe, Rendition } from '../dist/index.mjs';
import { cases, engine, home, large, native, photoPath, scratch, shows } from './suite.mjs';

const path = photoPath('mug.jpg');
const text = `schema = "packshot.recipe/1"
name = "test"
description = "For a test."

[variables]
background = "white"
side = 64
lossless = false

[[steps]]
remove_background = { edges = "off", background = "\${background}" }

[[steps]]
export = { format = "webp", size = "\${side}", lossless = "\${lossless}" }
`;
const recipe = Recipe.parse(text);

/** What `work` throws, or its promise rejects with. */
const fault = async (work) =>
  Promise.resolve()
    .then(work)
    .then(
      () => assert.fail('it was expected to fail'),
      (error) => error,
    );

shows('recipe', 'presets are recipes with a name, a description and their text', () => {
  const presets = Recipe.presets();
  assert.ok(presets.some(({ name }) => name === 'white-background'));
  for (const { name, description, text } of presets) {
    const preset = Recipe.preset(name);
    assert.equal(preset.name, name);
    assert.equal(preset.description, description);
    assert.equal(preset.hash, Recipe.parse(text).hash);
  }
});

shows('recipe', 'TOML and JSON of a recipe are the same recipe', async () => {
  assert.equal(recipe.name, 'test');
  assert.equal(recipe.description, 'For a test.');
  assert.match(recipe.hash, /^[0-9a-f]{64}$/);
  for (const same of [recipe.toToml(), recipe.toJson(), JSON.stringify(recipe), Buffer.from(text)]) {
    assert.equal(Recipe.parse(same).hash, recipe.hash);
  }
  assert.equal(recipe.toJSON().steps[0].remove_background.background, 'white');
  assert.match(inspect(recipe), /^Recipe \{[^]*name: 'test'[^]*side: '64'/);
  const nameless = Recipe.parse('schema = "packshot.recipe/1"\n[[steps]]\nexport = {}\n');
  assert.deepEqual([nameless.name, nameless.description, nameless.variables], [null, null, {}]);
});

shows('recipe', 'a file is opened by path or URL; models in it are found beside it', async () => {
  const folder = scratch();
  const file = join(folder, 'own.toml');
  copyFileSync(join(cases, 'tiny.onnx'), join(folder, 'tiny.onnx'));
  const descriptor = '[input]\\nsize = { fixed = [8, 8] }\\n[output]\\nname = \\"matte\\"\\n';
  const model = `{ file = "tiny.onnx", descriptor = "${descriptor}" }`;
  writeFileSync(file, `schema = "packshot.recipe/1"\n[[steps]]\nremove_background = { model = ${model} }\n`);
  for (const place of [file, pathToFileURL(file)]) {
    const { steps } = await engine.runRecipe(path, await Recipe.open(place));
    assert.equal(steps[0].ran.model, 'tiny.onnx');
  }
  assert.ok((await fault(() => Recipe.open(join(folder, 'nothing.toml')))) instanceof FileError);
  assert.ok((await fault(() => Recipe.open(7))) instanceof OptionError);
  const signal = AbortSignal.abort('no');
  assert.equal(await fault(() => Recipe.open(file, { signal })), 'no');
  writeFileSync(file, 'x'.repeat(2 << 20));
  assert.ok((await fault(() => Recipe.open(file))) instanceof LimitError);
});

shows('recipe', 'faults name the key, the line and the file', async () => {
  const wrong = text.replace('edges', 'edgs');
  const error = await fault(() => Recipe.parse(wrong));
  assert.ok(error instanceof OptionError);
  assert.equal(error.code, 'recipe_invalid');
  assert.match(error.message, /edgs/);
  assert.equal(error.context.line, '11');
  const file = join(scratch(), 'wrong.toml');
  writeFileSync(file, wrong);
  assert.deepEqual((await fault(() => Recipe.open(file))).context, { line: '11', file });
  assert.match((await fault(() => Recipe.preset('nothing'))).message, /`nothing`.*white-background/);
  assert.equal((await fault(() => Recipe.parse(undefined))).code, 'option_invalid');
});

shows('recipe.variables', 'variables are set as text, numbers and truth values', async () => {
  assert.deepEqual(recipe.variables, { background: 'white', lossless: 'false', side: '64' });
  const other = recipe.with({ background: 'black', side: 32, lossless: true });
  assert.deepEqual(other.variables, { background: 'black', lossless: 'true', side: '32' });
  assert.equal(recipe.variables.side, '64', 'a recipe never changes');
  assert.notEqual(other.hash, recipe.hash);
  assert.equal(recipe.with({ side: undefined }).hash, recipe.hash);
  assert.equal(other.with({ side: '64' }).variables.background, 'black');
  const { photo, bytes } = await engine.runRecipe(path, other);
  assert.deepEqual([...(await photo.toPixels()).data.subarray(0, 3)], [0, 0, 0]);
  assert.equal((await Photo.decode(bytes)).width, 32);
  for (const [variables, name] of [
    [{ colour: 'red' }, 'colour'],
    [{ side: 'large' }, 'side'],
    [{ background: 'no colour' }, 'no colour'],
    [{ side: Number.NaN }, 'side'],
    [{ background: null }, 'background'],
    [{ background: [0, 0, 0] }, 'background'],
  ]) {
    const error = await fault(() => recipe.with(variables));
    assert.ok(error instanceof OptionError && error.message.includes(name), `${error} should name ${name}`);
  }
});

shows('recipe.run', 'a rendition has the picture, the file, and what was done', async () => {
  const rendition = await engine.runRecipe(path, recipe);
  assert.ok(rendition instanceof Rendition && rendition.photo instanceof Photo);
  assert.equal(rendition.format, 'webp');
  const file = await Photo.decode(rendition.bytes);
  assert.deepEqual([rendition.width, rendition.height], [file.width, file.height]);
  assert.deepEqual([rendition.photo.width, rendition.photo.height], [320, 272]);
  const [step] = rendition.steps;
  assert.equal(rendition.steps.length, 1);
  assert.deepEqual([step.step, step.width, step.height], ['remove_background', 320, 272]);
  assert.equal(step.ran.model, 'packshot-matte-2');
  assert.ok(step.milliseconds > 0);
  const decoded = await Photo.decode(rendition.bytes);
  assert.deepEqual([decoded.format, decoded.width], ['webp', 64]);

  const folder = scratch();
  for (const place of [join(folder, 'a.webp'), pathToFileURL(join(folder, 'b.webp'))]) {
    await rendition.save(place);
    assert.deepEqual(readFileSync(place), rendition.bytes);
  }
  assert.ok((await fault(() => rendition.save(join(folder, 'no', 'c.webp')))) instanceof FileError);
  assert.deepEqual(readdirSync(folder).sort(), ['a.webp', 'b.webp']);
});

shows('recipe.run', 'every source, and a preset by its name', async () => {
  const expected = (await engine.runRecipe(path, recipe)).bytes;
  const bytes = readFileSync(path);
  for (const source of [pathToFileURL(path), bytes, new Blob([bytes]), await Photo.open(path)]) {
    assert.deepEqual((await engine.runRecipe(source, recipe)).bytes, expected);
  }
  assert.equal((await engine.runRecipe(path, 'transparent-png')).format, 'png');
  assert.match((await fault(() => engine.runRecipe(path, 'nothing'))).message, /there is no preset/);
  assert.ok((await fault(() => engine.runRecipe('nowhere.jpg', recipe))) instanceof FileError);
  assert.ok((await fault(() => engine.runRecipe(Buffer.from('text'), recipe))) instanceof PhotoError);
});

test('progress rises from 0 to 1; an exception and an abort stop the work', async () => {
  const seen = [];
  await engine.runRecipe(path, recipe, { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual([seen[0].fraction, seen.at(-1).fraction, seen.at(-1).stage], [0, 1, 'encode']);
  assert.ok(seen.every(({ fraction }, at) => at === 0 || fraction >= seen[at - 1].fraction));
  const thrown = new Error('no more');
  const onProgress = () => {
    throw thrown;
  };
  assert.equal(await fault(() => engine.runRecipe(path, recipe, { onProgress })), thrown);
  const signal = AbortSignal.timeout(100);
  const slow = await Photo.fromPixels(large());
  assert.equal((await fault(() => engine.runRecipe(slow, recipe, { signal }))).name, 'TimeoutError');
  native.injectFault('encode', 'disk_full');
  assert.equal((await fault(() => engine.runRecipe(path, recipe))).code, 'disk_full');
});

test('another thread gets a recipe as text', async () => {
  assert.throws(() => structuredClone(recipe), { name: 'DataCloneError' });
  const body = `
    const { parentPort, workerData } = require('node:worker_threads');
    parentPort.postMessage(require(${JSON.stringify(home)}).Recipe.parse(workerData).hash);`;
  const worker = new Worker(body, { eval: true, workerData: recipe.toJson() });
  assert.equal(await new Promise((resolve) => worker.once('message', resolve)), recipe.hash);
});

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { PackshotError, Photo, Recipe } from '../dist/index.mjs';
import { cases, difference, engine, facts, photoPath, readCases, scratch, shows } from './suite.mjs';

// The cases name options as the core does.
const camel = (options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]),
  );

const rect = (rect) => rect && [rect.left, rect.top, rect.width, rect.height];

/** What comes out, or the code of the error that comes instead. */
async function outcome(work) {
  try {
    return { expect: await work() };
  } catch (error) {
    assert.ok(error instanceof PackshotError, error);
    return { error: error.code };
  }
}

async function check(testCase, work) {
  const { name, expect, error } = testCase;
  const found = await outcome(() => work(testCase));
  const fault = difference(error === undefined ? { expect } : { error }, found);
  assert.equal(fault, undefined, `${name}: ${fault}`);
}

/** Every case is a test of its own; the one around them fails with any of them. */
async function all(context, list, work) {
  let right = 0;
  for (const testCase of list) {
    await context.test(testCase.name, async () => {
      await check(testCase, work);
      right += 1;
    });
  }
  assert.equal(right, list.length);
}

/** A colour and a picture are one option here, so that nobody can give both. */
const cannotBeSaid = ['two backgrounds'];

shows('cutout cutout.options cutout.pictures cutout.facts', 'the cases of cut-outs', async (context) => {
  const list = readCases('cutouts.json');
  const others = list.filter(({ name }) => cannotBeSaid.includes(name));
  assert.deepEqual(
    others.map(({ name }) => name),
    cannotBeSaid,
  );
  for (const { error, options, pictures } of others) {
    assert.ok(error === 'option_invalid' && options.background && pictures.background);
  }
  await all(
    context,
    list.filter((testCase) => !others.includes(testCase)),
    cut,
  );
});

async function cut({ photo, options: written, pictures = {} }) {
  const options = camel(written);
  if (options.model?.file) options.model.file = join(cases, options.model.file);
  for (const [name, file] of Object.entries(pictures)) options[name] = await Photo.open(photoPath(file));
  const cutout = await engine.removeBackground(photoPath(photo), options);
  return {
    ...(await facts(cutout)),
    subject: rect(cutout.subject),
    frame: rect(cutout.frame),
    instances: cutout.instances.length,
    confidence: cutout.confidence,
    halo: cutout.halo,
    model: cutout.ran.model,
  };
}

shows('photo.open photo.decode photo.encode photo.limits photo.facts', 'the cases of photos', (context) =>
  all(context, readCases('photos.json'), again),
);

async function again({ photo, decode, encode }) {
  const first = await Photo.open(photoPath(photo), camel(decode));
  const second = await Photo.decode(await first.encode(camel(encode)), camel(decode));
  return { ...(await withFile(first)), again: await withFile(second) };
}

async function withFile(photo) {
  return { ...(await facts(photo)), format: photo.format, exif: photo.exif !== null };
}

shows('upscale upscale.options', 'the cases of upscaling', (context) =>
  all(context, readCases('upscales.json'), enlarge),
);

async function enlarge({ photo, options }) {
  const upscaled = await engine.upscale(photoPath(photo), camel(options));
  return { ...(await facts(upscaled)), scale: upscaled.scale, model: upscaled.ran.model };
}

shows('recipe recipe.variables recipe.run', 'the cases of recipes', (context) =>
  all(context, readCases('recipes.json'), rendition),
);

async function rendition({ photo, variables = {}, ...written }) {
  const { bytes, format, steps } = await engine.runRecipe(photoPath(photo), recipeOf(written).with(variables));
  return { ...(await facts(await Photo.decode(bytes))), format, steps: steps.map(({ step }) => step) };
}

const recipeOf = ({ preset, recipe }) => (preset === undefined ? Recipe.parse(recipe) : Recipe.preset(preset));

shows('batch batch.resume', 'the cases of batches', (context) => all(context, readCases('batches.json'), twice));

async function twice({ inputs, files = inputs, table, variables = {}, options, ...written }) {
  const [from, output] = [scratch(), scratch()];
  for (const file of files) copyFileSync(photoPath(file), join(from, file));
  if (table !== undefined) writeFileSync(join(from, 'table.csv'), table);
  const batch = {
    inputs: inputs?.map((name) => join(from, name)),
    table: table && join(from, 'table.csv'),
    output,
    ...camel(options),
  };
  const recipe = recipeOf(written).with(variables);
  const first = await engine.batch(recipe, batch);
  const outputs = readdirSync(output).filter((name) => name !== basename(first.journal));
  return {
    ...counts(first),
    outputs: outputs.sort(),
    errors: Object.fromEntries(first.failures.map(({ input, error }) => [basename(input), error.code])),
    again: counts(await engine.batch(recipe, batch)),
  };
}

const counts = ({ done, failed, skipped, resumed }) => ({ done, failed, skipped, resumed });

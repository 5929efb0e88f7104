import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';

import { PackshotError, Photo, Recipe } from '../dist/index.mjs';
import { cases, difference, engine, facts, photoPath, readCases, Rectangle, require, scratch, shows } from './suite.mjs';

const { camelName, coreName } = require('../dist/names.js');
const { Tools } = require('../dist/tools.js');

// The cases name options as the core does.
const camel = (options) =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [camelName(name), value]));

// What came out of cases: many are the same once an option is taken away.
const known = new Map();

/** What comes out, or the code of the error that comes instead. */
async function outcome({ name: _name, expect: _expect, error: _error, ...testCase }, work) {
  const asked = work.name + JSON.stringify(testCase);
  if (!known.has(asked)) {
    try {
      known.set(asked, { expect: await work(testCase) });
    } catch (error) {
      assert.ok(error instanceof PackshotError, error);
      known.set(asked, { error: error.code });
    }
  }
  return known.get(asked);
}

const without = (table, key) => Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));

/** The case without each of its options; of a table, such as that of a model, also without each of its keys. */
function* mutants(testCase) {
  for (const group of ['options', 'pictures', 'decode', 'encode', 'variables']) {
    for (const [option, value] of Object.entries(testCase[group] ?? {})) {
      yield [option, { ...testCase, [group]: without(testCase[group], option) }];
      const keys = value.constructor === Object ? Object.keys(value) : [];
      if (keys.length < 2) continue;
      for (const key of keys) {
        yield [`${option}.${key}`, { ...testCase, [group]: { ...testCase[group], [option]: without(value, key) } }];
      }
    }
  }
}

/** A case has to hold, and not without any of its options: one that got lost on the way would show. */
async function check(testCase, work) {
  const { name, expect, error } = testCase;
  const wanted = error === undefined ? { expect } : { error };
  const fault = difference(wanted, await outcome(testCase, work));
  assert.equal(fault, undefined, `${name}: ${fault}`);
  for (const [option, mutant] of mutants(testCase)) {
    const fault = difference(wanted, await outcome(mutant, work));
    assert.notEqual(fault, undefined, `${name}: passes without ${option}`);
  }
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

const tools = readdirSync(join(cases, 'tools')).map((file) => basename(file, '.json'));

for (const tool of tools) {
  const concepts = `${tool} ${tool}.options cutout.pictures cutout.facts`;
  shows(concepts, `the cases of ${tool}`, (context) => {
    const list = readCases(`tools/${tool}.json`).map((testCase) => ({ ...testCase, tool }));
    return all(
      context,
      list.filter(({ name }) => !cannotBeSaid.includes(name)),
      made,
    );
  });
}

test('every tool has cases, and only one of them cannot be said', () => {
  const methods = Object.getOwnPropertyNames(Tools.prototype).filter((name) => name !== 'constructor');
  assert.deepEqual(tools.map(camelName).sort(), methods.sort());
  const list = tools.flatMap((tool) => readCases(`tools/${tool}.json`)).filter(({ name }) => cannotBeSaid.includes(name));
  assert.deepEqual(
    list.map(({ name }) => name),
    cannotBeSaid,
  );
  for (const { error, options, pictures } of list) {
    assert.ok(error === 'option_invalid' && options.background && pictures.background);
  }
});

/** The options of a case; files of models are beside the cases. */
function optionsOf({ options: written }) {
  const options = camel(written);
  if (options.model?.file) options.model = { ...options.model, file: join(cases, options.model.file) };
  return options;
}

async function made({ tool, photo, pictures = {}, ...written }) {
  const options = optionsOf(written);
  for (const [name, file] of Object.entries(pictures)) options[name] = await Photo.open(photoPath(file));
  const result = await engine[camelName(tool)](photoPath(photo), options);
  return { ...(await facts(result)), ...told(tool, result), model: result.ran.model };
}

/** What a tool tells besides the photo, as cases write it. */
function told(tool, { ran: _ran, ...result }) {
  const sample = Object.assign({}, ...readCases(`tools/${tool}.json`).map(({ expect }) => expect));
  const facts = Object.entries(result).map(([name, fact]) => [coreName(name), fact]);
  // Of a picture, cases say whether it is there; of one that always is, nothing.
  const said = facts.filter(([name, fact]) => !(fact instanceof Photo && sample[name] === undefined));
  return Object.fromEntries(said.map(([name, fact]) => [name, asWritten(fact, typeof sample[name] === 'boolean')]));
}

function asWritten(fact, isThere) {
  if (isThere && typeof fact !== 'boolean') return fact !== null;
  if (Array.isArray(fact)) return fact.length;
  return fact && typeof fact === 'object' ? Rectangle.of(fact.left, fact.top, fact.width, fact.height) : fact;
}

shows('photo.open photo.decode photo.encode photo.limits photo.facts', 'the cases of photos', (context) =>
  all(context, readCases('photos.json'), again),
);

async function again({ photo, decode, encode }) {
  const read = await Photo.open(photoPath(photo), camel(decode));
  return { ...(await readFacts(read)), file: await fileFacts(await read.encode(camel(encode))) };
}

async function readFacts(photo) {
  const length = (block) => block && block.length;
  return { ...(await facts(photo)), format: photo.format, exif: length(photo.exif), profile: length(photo.profile) };
}

async function fileFacts(file) {
  const photo = await Photo.decode(file, { color: 'keep' });
  return { ...(await readFacts(photo)), bytes: file.length, dpi: dpi(file) };
}

/** Dots per inch in the first segment of a JPEG. */
const dpi = (file) =>
  file.toString('latin1', 6, 10) === 'JFIF' && file[13] === 1 ? file.readUInt16BE(14) : null;

shows('recipe recipe.variables recipe.run', 'the cases of recipes', (context) =>
  all(context, readCases('recipes.json'), rendition),
);

async function rendition({ photo, variables = {}, ...written }) {
  const { bytes, format, steps } = await engine.runRecipe(photoPath(photo), recipeOf(written).with(variables));
  const file = await fileFacts(bytes);
  assert.equal(format, file.format);
  return { ...file, steps: steps.map(({ step }) => step) };
}

const recipeOf = ({ preset, recipe }) => (preset === undefined ? Recipe.parse(recipe) : Recipe.preset(preset));

shows('batch batch.resume', 'the cases of batches', (context) => all(context, readCases('batches.json'), twice));

async function twice({ files, standing = [], variables = {}, options: written, ...recipe }) {
  const [photos, results] = [scratch(), scratch()];
  for (const file of files) {
    mkdirSync(dirname(join(photos, file)), { recursive: true });
    copyFileSync(photoPath(basename(file)), join(photos, file));
  }
  for (const name of standing) {
    if (name.endsWith('/')) mkdirSync(join(results, name));
    else writeFileSync(join(results, name), 'was here before');
  }
  const { inputs = files, table, output = '', report, sheet, protect, ...options } = camel(written);
  if (table !== undefined) writeFileSync(join(photos, 'table.csv'), table);
  const inside = (name) => name && join(results, name);
  const batch = {
    ...(table === undefined
      ? { inputs: inputs.map((name) => join(photos, name)) }
      : { table: join(photos, 'table.csv') }),
    output: join(results, output),
    report: inside(report),
    sheet: inside(sheet),
    ...(protect && { protect: protect.map(inside) }),
    ...options,
  };
  const steps = recipeOf(recipe).with(variables);
  const first = await engine.batch(steps, batch);
  const failure = ({ input, error, attempts }) => [basename(input), [error.code, attempts]];
  return {
    ...counts(first),
    failures: Object.fromEntries(first.failures.map(failure)),
    stopped: first.stopped && first.stopped.code,
    results: await sizes(results),
    again: counts(await engine.batch(steps, batch)),
  };
}

/** The files in a folder, with width and height of those that are photos. */
async function sizes(folder) {
  const found = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const size = await Photo.open(path).then(
      ({ width, height }) => [width, height],
      () => null,
    );
    found[relative(folder, path).replaceAll('\\', '/')] = size;
  }
  return found;
}

const counts = ({ done, failed, skipped, resumed }) => ({ done, failed, skipped, resumed });

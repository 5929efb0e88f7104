import assert from 'node:assert/strict';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import { FileError, InternalError, OptionError, Photo, Upscaled, upscale } from '../dist/index.mjs';
import { engine, large, native, photoPath, scratch, shows } from './suite.mjs';

const path = photoPath('two.png');
const bytes = readFileSync(path);
const samples = async (photo) => Buffer.from((await photo.toPixels()).data.buffer);

shows('upscale', 'every source gives the same larger photo', async () => {
  const expected = await samples(await engine.upscale(path));
  for (const source of [
    pathToFileURL(path),
    bytes,
    new Uint8Array(bytes),
    new Blob([bytes]),
    createReadStream(path),
    new Blob([bytes]).stream(),
    await Photo.open(path),
  ]) {
    assert.ok((await samples(await engine.upscale(source))).equals(expected));
  }
  assert.equal((await upscale(path)).scale, 2);
});

shows('upscale', 'it is a photo that knows its factor and what ran', async () => {
  const photo = await Photo.open(path);
  const larger = await engine.upscale(photo);
  assert.ok(larger instanceof Upscaled && larger instanceof Photo);
  assert.deepEqual([larger.width, larger.height, larger.scale], [2 * photo.width, 2 * photo.height, 2]);
  assert.equal(larger.ran.backend.name, 'rten');
  assert.ok(larger.ran.stages.some(({ stage, milliseconds }) => stage === 'inference' && milliseconds > 0));
  assert.match(inspect(larger), /^Upscaled \{[^]*scale: 2/);
  const file = join(scratch(), 'larger.png');
  await larger.save(file);
  assert.deepEqual(await samples(await Photo.open(file)), await samples(larger));
  const same = await engine.upscale(photo, { scale: 1 });
  assert.deepEqual([same.width, same.scale, same.ran.model, same.ran.backend], [photo.width, 1, null, null]);
});

shows('upscale.options', 'a size is a number or text, and faults are named', async () => {
  const photo = await Photo.open(path);
  const side = Math.max(photo.width, photo.height) + 30;
  for (const size of [side, `${side}`, `${side}x${side}`]) {
    const { width, height, scale } = await engine.upscale(photo, { size });
    assert.equal(Math.max(width, height), side, `${size}`);
    assert.ok(scale > 1 && scale < 2);
  }
  for (const [options, ...names] of [
    [{ scael: 2 }, '`scael`', '`scale`'],
    [{ scale: 9 }, '1 to 8'],
    [{ scale: Number.NaN }, 'NaN'],
    [{ size: 'large' }, '1200x800'],
    [{ scale: 2, size: 500 }, 'scale', 'size'],
    [{ denoise: 2 }, '0 to 1'],
    [{ model: { file: 'a.onnx' } }, '`like`'],
  ]) {
    const error = await engine.upscale(photo, options).catch((error) => error);
    assert.ok(error instanceof OptionError, `${error}`);
    for (const name of names) assert.ok(error.message.includes(name), `${error.message} should name ${name}`);
  }
  await assert.rejects(engine.upscale(7), OptionError);
  await assert.rejects(engine.upscale('nowhere.jpg'), FileError);
});

test('its progress rises from 0 to 1, and a listener that throws stops it', async () => {
  const seen = [];
  await engine.upscale(photoPath('mug.jpg'), { tile: 64, onProgress: ({ fraction }) => seen.push(fraction) });
  assert.deepEqual([seen[0], seen.at(-1)], [0, 1]);
  assert.ok(seen.length > 10, `${seen.length} reports`);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  const thrown = new TypeError('no more');
  const onProgress = ({ stage }) => {
    if (stage === 'inference') throw thrown;
  };
  await assert.rejects(engine.upscale(path, { onProgress }), (error) => error === thrown);
});

test('an abort rejects at once, and stops the work', async (context) => {
  const slow = await Photo.fromPixels(large());
  const controller = new AbortController();
  let reports = 0;
  const larger = engine.upscale(slow, { signal: controller.signal, onProgress: () => (reports += 1) });
  await sleep(300);
  const begin = performance.now();
  controller.abort('enough');
  await assert.rejects(larger, (error) => error === 'enough');
  const took = performance.now() - begin;
  context.diagnostic(`rejected after ${took.toFixed(1)} ms`);
  assert.ok(took < 2000, `${took} ms`);
  const before = reports;
  await sleep(200);
  assert.equal(reports, before, 'progress after the abort');
  assert.ok((await engine.upscale(path)).width > 0);
});

test('a panic in it is an InternalError, and the next call works', async () => {
  native.injectFault('inference');
  await assert.rejects(engine.upscale(path), InternalError);
  assert.equal((await engine.upscale(path)).scale, 2);
});

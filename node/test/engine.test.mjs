import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Engine, FileError, removeBackground } from '../dist/index.mjs';
import { cases, difference, engine, facts, home, ort, photoPath, scratch, shows } from './suite.mjs';

const skip = ort ? false : 'PACKSHOT_TEST_ORT is not set';
const path = photoPath('mug.jpg');

shows('engine', 'one engine is shared by calls that have none', async () => {
  assert.ok(new Engine() instanceof Engine);
  const [first, second] = await Promise.all([removeBackground(path), removeBackground(path)]);
  assert.equal(first.width, 320);
  assert.ok((await first.encode()).equals(await second.encode()));
});

shows('engine.options', 'options choose backend, threads and folders', async () => {
  const cacheDir = scratch();
  for (const folder of [cacheDir, pathToFileURL(cacheDir)]) {
    const engine = new Engine({
      backend: 'rten',
      threads: 1,
      cacheDir: folder,
      offline: true,
      allowNoncommercial: true,
    });
    const cutout = await engine.removeBackground(path);
    assert.deepEqual(cutout.ran.backend, { name: 'rten', version: null, library: null, reason: 'asked for' });
    await assert.rejects(engine.models.pull('u2netp'), (error) => error.code === 'offline');
    assert.throws(
      () => engine.models.path('u2netp'),
      (error) => error.context.file.startsWith(cacheDir),
    );
  }
  const lost = new Engine({ backend: 'onnxruntime', ortLibrary: '/nowhere/libonnxruntime.so' });
  await assert.rejects(lost.removeBackground(path), FileError);
});

shows('engine.probe', 'a probe says which backend runs, and why', async () => {
  const report = await engine.probe();
  assert.deepEqual(report, { name: 'rten', version: null, library: null, reason: 'asked for' });
  await assert.rejects(engine.probe('cuda'), (error) => error.code === 'option_invalid');
});

shows('cutout.facts', 'what ran is told with its times', async () => {
  const { ran, confidence, halo, instances, subject } = await engine.removeBackground(path);
  assert.equal(ran.model, 'packshot-matte-2');
  assert.deepEqual(ran.stages.map(({ stage }) => stage).includes('inference'), true);
  assert.ok(ran.stages.every(({ milliseconds }) => milliseconds >= 0));
  assert.ok(confidence > 0 && confidence <= 1 && halo >= 0 && halo <= 1);
  assert.ok(instances[0].area > 1000);
  assert.ok(subject.width > 100 && instances[0].bounds.width > 100);
});

shows('cutout.model', 'a model of your own, like another or described', async () => {
  const file = join(cases, 'tiny.onnx');
  const registry = readFileSync(join(cases, 'tiny.toml'), 'utf8').replaceAll('SERVER', 'localhost');
  const descriptor = '[input]\nsize = { fixed = [8, 8] }\n[output]\nname = "matte"\n';
  const engine = new Engine({ backend: 'rten', registry: registry });
  for (const model of [
    { file, like: 'tiny' },
    { file: pathToFileURL(file), like: 'tiny' },
    { file, descriptor },
  ]) {
    assert.equal((await engine.removeBackground(path, { model })).ran.model, 'tiny.onnx');
  }
  await assert.rejects(engine.removeBackground(path, { model: { file: 'no.onnx', like: 'u2netp' } }), FileError);
});

shows(
  'privacy engine.options',
  'ONNX Runtime cuts out as rten does',
  async () => {
    const cutout = await new Engine({ backend: 'onnxruntime', ortLibrary: ort }).removeBackground(path);
    assert.equal(cutout.ran.backend.name, 'onnxruntime');
    assert.equal(cutout.ran.backend.library, realpathSync(ort));
    assert.equal(difference(await facts(await engine.removeBackground(path)), await facts(cutout)), undefined);
    assert.equal((await new Engine().probe()).name, 'onnxruntime', 'a process has one, and keeps it');
  },
  { skip },
);

/** What a fresh program in a folder of its own says; `library` makes it a package `onnxruntime-node` there. */
function probe(library, backend = 'auto') {
  const app = scratch();
  const folder = join(app, 'node_modules/onnxruntime-node');
  const place = join(folder, 'bin/napi-v6', process.platform, process.arch);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "onnxruntime-node", "version": "1.30.0" }');
  library(join(place, 'libonnxruntime.so.1'));
  writeFileSync(
    join(app, 'main.cjs'),
    `const { Engine } = require(${JSON.stringify(home)});
    new Engine({ backend: '${backend}' }).probe().catch(({ code }) => ({ code })).then((report) => console.log(JSON.stringify(report)));`,
  );
  const { PACKSHOT_TEST_ORT: _, PACKSHOT_ORT_DYLIB: __, ORT_DYLIB_PATH: ___, ...env } = process.env;
  return JSON.parse(execFileSync(process.execPath, [join(app, 'main.cjs')], { env, cwd: '/', encoding: 'utf8' }));
}

test('the library of an installed onnxruntime-node is used', { skip: skip || process.platform !== 'linux' }, () => {
  const report = probe((place) => symlinkSync(ort, place));
  assert.equal(report.name, 'onnxruntime');
  assert.equal(report.reason, 'offered by the caller');
});

test('one that cannot be used is passed over', { skip: process.platform !== 'linux' }, () => {
  const report = probe((place) => writeFileSync(place, 'no library'));
  assert.equal(report.name, 'rten');
  assert.match(report.reason, /onnxruntime-node.*offered by the caller/);
  assert.equal(probe((place) => writeFileSync(place, 'no library'), 'onnxruntime').code, 'backend_missing');
  assert.equal(probe(() => {}).name, 'rten');
});

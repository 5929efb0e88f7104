import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

import { Photo } from '../dist/index.mjs';
import { engine, home, large, ort, photoPath, scratch, shows } from './suite.mjs';

const path = photoPath('mug.jpg');

shows('concurrency', 'many calls at once give the bytes of one', async () => {
  const one = await (await engine.removeBackground(path)).encode();
  const many = await Promise.all(Array.from({ length: 8 }, async () => (await engine.removeBackground(path)).encode()));
  for (const bytes of many) assert.ok(bytes.equals(one));
});

shows('concurrency', 'the event loop goes on while 12 million pixels are worked on', async (context) => {
  const pixels = large();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 5);
  const begin = performance.now();
  const photo = await Photo.fromPixels(pixels);
  const jpeg = await photo.encode({ format: 'jpeg' });
  const cutout = await engine.removeBackground(jpeg);
  const out = await cutout.toPixels();
  const bytes = await cutout.encode();
  const took = performance.now() - begin;
  clearInterval(ticking);
  delay.disable();
  const [mean, most] = [delay.mean, delay.max].map((nanoseconds) => nanoseconds / 1e6);
  context.diagnostic(
    `${took.toFixed(0)} ms of work; between ticks of 5 ms: ${mean.toFixed(1)} on average, ${most.toFixed(1)} at most; ${ticks} ticks`,
  );
  assert.ok(out.data.length === 48_000_000 && bytes.length > 1000);
  // Generous: on a machine with two busy cores the system itself lets a thread wait.
  assert.ok(most < 250, `${most} ms`);
  assert.ok(ticks > took / 50, `${ticks} ticks in ${took} ms`);
});

const onLinux = { skip: process.platform !== 'linux' && 'threads are counted in /proc' };
shows('concurrency', 'a hundred calls at once wait for their turn without a thread each', async (context) => {
  const threads = () => readdirSync('/proc/self/task').length;
  const before = threads();
  let most = 0;
  const counting = setInterval(() => (most = Math.max(most, threads())), 2);
  const photo = await Photo.open(path);
  const calls = Array.from({ length: 100 }, () => engine.crop(photo, { margin: 0 }));
  const frames = new Set((await Promise.all(calls)).map(({ frame }) => JSON.stringify(frame)));
  clearInterval(counting);
  context.diagnostic(`${before} threads before, ${most} at most`);
  assert.equal(frames.size, 1);
  assert.ok(most > 0 && most - before < 50, `${most} threads`);
}, onLinux);

// A process of its own: peak and resident memory are the process's. Each call takes some 30 MB, most of it for the
// model, and the engine allows 256 MiB for all together.
const calls = process.env.PACKSHOT_TEST_CALLS ?? '16';
const burst = `
  const { readFileSync } = require('node:fs');
  const { Engine } = require(${JSON.stringify(home)});
  const engine = new Engine({ backend: 'rten', workers: 2, memory: 256 << 20 });
  const photo = readFileSync(process.argv[1]);
  const call = async () => (await engine.runRecipe(photo, 'white-background')).width;
  const status = (key) => 1024 * /[0-9]+/.exec(readFileSync('/proc/self/status', 'utf8').split(key)[1])[0];
  (async () => {
    await call();
    const one = status('VmRSS');
    await Promise.all(Array.from({ length: Number(process.argv[2]) }, call));
    const end = performance.now() + 1000;
    while (status('VmRSS') > 1.3 * one && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    console.log(JSON.stringify({ one, peak: status('VmHWM'), left: status('VmRSS') }));
  })();`;

shows('concurrency', 'many calls at once stay within the memory of the engine and give it back', async (context) => {
  const photo = join(scratch(), 'photo.jpg');
  await (await engine.crop(await Photo.fromPixels(large()), { size: '800x600' })).save(photo);
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', burst, photo, calls]);
  const { one, peak, left } = JSON.parse(stdout);
  const [first, most, last] = [one, peak, left].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
  context.diagnostic(`${first} after one call, ${most} at most, ${last} a second after ${calls}`);
  assert.ok(peak - one < 256 << 20, `${most} at most, ${first} after one call`);
  assert.ok(left <= 1.3 * one, `${last} a second after ${calls} calls, ${first} after one`);
}, onLinux);

const inWorker = (body) =>
  new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
    const { Engine } = require(${JSON.stringify(home)});
    const engine = new Engine({ backend: 'rten' });
    (async () => { ${body} })().catch((error) => { throw error; });`,
    { eval: true, workerData: { path } },
  );

shows('concurrency', 'worker threads each have an engine of their own', async () => {
  const expected = await (await engine.removeBackground(path)).encode();
  const body = `
    const cutouts = await Promise.all([1, 2].map(() => engine.removeBackground(workerData.path)));
    parentPort.postMessage(await cutouts[1].encode());`;
  const answers = await Promise.all(
    Array.from(
      { length: 4 },
      () => new Promise((resolve, reject) => inWorker(body).on('message', resolve).on('error', reject)),
    ),
  );
  for (const bytes of answers) assert.ok(Buffer.from(bytes).equals(expected));
});

test('a worker that is ended in the middle of its work takes nothing down', async () => {
  for (const wait of [0, 5, 20, 60, 150, 300]) {
    const worker = inWorker(`
      parentPort.postMessage('started');
      for (;;) await Promise.all([1, 2, 3].map(() => engine.removeBackground(workerData.path, { onProgress: () => {} })));`);
    await new Promise((resolve) => worker.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, wait));
    assert.equal(await worker.terminate(), 1);
  }
  assert.equal((await engine.removeBackground(path)).width, 320);
});

// Each is a process of its own: what counts is how it ends.
const busy = `
  const { Engine } = require(${JSON.stringify(home)});
  const engine = new Engine(${JSON.stringify(ort ? { ortLibrary: ort } : { backend: 'rten' })});
  const go = () => engine.removeBackground(${JSON.stringify(path)}, { edges: 'fine', onProgress: () => {} });
  go(); go(); go();`;
const busyBatch = `
  const { Engine } = require(${JSON.stringify(home)});
  const engine = new Engine(${JSON.stringify(ort ? { ortLibrary: ort } : { backend: 'rten' })});
  const output = require('node:fs').mkdtempSync(${JSON.stringify(join(scratch(), 'batch-'))});
  engine.batch('transparent-png', { inputs: [${JSON.stringify(dirname(path))}], output, onProgress: () => {} });`;
const busyWorkers = `
  const { Worker } = require('node:worker_threads');
  const workers = [1, 2, 3].map(() => new Worker(${JSON.stringify(busy)}, { eval: true }));`;

for (const [name, program, code, rounds = 5] of [
  ['a process that ends itself', `${busy} setTimeout(() => process.exit(7), 40);`, 7],
  ['a process that throws', `${busy} setTimeout(() => { throw new Error('over'); }, 40);`, 1],
  ['a process that waits for the work', busy, 0, 1],
  ['a process that ends itself in the middle of a batch', `${busyBatch} setTimeout(() => process.exit(7), 150);`, 7],
  [
    'a process that ends its workers',
    `${busyWorkers} workers.forEach((worker, at) => setTimeout(() => worker.terminate(), 100 + 150 * at));`,
    0,
  ],
  ['a process that ends before its workers', `${busyWorkers} setTimeout(() => process.exit(7), 300);`, 7],
]) {
  test(`${name} does not crash or hang`, { timeout: 120_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      const ended = await promisify(execFile)(process.execPath, ['-e', program], { timeout: 60_000 }).catch(
        (error) => error,
      );
      assert.equal(ended.signal ?? null, null, ended.stderr);
      assert.equal(ended.code ?? 0, code, ended.stderr);
    }
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { CancelledError, Photo } from '../dist/index.mjs';
import { engine, large, native, shows, small } from './suite.mjs';

const slow = await Photo.fromPixels(large());

/** Rejected with `reason`, and how long after `moment`. */
async function rejects(promise, reason) {
  const error = await promise.then(
    () => assert.fail('it was expected to stop'),
    (error) => error,
  );
  assert.equal(error, reason);
}

/** Generous, for a machine that is busy with other things; the figure is printed. */
const SOON = 2000;

shows('cancel', 'an abort rejects at once, and stops the work', async (context) => {
  // By progress and not by time: a fast machine is done before a slow one has begun.
  for (const share of [0, 0.3, 0.6]) {
    const controller = new AbortController();
    const seen = [];
    let cutout;
    await new Promise((reached) => {
      const onProgress = (progress) => {
        seen.push(progress);
        if (progress.fraction >= share) reached();
      };
      cutout = engine.removeBackground(slow, { edges: 'fine', signal: controller.signal, onProgress });
    });
    const begin = performance.now();
    controller.abort(new Error('enough'));
    controller.abort(new Error('again'));
    await rejects(cutout, controller.signal.reason);
    const took = performance.now() - begin;
    const count = seen.length;
    context.diagnostic(`abort at ${share}: rejected after ${took.toFixed(1)} ms`);
    assert.equal(controller.signal.reason.message, 'enough');
    assert.ok(took < SOON, `${took} ms`);
    await sleep(200);
    assert.equal(seen.length, count, 'progress after the abort');
  }
  const { photo, mask } = await small();
  assert.equal((await engine.removeBackground(photo, { mask })).width, photo.width);
});

test('a signal that is aborted already starts nothing', async () => {
  const signal = AbortSignal.abort();
  let reports = 0;
  await rejects(engine.removeBackground(slow, { signal, onProgress: () => (reports += 1) }), signal.reason);
  assert.equal(reports, 0);
});

test('a time limit and any of several signals stop it', async () => {
  const limit = AbortSignal.timeout(50);
  await rejects(
    engine.removeBackground(slow, { edges: 'fine', signal: limit }),
    limit.reason ?? (await aborted(limit)),
  );
  assert.equal(limit.reason.name, 'TimeoutError');
  const controller = new AbortController();
  const any = AbortSignal.any([controller.signal, AbortSignal.timeout(600_000)]);
  const cutout = engine.removeBackground(slow, { edges: 'fine', signal: any });
  setTimeout(() => controller.abort('by name'), 50);
  await assert.rejects(cutout, (error) => error === 'by name');
});

test('decoding, encoding and copying stop as well', async () => {
  for (const start of [
    (signal) => slow.encode({ format: 'webp', signal }),
    (signal) => slow.encode({ png: 'best', signal }),
    (signal) => slow.toPixels({ signal }),
    (signal) => Photo.fromPixels(large(), { signal }),
  ]) {
    const controller = new AbortController();
    const promise = start(controller.signal);
    controller.abort();
    await rejects(promise, controller.signal.reason);
  }
});

test('an abort counts even if the work ended before it', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const promise = Photo.fromPixels({ data: new Uint8Array(3), width: 1, height: 1, channels: 3 }, { signal });
  // The thread of JavaScript is busy here: the photo is made, but its promise cannot be settled yet.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  controller.abort();
  await rejects(promise, controller.signal.reason);
});

test('a stream that never ends is let go of', async () => {
  const controller = new AbortController();
  const stream = new ReadableStream({ pull: () => new Promise(() => {}) });
  const cutout = engine.removeBackground(stream, { signal: controller.signal });
  await sleep(20);
  controller.abort();
  await rejects(cutout, controller.signal.reason);
});

test('listeners are taken off a signal that lives on', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...words) => {
    listeners += 1;
    return add.apply(signal, words);
  };
  signal.removeEventListener = (...words) => {
    listeners -= 1;
    return remove.apply(signal, words);
  };
  const { photo, mask } = await small();
  await engine.removeBackground(photo, { mask, signal });
  assert.equal(listeners, 0);
});

test('cancelled without a signal, it is an error of its own', async () => {
  const { photo, mask } = await small();
  native.injectFault('compose', 'cancelled');
  await assert.rejects(engine.removeBackground(photo, { mask }), CancelledError);
});

async function aborted(signal) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return signal.reason;
}

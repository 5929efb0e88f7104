import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { FileError, OptionError, Photo, Recipe } from '../dist/index.mjs';
import { engine, photoPath, scratch, shows } from './suite.mjs';

const thumbnail = Recipe.parse(`schema = "packshot.recipe/1"
[variables]
side = 32

[[steps]]
export = { format = "webp", size = "\${side}" }
`);
/** Slow enough to be stopped in the middle. */
const slow = Recipe.parse('schema = "packshot.recipe/1"\n[[steps]]\nremove_background = { edges = "fine" }\n');

/** A folder with so many photos, and an empty one. */
function folders(count) {
  const [from, output] = [scratch(), join(scratch(), 'out')];
  for (let at = 1; at <= count; at++) copyFileSync(photoPath('mug.jpg'), join(from, `${at}.jpg`));
  return { inputs: [from], output };
}

const results = (folder) => readdirSync(folder).filter((name) => !name.startsWith('.packshot'));
const keys = ['total', 'done', 'failed', 'skipped', 'resumed'];
const counts = (told) => Object.fromEntries(keys.map((key) => [key, told[key]]));

shows('batch batch.progress', 'each photo is told with the counts so far; a bad one stops nothing', async () => {
  const { inputs, output } = folders(4);
  writeFileSync(join(inputs[0], '5.jpg'), 'no photo');
  const seen = [];
  const report = await engine.batch(thumbnail, { inputs, output, workers: 2, onProgress: (event) => seen.push(event) });
  assert.equal(seen.length, 5);
  for (const [at, event] of seen.entries()) {
    assert.equal(event.total, 5);
    assert.equal(event.done + event.failed, at + 1);
    assert.ok(event.rate >= 0 && (event.left === null || event.left >= 0));
    assert.ok(event.item.input.startsWith(inputs[0]));
  }
  assert.ok(seen.at(-1).rate > 0);
  assert.equal(seen.at(-1).left, 0);
  const made = seen.find(({ item }) => item.outcome === 'done').item;
  assert.ok(existsSync(made.output) && made.seconds > 0);
  assert.deepEqual([made.error, made.renamed, made.attempts], [null, false, 1]);
  const bad = seen.find(({ item }) => item.outcome === 'failed').item;
  assert.equal(bad.error.code, 'photo_format');
  assert.equal(bad.error.kind, 'photo');
  assert.ok(bad.error.message.includes('5.jpg') && bad.error.remedy.length > 0);

  assert.deepEqual(counts(report), { total: 5, done: 4, failed: 1, skipped: 0, resumed: 0 });
  assert.deepEqual(report.failures, [bad]);
  assert.deepEqual([report.complete, report.stopped, report.report, report.sheet], [false, null, null, null]);
  assert.ok(report.seconds > 0 && report.rate > 0 && existsSync(report.journal));
  assert.deepEqual(results(output).sort(), ['1.webp', '2.webp', '3.webp', '4.webp']);
});

shows('batch', 'files, URLs, a table, a report and a sheet; a preset by its name', async () => {
  const { inputs, output } = folders(1);
  const [report, sheet] = ['report.json', 'sheet.html'].map((name) => join(scratch(), name));
  const made = await engine.batch('thumbnail', {
    inputs: [pathToFileURL(join(inputs[0], '1.jpg')), photoPath('mug.webp')],
    output: pathToFileURL(output),
    name: '{number}.{ext}',
    maxFailures: 1,
    report: pathToFileURL(report),
    sheet,
  });
  assert.deepEqual(counts(made), { total: 2, done: 2, failed: 0, skipped: 0, resumed: 0 });
  assert.deepEqual([made.complete, made.report, made.sheet], [true, report, sheet]);
  assert.equal(JSON.parse(readFileSync(report, 'utf8')).items.length, 2);
  assert.match(readFileSync(sheet, 'utf8'), /<html/i);
  assert.equal(results(output).length, 2);

  const table = join(inputs[0], 'table.csv');
  writeFileSync(table, 'input,side,output\n1.jpg,16,small.webp\n1.jpg,24,large.webp\n');
  const rows = await engine.batch(thumbnail, { table: pathToFileURL(table), output: join(output, 'rows') });
  assert.equal(rows.done, 2);
  assert.equal((await Photo.open(join(output, 'rows/small.webp'))).width, 16);
  assert.equal((await Photo.open(join(output, 'rows/large.webp'))).width, 24);
});

shows('batch.progress batch.resume', 'an abort stops it at once, and the same call goes on', async (context) => {
  const { inputs, output } = folders(12);
  const controller = new AbortController();
  let events = 0;
  let begin = 0;
  const stopped = engine.batch(slow, {
    inputs,
    output,
    workers: 1,
    signal: controller.signal,
    onProgress: ({ done }) => {
      events += 1;
      if (done < 3) return;
      begin = performance.now();
      controller.abort(new Error('enough'));
    },
  });
  await assert.rejects(stopped, (error) => error === controller.signal.reason);
  const took = performance.now() - begin;
  context.diagnostic(`rejected after ${took.toFixed(1)} ms`);
  assert.ok(took < 2000, `${took} ms`);
  assert.equal(events, 3);

  const seen = [];
  const report = await engine.batch(slow, { inputs, output, onProgress: (event) => seen.push(event) });
  assert.equal(events, 3, 'told after the abort');
  assert.ok(report.resumed >= 3 && report.resumed < 12, `${report.resumed} were done already`);
  assert.equal(report.done, 12 - report.resumed);
  assert.equal(seen.filter(({ item }) => item.outcome === 'resumed').length, report.resumed);
  const [{ step, width, confidence, subject, stages }] = seen.find(({ item }) => item.outcome === 'done').item.steps;
  assert.deepEqual([step, width, subject.left > 0, stages.inference > 0], ['remove_background', 320, true, true]);
  assert.ok(confidence > 0.9, `${confidence}`);
  assert.equal(results(output).length, 12);
  const again = await engine.batch(slow, { inputs, output });
  assert.deepEqual(counts(again), { total: 12, done: 0, failed: 0, skipped: 0, resumed: 12 });
});

shows('batch.progress', 'a listener that throws stops it, and its exception arrives', async () => {
  const { inputs, output } = folders(12);
  const thrown = new TypeError('no more');
  let events = 0;
  const onProgress = () => {
    events += 1;
    throw thrown;
  };
  await assert.rejects(engine.batch(slow, { inputs, output, workers: 1, onProgress }), (error) => error === thrown);
  await sleep(200);
  assert.equal(events, 1, 'called again after it had thrown');
  assert.ok(results(output).length < 12);
});

test('a slow listener misses progress and no failure', async () => {
  const { inputs, output } = folders(200);
  writeFileSync(join(inputs[0], '105.jpg'), 'no photo');
  const [seen, clock] = [[], new Int32Array(new SharedArrayBuffer(4))];
  const onProgress = (event) => {
    // A batch that waited for it would never come so far.
    const deadline = performance.now() + 120_000;
    while (!existsSync(output) || results(output).length < 199) {
      assert.ok(performance.now() < deadline, 'the batch waits for its listener');
      Atomics.wait(clock, 0, 0, 10);
    }
    seen.push(event);
  };
  await engine.batch(thumbnail, { inputs, output, onProgress });
  assert.ok(seen.length < 150, `${seen.length} events`);
  assert.equal(seen.at(-1).done + seen.at(-1).failed, 200);
  assert.deepEqual(seen.filter(({ item }) => item.error).map(({ item }) => item.input), [join(inputs[0], '105.jpg')]);
});

test('a batch that watches takes what comes, and ends with its report', async () => {
  const { inputs, output } = folders(1);
  const controller = new AbortController();
  const seen = [];
  const watching = engine.batch(thumbnail, {
    inputs,
    output,
    watch: true,
    signal: controller.signal,
    onProgress: (event) => {
      seen.push(event);
      if (seen.length === 1) copyFileSync(photoPath('mug.jpg'), join(inputs[0], 'late.jpg'));
      else controller.abort();
    },
  });
  const report = await watching;
  assert.deepEqual(counts(report), { total: 2, done: 2, failed: 0, skipped: 0, resumed: 0 });
  assert.deepEqual(
    seen.map(({ total, left }) => [total, left]),
    [
      [null, null],
      [null, null],
    ],
  );
  assert.deepEqual(results(output).sort(), ['1.webp', 'late.webp']);
});

test('what is wrong with the whole batch is an error', async () => {
  const { inputs, output } = folders(1);
  for (const [options, ErrorClass, code, name] of [
    [{ inputs, output, worker: 1 }, OptionError, 'option_invalid', '`worker`'],
    [{ inputs, output, workers: 0 }, OptionError, 'option_invalid', 'workers'],
    [{ inputs, output, existing: 'keep' }, OptionError, 'option_invalid', 'replace'],
    [{ inputs: inputs[0], output }, OptionError, 'option_invalid', ''],
    [{ inputs }, OptionError, 'option_invalid', 'output'],
    [{ inputs: [join(inputs[0], 'nothing-*')], output }, FileError, 'file_missing', 'nothing-*'],
  ]) {
    const error = await engine.batch(thumbnail, options).catch((error) => error);
    assert.ok(error instanceof ErrorClass, `${error}`);
    assert.equal(error.code, code);
    assert.ok(error.message.includes(name), `${error.message} should name ${name}`);
  }
  rmSync(output, { recursive: true, force: true });
  await assert.rejects(engine.batch('nothing', { inputs, output }), OptionError);
  await assert.rejects(engine.batch(7, { inputs, output }), OptionError);
  const signal = AbortSignal.abort('no');
  await assert.rejects(engine.batch(thumbnail, { inputs, output, signal }), (error) => error === 'no');
  assert.ok(!existsSync(output), 'nothing was begun');
});

test('the event loop goes on meanwhile', async () => {
  const { inputs, output } = folders(6);
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 5);
  const begin = performance.now();
  await engine.batch(slow, { inputs, output });
  const took = performance.now() - begin;
  clearInterval(ticking);
  assert.ok(ticks > took / 50, `${ticks} ticks in ${took} ms`);
});

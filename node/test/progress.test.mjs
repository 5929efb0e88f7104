import assert from 'node:assert/strict';
import { test } from 'node:test';

import { engine, photoPath, shows, small } from './suite.mjs';

const stages = ['decode', 'download', 'load', 'prepare', 'inference', 'matte', 'edges', 'compose'];

shows('progress', 'progress rises from 0 to 1, through known stages', async () => {
  const seen = [];
  await engine.removeBackground(photoPath('mug.jpg'), { onProgress: (progress) => seen.push(progress) });
  assert.equal(seen[0].fraction, 0);
  assert.equal(seen.at(-1).fraction, 1);
  assert.equal(seen.at(-1).stage, 'compose');
  for (const [at, { stage, fraction }] of seen.entries()) {
    assert.ok(stages.includes(stage), stage);
    assert.ok(at === 0 || fraction >= seen[at - 1].fraction);
  }
});

test('no report is lost, however fast the work is', async () => {
  const { photo, mask } = await small();
  for (let round = 0; round < 50; round++) {
    const seen = [];
    await engine.removeBackground(photo, { mask, edges: 'off', onProgress: ({ fraction }) => seen.push(fraction) });
    assert.equal(seen.at(-1), 1);
  }
});

test('a listener that throws stops the work, and its exception arrives', async () => {
  const thrown = new TypeError('no more');
  for (const moment of ['decode', 'inference', 'compose']) {
    let calls = 0;
    const onProgress = ({ stage }) => {
      calls += 1;
      if (stage === moment) throw thrown;
    };
    await assert.rejects(engine.removeBackground(photoPath('mug.jpg'), { onProgress }), (error) => error === thrown);
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(calls, before, 'called again after it had thrown');
  }
  const { photo, mask } = await small();
  assert.equal((await engine.removeBackground(photo, { mask })).width, photo.width);
});

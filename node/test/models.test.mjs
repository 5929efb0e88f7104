import assert from 'node:assert/strict';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Engine, ModelError, NetworkError, OptionError, PackshotError } from '../dist/index.mjs';
import { cases, photoPath, scratch, server, shows } from './suite.mjs';

const skip = server ? false : 'PACKSHOT_TEST_SERVER is not set';
const registry = readFileSync(join(cases, 'tiny.toml'), 'utf8').replaceAll('SERVER', server ?? 'localhost');
const make = (options = {}) => new Engine({ backend: 'rten', cacheDir: scratch(), registry, ...options });
const code = (expected) => (error) => error instanceof PackshotError && error.code === expected;

shows('models.list', 'models are listed with their state', () => {
  const list = make().models.list();
  const states = new Map(list.map(({ id, state }) => [id, state]));
  assert.equal(states.get('packshot-matte-2'), 'embedded');
  assert.equal(states.get('tiny'), 'absent');
  assert.equal(list.find(({ id }) => id === 'tiny').bytes, 371);
  assert.ok(states.size > 5);
});

shows(
  'models.pull models.files',
  'a model is fetched, found, verified, damaged and removed',
  async () => {
    const { models } = make();
    assert.throws(
      () => models.path('tiny'),
      (error) => error instanceof ModelError && error.code === 'model_missing',
    );
    const seen = [];
    const path = await models.pull('tiny', { onProgress: (progress) => seen.push(progress) });
    assert.equal(models.path('tiny'), path);
    assert.deepEqual(readFileSync(path), readFileSync(join(cases, 'tiny.onnx')));
    assert.ok(seen.length > 0 && seen.every(({ stage }) => stage === 'download'));
    assert.equal(seen.at(-1).fraction, 1);
    await models.verify('tiny');
    const whole = readFileSync(path);
    assert.deepEqual(
      models.list().find(({ id }) => id === 'tiny'),
      { id: 'tiny', state: 'present', bytes: whole.length },
    );

    writeFileSync(path, Buffer.concat([whole.subarray(1), Buffer.from('x')]));
    await assert.rejects(models.verify('tiny'), code('model_corrupt'));
    truncateSync(path, 10);
    assert.throws(() => models.path('tiny'), code('model_corrupt'));
    assert.equal(models.list().find(({ id }) => id === 'tiny').state, 'damaged');
    assert.equal(await models.remove('tiny'), true);
    assert.equal(await models.remove('tiny'), false);
    assert.ok(!existsSync(path));
    await assert.rejects(models.verify('tiny'), code('model_missing'));
  },
  { skip },
);

test('an engine fetches a model only if it may', { skip }, async () => {
  const photo = photoPath('mug.jpg');
  await assert.rejects(make().removeBackground(photo, { model: 'tiny' }), code('model_missing'));
  const cutout = await make({ download: true }).removeBackground(photo, { model: 'tiny' });
  assert.equal(cutout.ran.model, 'tiny');
  const offline = make({ download: true, offline: true });
  await assert.rejects(offline.removeBackground(photo, { model: 'tiny' }), NetworkError);
});

test('offline, nothing is fetched', async () => {
  await assert.rejects(
    make({ offline: true }).models.pull('tiny'),
    (error) => error instanceof NetworkError && error.code === 'offline',
  );
});

test('what is unknown, forbidden or without a file is said', async () => {
  const { models } = make();
  await assert.rejects(models.pull('no-such-model'), code('model_unknown'));
  assert.throws(() => models.path('no-such-model'), code('model_unknown'));
  assert.throws(() => models.path(5), OptionError);
  assert.throws(() => models.path('packshot-matte-2'), OptionError);
  assert.throws(() => make({ registry: 'no toml' }), code('descriptor_invalid'));
  await assert.rejects(models.pull('tiny', { signal: AbortSignal.abort('no') }), (error) => error === 'no');
});

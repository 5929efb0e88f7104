import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as packshot from '../dist/index.mjs';
import { engine, native, photoPath, readCases, require, shows, small } from './suite.mjs';

const { asWritten } = require('../dist/names.js');

const { Engine, PackshotError, Photo } = packshot;
const codes = readCases('errors.json');

const classOf = (kind) => packshot[`${kind[0].toUpperCase()}${kind.slice(1)}Error`];

/** What an operation rejects with. */
const fault = async (promise) =>
  promise.then(
    () => assert.fail('it was expected to fail'),
    (error) => error,
  );

shows('errors', 'every code arrives as its class, with its remedy and its context', async () => {
  const { photo, mask } = await small();
  for (const { code, kind, remedy, retryable } of codes) {
    native.injectFault('compose', code);
    const error = await fault(engine.removeBackground(photo, { mask }));
    assert.ok(error instanceof PackshotError && error instanceof Error, code);
    assert.equal(error.constructor, classOf(kind), code);
    assert.equal(error.name, classOf(kind).name);
    assert.deepEqual(
      { code: error.code, kind: error.kind, remedy: error.remedy, retryable: error.retryable, context: error.context },
      { code, kind, remedy: asWritten(remedy), retryable, context: { stage: 'compose' } },
    );
    assert.match(error.message, /injected by a test/);
  }
  assert.equal((await engine.removeBackground(photo, { mask })).width, photo.width);
});

test('the list of codes is complete', () => {
  assert.deepEqual(
    require('../dist/codes.js').codes,
    codes.map(({ code }) => code),
  );
});

shows('panics', 'a panic is an InternalError, and the next call works', async () => {
  const { photo, mask } = await small();
  for (const stage of ['prepare', 'edges']) {
    native.injectFault(stage);
    const error = await fault(engine.removeBackground(photo, stage === 'edges' ? { mask } : {}));
    assert.ok(error instanceof packshot.InternalError);
    assert.equal(error.code, 'internal');
    assert.match(error.message, /injected by a test/);
  }
  assert.equal((await engine.removeBackground(photo, { mask })).width, photo.width);
});

test('a panic on the thread of JavaScript is one, too', () => {
  const { unwrap } = require('../dist/errors.js');
  assert.throws(() => unwrap(native.panicHere()), packshot.InternalError);
});

test('an error has its causes', async () => {
  const error = await fault(Photo.open('nowhere.jpg'));
  assert.ok(error instanceof packshot.FileError);
  assert.equal(error.context.file, 'nowhere.jpg');
  assert.match(error.cause.message, /./);
  const { name, code, message, remedy, context } = JSON.parse(JSON.stringify(error));
  assert.deepEqual([name, code, context], ['FileError', 'file_missing', { file: 'nowhere.jpg' }]);
  assert.deepEqual([message, remedy], [error.message, error.remedy]);
});

test('unknown options are named as they were written', async () => {
  for (const [options, ...names] of [
    [{ edgs: 'fine' }, '`edgs`', '`edges`'],
    [{ keepHole: true }, '`keepHole`', '`keepHoles`'],
    [{ keep_holes: true }, '`keep_holes`', '`keepHoles`'],
    [{ background: 7 }, 'CSS colour'],
    [{ background: [1, 2] }, 'three or four numbers'],
    [{ crop: Number.NaN }, 'NaN'],
    [{ edges: () => 'fine' }, 'edge mode'],
    [{ mask: 7 }, 'not a number'],
    [{ trimap: new Date() }, 'not Date'],
    [{ model: { file: 'a.onnx' } }, '`like`'],
  ]) {
    const error = await fault(engine.removeBackground('nowhere.jpg', options));
    assert.ok(error instanceof packshot.OptionError, `${error}`);
    assert.equal(error.code, 'option_invalid');
    for (const name of names) assert.ok(error.message.includes(name), `${error.message} should name ${name}`);
  }
  assert.throws(
    () => new Engine({ cachDir: '/tmp' }),
    (error) => /`cachDir`.*`cacheDir`/.test(error.message),
  );
  assert.throws(() => new Engine({ threads: 0 }), packshot.OptionError);
  assert.throws(() => new Engine({ backend: 'cuda' }), packshot.OptionError);
  const photo = await Photo.open(photoPath('mug.jpg'));
  assert.match((await fault(photo.encode({ qualty: 3 }))).message, /`qualty`/);
  assert.match((await fault(photo.encode({ quality: 0 }))).message, /1 to 100/);
  assert.match((await fault(Photo.open('a.jpg', { maxPixel: 3 }))).message, /`maxPixel`.*`maxPixels`/);
});

// What people read when a call is wrong: the calls of `wrong-calls.txt`, with their messages.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as packshot from '../dist/index.mjs';
import { photoPath, require, scratch } from './suite.mjs';

const { Engine, PackshotError, Photo } = packshot;
const { Readable } = require('node:stream');

/** Anything that `work` throws, now or later. */
async function fault(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a wrong call says what is wrong, and what to write', async () => {
  const [file, cache] = [photoPath('mug.jpg'), scratch()];
  const engine = new Engine({ backend: 'rten', cacheDir: cache });
  const [closed, closedEngine] = [await Photo.open(file), new Engine()];
  closed.close();
  closedEngine.close();
  const things = {
    ...packshot,
    Readable,
    engine,
    strict: new Engine({ maxPixels: 1000, backend: 'rten' }),
    file,
    bytes: readFileSync(file),
    photo: await Photo.open(file),
    gray: await Photo.fromPixels({ data: new Uint8Array(4), width: 2, height: 2, channels: 1 }),
    closed,
    closedEngine,
    pieces: async function* () {
      yield Buffer.from('no photo');
    },
  };
  process.chdir(scratch());
  let messages = '';
  for (const call of readFileSync(join(import.meta.dirname, 'wrong-calls.txt'), 'utf8').trimEnd().split(/\r?\n/)) {
    const work = new Function(...Object.keys(things), `return ${call}`);
    const error = await fault(() => work(...Object.values(things)));
    assert.ok(error, `${call} is accepted`);
    const name = error instanceof PackshotError ? `${error.name} ${error.code}` : error.name;
    messages += `${call}\n  ${name}: ${error.message}\n`;
    // That of a wrong option leads to its message and to the reference.
    if (error instanceof PackshotError && error.code !== 'option_invalid') messages += `  ${error.remedy}\n`;
    messages += '\n';
  }
  messages = messages.replaceAll(file, 'mug.jpg').replaceAll(cache, 'CACHE');
  const blessed = join(import.meta.dirname, 'wrong-calls.messages.txt');
  if (process.env.PACKSHOT_BLESS) writeFileSync(blessed, messages);
  assert.equal(messages, readFileSync(blessed, 'utf8').replaceAll('\r', ''));
});

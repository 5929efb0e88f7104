import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import { Cropped, OptionError, Photo, crop } from '../dist/index.mjs';
import { engine, photoPath, shows } from './suite.mjs';

const path = photoPath('mug.jpg');
const samples = async (photo) => Buffer.from((await photo.toPixels()).data.buffer);

shows('crop', 'every source gives the same part, which knows where it was', async () => {
  const options = { margin: '5%', aspect: '1:1' };
  const cropped = await engine.crop(path, options);
  const { frame, subject, ran } = cropped;
  assert.ok(cropped instanceof Cropped && cropped instanceof Photo);
  assert.deepEqual([cropped.width, cropped.height], [frame.width, frame.width]);
  assert.ok(frame.left <= subject.left && frame.top + frame.height >= subject.top + subject.height);
  assert.equal(ran.model, 'packshot-matte-2');
  assert.match(inspect(cropped), /^Cropped \{[^]*frame: /);
  for (const source of [pathToFileURL(path), readFileSync(path), await Photo.open(path)])
    assert.ok((await samples(await engine.crop(source, options))).equals(await samples(cropped)));
  assert.equal((await crop(path, { aspect: 1, gravity: 'left' })).subject, null);
});

shows('crop.options', 'faults are named, progress rises to 1, and an abort rejects', async () => {
  await assert.rejects(engine.crop(path, { area: '0 0 9 9', margin: 0 }), OptionError);
  const seen = [];
  await engine.crop(path, { margin: 0, onProgress: ({ fraction }) => seen.push(fraction) });
  assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
  assert.equal(seen.at(-1), 1);
  const signal = AbortSignal.abort('enough');
  await assert.rejects(engine.crop(path, { margin: 0, signal }), (error) => error === 'enough');
});

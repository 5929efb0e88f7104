import assert from 'node:assert/strict';
import { createReadStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import sharp from 'sharp';

import { Cutout, Engine, FileError, LimitError, OptionError, Photo, PhotoError, Recipe } from '../dist/index.mjs';
import { engine, photoPath, scratch, shows, small } from './suite.mjs';

const path = photoPath('mug.jpg');
const bytes = readFileSync(path);
const samples = async (photo) => Buffer.from((await photo.toPixels()).data.buffer);
const arrayBuffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

const sources = {
  'a path': () => path,
  'a file: URL': () => pathToFileURL(path),
  'a Buffer': () => bytes,
  'a Uint8Array in the middle of another': () =>
    new Uint8Array(Buffer.concat([Buffer.alloc(7), bytes, Buffer.alloc(9)])).subarray(7, 7 + bytes.length),
  'an ArrayBuffer': () => arrayBuffer,
  'a Blob': () => new Blob([bytes]),
  'a Readable': () => createReadStream(path),
  'a Readable of pieces': () => Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]),
  'a web stream': () => new Blob([bytes]).stream(),
  'a Request': () => new Request('http://localhost/', { method: 'POST', body: bytes }),
  'a Response': () => new Response(bytes),
  'a Photo': () => Photo.open(path),
};

shows('cutout.sources', 'every source gives the same cut-out', async () => {
  const mask = await Photo.open(photoPath('mask.png'));
  const expected = await samples(await engine.removeBackground(path, { mask }));
  for (const [name, source] of Object.entries(sources)) {
    const cutout = await engine.removeBackground(await source(), { mask });
    assert.ok((await samples(cutout)).equals(expected), name);
  }
});

shows('cutout.pictures', 'masks, trimaps and backgrounds come from every source', async () => {
  const photo = await Photo.open(path);
  for (const [option, file] of [
    ['mask', 'mask.png'],
    ['trimap', 'trimap.png'],
    ['background', 'backdrop.png'],
  ]) {
    const place = photoPath(file);
    const own = option === 'background' ? { mask: photoPath('mask.png') } : {};
    const expected = await samples(await engine.removeBackground(photo, { ...own, [option]: pathToFileURL(place) }));
    for (const picture of [
      readFileSync(place),
      new Blob([readFileSync(place)]),
      createReadStream(place),
      await Photo.open(place),
    ]) {
      const cutout = await engine.removeBackground(photo, { ...own, [option]: picture });
      assert.ok((await samples(cutout)).equals(expected), option);
    }
  }
});

shows('cutout.matte', 'a cut-out is a photo, and so are its matte and its trimap', async () => {
  const { photo, mask } = await small();
  const cutout = await engine.removeBackground(photo, { mask, crop: 0 });
  assert.ok(cutout instanceof Cutout && cutout instanceof Photo);
  assert.deepEqual([cutout.matte.width, cutout.matte.height, cutout.matte.channels], [photo.width, photo.height, 1]);
  assert.deepEqual([cutout.frame.width, cutout.frame.height], [cutout.width, cutout.height]);
  assert.ok(cutout.width < photo.width);
  const { trimap } = await engine.removeBackground(photo, { trimap: photoPath('trimap.png') });
  assert.deepEqual(
    [...new Set((await trimap.toPixels()).data)].sort((a, b) => a - b),
    [0, 128, 255],
  );
  assert.equal((await engine.removeBackground(photo, { mask, edges: 'off' })).trimap, null);
  assert.match(inspect(cutout), /^Cutout \{[^]*width: \d+[^]*matte: Photo \{[^]*frame:/);
});

test('streams decode, too', async () => {
  for (const source of ['a Blob', 'a Readable', 'a web stream', 'an ArrayBuffer', 'a Buffer']) {
    assert.equal((await Photo.decode(sources[source]())).width, 320, source);
  }
});

test('a file of a form decodes, a body that is missing does not, and a file is a body', async () => {
  const form = new FormData();
  form.set('photo', new File([bytes], 'photo.jpg'));
  assert.equal((await Photo.decode(form.get('photo'))).width, 320);
  const received = await new Request('http://localhost/', { method: 'POST', body: form }).formData();
  assert.equal((await Photo.decode(received.get('photo'))).width, 320);
  assert.equal((await engine.crop(received.get('photo'), { area: '0 0 50% 50%' })).width, 160);
  await assert.rejects(Photo.decode(new Response(null)), PhotoError);
  const file = await (await Photo.open(path)).encode({ format: 'webp' });
  assert.equal((await Photo.decode(new Response(file))).format, 'webp');
});

test('a stream longer than the limit is not read to its end', async () => {
  const strict = new Engine({ maxBytes: 1_000_000, backend: 'rten' });
  for (const read of [
    (stream) => Photo.decode(stream, { maxBytes: 1_000_000 }),
    (stream) => strict.crop(stream, { aspect: 1 }),
    (stream) => strict.runRecipe(stream, 'web'),
    (stream) => strict.removeBackground(path, { mask: stream }),
  ]) {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc((given += 1) && 65536);
      })(),
    );
    await assert.rejects(read(endless), LimitError);
    assert.ok(given < 100, `${given} pieces`);
    assert.ok(endless.destroyed);
  }
});

test('an engine has limits for all that its calls read', async () => {
  const [strict, photo] = [new Engine({ maxPixels: 320 * 272 - 1, backend: 'rten' }), await Photo.open(path)];
  const refused = (work) => assert.rejects(work, (error) => error.code === 'limit_pixels');
  await refused(strict.crop(path, { aspect: 1 }));
  await refused(strict.removeBackground(bytes));
  await refused(strict.removeBackground(photo, { mask: photoPath('mask.png') }));
  await refused(strict.removeBackground(photo, { mask: photoPath('mask.png'), background: pathToFileURL(path) }));
  await refused(strict.runRecipe(path, 'web'));
  const { failures } = await strict.batch('web', { inputs: [path], output: scratch() });
  assert.equal(failures[0].error.code, 'limit_pixels');
  assert.match(failures[0].error.remedy, /`maxPixels`/);
  assert.equal((await strict.crop(photo, { aspect: 1 })).width, 272, 'what is decoded is used');
  const raised = 'schema = "packshot.recipe/1"\ndecode = { max_pixels = 87040 }\n[[steps]]\nexport = { format = "png" }';
  assert.equal((await strict.runRecipe(path, Recipe.parse(raised))).width, 320, 'a recipe has its own');
});

test('a photo is a stream of its file, which is made when it is read', async () => {
  const photo = await Photo.open(path);
  const expected = await photo.encode({ format: 'png' });
  const response = new Response(photo.stream({ format: 'png' }));
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), expected);
  const pieces = [];
  for await (const piece of photo.stream()) pieces.push(piece);
  assert.ok(pieces.length > 1 && pieces.every((piece) => piece.length <= 65536));
  assert.deepEqual(Buffer.concat(pieces), expected);
  const rendition = await engine.runRecipe(photo, 'web');
  assert.deepEqual(Buffer.from(await new Response(rendition.stream()).arrayBuffer()), rendition.bytes);

  await assert.rejects(new Response(photo.stream({ quality: 0 })).text(), OptionError);
  await assert.rejects(new Response(photo.stream({ signal: AbortSignal.abort(new Error('enough')) })).text(), /enough/);
  await photo.stream().cancel();
  const reader = photo.stream().getReader();
  const reading = reader.read();
  await reader.cancel();
  assert.equal((await reading).done, true);
});

test('what is closed is not used any more, and what runs goes on', async () => {
  const { photo, mask } = await small();
  const cutout = await engine.removeBackground(photo, { mask });
  const running = cutout.encode();
  const { matte } = cutout;
  cutout.close();
  cutout.close();
  assert.ok((await running).length > 0, 'a call in progress goes on');
  for (const closed of [cutout, matte]) {
    assert.throws(() => closed.width, OptionError);
    await assert.rejects(closed.encode(), OptionError);
    await assert.rejects(closed.toPixels(), OptionError);
    await assert.rejects(engine.crop(closed, { aspect: 1 }), /is closed/);
    await assert.rejects(engine.removeBackground(photo, { mask: closed }), /is closed/);
    assert.match(inspect(closed), /\(closed\)$/);
  }
  assert.equal(photo.width, 320);

  const rendition = await engine.runRecipe(photo, 'web');
  rendition[Symbol.dispose]();
  assert.throws(() => rendition.photo.width, OptionError);
  assert.equal((await Photo.decode(rendition.bytes)).width, rendition.width);

  const own = new Engine({ backend: 'rten' });
  const cropping = own.crop(photo, { aspect: 1 });
  own[Symbol.dispose]();
  assert.equal((await cropping).height, 272);
  await assert.rejects(own.crop(photo, { aspect: 1 }), OptionError);
  await assert.rejects(own.runRecipe(photo, 'web'), OptionError);
  await assert.rejects(own.batch('web', { inputs: [path], output: scratch() }), OptionError);
  await assert.rejects(own.probe(), OptionError);
  assert.throws(() => own.models.list(), OptionError);
});

test('what belongs to its thread is not copied to another as an empty object', async () => {
  const { photo, mask } = await small();
  const rendition = await engine.runRecipe(photo, 'web');
  const cutout = await engine.removeBackground(photo, { mask });
  const { port1, port2 } = new MessageChannel();
  for (const thing of [photo, cutout, rendition, engine, Recipe.preset('web')]) {
    assert.throws(() => structuredClone(thing), { name: 'DataCloneError' });
    assert.throws(() => port1.postMessage({ thing }), { name: 'DataCloneError' });
    assert.ok(!(thing instanceof WeakSet) && thing.add === undefined);
  }
  port1.close();
  port2.close();
});

test('what is no photo is refused with a typed error', async () => {
  await assert.rejects(
    Photo.decode(new Uint8Array()),
    (error) => error instanceof PhotoError && error.code === 'photo_empty',
  );
  await assert.rejects(Photo.decode(Readable.from([])), (error) => error.code === 'photo_empty');
  await assert.rejects(Photo.decode(Buffer.from('text')), (error) => error.code === 'photo_format');
  await assert.rejects(Photo.decode('a.jpg'), OptionError);
  await assert.rejects(Photo.open(7), OptionError);
  await assert.rejects(Photo.open(new URL('https://example.com/a.jpg')), OptionError);
  await assert.rejects(engine.removeBackground(undefined), OptionError);
  await assert.rejects(engine.removeBackground(null), OptionError);
  await assert.rejects(engine.removeBackground(Readable.from(['text'])), OptionError);
  await assert.rejects(engine.removeBackground(new Blob()), PhotoError);
});

shows('photo.pixels_in photo.pixels_out', 'samples of every kind go in and come out unchanged', async () => {
  for (const [array, depth, most] of [
    [Uint8Array, 8, 255],
    [Uint16Array, 16, 65535],
  ]) {
    for (const channels of [1, 2, 3, 4]) {
      const [width, height] = [7, 5];
      const data = array.from({ length: width * height * channels }, (_, at) => (at * 7919) % (most + 1));
      const photo = await Photo.fromPixels({ data, width, height, channels });
      assert.deepEqual([photo.width, photo.height, photo.channels, photo.depth], [width, height, channels, depth]);
      assert.equal(photo.hasAlpha, channels % 2 === 0);
      assert.deepEqual([photo.format, photo.profile, photo.exif, photo.xmp], [null, null, null, null]);
      assert.deepEqual(await photo.toPixels(), { data, width, height, channels, depth });
      assert.deepEqual((await (await Photo.decode(await photo.encode())).toPixels()).data, data);
      if (depth === 16) {
        const asBytes = new Uint8Array(data.buffer);
        assert.deepEqual(
          (await (await Photo.fromPixels({ data: asBytes, width, height, channels, depth })).toPixels()).data,
          data,
        );
      }
    }
  }
});

test('a view, a clamped array and a later change of the array', async () => {
  const whole = Uint8Array.from({ length: 100 }, (_, at) => at);
  const part = await Photo.fromPixels({ data: whole.subarray(10, 22), width: 2, height: 2, channels: 3 });
  const clamped = new Uint8ClampedArray(whole.buffer, 10, 12);
  const same = await Photo.fromPixels({ data: clamped, width: 2, height: 2, channels: 3 });
  whole.fill(0);
  const expected = Uint8Array.from({ length: 12 }, (_, at) => at + 10);
  for (const photo of [part, same]) assert.deepEqual((await photo.toPixels()).data, expected);
  const out = await part.toPixels();
  out.data.fill(9);
  assert.deepEqual((await part.toPixels()).data, expected, 'a photo never changes');
});

test('shapes that do not fit are refused', async () => {
  const data = new Uint8Array(12);
  for (const shape of [
    { width: 2, height: 2, channels: 4 },
    { width: 0, height: 2, channels: 3 },
    { width: -2, height: -2, channels: 3 },
    { width: 1.5, height: 2, channels: 4 },
    { width: Number.NaN, height: 2, channels: 3 },
    { width: 2, height: 2, channels: 5 },
    { width: 2, height: 2, channels: 3, depth: 16 },
    { width: 2, height: 2, channels: 3, depth: 12 },
    { width: 2, height: 2, channels: 3, stride: 8 },
    { width: 2 ** 32 - 1, height: 2 ** 32 - 1, channels: 4 },
    { width: 2, height: 2 },
  ]) {
    await assert.rejects(Photo.fromPixels({ data, ...shape }), OptionError, JSON.stringify(shape));
  }
  await assert.rejects(Photo.fromPixels({ data: new Uint8Array(), width: 1, height: 1, channels: 1 }), OptionError);
  await assert.rejects(
    Photo.fromPixels({ data: new Uint16Array(12), width: 2, height: 2, channels: 3, depth: 8 }),
    OptionError,
  );
  await assert.rejects(
    Photo.fromPixels({ data: new Uint8Array(11), width: 1, height: 1, channels: 1, depth: 16 }),
    OptionError,
  );
  await assert.rejects(Photo.fromPixels({ data: [1, 2, 3], width: 1, height: 1, channels: 3 }), OptionError);
});

shows('photo.pixels_in photo.pixels_out', 'samples go from sharp and to sharp', async () => {
  const photo = await Photo.fromPixels(await sharp(path).raw().toBuffer({ resolveWithObject: true }));
  assert.deepEqual([photo.width, photo.height, photo.channels, photo.depth], [320, 272, 3, 8]);
  const wide = await sharp(photoPath('gray16.png')).raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
  assert.equal((await Photo.fromPixels(wide)).depth, 16);

  const { mask } = await small();
  const pixels = await (await engine.removeBackground(photo, { mask })).toPixels();
  const shown = await sharp(pixels.data, { raw: pixels }).png().toBuffer();
  assert.deepEqual((await (await Photo.decode(shown)).toPixels()).data, pixels.data);

  const gray = await (await Photo.open(photoPath('gray16.png'))).toPixels();
  assert.ok(gray.data instanceof Uint16Array);
  const again = await sharp(gray.data, { raw: gray }).toColourspace('grey16').png().toBuffer();
  assert.deepEqual((await (await Photo.decode(again)).toPixels()).data, gray.data);
});

shows(
  'photo.save photo.facts photo.limits',
  'files are written in one step; profile and limits are as asked',
  async () => {
    const folder = scratch();
    const photo = await Photo.open(path);
    await photo.save(join(folder, 'a.webp'), { quality: 50 });
    await photo.save(pathToFileURL(join(folder, 'b.tif')));
    assert.equal((await Photo.open(join(folder, 'a.webp'))).format, 'webp');
    assert.equal((await Photo.open(join(folder, 'b.tif'))).format, 'tiff');
    await assert.rejects(photo.save(join(folder, 'c.xyz')), PhotoError);
    await assert.rejects(photo.save(join(folder, 'no', 'c.png')), FileError);
    await assert.rejects(photo.save(join(folder, 'a.webp'), { quality: 500 }), OptionError);
    assert.equal((await Photo.open(join(folder, 'a.webp'))).width, 320);
    assert.deepEqual(readdirSync(folder).sort(), ['a.webp', 'b.tif']);
    assert.ok(!existsSync(join(folder, 'c.xyz')));

    await assert.rejects(Photo.open(path, { maxPixels: 100 }), LimitError);
    const profile = await sharp(path).withIccProfile('p3').jpeg().toBuffer();
    assert.equal((await Photo.decode(profile)).profile, null);
    assert.ok((await Photo.decode(profile, { color: 'keep' })).profile instanceof Buffer);
    assert.ok((await Photo.open(photoPath('sideways.jpg'))).exif instanceof Buffer);
    assert.deepEqual(await photo.encode(), await photo.encode({ format: 'png' }));
  },
);

shows('export', 'a file has the size, the bytes, the resolution and the profile that were asked for', async () => {
  const photo = await Photo.open(path);
  const sizes = async (options) => {
    const { width, height } = await Photo.decode(await photo.encode({ format: 'png', ...options }));
    return [width, height];
  };
  assert.deepEqual(await sizes({ size: 160 }), [160, 136]);
  assert.deepEqual(await sizes({ size: 'x136', fit: 'inside' }), [160, 136]);
  assert.deepEqual(await sizes({ size: '1000x1000', fit: 'inside' }), [320, 272]);
  assert.deepEqual(await sizes({ size: '200x300', fit: 'cover' }), [200, 300]);
  const padded = await Photo.decode(await photo.encode({ size: '400x300', fit: 'pad', background: 'red' }));
  assert.deepEqual([padded.width, padded.height], [400, 300]);
  assert.deepEqual([...(await padded.toPixels()).data.subarray(0, 3)], [255, 0, 0]);

  const file = join(scratch(), 'small.jpg');
  await photo.save(file, { maxBytes: 9000, dpi: 300, quality: 95 });
  assert.ok(readFileSync(file).length <= 9000);
  assert.equal((await sharp(file).metadata()).density, 300);
  const p3 = await Photo.decode(await sharp(path).withIccProfile('p3').jpeg().toBuffer(), { color: 'keep' });
  for (const [profile, found] of [
    ['keep', true],
    ['none', false],
  ]) {
    const { icc } = await sharp(await p3.encode({ profile })).metadata();
    assert.equal(icc !== undefined, found, profile);
  }
  for (const [options, code, word] of [
    [{ maxBytes: 10, format: 'jpeg' }, 'budget_missed', '10'],
    [{ fit: 'stretch' }, 'option_invalid', 'cover'],
    [{ size: '0x5' }, 'option_invalid', '1200x800'],
    [{ dpi: 0 }, 'option_invalid', 'dpi'],
    [{ maxByte: 10 }, 'option_invalid', '`maxBytes`'],
  ]) {
    const error = await photo.encode(options).catch((error) => error);
    assert.ok(error instanceof OptionError, `${error}`);
    assert.equal(error.code, code);
    assert.ok(error.message.includes(word), `${error.message} should say ${word}`);
  }
});

test('an option that is no picture leaves no stream behind that fails unheard', async () => {
  const failing = Readable.from(
    (async function* () {
      yield Buffer.alloc(1);
      throw new Error('unheard');
    })(),
  );
  await assert.rejects(engine.removeBackground(failing, { mask: 7 }), OptionError);
  await new Promise((resolve) => setTimeout(resolve, 20));
});

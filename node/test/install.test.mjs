import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { cases, home, scratch } from './suite.mjs';

const app = scratch();
const photos = join(home, '../examples/photos');

/** Runs a program in the app's folder, with no variable that would lead it to anything outside. */
function run(program, ...words) {
  const { PACKSHOT_TEST_ORT: _, PACKSHOT_ORT_DYLIB: __, ...env } = process.env;
  const cache = { npm_config_cache: join(app, '.cache'), XDG_CACHE_HOME: join(app, '.cache') };
  return execFileSync(program, words, {
    cwd: app,
    env: { ...env, ...cache },
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}

before(() => {
  const packed = scratch();
  execFileSync(process.execPath, [join(home, 'scripts/pack.mjs'), packed]);
  const tarballs = readdirSync(packed).filter((name) => name.endsWith('.tgz'));
  assert.equal(tarballs.length, 2);
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  // From an empty cache and without the network: the packages of other platforms cannot be had, and need not.
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', ...tarballs.map((name) => join(packed, name)));
  copyFileSync(join(photos, 'rendered-mug.jpg'), join(app, 'shoe.jpg'));
  copyFileSync(join(cases, 'photos/mug.webp'), join(app, 'small.webp'));
  mkdirSync(join(app, 'photos'));
  for (const name of ['coffee.jpg', 'rendered-mug.jpg']) copyFileSync(join(photos, name), join(app, 'photos', name));
});

test('two packages are installed: the package, and the one of this platform', () => {
  assert.ok(readdirSync(join(app, 'node_modules')).includes('packshot'));
  assert.equal(readdirSync(join(app, 'node_modules/@packshot')).length, 1);
  const contents = readdirSync(join(app, 'node_modules/packshot')).sort();
  assert.deepEqual(contents, ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'dist', 'package.json']);
});

test('npx runs the command', () => {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  assert.equal(run('npx', '--offline', 'packshot', '--version').trim(), `packshot ${version}`);
  const [, lines] = /^## The command\n\n```sh\n([^]*?)^```/m.exec(readFileSync(join(home, 'README.md'), 'utf8'));
  const said = lines
    .trim()
    .split('\n')
    .map((line) => run('npx', '--offline', ...line.split(' ').slice(1)));
  assert.match(said[0], /shoe\.png/);
  const made = readdirSync(join(app, 'out')).sort();
  assert.deepEqual(made, ['.packshot-journal', 'coffee.jpg', 'rendered-mug.jpg', 'sheet.html', 'shoe.png']);
  rmSync(join(app, 'out'), { recursive: true });
  assert.throws(() => run('npx', '--offline', 'packshot', 'cutout', 'nowhere.jpg'), { status: 3 });
});

test('the command offers the ONNX Runtime of the project, and says how to get one', () => {
  const doctor = () => run('npx', '--offline', 'packshot', 'doctor');
  assert.match(doctor(), /npm install onnxruntime-node/);
  const runtime = join(app, 'node_modules/onnxruntime-node');
  const folder = join(runtime, 'bin/napi-v6', process.platform, process.arch);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(runtime, 'package.json'), '{}');
  assert.ok(doctor().includes(folder), doctor());
  rmSync(runtime, { recursive: true });
});

test('the README does what it says', () => {
  for (const name of ['sharp', '@types'])
    symlinkSync(join(home, 'node_modules', name), join(app, 'node_modules', name));
  const blocks = [...readFileSync(join(home, 'README.md'), 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm)];
  assert.ok(blocks.length >= 11);
  const files = blocks.map(([, code], at) => {
    writeFileSync(join(app, `${at}.mts`), code);
    return `${at}.mts`;
  });
  const tsc = join(home, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--skipLibCheck'];
  run(process.execPath, tsc, ...options, ...files);
  const said = files.map((file) => run(process.execPath, file.replace('.mts', '.mjs'))).join('');
  for (const word of [
    'width',
    'compose 100 %',
    'file_missing nowhere.jpg',
    'packshot-matte-2 embedded',
    'rten null',
    '640 x 544, by packshot-',
    'white-background: ',
    'remove_background ',
    '2 of 2, ',
    '2 made, 0 made before, 0 failed',
  ]) {
    assert.ok(said.includes(word), `${said} should say ${word}`);
  }
  for (const file of ['shoe.png', 'shoe.jpg.out.jpg', 'shoe.webp', 'large.png', 'catalogue.jpeg', 'small.webp'])
    assert.ok(readdirSync(app).includes(file), file);
  assert.equal(readdirSync(join(app, 'web')).filter((name) => name.endsWith('.webp')).length, 2);
});

test('the examples run', () => {
  mkdirSync(join(app, 'examples'));
  const example = (name, ...words) => {
    copyFileSync(join(home, '../examples/node', name), join(app, 'examples', name));
    return run(process.execPath, join('examples', name), ...words);
  };
  assert.match(example('cutout.mjs', join(photos, 'coffee.jpg'), 'coffee.png'), /coffee\.png: \d+ x \d+, \d+ % sure/);
  const count = readdirSync(photos).filter((name) => name.endsWith('.jpg')).length;
  const made = (folder) => readdirSync(join(app, folder)).filter((name) => !name.startsWith('.')).length;
  assert.match(example('folder.mjs', photos, 'out', '--stop-after', '1'), /stopped; run the same command to continue/);
  assert.ok(made('out') >= 1 && made('out') < count);
  const said = example('folder.mjs', photos, 'out');
  assert.match(said, new RegExp(`${count} of ${count}, .* a second, 0 s left[^]*[1-9]\\d* made before, 0 failed`));
  assert.equal(made('out'), count);
  writeFileSync(join(app, 'own.toml'), 'schema = "packshot.recipe/1"\n[[steps]]\nexport = { format = "webp" }\n');
  assert.match(example('folder.mjs', photos, 'own', 'own.toml'), new RegExp(`${count} made, 0 made before, 0 failed`));
  const small = join(cases, 'photos/two.png');
  assert.match(example('upscale.mjs', small, 'two.png', '400'), /100 %[^]*two\.png: 400 x \d+, \d\.\d\d times/);
  const model = join(cases, 'tiny.onnx');
  assert.match(example('custom-model.mjs', join(photos, 'coffee.jpg'), model, 'own.png'), /tiny\.onnx on rten/);
});

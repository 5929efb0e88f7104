// Bundlers, tracers and archives find the native library, as the README says how. `bundlers/` has those that take minutes.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';

import { createPackageWithOptions, extractAll } from '@electron/asar';
import { nodeFileTrace } from '@vercel/nft';
import { build } from 'esbuild';

import { cropped, program } from './bundlers/program.mjs';
import { home, require, scratch } from './suite.mjs';

const { platform, platforms } = require('../dist/platform.js');
const library = `node_modules/@packshot/${platform()}/packshot.node`;

/** An app whose packages are as npm installs them. */
const app = join(scratch(), 'app');

before(() => {
  const place = (path) => {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    return join(app, path);
  };
  writeFileSync(place('package.json'), '{ "name": "app", "private": true, "main": "main.mjs" }');
  writeFileSync(place('main.mjs'), program);
  cpSync(join(home, 'dist'), place('node_modules/packshot/dist'), { recursive: true });
  copyFileSync(join(home, 'package.json'), place('node_modules/packshot/package.json'));
  copyFileSync(join(home, 'packshot.node'), place(library));
  writeFileSync(join(app, dirname(library), 'package.json'), '{ "main": "packshot.node" }');
});

/** A bundle of the app, made without a warning. */
async function bundled(options) {
  const entryPoints = [join(app, 'main.mjs')];
  const { warnings } = await build({ entryPoints, bundle: true, platform: 'node', logLevel: 'silent', ...options });
  assert.deepEqual(warnings, []);
}

test('the library of every platform is required by its name', () => {
  const source = readFileSync(join(home, 'dist/library.js'), 'utf8');
  const required = [...source.matchAll(/require\('@packshot\/(.*)'\)/g)].map(([, name]) => name);
  assert.deepEqual(required, [...platforms]);
});

test('a tracer finds all that runs elsewhere', async () => {
  const { fileList } = await nodeFileTrace([join(app, 'main.mjs')], { base: app });
  const elsewhere = scratch();
  for (const file of fileList) cpSync(join(app, file), join(elsewhere, file));
  cropped(join(elsewhere, 'main.mjs'));
});

test('esbuild leaves the package out of a bundle', async () => {
  const outfile = join(app, 'bundle.cjs');
  await bundled({ external: ['packshot'], outfile });
  assert.ok(readFileSync(outfile).length < 10_000);
  cropped(outfile);
});

test('esbuild copies the library beside a bundle, which runs elsewhere', async () => {
  const outdir = scratch();
  await bundled({ loader: { '.node': 'copy' }, outdir });
  cropped(join(outdir, 'main.js'));
});

test('a program in the layout of Electron finds what is unpacked beside its archive', async () => {
  const offered = join('node_modules/onnxruntime-node/bin/napi-v6', process.platform, process.arch);
  mkdirSync(join(app, offered), { recursive: true });
  writeFileSync(join(app, offered, 'library'), '');
  writeFileSync(join(app, 'node_modules/onnxruntime-node/package.json'), '{}');
  const [archive, resources] = [join(scratch(), 'app.asar'), scratch()];
  await createPackageWithOptions(app, archive, { unpack: '{**/*.node,**/onnxruntime-node/bin/**}' });
  // Electron shows the archive as a folder, and loads native modules from beside it. In Node the archive has to be a folder.
  const [packed, electron] = [join(resources, 'app.asar'), join(resources, 'electron.cjs')];
  extractAll(archive, packed);
  cpSync(`${archive}.unpacked`, `${packed}.unpacked`, { recursive: true });
  writeFileSync(join(packed, library), 'nothing native can be loaded from an archive');
  writeFileSync(
    electron,
    `const { _extensions: extensions } = require('node:module');
    const load = extensions['.node'];
    extensions['.node'] = (module, file) => load(module, file.replace('app.asar', 'app.asar.unpacked'));`,
  );
  cropped(join(packed, 'main.mjs'), '--require', electron);
  const { installedOnnxRuntime } = require(join(packed, 'node_modules/packshot/dist/onnxruntime.js'));
  assert.equal(installedOnnxRuntime(), join(`${packed}.unpacked`, offered));
  assert.ok(existsSync(join(installedOnnxRuntime(), 'library')));
});

// Builds with Next and webpack, which take minutes: `cargo xtask soak bundlers`.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { Photo } from '../../dist/index.mjs';
import { home, photoPath, require, scratch } from '../suite.mjs';
import { cropped, program } from './program.mjs';

const app = join(scratch(), 'app');

function run(file, ...words) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  execFileSync(file, words, { cwd: app, env, stdio: 'inherit', shell: process.platform === 'win32' });
}

before(() => {
  const packed = scratch();
  execFileSync(process.execPath, [join(home, 'scripts/pack.mjs'), packed]);
  const tarballs = readdirSync(packed).filter((name) => name.endsWith('.tgz'));
  mkdirSync(app);
  for (const name of ['package.json', 'next.config.mjs', 'app']) {
    cpSync(join(import.meta.dirname, name), join(app, name), { recursive: true });
  }
  const quiet = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  run('npm', 'install', ...quiet, ...tarballs.map((name) => join(packed, name)));
});

/** A port that nothing listens at. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await promisify(server.close.bind(server))();
  return port;
}

/** The answer to a request, once the server listens. */
async function answer(server, url, body) {
  for (;;) {
    assert.equal(server.exitCode, null, 'the server has ended');
    try {
      return await fetch(url, { method: 'POST', body });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

test('a standalone build of Next answers a request from another folder', { timeout: 600_000 }, async (context) => {
  const offered = join('node_modules/onnxruntime-node/bin/napi-v6', process.platform, process.arch);
  mkdirSync(join(app, offered), { recursive: true });
  writeFileSync(join(app, offered, 'library'), '');
  writeFileSync(join(app, 'node_modules/onnxruntime-node/package.json'), '{}');
  run(process.execPath, join('node_modules', 'next', 'dist', 'bin', 'next'), 'build');
  const elsewhere = join(scratch(), 'elsewhere');
  cpSync(join(app, '.next/standalone'), elsewhere, { recursive: true });
  const { installedOnnxRuntime } = require(join(elsewhere, 'node_modules/packshot/dist/onnxruntime.js'));
  assert.equal(installedOnnxRuntime(), join(elsewhere, offered));
  assert.deepEqual(readdirSync(installedOnnxRuntime()), ['library']);
  // So that it cannot find anything in the folder where it was built.
  renameSync(join(app, 'node_modules'), join(app, 'away'));
  context.after(() => renameSync(join(app, 'away'), join(app, 'node_modules')));

  const port = await freePort();
  const env = { ...process.env, PORT: `${port}`, HOSTNAME: '127.0.0.1' };
  const server = spawn(process.execPath, ['server.js'], { cwd: elsewhere, env, stdio: ['ignore', 'ignore', 'inherit'] });
  context.after(() => server.kill());
  const form = new FormData();
  form.set('photo', new File([readFileSync(photoPath('mug.jpg'))], 'mug.jpg'));
  const response = await answer(server, `http://127.0.0.1:${port}/crop`, form);
  assert.equal(response.status, 200, await response.clone().text());
  const { width, height, format } = await Photo.decode(response);
  assert.deepEqual([width, height, format], [160, 136, 'webp']);
});

test('webpack leaves the package out of a bundle', async () => {
  const { webpack } = createRequire(join(app, 'package.json'))('webpack');
  writeFileSync(join(app, 'main.mjs'), program);
  const stats = await promisify(webpack)({
    mode: 'production',
    target: 'node',
    context: app,
    entry: './main.mjs',
    externals: { packshot: 'commonjs packshot' },
    output: { path: join(app, 'out'), filename: 'bundle.cjs' },
  });
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
  cropped(join(app, 'out/bundle.cjs'));
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as imported from '../dist/index.mjs';
import { home, native, require, scratch, shows } from './suite.mjs';

const { platform } = require('../dist/platform.js');

shows('version', 'there is one version', () => {
  const workspace = readFileSync(join(home, '../Cargo.toml'), 'utf8');
  const [, version] = /\[workspace\.package\]\nversion = "(.*)"/.exec(workspace);
  assert.equal(imported.version, version);
  assert.equal(native.version(), version);
  assert.equal(require('../package.json').version, version);
});

test('import and require give one set of classes', () => {
  const required = require('packshot');
  for (const [name, value] of Object.entries(required)) assert.equal(imported[name], value, name);
  assert.deepEqual(
    Object.keys(imported)
      .filter((name) => name !== '__esModule')
      .sort(),
    Object.keys(required).sort(),
  );
});

/** What a copy of the package without its native library says when it is loaded, after `prepare`. */
function loaded(prepare = () => {}, version) {
  const folder = scratch();
  cpSync(join(home, 'dist'), join(folder, 'dist'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: version ?? manifest.version }));
  prepare(folder);
  return spawnSync(process.execPath, ['-e', `require(${JSON.stringify(folder)})`], { encoding: 'utf8' });
}

test('a missing native library is an error with platform, package and remedy', () => {
  const { status, stderr } = loaded();
  assert.equal(status, 1);
  for (const word of [platform(), `@packshot/${platform()}`, 'not installed', 'optional dependencies']) {
    assert.ok(stderr.includes(word), `${stderr} should say ${word}`);
  }
});

test('so is one that cannot be loaded, or has another version', () => {
  const broken = loaded((folder) => writeFileSync(join(folder, 'packshot.node'), 'no library'));
  assert.match(broken.stderr, new RegExp(`cannot load its native library for ${platform()}`));
  const other = loaded((folder) => symlinkSync(join(home, 'packshot.node'), join(folder, 'packshot.node')), '9.9.9');
  assert.match(other.stderr, /packshot has version 9\.9\.9, .*belong together/);
});

test('the package of the platform comes before a build from source', () => {
  const { status, stderr } = loaded((folder) => {
    const place = join(folder, 'node_modules/@packshot', platform());
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{ "main": "library.node" }');
    symlinkSync(join(home, 'packshot.node'), join(place, 'library.node'));
    writeFileSync(join(folder, 'packshot.node'), 'no library');
  });
  assert.equal(status, 0, stderr);
});

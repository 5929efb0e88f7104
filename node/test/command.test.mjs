// The command that the package brings, beside the program `packshot`: the same words, the same answers, the same end.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { home, photoPath, scratch } from './suite.mjs';

const command = [process.execPath, join(home, 'dist/command.js')];
const program = process.env.PACKSHOT_TEST_COMMAND && [process.env.PACKSHOT_TEST_COMMAND];
const skip = program ? false : 'PACKSHOT_TEST_COMMAND is not set';
// Nothing that would lead it to a folder or a library of this machine.
const env = { ...process.env, PACKSHOT_ORT_DYLIB: '', ORT_DYLIB_PATH: '', PACKSHOT_OFFLINE: '1', NO_COLOR: '1' };
const rten = ['--backend', 'rten'];

function told([file, ...before], words, options = {}) {
  const { status, signal, stdout, stderr } = spawnSync(file, [...before, ...words], { env, ...options });
  return { status, signal, stdout, stderr: stderr.toString() };
}

test('it says what the program says', { skip }, () => {
  for (const words of ['--version', '--help', 'help cutout', 'recipe show web', '--json models list', 'man']) {
    const said = told(program, words.split(' '));
    assert.equal(said.status, 0, said.stderr);
    assert.ok(said.stdout.length > 0);
    assert.deepEqual(told(command, words.split(' ')), said);
  }
});

test('it fails as the program fails', { skip }, () => {
  const cwd = scratch();
  for (const [words, status] of [
    ['cutout', 2],
    ['cutuot a.jpg', 2],
    ['cutout a.jpg --edges soft', 2],
    ['cutout nowhere.jpg', 3],
  ]) {
    const said = told(program, words.split(' '), { cwd });
    assert.equal(said.status, status, said.stderr);
    assert.ok(said.stderr.length > 0);
    assert.deepEqual(told(command, words.split(' '), { cwd }), said);
  }
});

test('some failed is exit code 1', () => {
  const cwd = scratch();
  writeFileSync(join(cwd, 'broken.jpg'), 'no photo');
  copyFileSync(photoPath('mug.jpg'), join(cwd, 'mug.jpg'));
  assert.equal(told(command, [...rten, 'cutout', 'broken.jpg', 'mug.jpg', '-o', 'out'], { cwd }).status, 1);
  assert.deepEqual(
    readdirSync(join(cwd, 'out')).filter((name) => name.endsWith('.png')),
    ['mug.png'],
  );
});

test('a photo comes out as the program makes it, as a file and through pipes', { skip }, () => {
  const cwd = scratch();
  const options = ['--background', 'white', '--crop', '5%'];
  const [expected, made] = [program, command].map((command, at) => {
    const said = told(command, [...rten, 'cutout', photoPath('mug.jpg'), '-o', `${at}`, ...options], { cwd });
    assert.equal(said.status, 0, said.stderr);
    return readFileSync(join(cwd, `${at}`, 'mug.png'));
  });
  assert.ok(made.equals(expected));
  const input = readFileSync(photoPath('mug.jpg'));
  const piped = told(command, [...rten, 'cutout', '-', '-o', '-', ...options], { input });
  assert.equal(piped.status, 0, piped.stderr);
  assert.ok(piped.stdout.equals(expected), 'not a byte more');
});

test('names of files are bytes', { skip: process.platform === 'linux' ? false : 'other systems have no such names' }, () => {
  const cwd = scratch();
  const script = 'name=$(printf "caf\\351"); cp "$1" "$name.jpg"; shift; exec "$@" crop "$name.jpg" -o out --aspect 1:1';
  const said = told(['sh', '-c', script, 'sh'], [photoPath('mug.jpg'), ...command, ...rten], { cwd });
  assert.equal(said.status, 0, said.stderr);
  assert.ok(readdirSync(join(cwd, 'out')).includes('caf%E9.png'), 'results have names that are text');
});

test('a reader that goes away is a quiet end', async () => {
  for (const [file, ...before] of [program, command].filter(Boolean)) {
    // It speaks only when it has read its list.
    const child = spawn(file, [...before, '--json', 'run', 'web', '-', '-o', 'out'], { cwd: scratch(), env });
    child.stdout.destroy();
    await once(child.stdout, 'close');
    child.stdin.end('nowhere.jpg\n');
    const [[status], complaint] = await Promise.all([once(child, 'exit'), child.stderr.toArray()]);
    assert.deepEqual([status, Buffer.concat(complaint).toString()], [141, '']);
  }
});

const noSignals = process.platform === 'win32' ? 'Windows has no SIGINT for one process' : false;

/** How a command ends that gets SIGINT after `ready`. */
async function interrupted([file, ...before], words, ready, options) {
  const child = spawn(file, [...before, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'], ...options });
  const [said, complaint] = [child.stdout, child.stderr].map((stream) => stream.toArray());
  const end = once(child, 'exit');
  await ready(child);
  child.kill('SIGINT');
  const [status, signal] = await end;
  const [text, errors] = (await Promise.all([said, complaint])).map((parts) => Buffer.concat(parts).toString());
  return { status, signal, said: text, complaint: errors };
}

test('Ctrl-C ends the work well', { skip: noSignals }, async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, 'photos'));
  for (let at = 0; at < 60; at++) copyFileSync(photoPath('mug.jpg'), join(cwd, 'photos', `${at}.jpg`));
  mkdirSync(join(cwd, 'out'));
  const made = () => readdirSync(join(cwd, 'out')).filter((name) => name.endsWith('.png'));
  const ready = async () => {
    while (made().length === 0) await sleep(10);
  };
  const end = await interrupted(command, [...rten, 'cutout', 'photos', '-o', 'out'], ready, { cwd });
  assert.deepEqual([end.status, end.signal, end.complaint], [130, null, '']);
  assert.match(end.said, /run the same command to resume/);
  assert.ok(made().length < 60);
  const others = readdirSync(join(cwd, 'out')).filter((name) => !name.endsWith('.png'));
  assert.deepEqual(others, ['.packshot-journal'], 'nothing is half written');
});

test('Ctrl-C ends a command that waits', { skip: noSignals }, async () => {
  for (const which of [program, command].filter(Boolean)) {
    // Of a list of photos it has read more than a pipe holds, and waits for the rest.
    const ready = (child) => new Promise((resolve) => child.stdin.write('a.jpg\n'.repeat(100_000), resolve));
    const end = await interrupted(which, ['run', 'web', '-', '-o', 'out'], ready, { cwd: scratch() });
    assert.deepEqual([end.status, end.signal, end.complaint], [null, 'SIGINT', '']);
  }
});

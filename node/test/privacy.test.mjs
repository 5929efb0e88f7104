import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { home, ort, photoPath, scratch, shows } from './suite.mjs';

const path = photoPath('mug.jpg');

/** The environment without what this test is about. */
function plain(more = {}) {
  const { ORT_DISABLE_TELEMETRY: _, CI: __, PACKSHOT_ORT_DYLIB: ___, ORT_DYLIB_PATH: ____, ...env } = process.env;
  return { ...env, ...more };
}

const says = (program, env) =>
  JSON.parse(execFileSync(process.execPath, ['-e', program], { env: plain(env), encoding: 'utf8' }));

shows('privacy', 'telemetry is off as soon as the package is imported on the main thread', () => {
  const program = `
    const before = process.env.ORT_DISABLE_TELEMETRY;
    require(${JSON.stringify(home)});
    console.log(JSON.stringify([before ?? null, process.env.ORT_DISABLE_TELEMETRY]));`;
  assert.deepEqual(says(program), [null, '1']);
  assert.deepEqual(says(program, { ORT_DISABLE_TELEMETRY: 'true' }), ['true', 'true']);
});

// A worker may not change the environment of the process. It says so, and works without ONNX Runtime, until the main
// thread has loaded the package.
shows(
  'privacy',
  'imported first in a worker, it does without a library that would send telemetry',
  () => {
    const probe = `new (require(${JSON.stringify(home)}).Engine)().probe()`;
    const program = `
    const { Worker } = require('node:worker_threads');
    const code = "${probe.replaceAll('"', '\\"')}.then((report) => require('node:worker_threads').parentPort.postMessage(report))";
    const inWorker = () => new Promise((resolve) => new Worker(code, { eval: true }).on('message', resolve));
    (async () => {
      const first = await inWorker();
      const variable = process.env.ORT_DISABLE_TELEMETRY ?? null;
      require(${JSON.stringify(home)});
      console.log(JSON.stringify([first, variable, await inWorker()]));
    })();`;
    const [first, variable, second] = says(program, { PACKSHOT_ORT_DYLIB: ort });
    assert.equal(first.name, 'rten');
    assert.match(first.reason, /ORT_DISABLE_TELEMETRY=1/);
    assert.equal(variable, null);
    assert.equal(second.name, 'onnxruntime');
  },
  { skip: ort && process.platform === 'linux' ? false : 'PACKSHOT_TEST_ORT is not set' },
);

const noTrace = process.platform !== 'linux' || !ort || spawnSync('strace', ['-V']).error !== undefined;

// The core's own test has the control: the same library with telemetry left on is caught by the same trace.
shows(
  'privacy',
  'a cut-out beside busy threads opens no socket and writes only its result',
  () => {
    const folder = scratch();
    const at = (name) => join(folder, name);
    mkdirSync(at('home'));
    const busy = `const end = Date.now() + 60_000; while (Date.now() < end) void process.env.HOME;`;
    writeFileSync(
      at('main.cjs'),
      `const { Worker } = require('node:worker_threads');
    const workers = [1, 2].map(() => new Worker(${JSON.stringify(busy)}, { eval: true }));
    const { Engine } = require(${JSON.stringify(home)});
    const engine = new Engine({ backend: 'onnxruntime', ortLibrary: ${JSON.stringify(ort)} });
    (async () => {
      const cutout = await engine.removeBackground(${JSON.stringify(path)});
      await cutout.save(${JSON.stringify(at('out.png'))});
      console.log(JSON.stringify(cutout.ran.backend));
      for (const worker of workers) await worker.terminate();
    })();`,
    );
    const folders = ['HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'TMPDIR'];
    const env = plain(Object.fromEntries(folders.map((name) => [name, at('home')])));
    const words = [
      '-f',
      '-qq',
      '-s',
      '512',
      '-e',
      'trace=%network,%file',
      '-o',
      at('trace'),
      process.execPath,
      at('main.cjs'),
    ];
    const ran = JSON.parse(execFileSync('strace', words, { env, cwd: at('home'), encoding: 'utf8' }));
    assert.equal(ran.name, 'onnxruntime');
    assert.ok(Number(ran.version.split('.')[1]) >= 29, `${ran.version} proves nothing: it has no telemetry`);

    const lines = readFileSync(at('trace'), 'utf8').split('\n');
    assert.ok(
      lines.some((line) => line.includes('libonnxruntime')),
      'the trace does not show the library being loaded',
    );
    assert.deepEqual(
      lines.filter((line) => line.includes('AF_INET')),
      [],
    );
    const writes = lines.filter((line) => /O_WRONLY|O_RDWR|O_CREAT|mkdir\(|unlink/.test(line));
    const harmless = (line) =>
      line.includes('"/dev/null"') ||
      line.includes('"/proc/self/') ||
      (line.includes(`"${folder}/`) && !line.includes('/home/'));
    assert.deepEqual(
      writes.filter((line) => !harmless(line)),
      [],
    );
    assert.deepEqual(readdirSync(at('home')), []);
    assert.deepEqual(readdirSync(folder).sort(), ['home', 'main.cjs', 'out.png', 'trace']);
  },
  { skip: noTrace && 'no strace, or PACKSHOT_TEST_ORT is not set' },
);

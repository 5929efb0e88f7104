// What the way through Node costs: the same work here and in Rust, in turns.
//
//     cargo build --release -p packshot --example overhead
//     npm run build
//     node benches/overhead.mjs target/release/examples/overhead PHOTO [ROUNDS]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { Engine, Photo } from '../dist/index.mjs';

const [program, path, rounds = '15'] = process.argv.slice(2);
const engine = new Engine({ backend: 'rten' });
const bytes = readFileSync(path);
const photo = await Photo.decode(bytes);
const pixels = await photo.toPixels();

const work = {
  bytes: async () => (await engine.removeBackground(bytes)).encode(),
  pixels: async () => (await engine.removeBackground(await Photo.fromPixels(pixels))).toPixels(),
};

const rust = spawn(program, [path], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface(rust.stdout)[Symbol.asyncIterator]();

async function inRust(kind) {
  rust.stdin.write(`${kind}\n`);
  return parseFloat((await lines.next()).value);
}

async function inNode(kind) {
  const begin = performance.now();
  await work[kind]();
  return performance.now() - begin;
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

for (const kind of Object.keys(work)) {
  await inRust(kind);
  await inNode(kind);
  const times = { rust: [], node: [] };
  for (let round = 0; round < rounds; round++) {
    times.rust.push(await inRust(kind));
    times.node.push(await inNode(kind));
  }
  const [slow, fast] = [median(times.node), median(times.rust)];
  const least = [Math.min(...times.node), Math.min(...times.rust)];
  const percent = (a, b) => `${((a / b - 1) * 100).toFixed(1)} %`;
  console.log(
    `${kind}, ${photo.width} x ${photo.height}: Rust ${fast.toFixed(1)} ms, Node ${slow.toFixed(1)} ms, ${percent(slow, fast)} (medians of ${rounds}); ` +
      `least ${least[1].toFixed(1)} and ${least[0].toFixed(1)} ms, ${percent(...least)}`,
  );
}
rust.stdin.end();

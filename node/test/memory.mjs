// Calls in a loop must not make the process grow: prints its size along the way, and fails if the highest value of the
// second half of the calls is much above that of the first. Highest values, because an allocator keeps a few megabytes
// now and then, and gives them back.
//
//     node --expose-gc test/memory.mjs PHOTO [CALLS]
import { readFileSync } from 'node:fs';

import { Engine } from '../dist/index.mjs';

/** The heap is not always as full. */
const allowedGrowth = 32 << 20;

const [path, calls = 1000] = process.argv.slice(2);
const engine = new Engine({ backend: 'rten' });
const bytes = readFileSync(path);
const highest = [0, 0];

function resident() {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

for (let call = 1; call <= calls; call++) {
  const cutout = await engine.removeBackground(bytes, { onProgress: () => {}, signal: new AbortController().signal });
  await cutout.toPixels();
  await cutout.encode({ format: 'jpeg' });
  const half = call > calls / 2 ? 1 : 0;
  if (call % 10 === 0) highest[half] = Math.max(highest[half], resident());
  if (call % (calls / 10) === 0) console.log(`${call} calls: ${(resident() / 2 ** 20).toFixed(0)} MiB`);
}
const growth = highest[1] - highest[0];
console.log(`the second half added ${(growth / 2 ** 20).toFixed(2)} MiB`);
process.exitCode = growth > allowedGrowth ? 1 : 0;

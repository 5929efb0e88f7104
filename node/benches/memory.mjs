// Calls in a loop must not make the process grow: prints its size along the way.
//
//     node --expose-gc benches/memory.mjs PHOTO [CALLS]
import { readFileSync } from 'node:fs';

import { Engine } from '../dist/index.mjs';

const [path, calls = '1000'] = process.argv.slice(2);
const engine = new Engine({ backend: 'rten' });
const bytes = readFileSync(path);
const size = () => `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`;

for (let call = 1; call <= calls; call++) {
  const cutout = await engine.removeBackground(bytes, { onProgress: () => {}, signal: new AbortController().signal });
  await cutout.toPixels();
  await cutout.encode({ format: 'jpeg' });
  if (call % (calls / 10) === 0) console.log(`after ${call} calls: ${size()}`);
}
globalThis.gc?.();
console.log(`in the end: ${size()}`);

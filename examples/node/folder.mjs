// Cuts out every photo of a folder, until Ctrl-C.
//
//     node folder.mjs photos out [--stop-after N]
import { mkdir, readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Engine } from 'packshot';

const [folder, out, , stopAfter = Infinity] = process.argv.slice(2);
const photos = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp|tiff?)$/i.test(name));
await mkdir(out, { recursive: true });

const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const engine = new Engine();
let done = 0;
for (const name of photos) {
  if (done >= stopAfter) controller.abort();
  try {
    const cutout = await engine.removeBackground(join(folder, name), {
      signal: controller.signal,
      onProgress: ({ stage, fraction }) =>
        process.stdout.write(`\r${name}: ${stage} ${Math.round(fraction * 100)} %   `),
    });
    await cutout.save(join(out, `${parse(name).name}.png`));
    done += 1;
  } catch (error) {
    if (controller.signal.aborted) break;
    console.error(`\n${name}: ${error.message}. ${error.remedy}`);
  }
}
console.log(`\n${done} of ${photos.length} photos`);

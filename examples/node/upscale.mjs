// Makes a photo larger.
//
//     node upscale.mjs shoe.jpg large.png [2000 | 1200x | x800 | 1200x800]
import { upscale } from 'packshot';

const [photo, out, size] = process.argv.slice(2);
const larger = await upscale(photo, {
  size, // without one, twice as wide and as high
  onProgress: ({ fraction }) => process.stdout.write(`\r${Math.round(fraction * 100)} % `),
});
await larger.save(out);
console.log(`\r${out}: ${larger.width} x ${larger.height}, ${larger.scale.toFixed(2)} times as large`);

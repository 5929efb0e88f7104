// Cuts out one photo.
//
//     node cutout.mjs shoe.jpg shoe.png
import { removeBackground } from 'packshot';

const [photo, out] = process.argv.slice(2);
const cutout = await removeBackground(photo, { crop: '5%' });
await cutout.save(out);
console.log(`${out}: ${cutout.width} x ${cutout.height}, ${Math.round(cutout.confidence * 100)} % sure`);

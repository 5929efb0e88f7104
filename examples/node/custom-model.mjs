// Cuts out a photo with a model of your own.
//
//     node custom-model.mjs shoe.jpg mine.onnx shoe.png
import { Engine } from 'packshot';

const [photo, file, out] = process.argv.slice(2);

// How the model wants its input, and what it answers.
const descriptor = `
  [input]
  size = { fixed = [8, 8] }

  [output]
  name = "matte"
`;

const cutout = await new Engine().removeBackground(photo, { model: { file, descriptor } });
await cutout.save(out);
console.log(`${cutout.ran.model} on ${cutout.ran.backend?.name}`);

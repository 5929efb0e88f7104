// A program for bundlers, and what it has to say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const photo = join(import.meta.dirname, '../../../bindings/cases/photos/mug.jpg');

export const program = `
import { crop } from 'packshot';
crop(process.argv[2], { area: '0 0 50% 50%' }).then(({ width, height }) => console.log(width + ' x ' + height));
`;

/** Runs the program from `file`, on a photo of 320 x 272 pixels. */
export function cropped(file, ...words) {
  const said = execFileSync(process.execPath, [...words, file, photo], { cwd: dirname(file), encoding: 'utf8' });
  assert.equal(said, '160 x 136\n');
}

// What the tests share: the cases, photos, and the record of the concepts that passed tests have shown.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import { Engine, Photo } from '../dist/index.mjs';

export const home = resolve(import.meta.dirname, '..');
export const require = createRequire(import.meta.url);
export const cases = process.env.PACKSHOT_CASES ?? join(home, '../bindings/cases');
export const ort = process.env.PACKSHOT_TEST_ORT;
export const server = process.env.PACKSHOT_TEST_SERVER;

/** A test that shows concepts of the table in `bindings/README.md`, once it has passed. */
export function shows(concepts, name, work, options = {}) {
  let passed = false;
  test(name, options, async (context) => {
    // Before the work, so that it runs after it and after its subtests.
    context.after(() => {
      const record = process.env.PACKSHOT_PARITY;
      if (record && passed) appendFileSync(record, `${concepts.split(' ').join('\n')}\n`);
    });
    await work(context);
    passed = true;
  });
}

/** The native half, for its faults. */
export const { native } = require('../dist/native.js');

export const photoPath = (name) => join(cases, 'photos', name);
export const readCases = (name) => JSON.parse(readFileSync(join(cases, name), 'utf8'));

const folders = [];
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the tests of this file are over. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'packshot-'));
  folders.push(folder);
  return folder;
}

/** As the cases want it. */
export const engine = new Engine({ backend: 'rten', cacheDir: scratch() });

/** 12 million pixels: a disc with a pattern on a gradient. */
export function large() {
  const [width, height] = [4000, 3000];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const inside = (x - 2000) ** 2 + (y - 1500) ** 2 < 1000 ** 2;
      data[at] = inside ? 200 - ((x ^ y) & 31) : (x >> 6) & 63;
      data[at + 1] = inside ? 60 : 200 + ((y >> 6) & 31);
      data[at + 2] = inside ? 40 + ((x * y) & 15) : 220;
    }
  }
  return { data, width, height, channels: 3 };
}

/** 4 by 4 cells, row by row, with the mean of each channel; see `bindings/cases/README.md`. */
function grid({ data, width, height, channels, depth }) {
  const cells = [];
  for (let j = 0; j < 4; j++) {
    for (let i = 0; i < 4; i++) {
      const edge = (side, at) => Math.floor((at * side) / 4);
      const sums = new Array(channels).fill(0);
      for (let y = edge(height, j); y < edge(height, j + 1); y++) {
        for (let x = edge(width, i); x < edge(width, i + 1); x++) {
          for (let channel = 0; channel < channels; channel++)
            sums[channel] += data[(y * width + x) * channels + channel];
        }
      }
      const count = (edge(height, j + 1) - edge(height, j)) * (edge(width, i + 1) - edge(width, i));
      cells.push(sums.map((sum) => sum / count / (depth === 16 ? 257 : 1)));
    }
  }
  return cells;
}

/** By how much neighbours in a row differ, as a mean of each channel. */
function detail({ data, width, height, channels, depth }) {
  const sums = new Array(channels).fill(0);
  for (let y = 0; y < height; y++) {
    for (let at = (y * width + 1) * channels; at < (y + 1) * width * channels; at++)
      sums[at % channels] += Math.abs(data[at] - data[at - channels]);
  }
  return sums.map((sum) => sum / Math.max((width - 1) * height, 1) / (depth === 16 ? 257 : 1));
}

/** What a photo is like, in the words of the cases. */
export async function facts(photo) {
  const pixels = await photo.toPixels();
  const { width, height, channels, depth } = photo;
  return { width, height, channels, depth, grid: grid(pixels), detail: detail(pixels) };
}

/** A rectangle as the cases write it. */
export class Rectangle extends Array {}

/** Where two results differ by more than the tolerance of their key; `undefined` if they do not. */
export function difference(expected, found, key = '') {
  if (typeof expected === 'number' && typeof found === 'number') {
    const share = Math.max(0.03 * expected, 0.1);
    // Of all others: it lets no two whole numbers pass.
    const tolerance = { grid: 2, rectangle: 2, detail: share, bytes: share }[key] ?? 0.02;
    return Math.abs(expected - found) <= tolerance ? undefined : `${key}: ${found} for ${expected}`;
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) return `${key}: ${found.length} for ${expected.length}`;
    const inside = found instanceof Rectangle ? 'rectangle' : key;
    return expected.map((item, at) => difference(item, found[at], inside)).find(Boolean);
  }
  if (expected && found && typeof expected === 'object' && typeof found === 'object') {
    const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...keys].map((key) => difference(expected[key], found[key], key)).find(Boolean);
  }
  return Object.is(expected, found) ? undefined : `${key}: ${found} for ${expected}`;
}

/** A small photo and a mask for it: with both, a cut-out takes no model and no time. */
export async function small() {
  const [photo, mask] = await Promise.all([Photo.open(photoPath('mug.jpg')), Photo.open(photoPath('mask.png'))]);
  return { photo, mask };
}

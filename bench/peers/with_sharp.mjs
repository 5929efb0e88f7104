// sharp: codecs and resampling. The words are those of with_pillow.py.

import fs from "node:fs";
import { require, serve } from "./protocol.mjs";

const sharp = require("sharp");
sharp.concurrency(2);
sharp.cache(false);

const [task, path, ...words] = process.argv.slice(2);
const [width, height, ...more] = words.map(Number);
const data = fs.readFileSync(path);
const samples = () => sharp(data, { raw: { width, height, channels: task === "png" ? 4 : 3 }, limitInputPixels: false });

const work = {
    decode: () => sharp(data).raw().toBuffer(),
    jpeg: () => samples().jpeg({ quality: more[0], chromaSubsampling: "4:2:0" }).toBuffer(),
    png: () => samples().png({ compressionLevel: 1 }).toBuffer(),
    resize: () => samples().resize(more[0], more[1], { kernel: "lanczos3", fit: "fill" }).raw().toBuffer(),
};
await serve(work[task]);

// Packshot itself, from Node: what it costs to cross the boundary. The words are those of with_packshot.py.

import fs from "node:fs";
import { require, serve } from "./protocol.mjs";

const { Engine, Photo } = require("packshot");

const engine = new Engine({ backend: "rten" });
const [task, path, width, height] = process.argv.slice(2);
const data = fs.readFileSync(path);

const work = {
    bytes: async () => (await engine.removeBackground(data)).encode({ format: "png" }),
    pixels: async () => {
        const photo = await Photo.fromPixels({ data, width: Number(width), height: Number(height), channels: 3 });
        return (await (await engine.removeBackground(photo)).toPixels()).data;
    },
};
await serve(work[task]);

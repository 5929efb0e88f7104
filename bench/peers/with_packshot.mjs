// Packshot itself, from Node: what it costs to cross the boundary. The words are those of with_packshot.py.

import fs from "node:fs";
import { require, serve } from "./protocol.mjs";

const { Engine, Photo } = require("packshot");

const engine = new Engine({ backend: "rten" });
const [task, path, width, height] = process.argv.slice(2);
const data = fs.readFileSync(path);

// When each round's cancels come after the start of the work, in milliseconds.
const CANCELS = [5, 40, 90, 160, 250];

const work = {
    bytes: async () => (await engine.removeBackground(data)).encode({ format: "png" }),
    pixels: async () => {
        const photo = await Photo.fromPixels({ data, width: Number(width), height: Number(height), channels: 3 });
        return (await (await engine.removeBackground(photo)).toPixels()).data;
    },
    cancel: async () => {
        let slowest = 0;
        for (const wait of CANCELS) {
            const controller = new AbortController();
            const cutout = engine.removeBackground(data, { edges: "fine", signal: controller.signal });
            let begin;
            setTimeout(() => {
                begin = performance.now();
                controller.abort();
            }, wait);
            const error = await cutout.then(() => null, (error) => error);
            if (error?.name !== "AbortError") throw error ?? new Error(`the work was done before ${wait} ms`);
            slowest = Math.max(slowest, performance.now() - begin);
        }
        return slowest;
    },
};
await serve(work[task], { timed: task === "cancel" });

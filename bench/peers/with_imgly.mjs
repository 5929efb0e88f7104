// @imgly/background-removal-node: cut-outs with its fp16 weights.
//
//     with_imgly.mjs PHOTO

import fs from "node:fs";
import { require, serve } from "./protocol.mjs";

const { removeBackground } = require("@imgly/background-removal-node");
const photo = fs.readFileSync(process.argv[2]);

// It loads the model in its first call and keeps it.
await serve(async () => {
    const answer = await removeBackground(new Blob([photo], { type: "image/jpeg" }), { model: "medium" });
    return Buffer.from(await answer.arrayBuffer());
});

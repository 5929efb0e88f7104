// A peer's half of the conversation with the bench; bench/src/serve.rs says what the words mean.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";

// The packages are installed where this process was started, not beside these files.
export const require = createRequire(path.join(process.cwd(), "package.json"));

/** Serves rounds of `work`, whose answer is a Buffer or a promise of one; `timed` work has the milliseconds that count. */
export async function serve(work, { timed = false } = {}) {
    let answer = null;
    console.log("ready");
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [order, ...rest] = line.split(" ");
        if (order === "round") {
            answer = null;
            const begin = performance.now();
            answer = await work();
            console.log(`done ${(timed ? answer : performance.now() - begin) / 1000}`);
        } else if (order === "save") {
            fs.writeFileSync(rest.join(" "), answer);
            console.log("saved");
        } else {
            throw new Error(`\`${line}\` is not understood`);
        }
    }
}

#!/usr/bin/env node
/** The command `packshot`, the same as the program of that name: `npx packshot --help`. */
import { native } from './native.js';
import { installedOnnxRuntime } from './onnxruntime.js';

if (!native.runCommand) throw new Error('this package was built without the command (its cargo feature `command`)');
process.exitCode = native.runCommand(process.argv.slice(2), installedOnnxRuntime());

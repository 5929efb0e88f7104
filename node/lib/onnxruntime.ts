import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of ONNX Runtime's library in the package `onnxruntime-node`, if the program or Packshot can see one. It is
 * only offered to the core, which passes over what it cannot use.
 */
export function installedOnnxRuntime(): string | undefined {
  const main = process.argv[1];
  const paths = main === undefined ? [__dirname] : [dirname(main), __dirname];
  try {
    const home = join(dirname(require.resolve('onnxruntime-node/package.json', { paths })), 'bin');
    const version = readdirSync(home).findLast((name) => name.startsWith('napi-v'));
    return version && onDisk(join(home, version, process.platform, process.arch));
  } catch {
    return undefined;
  }
}

/** Where Electron keeps what is unpacked from an archive of the program: nothing native can be loaded from within one. */
function onDisk(path: string): string {
  return path.replace(/([\\/][^\\/]+\.asar)(?=[\\/])/, '$1.unpacked');
}

// Builds the package in place: TypeScript into dist/, and the native library beside it.
//
//     node scripts/build.mjs [LIBRARY]    with a library that was built already
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const home = join(import.meta.dirname, '..');
const run = (program, ...words) => execFileSync(program, words, { cwd: home, stdio: 'inherit' });

const names = { linux: 'libpackshot_node.so', darwin: 'libpackshot_node.dylib', win32: 'packshot_node.dll' };

function build() {
  run('cargo', 'build', '--release', '-p', 'packshot-node');
  const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], { cwd: home });
  const { target_directory: target } = JSON.parse(metadata);
  return join(target, 'release', names[process.platform]);
}

const library = process.argv[2] ?? build();
rmSync(join(home, 'dist'), { recursive: true, force: true });
run(process.execPath, join('node_modules', 'typescript', 'bin', 'tsc'));
const place = join(home, 'packshot.node');
// Not over the old one: a process that has it loaded would read the new one's bytes.
rmSync(place, { force: true });
copyFileSync(library, place);
console.log(place);

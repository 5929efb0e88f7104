// Lays out what is published and packs it: the package itself, and the one with the native library for this platform.
//
//     node scripts/pack.mjs FOLDER
import { execSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const { platform, platforms } = createRequire(import.meta.url)('../dist/platform.js');

const home = join(import.meta.dirname, '..');
const out = resolve(process.argv[2]);
const { devDependencies: _, scripts: __, ...common } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const { version, license, repository, engines } = common;

function pack(name, contents, files) {
  const folder = join(out, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const licences = ['LICENSE-MIT', 'LICENSE-APACHE'];
  for (const licence of licences) copyFileSync(join(home, '..', licence), join(folder, licence));
  const manifest = { ...contents, files: [...contents.files, ...licences] };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [from, to] of Object.entries(files)) cpSync(from, join(folder, to), { recursive: true });
  execSync('npm pack --silent --pack-destination ..', { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

const packages = platforms.map((platform) => [`@packshot/${platform}`, version]);
pack(
  'packshot',
  { ...common, optionalDependencies: Object.fromEntries(packages) },
  {
    [join(home, 'dist')]: 'dist',
    [join(home, 'README.md')]: 'README.md',
  },
);

const target = platform();
const [os, cpu, libc] = target.split('-');
const library = 'packshot.node';
pack(
  target,
  {
    name: `@packshot/${target}`,
    version,
    description: `The native library of packshot for ${target}`,
    license,
    repository,
    engines,
    main: library,
    files: [library],
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: [libc === 'gnu' ? 'glibc' : 'musl'] }),
  },
  { [join(home, library)]: library },
);

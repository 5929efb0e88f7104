// Where the native library is. Bundlers and tracers read these lines to find it: each name is written out, and each
// `require` is directly within a `try`, which tells them that the file may be absent.
import { platform, type Platform } from './platform.js';

/** The library from the package of this platform, else the one that was built from source. */
export function library(): unknown {
  const target = platform();
  const causes: NodeJS.ErrnoException[] = [];
  const found = published(target as Platform, causes) ?? built(causes);
  if (found === undefined) throw new Error(whyNot(target, causes), { cause: new AggregateError(causes) });
  return found;
}

function published(target: Platform, causes: Error[]): unknown {
  try {
    switch (target) {
      case 'linux-x64-gnu':
        return require('@packshot/linux-x64-gnu');
      case 'linux-x64-musl':
        return require('@packshot/linux-x64-musl');
      case 'linux-arm64-gnu':
        return require('@packshot/linux-arm64-gnu');
      case 'linux-arm64-musl':
        return require('@packshot/linux-arm64-musl');
      case 'darwin-x64':
        return require('@packshot/darwin-x64');
      case 'darwin-arm64':
        return require('@packshot/darwin-arm64');
      case 'win32-x64-msvc':
        return require('@packshot/win32-x64-msvc');
      case 'win32-arm64-msvc':
        return require('@packshot/win32-arm64-msvc');
      default:
        // Nothing is published for other platforms.
        target satisfies never;
    }
  } catch (cause) {
    causes.push(cause as Error);
  }
  return undefined;
}

function built(causes: Error[]): unknown {
  try {
    return require('../packshot.node');
  } catch (cause) {
    causes.push(cause as Error);
  }
  return undefined;
}

function whyNot(target: string, causes: NodeJS.ErrnoException[]): string {
  const broken = causes.find(({ code }) => code !== 'MODULE_NOT_FOUND');
  if (broken) {
    return (
      `packshot cannot load its native library for ${target} (package @packshot/${target}): ${broken.message}. ` +
      'Install packshot again on this very system.'
    );
  }
  return (
    `packshot has no native library for ${target}: the package @packshot/${target} is not installed. ` +
    'Install packshot again, on this platform and with optional dependencies; ' +
    'leave it out of the bundle if a bundler packed this program; ' +
    'where there is no such package, build from source: see node/README.md.'
  );
}

import { closeSync, openSync, readSync } from 'node:fs';

/** Every platform that a native library is published for: system, processor, and the C library. */
export const platforms = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc',
] as const;

/** One of them. */
export type Platform = (typeof platforms)[number];

/** The name of this machine's native library, as in `@packshot/linux-x64-gnu`: of another platform, if none is published. */
export function platform(): string {
  const machine = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') return `${machine}-${isForMusl() ? 'musl' : 'gnu'}`;
  if (process.platform === 'win32') return `${machine}-msvc`;
  return machine;
}

/**
 * Near the start of a program stands the name of its loader: `/lib/ld-musl-x86_64.so.1` with musl. `process.report` tells
 * it, too, but interrupts every worker and lists the machine's network interfaces.
 */
function isForMusl(): boolean {
  const head = Buffer.alloc(4096);
  const program = openSync(process.execPath, 'r');
  try {
    return head.subarray(0, readSync(program, head)).includes('/ld-musl-');
  } finally {
    closeSync(program);
  }
}

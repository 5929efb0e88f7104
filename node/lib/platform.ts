/** The name of this machine's native library, as in `@packshot/linux-x64-gnu`. */
export function platform(): string {
  const machine = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') return `${machine}-${hasGlibc() ? 'gnu' : 'musl'}`;
  if (process.platform === 'win32') return `${machine}-msvc`;
  return machine;
}

function hasGlibc(): boolean {
  // Otherwise the report looks up the names of all peers of open connections.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

// The core writes `keep_holes`, JavaScript `keepHoles`. These turn one into the other, both ways without a loss: an
// underscore that was in the JavaScript name is doubled, so that `keep_holes` is as unknown here as `keepHole`.

/** The core's name of an option. */
export function coreName(name: string): string {
  return name.replace(/[A-Z_]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The core's name as JavaScript writes it. */
export function camelName(name: string): string {
  return name.replace(/_([a-z_])/g, (_, letter: string) => letter.toUpperCase());
}

/** A text with its names of options as JavaScript writes them. */
export function asWritten(text: string): string {
  return text.replace(/`\w*`/g, camelName);
}

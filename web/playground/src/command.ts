// The command line that does what the page did.

import { DEFAULTS } from './choices';
import type { FuseOptions } from './fuser/protocol';

/** Files by name; `named` is how the fuser calls them where that is not the file's stem. */
export function commandLine(
  files: { file: string; name: string }[],
  options: FuseOptions,
): string {
  const words = ['wasm-fuser', 'fuse'];
  for (const { file, name } of files) {
    const stem = file.replace(/\.(wasm|wat)$/i, '');
    words.push(quoted(stem === name ? file : `${name}=${file}`));
  }
  words.push('-o', 'fused.wasm');
  if (options.emit !== DEFAULTS.emit) words.push('--emit', options.emit);
  // Always said: the native command and that of the npm package have defaults of their own.
  words.push('--memory', options.memory);
  if (options.names !== DEFAULTS.names) words.push('--names', options.names);
  if (options.debug !== DEFAULTS.debug) words.push('--debug', options.debug);
  if (options.tasks !== DEFAULTS.tasks) words.push('--tasks', options.tasks);
  if (options.shareHandles) words.push('--share-handles');
  if (!options.simd) words.push('--no-simd');
  if (!options.validate) words.push('--no-validate');
  return words.join(' ');
}

/** A word for a POSIX shell. A leading dash would be an option. */
function quoted(word: string): string {
  const path = word.startsWith('-') ? `./${word}` : word;
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

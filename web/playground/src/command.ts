// The command line that does what the page did.

import type { Target } from 'wasm-fuser';

import { optionsOf } from './choices';
import type { FuseOptions } from './fuser/protocol';

/** Files by name; `named` is how the fuser calls them where that is not the file's stem. */
export function commandLine(
  files: { file: string; name: string }[],
  options: FuseOptions,
  target: Target | undefined,
): string {
  const base = optionsOf(target);
  const words = ['wasm-fuser', 'fuse'];
  for (const { file, name } of files) {
    const stem = file.replace(/\.(wasm|wat)$/i, '');
    words.push(quoted(stem === name ? file : `${name}=${file}`));
  }
  words.push('-o', 'fused.wasm');
  if (target) words.push('--target', target.name);
  if (options.emit !== base.emit) words.push('--emit', options.emit);
  // Without a target always said: the native command and that of the npm package have defaults of their own.
  if (!target || options.memory !== base.memory) words.push('--memory', options.memory);
  if (options.names !== base.names) words.push('--names', options.names);
  if (options.debug !== base.debug) words.push('--debug', options.debug);
  if (options.tasks !== base.tasks) words.push('--tasks', options.tasks);
  if (options.shareHandles) words.push('--share-handles');
  if (options.simd !== base.simd) words.push(options.simd ? '--simd' : '--no-simd');
  if (!options.validate) words.push('--no-validate');
  return words.join(' ');
}

/** A word for a POSIX shell. A leading dash would be an option. */
function quoted(word: string): string {
  const path = word.startsWith('-') ? `./${word}` : word;
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

// The plugin for Rollup.
//
//   import fuser from 'wasm-fuser/rollup';
//   export default { plugins: [fuser()] };
//
// Rollup does not know for whom it builds: code for Node.js needs the option `inline`, for Node.js
// cannot fetch files.

import type { Plugin } from 'rollup';

import type { FuserOptions } from './compositions.js';
import { rollupLike } from './rollup-like.js';

export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

/** The plugin. */
export default function fuser(options: FuserOptions = {}): Plugin {
  return rollupLike(options, () => ({ root: process.cwd(), server: false }));
}

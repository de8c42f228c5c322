// The plugin for Rolldown: that for Rollup, told of the platform.
//
//   import fuser from 'wasm-fuser/rolldown';
//   export default { plugins: [fuser()] };

import type { Plugin } from 'rolldown';

import type { FuserOptions } from './compositions.js';
import { rollupLike } from './rollup-like.js';

export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

/** The plugin. */
export default function fuser(options: FuserOptions = {}): Plugin {
  let root = process.cwd();
  let server = false;
  return {
    ...rollupLike(options, () => ({ root, server })),
    buildStart(build) {
      root = build.cwd ?? root;
      server = build.platform === 'node';
    },
  };
}

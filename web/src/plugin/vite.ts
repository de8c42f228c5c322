// The plugin for Vite: that for Rollup, and what a development server needs.
//
//   import fuser from 'wasm-fuser/vite';
//   export default { plugins: [fuser()] };
//
// While Vite serves, core modules are files of its cache, named after what is in them: two of one
// name are two files, and a page that is open still finds what it was told of.

import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Plugin } from 'vite';

import { replace } from '../replace.js';
import type { FuserOptions } from './compositions.js';
import { type Place, rollupLike } from './rollup-like.js';

export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

/** The plugin. */
export default function fuser(options: FuserOptions = {}): Plugin {
  let root = process.cwd();
  let place: Place | undefined;
  const plugin = rollupLike(options, ({ environment }) => {
    return { root, server: environment?.config.consumer === 'server', place };
  });
  return {
    ...plugin,
    enforce: 'pre',

    config({ worker = {} }) {
      const { format = 'es', plugins } = worker;
      return {
        // What is imported awaits its core modules at the top level, and workers may import it, too.
        worker: { format, plugins: () => [...(plugins?.() ?? []), fuser(options)] },
        // The package finds its files beside its modules.
        optimizeDeps: { exclude: ['wasm-fuser'] },
      };
    },

    configResolved(config) {
      root = config.root;
      if (config.command === 'serve') place = inFolder(join(config.cacheDir, 'wasm-fuser'));
    },
  };
}

/** Puts core modules into a folder from which Vite serves. */
function inFolder(folder: string): Place {
  let count = 0;
  return async (file, bytes) => {
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const path = join(folder, file.replace(/(?=\.core)/, `.${digest}`));
    await mkdir(folder, { recursive: true });
    await replace(path, bytes);
    const expression = `wasm${(count += 1)}`;
    return { expression, statement: `import ${expression} from ${JSON.stringify(`${path}?url`)};\n` };
  };
}

// The plugin for webpack, and for rspack, which is webpack to plugins.
//
//   const { default: fuser } = await import('wasm-fuser/webpack');
//   export default { plugins: [fuser()] };
//
// What is imported with `?fuse` is found by webpack as any file, and a loader makes the module of it.
// `fuse:NAME` would be a URL to webpack; it becomes a request of this loader for a file of the
// package, which stands for all compositions of the options. Core modules are assets of the build.

import { fileURLToPath } from 'node:url';

import type { FuserOptions } from './compositions.js';
import { NAMED, SCHEME } from './compositions.js';
import type { LoaderOptions } from './webpack-loader.js';

export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

/** As much of webpack's and rspack's `Compiler` as is used. */
export interface Compiler {
  context: string;
  options: { module: { rules: unknown[] } };
  platform?: { browser?: boolean | null };
  hooks: {
    afterEnvironment: { tap(name: string, tapped: () => void): void };
    normalModuleFactory: {
      tap(name: string, tapped: (factory: any) => void): void;
    };
  };
}

/** A plugin for webpack and rspack. */
export interface WebpackPlugin {
  apply(compiler: any): void;
}

const NAME = 'wasm-fuser';
const LOADER = fileURLToPath(new URL('./webpack-loader.js', import.meta.url));
/** The file that stands for compositions of the options. */
const COMPOSITIONS = fileURLToPath(new URL('./webpack-compositions.js', import.meta.url));
/** Finds what is the loader's, by its query. */
const QUERY = /^\?(?:(?:.*&)?fuse(?:&|$)|fuse-composition=)/;

/** The plugin. */
export default function fuser(options: FuserOptions = {}): WebpackPlugin {
  return {
    apply(compiler: Compiler) {
      // What the target stands for is known when all plugins are there.
      compiler.hooks.afterEnvironment.tap(NAME, () => {
        // Where it is not known to be a page, code has to do without `fetch`.
        const server = compiler.platform?.browser !== true;
        const loading: LoaderOptions = { fuser: options, root: compiler.context, server };
        compiler.options.module.rules.push({
          resourceQuery: QUERY,
          type: 'javascript/auto',
          use: [{ loader: LOADER, options: loading }],
        });
      });
      compiler.hooks.normalModuleFactory.tap(NAME, (factory) =>
        factory.hooks.beforeResolve.tap(NAME, (data: { request: string }) => {
          if (!NAMED.test(data.request)) return;
          const name = encodeURIComponent(data.request.slice(SCHEME.length));
          data.request = `${COMPOSITIONS}?fuse-composition=${name}`;
        }),
      );
    },
  };
}

// The plugin for Bun: its bundler, and modules that it loads when it runs.
//
//   import fuser from 'wasm-fuser/bun';
//   await Bun.build({ entrypoints: ['app.js'], outdir: 'dist', plugins: [fuser()] });
//
//   // in a file that bunfig.toml preloads
//   Bun.plugin(fuser());
//
// Bun's interface is esbuild's in part: it has no data that goes from one hook to the next, its
// resolver is a function of the runtime, and where it runs, the scheme of a specifier is a namespace.

import { dirname } from 'node:path';

import { type FuserOptions, NAMED, QUERIED, SCHEME, load, queried } from './compositions.js';
import { CORE, importing } from './imported.js';

export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

/** As much of Bun's `PluginBuilder` as is used. */
export interface BunBuild {
  config?: { target?: string; root?: string };
  onResolve(filter: Filter, resolve: (found: { path: string; importer: string }) => Found): unknown;
  onLoad(filter: Filter, load: (found: { path: string }) => Promise<Contents>): unknown;
}

/** Which modules a hook is for. */
export interface Filter {
  filter: RegExp;
  namespace?: string;
}

/** Where a module is. */
export interface Found {
  path: string;
  namespace: string;
}

/** What is in a module. */
export interface Contents {
  contents: string | Uint8Array<ArrayBuffer>;
  loader: 'js' | 'file';
}

/** A plugin for `Bun.build` and `Bun.plugin`. */
export interface BunPlugin {
  name: string;
  setup(build: BunBuild): void;
}

declare const Bun: { resolveSync(specifier: string, folder: string): string };

const NAME = 'wasm-fuser';
const NAMED_SPACE = 'fuse';
const FILES = 'wasm-fuser-core';

/** The plugin. */
export default function fuser(options: FuserOptions = {}): BunPlugin {
  return {
    name: NAME,
    setup(build) {
      const root = build.config?.root ?? process.cwd();
      const server = !build.config || (build.config.target ?? 'browser') !== 'browser';
      const cores = new Map<string, Uint8Array<ArrayBuffer>>();

      const loaded = async (path: string, origin: string): Promise<Contents> => {
        const { module, inline, warnings } = await load(origin, options, { root, server, watch: () => {} });
        for (const warning of warnings) console.warn(`wasm-fuser: ${origin}: ${warning}`);
        if (inline) return { contents: module.code, loader: 'js' };
        for (const [file, bytes] of module.cores) cores.set(`${path}/${file}`, bytes);
        return { contents: importing(module), loader: 'js' };
      };

      build.onResolve({ filter: NAMED }, ({ path }) => ({
        path: path.slice(SCHEME.length),
        namespace: NAMED_SPACE,
      }));
      build.onLoad({ filter: /./, namespace: NAMED_SPACE }, ({ path }) => loaded(path, `${SCHEME}${path}`));

      build.onResolve({ filter: QUERIED }, ({ path, importer }) => {
        const { file, query } = queried(path)!;
        return { path: Bun.resolveSync(file, dirname(importer)) + query, namespace: NAME };
      });
      build.onLoad({ filter: /./, namespace: NAME }, ({ path }) => loaded(path, queried(path)!.file));

      build.onResolve({ filter: CORE }, ({ path, importer }) => ({
        path: `${importer}/${path.replace(CORE, '')}`,
        namespace: FILES,
      }));
      build.onLoad({ filter: /./, namespace: FILES }, async ({ path }) => ({
        contents: cores.get(path)!,
        loader: 'file',
      }));
    },
  };
}

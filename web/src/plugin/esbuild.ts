// The plugin for esbuild.
//
//   import fuser from 'wasm-fuser/esbuild';
//   await build({ entryPoints: ['app.js'], bundle: true, format: 'esm', plugins: [fuser()] });
//
// Core modules are files of the build, made by esbuild's loader `file`: it names them and knows their
// place as seen from the code. The code is for a server where `platform` is `node`.

import { dirname, relative, resolve as resolvePath } from 'node:path';

import type { Message, PartialMessage, Plugin } from 'esbuild';

import type { Module } from '../modules/transpile.js';
import { type FuserOptions, NAMED, PluginError, QUERIED, load, queried } from './compositions.js';
import { CORE, importing } from './imported.js';

export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

const NAME = 'wasm-fuser';
const FILES = 'wasm-fuser-core';

/** The plugin. */
export default function fuser(options: FuserOptions = {}): Plugin {
  return {
    name: NAME,
    setup({ initialOptions, onLoad, onResolve, resolve }) {
      const root = initialOptions.absWorkingDir ?? process.cwd();
      const server = initialOptions.platform === 'node';

      onResolve({ filter: NAMED }, ({ path }) => ({ path, namespace: NAME }));

      onResolve({ filter: QUERIED }, async ({ path, importer, resolveDir, kind }) => {
        const { file, query } = queried(path)!;
        const found = await resolve(file, { importer, resolveDir, kind });
        if (found.errors.length > 0) return { errors: found.errors, warnings: found.warnings };
        // Not absolute, for esbuild writes it into the code.
        return { path: relative(root, found.path) + query, namespace: NAME };
      });

      // Two files of one name have modules of one name: whose it is belongs to the path.
      onResolve({ filter: CORE, namespace: NAME }, ({ path, importer, pluginData }) => {
        const file = path.replace(CORE, '');
        const contents = (pluginData as Module['cores']).get(file);
        return { path: `${importer}/${file}`, namespace: FILES, pluginData: contents };
      });

      onLoad({ filter: /./, namespace: NAME }, async ({ path }) => {
        const watchFiles: string[] = [];
        const file = queried(path)?.file;
        const origin = file === undefined ? path : resolvePath(root, file);
        const resolveDir = file === undefined ? root : dirname(origin);
        try {
          const watch = (file: string) => void watchFiles.push(file);
          const { module, inline, warnings } = await load(origin, options, { root, server, watch });
          const texts = warnings.map((text) => ({ text }));
          const contents = inline ? module.code : importing(module);
          return { contents, resolveDir, watchFiles, warnings: texts, pluginData: module.cores };
        } catch (error) {
          return { errors: [message(error as Error)], watchFiles };
        }
      });

      onLoad({ filter: /./, namespace: FILES }, ({ pluginData }) => ({
        contents: pluginData as Uint8Array,
        loader: 'file',
      }));
    },
  };
}

function message(error: Error): PartialMessage {
  const { loc, frame } = error instanceof PluginError ? error : (error as Partial<PluginError>);
  if (!loc) return { text: error.message, detail: error };
  const lineText = frame?.split('\n')[0]?.replace(/^\d+ \| /, '') ?? '';
  const location: Message['location'] = {
    file: loc.file,
    namespace: NAME,
    line: loc.line,
    column: loc.column,
    length: 0,
    lineText,
    suggestion: '',
  };
  return { text: error.message, location, detail: error };
}

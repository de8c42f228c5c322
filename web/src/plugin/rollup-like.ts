// What the plugins for Rollup, Rolldown and Vite have in common.
//
// Core modules are assets of the build, unless the bundler has a better place for them.

import { placed } from '../modules/transpile.js';
import { type FuserOptions, NAMED, type Target, load, queried } from './compositions.js';

/** As much of a plugin's context as is used. */
export interface Context {
  resolve(
    source: string,
    importer: string | undefined,
    options: { skipSelf: boolean },
  ): Promise<{ id: string } | null>;
  emitFile(file: { type: 'asset'; name: string; source: Uint8Array }): string;
  addWatchFile(file: string): void;
  warn(warning: string): void;
  error(error: Error): never;
  environment?: { config: { consumer?: string } };
}

/** The hooks of the plugin. */
export interface Hooks {
  name: string;
  resolveId(this: Context, source: string, importer: string | undefined): Promise<string | null>;
  load(this: Context, id: string): Promise<Loaded | null>;
}

/** A module, which has no source that a map could lead to. */
export interface Loaded {
  code: string;
  map: { mappings: '' };
}

/** Where a core module is: an expression for its URL, and a statement that this needs. */
export interface Placed {
  expression: string;
  statement?: string;
}

/** Puts a core module elsewhere than among the build's assets. */
export type Place = (file: string, bytes: Uint8Array) => Promise<Placed>;

/** For whom a module is, and where its core modules are to be. */
export type Aim = Omit<Target, 'watch'> & { place?: Place | undefined };

/** A plugin for Rollup and its relatives, which differ in what they know of the target. */
export function rollupLike(
  options: FuserOptions,
  aim: (context: Context) => Aim,
): Hooks {
  return {
    name: 'wasm-fuser',

    async resolveId(source, importer) {
      if (NAMED.test(source)) return `\0${source}`;
      const specifier = queried(source);
      if (!specifier) return null;
      const found = await this.resolve(specifier.file, importer, { skipSelf: true });
      return found && `${found.id}${specifier.query}`;
    },

    async load(id) {
      const origin = id.startsWith('\0') && NAMED.test(id.slice(1)) ? id.slice(1) : queried(id)?.file;
      if (origin === undefined) return null;
      const { place = assets(this), ...target } = aim(this);
      const watch = (file: string) => this.addWatchFile(file);
      try {
        const { module, inline, warnings } = await load(origin, options, { ...target, watch });
        for (const warning of warnings) this.warn(warning);
        if (inline) return { code: module.code, map: { mappings: '' } };
        const places = new Map<string, Placed>();
        for (const [file, bytes] of module.cores) places.set(file, await place(file, bytes));
        const statements = [...places.values()].map(({ statement = '' }) => statement);
        const code = placed(module, (file) => places.get(file)!.expression);
        return { code: statements.join('') + code, map: { mappings: '' } };
      } catch (error) {
        return this.error(error as Error);
      }
    },
  };
}

function assets(context: Context): Place {
  return async (name, source) => {
    const reference = context.emitFile({ type: 'asset', name, source });
    return { expression: `import.meta.ROLLUP_FILE_URL_${reference}` };
  };
}

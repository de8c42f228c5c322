// What all plugins do: `./app.wasm?fuse` or `fuse:NAME` becomes a JavaScript module.
//
//   import { run } from './app.wasm?fuse';      a component, or a composition of some
//   import { play } from './game.wac?fuse';     what a WAC file puts together
//   import { calculate } from 'fuse:calculator' a composition of the options
//
// Each plugin is an adapter to one kind of bundler, of some dozens of lines, and not an instance of
// one that is written against `unplugin`. For all that there is to them is what differs between
// bundlers, and there unplugin does not help: by which of its rules the bundler finds `@/app.wasm`
// (it has nothing to ask webpack, rspack or Bun with), a scheme such as `fuse:` (an error in webpack
// before the plugin hears of it), how a core module becomes a file of the build and what its URL is
// then, whether the code is for a page or a server, and how an error shows its place. And the package
// would need another one.

import { FuseError } from '../errors.js';
import { fuse, link } from '../index.node.js';
import {
  type Composition,
  type Fusing,
  type Project,
  fileInput,
  listInputs,
  stem,
} from '../modules/composition.js';
import { declarationsFile, declare } from '../modules/declarations.js';
import { type Located, described } from '../modules/messages.js';
import type { Component } from '../requests.js';
import { escaped } from '../text.js';
import { type Module, moduleName, transpile } from '../modules/transpile.js';

export type { Composition, ComponentFile, Fusing } from '../modules/composition.js';

/** Options of the plugin. */
export interface FuserOptions extends Fusing {
  /** Compositions that are imported as `fuse:NAME`: components, or components and options. */
  compositions?: Record<string, Composition['components'] | Composition>;
  /**
   * Files of the packages that WAC files name. Without it they are looked for beside the WAC file:
   * `demo:words` is `deps/demo/words.wasm`, or `words.wasm`.
   */
  packages?: Record<string, string>;
  /** What the names of files in these options are relative to; by default the bundler's root. */
  root?: string;
  /**
   * Whether core modules are part of the JavaScript, rather than files that it fetches. By default
   * they are where the bundler is told that it builds for a server.
   */
  inline?: boolean;
  /** Options of `transpile` of `@bytecodealliance/jco-transpile`, such as `map`. */
  transpile?: Record<string, unknown>;
  /**
   * Where to write the types of what is imported, or `false`. By default
   * `wasm-fuser.d.ts`, in `src` if there is such a folder, where the project has a `tsconfig.json`.
   */
  types?: string | false;
}

/** What comes before the name of a composition of the options. */
export const SCHEME = 'fuse:';
/** Finds what is imported by `fuse:NAME`. */
export const NAMED = /^fuse:/;
/** Finds what is imported with `?fuse`, among other parameters or not. */
export const QUERIED = /\?(?:[^#]*&)?fuse(?:&|$)/;

/** A specifier with `?fuse`, in its parts. */
export function queried(specifier: string): { file: string; query: string } | undefined {
  if (!QUERIED.test(specifier)) return undefined;
  const at = specifier.indexOf('?');
  return { file: specifier.slice(0, at), query: specifier.slice(at) };
}

/** Where and for whom a module is made. */
export interface Target {
  /** The bundler's root. */
  root: string;
  /** Whether the module is for a server. */
  server: boolean;
  /** Is told of each file that the module is made of. */
  watch: (file: string) => void;
}

/** A module, and what the fuser has to say of it. */
export interface Loaded {
  module: Module;
  /** Whether the core modules are part of it. */
  inline: boolean;
  warnings: string[];
}

/** What is asked for cannot be had. */
export class PluginError extends Error implements Located {
  declare readonly id: string;
  declare readonly loc?: NonNullable<Located['loc']>;
  declare readonly frame?: string;

  constructor(located: Located, cause: unknown) {
    super(located.message, { cause });
    this.name = 'FuserPluginError';
    Object.assign(this, located);
  }
}

/** The module of a file, or of `fuse:NAME`. */
export async function load(origin: string, options: FuserOptions, target: Target): Promise<Loaded> {
  const { compositions, packages, transpile: jco, types, root = target.root, ...others } = options;
  const { inline = target.server, ...fusing } = others;
  const binary = (component: Component) => link({ components: [component] });
  const project = { root, packages, watch: target.watch, binary };
  try {
    const named = NAMED.test(origin);
    const name = named ? origin.slice(SCHEME.length) : stem(origin);
    const { components, ...own } = named
      ? await composition(name, compositions ?? {}, project)
      : { components: [await fileInput(name, origin, project)] };
    const fused = await fuse({ ...fusing, ...own, components });
    const module = await transpile(moduleName(name), fused, { inline, jco });
    const declarations = declarationsFile(root, types);
    if (declarations) await declare(declarations, root, origin, module);
    return { module, inline, warnings: fused.warnings };
  } catch (error) {
    throw error instanceof FuseError ? new PluginError(described(error, origin), error) : error;
  }
}

type Request = Fusing & { components: Component[] };

async function composition(
  name: string,
  compositions: NonNullable<FuserOptions['compositions']>,
  project: Project,
): Promise<Request> {
  const found = Object.hasOwn(compositions, name) ? compositions[name] : undefined;
  if (!found) {
    const names = Object.keys(compositions).map((known) => `\`${escaped(known)}\``);
    throw new Error(
      `there is no composition \`${escaped(name)}\`; the plugin's option \`compositions\` ` +
        (names.length > 0 ? `has ${names.join(', ')}` : 'has none'),
    );
  }
  const { components, ...own } = Array.isArray(found) ? { components: found } : found;
  const what = Array.isArray(found) ? `compositions.${name}` : `compositions.${name}.components`;
  return { ...own, components: await listInputs(components, what, project) };
}

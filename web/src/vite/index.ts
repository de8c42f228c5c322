// A plugin for Vite and Rollup: `import { run } from './app.wasm?fuse'`.
//
// What is imported with `?fuse` is a composition: a component that instantiates others, or a WAC
// file that says how they fit together; `import { run } from 'fuse:NAME'` names a set of components
// in the plugin's options. It is fused, transpiled by jco, and imported as the module that comes out.
//
// The core modules of the result are files of the build. While Vite serves, they are files of its
// cache; for code that runs on a server they are part of the module, because there a place on the
// network is none.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';

import type { Plugin } from 'vite';

import { FuseError, type FuseRequest, fuse } from '../index.node.js';
import { Declarations } from './declarations.js';
import { described } from './messages.js';
import { encode } from './wac.js';

/** Options of `fuse` that can be given for a composition. */
type Fusing = Omit<FuseRequest, 'components'>;

/** A composition of several files. */
export interface Composition extends Fusing {
  /** Files, by the names of the components; the first is the root. Relative to the project's root. */
  components: Record<string, string>;
}

/** Options of the plugin. */
export interface FuserOptions extends Fusing {
  /** Compositions that are imported as `fuse:NAME`: files, or files with options of their own. */
  compositions?: Record<string, string[] | Composition>;
  /**
   * Files of the packages that WAC files name. Without it they are looked for beside the WAC file:
   * `demo:words` is `deps/demo/words.wasm`, or `words.wasm`.
   */
  packages?: Record<string, string>;
  /** Options of `transpile` of `@bytecodealliance/jco-transpile`, such as `map`. */
  transpile?: Record<string, unknown>;
  /**
   * Where to write the types of what is imported, or `false`. By default
   * `wasm-fuser.d.ts`, in `src` if there is such a folder, where the project has a `tsconfig.json`.
   */
  types?: string | false;
}

const SUFFIX = '?fuse';
const SCHEME = 'fuse:';

/** The plugin. */
export default function fuser(options: FuserOptions = {}): Plugin {
  const { compositions = {}, packages = {}, transpile = {}, types, ...fusing } = options;
  let root = process.cwd();
  let cache: string | undefined;
  let declarations = new Declarations(root, types);

  return {
    name: 'wasm-fuser',
    enforce: 'pre',

    configResolved(config) {
      root = config.root;
      if (config.command === 'serve') cache = join(config.cacheDir, 'wasm-fuser');
      declarations = new Declarations(root, types);
    },

    async resolveId(source, importer) {
      if (source.startsWith(SCHEME)) return `\0${source}`;
      if (!source.endsWith(SUFFIX)) return undefined;
      const file = source.slice(0, -SUFFIX.length);
      const found = await this.resolve(file, importer, { skipSelf: true });
      return found && `${found.id}${SUFFIX}`;
    },

    async load(id, { ssr } = {}) {
      const named = id.startsWith(`\0${SCHEME}`);
      if (!named && !id.endsWith(SUFFIX)) return undefined;
      const name = named ? id.slice(1 + SCHEME.length) : id.slice(0, -SUFFIX.length);
      const watch = (file: string) => this.addWatchFile(file);
      try {
        const request = named ? await composition(name, watch) : await single(name, watch);
        const server = ssr || this.environment?.config.consumer === 'server';
        const module = await transpiled(moduleName(name), request, transpile, Boolean(server));
        for (const warning of module.warnings) this.warn(warning);
        await declarations.add(named ? `${SCHEME}${name}` : `*/${basename(name)}${SUFFIX}`, module);
        const place = async (file: string, source: Uint8Array, number: number) => {
          if (!cache) {
            const ref = this.emitFile({ type: 'asset', name: file, source });
            return { expression: `import.meta.ROLLUP_FILE_URL_${ref}`, statement: '' };
          }
          await mkdir(cache, { recursive: true });
          await writeFile(join(cache, file), source);
          const url = JSON.stringify(`${join(cache, file)}?url`);
          return { expression: `wasm${number}`, statement: `import wasm${number} from ${url};\n` };
        };
        return { code: await withFiles(module, place), map: { mappings: '' } };
      } catch (error) {
        return this.error(error instanceof FuseError ? described(error, name) : (error as Error));
      }
    },
  };

  /** A composition of the options. */
  async function composition(name: string, watch: (file: string) => void): Promise<FuseRequest> {
    const found = compositions[name];
    if (!found) {
      const names = Object.keys(compositions).map((known) => `\`${known}\``);
      throw new Error(
        `there is no composition \`${name}\`; the plugin's option \`compositions\` ` +
          (names.length > 0 ? `has ${names.join(', ')}` : 'has none'),
      );
    }
    const { components: files, ...own } = Array.isArray(found)
      ? { components: Object.fromEntries(found.map((file) => [stem(file), file])) }
      : found;
    const components = [];
    for (const [component, file] of Object.entries(files)) {
      const path = resolve(root, file);
      watch(path);
      components.push({ name: component, bytes: await readFile(path) });
    }
    return { ...fusing, ...own, components };
  }

  /** A component, or what a WAC file stands for. */
  async function single(path: string, watch: (file: string) => void): Promise<FuseRequest> {
    const bytes = await readFile(path);
    const component =
      extname(path) === '.wac' ? await encode(path, bytes.toString(), packages, root, watch) : bytes;
    return { ...fusing, components: [{ name: stem(path), bytes: component }] };
  }
}

/** A component as a JavaScript module. */
export interface Module {
  /** Its name, which its files begin with. */
  name: string;
  /** The module, the core modules, and declarations. */
  files: Record<string, Uint8Array>;
  /** What the fuser has to say. */
  warnings: string[];
}

async function transpiled(
  name: string,
  request: FuseRequest,
  options: Record<string, unknown>,
  inline: boolean,
): Promise<Module> {
  const { bytes, warnings } = await fuse(request);
  const { transpileBytes } = await jco();
  const { files } = await transpileBytes(bytes, {
    name,
    // Bundlers do not all know exports whose names are no identifiers.
    namespacedExports: false,
    nodejsCompat: false,
    multiMemory: request.memory === 'multi',
    ...options,
    base64Cutoff: inline ? Number.MAX_SAFE_INTEGER : 0,
  });
  return { name, files, warnings };
}

async function jco() {
  try {
    return await import('@bytecodealliance/jco-transpile');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      'the plugin of wasm-fuser needs jco: npm install -D @bytecodealliance/jco-transpile',
      { cause: error },
    );
  }
}

type Placed = { expression: string; statement: string };

/** The JavaScript, in which each core module is where it was placed. */
async function withFiles(
  { name, files }: Module,
  place: (file: string, bytes: Uint8Array, number: number) => Promise<Placed>,
): Promise<string> {
  let code = new TextDecoder().decode(files[`${name}.js`]);
  let statements = '';
  let number = 0;
  for (const [file, bytes] of Object.entries(files)) {
    if (!file.endsWith('.wasm')) continue;
    const { expression, statement } = await place(file, bytes, number);
    const pattern = `new URL('./${file}', import.meta.url)`;
    if (!code.includes(pattern)) throw new Error(`jco does not load \`${file}\` as it used to`);
    code = code.replace(pattern, expression);
    statements += statement;
    number += 1;
  }
  return statements + code;
}

/** A name that files and identifiers can have. */
function moduleName(path: string): string {
  return stem(path).replace(/[^A-Za-z0-9_-]/g, '-');
}

function stem(path: string): string {
  return basename(path, extname(path));
}

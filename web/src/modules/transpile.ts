// From a fused component to a JavaScript module, by jco.
//
// Where core modules are is for the caller to say: beside the module, among the files of a build, or
// in the module's text. jco writes `new URL('./NAME', import.meta.url)` for each, which is replaced.

import type { Fused } from '../library.js';

/** A component as a JavaScript module. */
export interface Module {
  /** Its name, which its files begin with. */
  name: string;
  /** The JavaScript. */
  code: string;
  /** The core modules that it loads, by the names of their files. */
  cores: Map<string, Uint8Array<ArrayBuffer>>;
  /** Its declarations, and those of its interfaces, by the names of their files. */
  types: Map<string, string>;
}

/** How to transpile. */
export interface Transpiling {
  /** Whether core modules are part of the text, or files. */
  inline: boolean;
  /** Options of jco's `transpile`. */
  jco?: Record<string, unknown> | undefined;
}

/** The module of a fused component. */
export async function transpile(
  name: string,
  { bytes, report }: Fused,
  { inline, jco: options }: Transpiling,
): Promise<Module> {
  const { transpileBytes } = await jco();
  const { files } = await transpileBytes(bytes, {
    name,
    // Bundlers do not all know exports whose names are no identifiers.
    namespacedExports: false,
    nodejsCompat: false,
    multiMemory: report.memories.some(({ index }) => index > 0),
    ...options,
    base64Cutoff: inline ? Number.MAX_SAFE_INTEGER : 0,
  });
  const main = `${name}.js`;
  const module: Module = { name, code: '', cores: new Map(), types: new Map() };
  for (const [file, content] of Object.entries(files) as [string, Uint8Array<ArrayBuffer>][]) {
    if (file === main) module.code = withoutDirective(new TextDecoder().decode(content));
    else if (file.endsWith('.wasm')) module.cores.set(file, content);
    else if (file.endsWith('.d.ts')) module.types.set(file, new TextDecoder().decode(content));
  }
  return module;
}

/** The code with an expression in place of each core module's URL. */
export function placed({ code, cores }: Module, place: (file: string) => string): string {
  for (const file of cores.keys()) {
    const parts = code.split(`new URL('./${file}', import.meta.url)`);
    if (parts.length === 1) throw new Error(`jco does not load \`${file}\` as it used to`);
    code = parts.join(place(file));
  }
  return code;
}

/** A name that files and identifiers can have. */
export function moduleName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '-');
}

/** A directive is for a whole program: bundlers warn of it in a module. */
function withoutDirective(code: string): string {
  return code.replace(/^"use components";\s*/, '');
}

async function jco() {
  try {
    return await import('@bytecodealliance/jco-transpile');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const packages = '@bytecodealliance/jco-transpile@0.15 @bytecodealliance/preview2-shim@0.26';
    throw new Error(`jco is needed for this: npm install -D ${packages}`, { cause: error });
  }
}

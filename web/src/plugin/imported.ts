// Core modules as imports, for bundlers that have a loader for files: such an import gives the URL of
// the file, as seen from the code.

import { type Module, placed } from '../modules/transpile.js';

/** Begins the specifier of a core module. */
export const CORE = /^wasm-fuser-core:/;
const PREFIX = 'wasm-fuser-core:';

/** The code, in which each core module is imported. */
export function importing(module: Module): string {
  let statements = '';
  const names = new Map<string, string>();
  for (const file of module.cores.keys()) {
    const name = `wasm${names.size}`;
    names.set(file, name);
    statements += `import ${name} from '${PREFIX}${file}';\n`;
  }
  return statements + placed(module, (file) => `new URL(${names.get(file)}, import.meta.url)`);
}

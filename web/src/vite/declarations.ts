// The types of what is imported, in one file of the project.
//
// TypeScript finds the types of `./app.wasm?fuse` where a module of that name is declared. Such a
// declaration may not refer to files beside it, and jco writes a file for each interface; so each of
// these becomes a module with a name of its own.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import type { Module } from './index.js';

const HEADER = `// The types of what is imported with \`?fuse\`. Written by the plugin of wasm-fuser.\n`;

/** Declarations, added as modules are loaded. */
export class Declarations {
  readonly #file: string | undefined;
  readonly #modules = new Map<string, string>();

  constructor(root: string, file: string | false | undefined) {
    if (file === false) return;
    if (file !== undefined) this.#file = join(root, file);
    else if (existsSync(join(root, 'tsconfig.json'))) {
      this.#file = join(root, existsSync(join(root, 'src')) ? 'src' : '', 'wasm-fuser.d.ts');
    }
  }

  /** Adds a module under the name that it is imported by, or a pattern of it. */
  async add(imported: string, module: Module): Promise<void> {
    if (!this.#file) return;
    this.#modules.set(imported, declared(imported, module));
    const sorted = [...this.#modules].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = HEADER + sorted.map(([, declaration]) => `\n${declaration}`).join('');
    const before = await readFile(this.#file, 'utf8').catch(() => undefined);
    if (before !== text) await writeFile(this.#file, text);
  }
}

function declared(imported: string, { name, files }: Module): string {
  const declarations = Object.entries(files).filter(([file]) => file.endsWith('.d.ts'));
  return declarations
    .map(([file, bytes]) => {
      const module = file === `${name}.d.ts` ? imported : interfaceName(name, file);
      const absolute = (_: string, quote: string, specifier: string) =>
        quote + interfaceName(name, posix.join(posix.dirname(file), specifier)) + quote;
      const text = new TextDecoder().decode(bytes).trim();
      const body = text.replace(/(?<=from |import\()(['"])(\.[^'"]*)\1/g, (all, quote, specifier) =>
        absolute(all, quote, specifier),
      );
      return `declare module '${module}' {\n${body.replace(/^(?=.)/gm, '  ')}\n}\n`;
    })
    .join('');
}

/** The name of the module that an interface's declarations become. */
function interfaceName(name: string, file: string): string {
  return `fuse:${name}/${file.replace(/(\.d\.ts|\.js)$/, '')}`;
}

// The types of what is imported, in one file of the project.
//
// TypeScript finds the types of `./app.wasm?fuse` where a module of that name is declared. The name
// may have a star, so that the declaration serves from every folder: `*/app.wasm?fuse`. A second file
// of that name has more of its path in it, and so has the first: `*/a/app.wasm?fuse`; then the file
// in the same folder, `./app.wasm?fuse`, has no types. TypeScript takes the first declaration that
// fits; so those that say more come first.
//
// A declaration may not refer to files beside it, and jco writes a file for each interface; so each
// of these becomes a module with a name of its own.
//
// Many write the file: modules are loaded at once, by several environments of a build, each with a
// plugin of its own, and by one build after another. So all of a program take turns, and each adds to
// what the file has, in which a line above each section says what it is of. It is replaced in one step.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix, relative, resolve, sep } from 'node:path';

import { replace } from '../replace.js';
import type { Module } from './transpile.js';

const HEADER = '// The types of what is imported with `?fuse`. Written by the plugin of wasm-fuser.\n';
const SECTION = '// of ';

/** Where the declarations of a project go: by default where it has a `tsconfig.json`. */
export function declarationsFile(root: string, types: string | false | undefined): string | undefined {
  if (types === false) return undefined;
  if (types !== undefined) return resolve(root, types);
  if (!existsSync(join(root, 'tsconfig.json'))) return undefined;
  return join(root, existsSync(join(root, 'src')) ? 'src' : '', 'wasm-fuser.d.ts');
}

/** Whoever writes a file waits for the one before. */
const last = new Map<string, Promise<void>>();

/**
 * Declares a module: of a file of the project, or of a name that begins with `fuse:`. When it is
 * done, the file has it.
 */
export function declare(declarations: string, root: string, origin: string, module: Module): Promise<void> {
  const add = () => added(declarations, root, origin, module);
  const done = (last.get(declarations) ?? Promise.resolve()).then(add, add);
  last.set(declarations, done);
  return done;
}

async function added(declarations: string, root: string, origin: string, module: Module): Promise<void> {
  const before = await readFile(declarations, 'utf8').catch(() => undefined);
  const sections = read(before ?? '');
  const own = named(origin) ? origin : relative(root, origin).split(sep).join('/');
  for (const known of sections.keys()) {
    if (!named(known) && !existsSync(join(root, known))) sections.delete(known);
  }
  sections.set(own, declared(own, module));
  const after = written(sections);
  if (after !== before) await replace(declarations, after);
}

/** The sections of a file, by what they are of. */
function read(text: string): Map<string, string> {
  const [, ...sections] = text.split(`\n${SECTION}`);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end + 1)];
    }),
  );
}

function written(sections: Map<string, string>): string {
  const patterns = new Map([...sections.keys()].map((it) => [it, pattern(it, [...sections.keys()])]));
  const parts = (it: string) => it.split('/').length;
  const sorted = [...sections].sort(([a], [b]) => {
    const [first, second] = [patterns.get(a)!, patterns.get(b)!];
    return parts(second) - parts(first) || (first < second ? -1 : 1);
  });
  const texts = sorted.map(([origin, text]) => {
    // The first module is what is imported; what it is called depends on the other sections.
    const own = text.replace(/^declare module '[^']*'/, () => `declare module '${patterns.get(origin)}'`);
    return `\n${SECTION}${origin}\n${own}`;
  });
  return HEADER + texts.join('');
}

/** The name that something is imported by: of a file, as little as tells it from the others. */
function pattern(origin: string, all: string[]): string {
  if (named(origin)) return origin;
  const parts = origin.split('/');
  for (let count = 1; ; count += 1) {
    const tail = parts.slice(-count).join('/');
    const alike = all.filter((it) => !named(it) && `/${it}`.endsWith(`/${tail}`));
    if (alike.length === 1 || count === parts.length) return `*/${tail}?fuse`;
  }
}

function named(origin: string): boolean {
  return origin.startsWith('fuse:');
}

/** Declarations of a module and of its interfaces, the module first. */
function declared(origin: string, { name, types }: Module): string {
  const main = `${name}.d.ts`;
  const files = [...types.keys()].sort((a, b) => Number(b === main) - Number(a === main));
  return files
    .map((file) => {
      const absolute = (_: string, quote: string, specifier: string) =>
        quote + interfaceName(origin, posix.join(posix.dirname(file), specifier)) + quote;
      const text = types.get(file)!.trim().replace(/(?<=from |import\()(['"])(\.[^'"]*)\1/g, absolute);
      const module = file === main ? origin : interfaceName(origin, file);
      return `declare module '${module}' {\n${text.replace(/^(?=.)/gm, '  ')}\n}\n`;
    })
    .join('');
}

/** The name of the module that an interface's declarations become. */
function interfaceName(origin: string, file: string): string {
  return `fuse:${origin.replace(/^fuse:/, '')}/${file.replace(/(\.d\.ts|\.js)$/, '')}`;
}

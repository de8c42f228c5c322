// `wasm-fuser build`: from components, or a WAC file, to a folder with a JavaScript module in it.
//
//   wasm-fuser build app.wac -o dist/     dist/app.js, its core modules, and its types
//
// It is `fuse` and what comes after it, so its flags are those of `fuse` and a few more. These are
// taken out here, and the fuser reads the rest. The native command has no `build`: jco, which makes
// the module, is JavaScript.
//
// The module is written last: where it is, the rest is too.

import { watch as observe } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { FuseError } from '../errors.js';
import type { Bytes, Component, Fused } from '../library.js';
import type { Project } from '../modules/composition.js';
import type { Located } from '../modules/messages.js';
import { type Transpiling, moduleName, transpile } from '../modules/transpile.js';
import { encode } from '../modules/wac.js';
import { escaped } from '../text.js';
import { ToolError, UsageError } from './errors.js';
import { read, write } from './files.js';
import type { FuseCommand } from './main.js';

/** What the flags say that are not those of \`fuse\`. */
export interface BuildFlags {
  module: string | undefined;
  packages: Record<string, string>;
  transpiling: Transpiling;
  watch: boolean;
}

/** The flags of \`build\`, and the arguments for \`fuse\`. What is wrong is a `UsageError`. */
export function buildFlags(arguments_: string[]): { flags: BuildFlags; rest: string[] } {
  const flags: BuildFlags = {
    module: undefined,
    packages: Object.create(null),
    transpiling: { inline: false, jco: { nodejsCompat: true } },
    watch: false,
  };
  const map: Record<string, string> = {};
  const rest: string[] = [];
  const given = arguments_.values();
  for (const argument of given) {
    const [, flag = argument, inlined] = argument.match(/^(--[a-z]+)=([^]*)$/) ?? [];
    const value = () => {
      const found = inlined ?? given.next().value;
      if (!found) throw new UsageError(`a value is required for '${flag}'`);
      return found;
    };
    const pair = () => {
      const text = value();
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`'${flag}' takes two names: ${flag} A=B`);
      return [text.slice(0, at), text.slice(at + 1)] as const;
    };
    if (flag === '--watch') flags.watch = true;
    else if (flag === '--inline') flags.transpiling.inline = true;
    else if (flag === '--module') flags.module = value();
    else if (flag === '--package') set(flags.packages, pair());
    else if (flag === '--map') set(map, pair());
    else rest.push(argument);
  }
  if (Object.keys(map).length > 0) flags.transpiling.jco = { ...flags.transpiling.jco, map };
  return { flags, rest };
}

function set(record: Record<string, string>, [name, value]: readonly [string, string]): void {
  record[name] = value;
}

/** What the files of a module are called, and where the module is. */
export function moduleOf(command: FuseCommand, { module }: BuildFlags) {
  if (command.output.tag === 'stdout') throw new UsageError("'--output' is a folder");
  const folder = command.output.val;
  const name = moduleName(module ?? command.inputs[0]?.name ?? 'module');
  return { folder, name, file: join(folder, `${name}.js`) };
}

/** The inputs of a command; WAC files become what they stand for. */
export async function inputsOf(
  { inputs }: FuseCommand,
  { packages }: BuildFlags,
  watch: Project['watch'],
): Promise<Component[]> {
  const components: Component[] = [];
  for (const input of inputs) {
    const file = input.source.tag === 'file' ? input.source.val : undefined;
    if (file !== undefined) watch(file);
    const { name, bytes } = await read(input);
    components.push({ name, bytes: file?.endsWith('.wac') ? await composed(file, bytes) : bytes });
  }
  return components;

  async function composed(file: string, bytes: Bytes): Promise<Bytes> {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
    try {
      return await encode(file, text, { root: process.cwd(), packages, watch });
    } catch (error) {
      throw problem(error as Error);
    }
  }
}

/** Writes the module of what was fused. */
export async function writeModule(
  command: FuseCommand,
  flags: BuildFlags,
  { bytes }: Fused,
): Promise<void> {
  const { folder, name, file } = moduleOf(command, flags);
  const transpiled = transpile(name, bytes, command.options, flags.transpiling);
  const { code, cores, types } = await transpiled.catch((error) => {
    throw problem(error);
  });
  const text = (content: string) => new TextEncoder().encode(content);
  for (const [path, content] of cores) await write({ tag: 'file', val: join(folder, path) }, content);
  for (const [path, content] of types) await write({ tag: 'file', val: join(folder, path) }, text(content));
  await write({ tag: 'file', val: file }, text(code));
}

/** Does something now, and again whenever one of the files changes that it was made of. */
export async function watching(
  once: (watch: (file: string) => void) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const files = new Set<string>();
    let changed!: () => void;
    const change = new Promise<void>((resolve) => (changed = resolve));
    const observers: { close(): void }[] = [];
    // Folders, because a file that is replaced is another file. Before it is read: nothing is missed.
    const watch = (file: string) => {
      if (files.has(file)) return;
      files.add(file);
      observers.push(observe(dirname(file), (_, name) => name === basename(file) && changed()));
    };
    await once(watch);
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    await Promise.race([change, aborted]);
    for (const observer of observers) observer.close();
    if (signal?.aborted) return;
    // Whoever writes several files, or one in several steps, is done by then.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function problem(cause: Error & Partial<Located>): Error {
  if (cause instanceof FuseError) return cause;
  const { loc, frame, message } = cause;
  const first = loc ? `${escaped(loc.file)}:${loc.line}:${loc.column + 1}: ${message}` : message;
  return new ToolError(frame ? `${first}\n${frame}` : first, { cause });
}

// `wasm-fuser build`: from components, or a WAC file, to a folder with a JavaScript module in it.
//
//   wasm-fuser build app.wac -o dist/     dist/app.js, its core modules, and its types
//
// It is `fuse` and what comes after it, so its flags are those of `fuse` and a few more. These are
// taken out here, and the fuser reads the rest. The native command has no `build`: jco, which makes
// the module, is JavaScript.
//
// The module is written last: where it is, the rest is too.

import { join } from 'node:path';

import { FuseError } from '../errors.js';
import type { Fused } from '../library.js';
import { type Transpiling, moduleName, transpile } from '../modules/transpile.js';
import { ToolError, UsageError } from './errors.js';
import { write } from './files.js';
import type { FuseCommand } from './main.js';

/** What the flags say that are not those of \`fuse\`. */
export interface BuildFlags {
  module: string | undefined;
  transpiling: Transpiling;
}

/** The flags of \`build\`, and the arguments for \`fuse\`. What is wrong is a `UsageError`. */
export function buildFlags(arguments_: string[]): { flags: BuildFlags; rest: string[] } {
  const flags: BuildFlags = {
    module: undefined,
    transpiling: { inline: false, jco: { nodejsCompat: true } },
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
    if (flag === '--inline') flags.transpiling.inline = true;
    else if (flag === '--module') flags.module = value();
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

/** Writes the module of what was fused. */
export async function writeModule(
  command: FuseCommand,
  flags: BuildFlags,
  fused: Fused,
): Promise<void> {
  const { folder, name, file } = moduleOf(command, flags);
  const transpiled = transpile(name, fused, flags.transpiling);
  const { code, cores, types } = await transpiled.catch((error) => {
    throw problem(error);
  });
  const text = (content: string) => new TextEncoder().encode(content);
  for (const [path, content] of cores) await write({ tag: 'file', val: join(folder, path) }, content);
  for (const [path, content] of types) await write({ tag: 'file', val: join(folder, path) }, text(content));
  await write({ tag: 'file', val: file }, text(code));
}

function problem(cause: Error): Error {
  return cause instanceof FuseError ? cause : new ToolError(cause.message, { cause });
}

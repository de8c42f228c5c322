// The command line, a component beside the fuser: what only the command needs of it.
//
// It parses flags and puts results into words, which is no work to speak of, and so it has no bounds. It is loaded
// as the command starts; the fuser is, when there is something to fuse.

import { readFile } from 'node:fs/promises';

import { stopped } from '../engine.js';
import { type Root, instantiate } from '../generated/cli/cli.js';
import { wasi } from '../wasi.js';

/** Its functions. */
export type Cli = Root['cli'];
/** A command line, understood. */
export type Command = ReturnType<Cli['parse']>['command'];

let loaded: Promise<{ cli: Cli; said: { text: string } }> | undefined;

/** Calls it, and loads it first if need be. After a trap there is another instance. */
export async function line<T>(work: (cli: Cli) => T): Promise<T> {
  loaded ??= load();
  const { cli, said } = await loaded;
  try {
    return work(cli);
  } catch (thrown) {
    // What it does not understand is no error of its own.
    if (!(thrown instanceof Error)) throw thrown;
    loaded = undefined;
    throw stopped(thrown, said.text);
  }
}

async function load() {
  const folder = new URL('../generated/cli/', import.meta.url);
  const compile = async (name: string) => WebAssembly.compile(await readFile(new URL(name, folder)));
  const said = { text: '' };
  const imports = { ...wasi((text) => (said.text += text)), 'wasm-fuser:fuser/fuse': NO_FUSER };
  const { cli } = await instantiate(compile, imports as never);
  return { cli, said };
}

/** It calls the fuser only where it is a command by itself. */
const NO_FUSER = new Proxy({}, { get: () => absent });

function absent(): never {
  throw new Error('the fuser is not called from here');
}

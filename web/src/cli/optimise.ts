// An optimiser between merging and wrapping: `-O`, and `splice` for those who do it by hand.
//
// The fuser takes the core modules out and puts them back in. The optimiser is npm's `binaryen`, whose
// WebAssembly does what `wasm-opt` does; who wants `-O` installs it.

import { join } from 'node:path';

import type { Engine } from '../engine.js';
import { FuseError } from '../errors.js';
import type { Root } from '../generated/fuser.js';
import { said } from '../remedy.js';
import { read, write } from './files.js';
import type { Command } from './line.js';
import type { FuseCommand } from './main.js';

/** `wasm-fuser splice`, understood. */
export type SpliceCommand = Extract<Command, { tag: 'splice' }>['val'];

/** What is used of `binaryen`. */
interface Binaryen {
  readBinary(bytes: Uint8Array): {
    optimize(): void;
    emitBinary(): Uint8Array;
    dispose(): void;
  };
  setOptimizeLevel(level: number): void;
  setShrinkLevel(level: number): void;
  setDebugInfo(on: boolean): void;
}

/** What was fused, with its core modules optimised. */
export async function optimised(
  engine: Engine,
  { options, budget }: FuseCommand,
  bytes: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const binaryen = await load();
  const work = ({ fuse }: Root) => fuse.modules(bytes);
  const modules = (await engine.call(work, budget.memoryMb)).map((module) => {
    binaryen.setOptimizeLevel(3);
    binaryen.setShrinkLevel(0);
    binaryen.setDebugInfo(options.names === 'keep');
    try {
      const read = binaryen.readBinary(module);
      read.optimize();
      const optimised = read.emitBinary();
      read.dispose();
      return optimised;
    } catch (error) {
      throw failed(String((error as Error)?.message ?? error));
    }
  });
  const result =
    options.emit === 'module' || options.emit === 'raw-module'
      ? modules[0]
      : await engine.call(({ fuse }) => fuse.splice(bytes, modules), budget.memoryMb);
  return new Uint8Array(result ?? bytes);
}

/** Puts core modules into a component, or takes them out. */
export async function splice(engine: Engine, command: SpliceCommand): Promise<void> {
  const { output, budget } = command;
  const component = (await read(command.component)).bytes as Uint8Array;
  if (command.modules.length === 0 && output.tag === 'file') {
    const modules = await engine.call(({ fuse }) => fuse.modules(component), budget.memoryMb);
    for (const [number, module] of modules.entries()) {
      await write({ tag: 'file', val: join(output.val, `${number}.wasm`) }, module);
    }
    return;
  }
  const modules: Uint8Array[] = [];
  for (const module of command.modules) modules.push((await read(module)).bytes as Uint8Array);
  const work = ({ fuse }: Root) => fuse.splice(component, modules);
  await write(output, await engine.call(work, budget.memoryMb));
}

async function load(): Promise<Binaryen> {
  // Not a literal, so that nobody who compiles this needs it.
  const name = 'binaryen';
  try {
    return (await import(name)).default;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw failed(code === 'ERR_MODULE_NOT_FOUND' ? 'it is not installed' : String(error));
  }
}

function failed(why: string): FuseError {
  return new FuseError({
    code: 'io',
    message: `\`binaryen\` cannot optimise the result: ${why}`,
    remedy: said(
      'install a recent one (`npm install -D binaryen`), or fuse without `-O` and have the optimiser ' +
        'work on what `wasm-fuser splice` takes out',
    ),
  });
}

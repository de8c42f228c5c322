// A form as something that can be called. Of a component, jco makes JavaScript and core modules.
//
// The JavaScript is imported from a blob, in the worker: the page itself allows no such thing. The
// core modules are compiled once; instances are made as often as wanted.

import { $init, generate } from '@bytecodealliance/jco-transpile/component';

import { world, type Printed } from './wasi';
import type { Surroundings } from './protocol';
import type { Exported } from './declarations';

type Instantiate = (
  core: (name: string) => WebAssembly.Module,
  imports: Record<string, unknown>,
) => Promise<Record<string, unknown>> | Record<string, unknown>;

export interface Instance {
  printed: Printed;
  /** The function, by the names that jco gives. */
  func(exported: Exported): (...values: unknown[]) => unknown;
}

/** What instances are made of, as often as wanted. */
export interface Runnable {
  /** What it imports that the page may not have. */
  readonly imports: string[];
  /** How long it took to get it ready. */
  readonly milliseconds: number;
  instance(surroundings: Surroundings): Promise<Instance>;
}

export class Transpiled implements Runnable {
  private constructor(
    readonly imports: string[],
    readonly milliseconds: number,
    /** What is exported, in TypeScript, by file name. */
    readonly declarations: Map<string, string>,
    private readonly modules: Map<string, WebAssembly.Module>,
    private readonly make: Instantiate,
  ) {}

  static async of(bytes: Uint8Array, multiMemory: boolean): Promise<Transpiled> {
    await $init;
    const start = performance.now();
    const { files, imports } = generate(bytes, {
      name: 'component',
      instantiation: { tag: 'async' },
      noNodejsCompat: true,
      noNamespacedExports: true,
      noComponentErrorWrapping: false,
      base64Cutoff: 0,
      multiMemory,
    });
    const milliseconds = performance.now() - start;
    const modules = new Map<string, WebAssembly.Module>();
    const declarations = new Map<string, string>();
    let code: Uint8Array | undefined;
    for (const [name, content] of files) {
      if (name.endsWith('.wasm')) modules.set(name, await WebAssembly.compile(content as BufferSource));
      else if (name.endsWith('.d.ts')) declarations.set(name, new TextDecoder().decode(content));
      else if (name.endsWith('.js')) code = content;
    }
    const url = URL.createObjectURL(new Blob([code as BlobPart], { type: 'text/javascript' }));
    try {
      const { instantiate } = await import(/* @vite-ignore */ url);
      return new Transpiled(imports, milliseconds, declarations, modules, instantiate);
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  async instance(surroundings: Surroundings): Promise<Instance> {
    const outside = world(surroundings);
    const core = (name: string) => {
      const module = this.modules.get(name);
      if (!module) throw new Error(`jco asks for a module \`${name}\` that it did not make`);
      return module;
    };
    const exports = await this.make(core, outside.imports);
    return { printed: outside, func: (exported) => named(exports, exported) };
  }
}

function named(exports: Record<string, unknown>, { interface: owner, name, id }: Exported): (...values: unknown[]) => unknown {
  const from = (owner ? exports[owner] : exports) as Record<string, unknown> | undefined;
  const func = from?.[name];
  if (typeof func !== 'function') throw new Error(`jco gives no function \`${id}\``);
  return func.bind(from) as (...values: unknown[]) => unknown;
}

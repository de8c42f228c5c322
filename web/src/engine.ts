// The fuser as JavaScript sees it: core modules, and an instance of them.
//
// The modules are compiled once. An instance is made when it is first needed, and thrown away when
// something goes wrong in it: after a trap its memory is in no defined state. What goes wrong comes
// out as a `FuseError`, like what the fuser refuses.
//
// The memory is made here, and not by the module, so that it can have a maximum where a call has a
// budget. It never shrinks; an instance that a large input has left with a large memory is therefore
// thrown away too.

import { FuseError, internal, isRefusal } from './errors.js';
import { type Root, instantiate } from './generated/fuser.js';
import { MAIN, PAGES, SMALL } from './generated/modules.js';
import { raise } from './remedy.js';
import { Program, type WasmSource } from './source.js';
import { wasi } from './wasi.js';

const PAGE = 65536;
const PAGES_PER_MB = 16;
/** What a 32-bit memory can have. */
const MOST_PAGES = 65536;
/** An instance with more memory than this is not kept: 256 MB. */
const KEPT_PAGES = 256 * PAGES_PER_MB;

interface Instance {
  exports: Root;
  memory: WebAssembly.Memory;
  /** What its memory may grow to, if there is a bound. */
  memoryMb: number | undefined;
  /** What it has written to standard error. */
  said: { text: string };
}

/** The fuser, ready to be called or not yet. */
export class Engine {
  readonly #program: Program;
  #module: WebAssembly.Module | undefined;
  #instance: Instance | undefined;

  /** `beside` gives `fuser.wasm` where `init` is called without it. */
  constructor(beside: () => WasmSource) {
    this.#program = new Program(beside);
  }

  /** Compiles the fuser, the first time. What fails can be tried again. */
  async init(wasm?: WasmSource): Promise<WebAssembly.Module> {
    this.#module = await this.#program.compiled(wasm);
    return this.#module;
  }

  /** Calls the fuser, within a bound on its memory, and makes it ready first if need be. */
  async call<T>(work: (fuser: Root) => T, memoryMb?: number): Promise<T> {
    const module = await this.init();
    if (this.#instance?.memoryMb !== memoryMb) this.#instance = undefined;
    const instance = this.#instance ?? (await create(module, memoryMb, WebAssembly.instantiate));
    this.#instance = instance;
    return this.#run(instance, work);
  }

  /** Calls the fuser, which has to be ready. */
  callSync<T>(work: (fuser: Root) => T): T {
    if (!this.#module) throw new TypeError('the fuser is not ready: `await init()` first');
    const now = (module: WebAssembly.Module, imports?: WebAssembly.Imports) =>
      new WebAssembly.Instance(module, imports);
    const instance = this.#instance ?? (create(this.#module, undefined, now) as Instance);
    this.#instance = instance;
    return this.#run(instance, work);
  }

  #run<T>(instance: Instance, work: (fuser: Root) => T): T {
    try {
      return work(instance.exports);
    } catch (thrown) {
      if (isRefusal(thrown)) throw new FuseError(thrown);
      this.#instance = undefined;
      // jco checks arguments as it passes them on, and throws nothing else of this type.
      if (thrown instanceof TypeError) throw thrown;
      throw stopped(thrown, instance);
    } finally {
      if (instance.memory.buffer.byteLength > KEPT_PAGES * PAGE) this.#instance = undefined;
    }
  }
}

type InstantiateCore = (
  module: WebAssembly.Module,
  imports?: WebAssembly.Imports,
) => WebAssembly.Instance | Promise<WebAssembly.Instance>;

function create(
  module: WebAssembly.Module,
  memoryMb: number | undefined,
  instantiateCore: InstantiateCore,
): Instance | Promise<Instance> {
  const maximum = Math.min((memoryMb ?? Infinity) * PAGES_PER_MB, MOST_PAGES);
  if (maximum < PAGES) throw outOfMemory(memoryMb);
  const bound = memoryMb === undefined ? {} : { maximum };
  const memory = new WebAssembly.Memory({ initial: PAGES, ...bound });
  const said = { text: '' };
  const instance = instantiate(
    (name) => (name === MAIN ? module : small(name)),
    wasi((text) => (said.text += text)),
    (core, imports) => instantiateCore(core, { ...imports, 'wasm-fuser': { memory } }),
  );
  const whole = (exports: Root): Instance => ({ exports, memory, memoryMb, said });
  return instance instanceof Promise ? instance.then(whole) : whole(instance);
}

const compiled = new Map<string, WebAssembly.Module>();

function small(name: string): WebAssembly.Module {
  const module = compiled.get(name) ?? new WebAssembly.Module(decode(SMALL[name] ?? ''));
  compiled.set(name, module);
  return module;
}

/** The bytes that base64 text stands for. */
export function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Why a call did not return. */
function stopped(thrown: unknown, { said: { text }, memoryMb }: Instance): FuseError {
  // What cannot be allocated is said, but for the room for the arguments: there the fuser just ends,
  // as it does nowhere else.
  const silent = thrown instanceof WebAssembly.RuntimeError && text === '';
  const failed = silent ? /unreachable/i.test(thrown.message) : /^memory allocation of /m.test(text);
  if (failed) return outOfMemory(memoryMb, thrown);
  // The hint at a variable that it would not see is none.
  const lines = text.trim().split('\n').filter((line) => !line.startsWith('note:'));
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return internal(`the fuser stopped: ${reason}\n${lines.join('\n')}`.trimEnd(), thrown);
}

function outOfMemory(memoryMb = MOST_PAGES / PAGES_PER_MB, cause?: unknown): FuseError {
  const message = `the fuser needs more than ${memoryMb} MB of memory`;
  const remedy = raise('memory-mb', ' (4095 is the most)');
  return new FuseError({ code: 'host-limit', message, remedy }, { cause });
}

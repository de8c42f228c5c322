// The fuser as JavaScript sees it: core modules, and an instance of them.
//
// The modules are compiled once. An instance is made when it is first needed, and thrown away when
// something goes wrong in it: after a trap its memory is in no defined state. What goes wrong comes
// out as a `FuseError`, like what the fuser refuses.
//
// The memory is made here, and not by the module, so that it can have a maximum where a call has a
// budget. It never shrinks; an instance that a large input has left with a large memory is therefore
// thrown away too.
//
// What few compositions need is a component of its own, `extras.wasm`: what reads and prints text, for one. It
// is loaded when the fuser first calls it. But a call cannot wait: so it is given up, and made again when that
// component is there. It is a function of its arguments, and what is extra comes first in it. Calls that
// cannot wait for anything find it there, for `init` loads it.

import { FuseError, internal, isRefusal } from './errors.js';
import { type Root as Extras, instantiate as instantiateExtras } from './generated/extras/extras.js';
import { type Root, instantiate } from './generated/fuser.js';
import { EXTRAS, FUSER, SMALL } from './generated/modules.js';
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
  /** The fuser's, and that of the extras. */
  memories: WebAssembly.Memory[];
  /** What its memory may grow to, if there is a bound. */
  memoryMb: number | undefined;
  /** What it has written to standard error. */
  said: { text: string };
}

/** What a component consists of: its core modules, of which one is large and has its memory from outside. */
interface Parts {
  main: string;
  pages: number;
}

/** Where the files of the package are. */
export interface Places {
  /** `fuser.wasm`. */
  fuser: () => WasmSource;
  /** `extras.wasm`. */
  extras: () => WasmSource;
}

/** Something extra is wanted, and not there. */
class ExtrasAreMissing extends Error {}

/** The fuser, ready to be called or not yet. */
export class Engine {
  readonly #program: Program;
  readonly #extras: Program;
  #module: WebAssembly.Module | undefined;
  #extrasModule: WebAssembly.Module | undefined;
  #whyNoExtras: unknown;
  #instance: Instance | undefined;

  /** `places` give what `init` is called without. */
  constructor(places: Places) {
    this.#program = new Program('fuser.wasm', places.fuser);
    this.#extras = new Program('extras.wasm', places.extras);
  }

  /** Compiles the fuser, the first time. What fails can be tried again. */
  async init(wasm?: WasmSource): Promise<WebAssembly.Module> {
    this.#module = await this.#program.compiled(wasm);
    return this.#module;
  }

  /** Compiles what few calls need, the first time. */
  async initExtras(wasm?: WasmSource): Promise<WebAssembly.Module> {
    const module = await this.#extras.compiled(wasm);
    if (this.#extrasModule !== module) this.#instance = undefined;
    this.#extrasModule = module;
    return module;
  }

  /** Calls the fuser, within a bound on its memory, and makes it ready first if need be. */
  async call<T>(work: (fuser: Root) => T, memoryMb?: number): Promise<T> {
    const module = await this.init();
    for (;;) {
      if (this.#instance?.memoryMb !== memoryMb) this.#instance = undefined;
      const extras = this.#extrasModule;
      const instance =
        this.#instance ?? (await create({ module, extras }, memoryMb, WebAssembly.instantiate));
      this.#instance = instance;
      try {
        return this.#run(instance, work);
      } catch (error) {
        if (!(error instanceof ExtrasAreMissing) || extras !== undefined) throw error;
        await this.initExtras();
      }
    }
  }

  /** Makes all ready, for calls that can wait for nothing. */
  async initAll({ wasm, extras }: { wasm?: WasmSource; extras?: WasmSource }): Promise<void> {
    const more = this.initExtras(extras);
    // Whoever has said where the fuser is may need no more. Whoever does is told then.
    const told = more.then(() => undefined, (error: unknown) => (this.#whyNoExtras = error));
    await Promise.all([this.init(wasm), extras === undefined ? told : more]);
  }

  /** Calls the fuser, which has to be ready. */
  callSync<T>(work: (fuser: Root) => T): T {
    if (!this.#module) throw new TypeError('the fuser is not ready: `await init()` first');
    const now = (module: WebAssembly.Module, imports?: WebAssembly.Imports) =>
      new WebAssembly.Instance(module, imports);
    const modules = { module: this.#module, extras: this.#extrasModule };
    const instance = this.#instance ?? (create(modules, undefined, now) as Instance);
    this.#instance = instance;
    try {
      return this.#run(instance, work);
    } catch (error) {
      throw error instanceof ExtrasAreMissing ? this.#whyNoExtras : error;
    }
  }

  #run<T>(instance: Instance, work: (fuser: Root) => T): T {
    try {
      return work(instance.exports);
    } catch (thrown) {
      if (isRefusal(thrown)) throw new FuseError(thrown);
      this.#instance = undefined;
      // jco checks arguments as it passes them on, and throws nothing else of this type.
      if (thrown instanceof TypeError || thrown instanceof ExtrasAreMissing) throw thrown;
      throw stopped(thrown, instance.said.text, instance.memoryMb);
    } finally {
      const isLarge = ({ buffer }: WebAssembly.Memory) => buffer.byteLength > KEPT_PAGES * PAGE;
      if (instance.memories.some(isLarge)) this.#instance = undefined;
    }
  }
}

type InstantiateCore = (
  module: WebAssembly.Module,
  imports?: WebAssembly.Imports,
) => WebAssembly.Instance | Promise<WebAssembly.Instance>;

interface Modules {
  module: WebAssembly.Module;
  extras: WebAssembly.Module | undefined;
}

function create(
  { module, extras }: Modules,
  memoryMb: number | undefined,
  instantiateCore: InstantiateCore,
): Instance | Promise<Instance> {
  const said = { text: '' };
  const memories: WebAssembly.Memory[] = [];
  const system = wasi((text) => (said.text += text));
  /** What a component is instantiated with: its modules, and a memory that has a bound. */
  function parts({ main, pages }: Parts, module: WebAssembly.Module) {
    const memory = bounded(pages, memoryMb);
    memories.push(memory);
    return [
      (name: string) => (name === main ? module : small(name)),
      (core: WebAssembly.Module, imports?: WebAssembly.Imports) =>
        instantiateCore(core, { ...imports, 'wasm-fuser': { memory } }),
    ] as const;
  }
  function whole({ text, dwarf, carried }: Extras): Instance | Promise<Instance> {
    const [modules, instances] = parts(FUSER, module);
    const imports = {
      ...system,
      'wasm-fuser:fuser/text': text,
      'wasm-fuser:fuser/dwarf': dwarf,
      'wasm-fuser:fuser/carried': carried,
    };
    return then(instantiate(modules, imports, instances), (exports) => ({ exports, memories, memoryMb, said }));
  }
  if (!extras) return whole(NO_EXTRAS);
  const [modules, instances] = parts(EXTRAS, extras);
  return then(instantiateExtras(modules, system as never, instances), whole);
}

const NO_EXTRAS = {
  text: { binary: missing, print: missing },
  dwarf: { ready: missing, describe: missing },
  carried: { wasip1: missing, page: missing },
} as unknown as Extras;

/** A memory. */
function bounded(pages: number, memoryMb: number | undefined): WebAssembly.Memory {
  const maximum = Math.min((memoryMb ?? Infinity) * PAGES_PER_MB, MOST_PAGES);
  if (maximum < pages) throw outOfMemory(memoryMb);
  return new WebAssembly.Memory({ initial: pages, ...(memoryMb !== undefined && { maximum }) });
}

function missing(): never {
  throw new ExtrasAreMissing('`extras.wasm` is not loaded');
}

/** Goes on with a value: now if it is there, or when it is. */
function then<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
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

/** Why a call did not return, of a component that has said so much on standard error. */
export function stopped(thrown: unknown, text: string, memoryMb?: number): FuseError {
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

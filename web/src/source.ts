// Where `fuser.wasm` and `extras.wasm` come from, and what they are compiled to.
//
// Each is compiled once, whoever asks first. What fails can be tried again.
//
// By default each is a file beside the package's modules. Bundlers that move modules and know nothing
// of files beside them leave it behind; so an error about that file says how to do without it.

/** Where a file of the package comes from: its place, its bytes, or what it was compiled to. */
export type WasmSource = Wasm | PromiseLike<Wasm>;

type Wasm = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** What to do where a file of the package is not beside its modules. */
export const MOVED =
  'a bundler may have moved the modules of wasm-fuser away from their files: ' +
  'import `wasm-fuser/inline`, which needs none';

/** A file of the package, compiled or not yet. */
export class Program {
  readonly #file: 'fuser.wasm' | 'extras.wasm';
  readonly #beside: () => WasmSource;
  #compiling: Promise<WebAssembly.Module> | undefined;

  /** `beside` gives the file where `compiled` is called without it. */
  constructor(file: 'fuser.wasm' | 'extras.wasm', beside: () => WasmSource) {
    this.#file = file;
    this.#beside = beside;
  }

  /** Compiles it, the first time. */
  async compiled(wasm?: WasmSource): Promise<WebAssembly.Module> {
    this.#compiling ??= wasm === undefined ? compileOwn(this.#file, this.#beside) : compile(wasm);
    try {
      return await this.#compiling;
    } catch (error) {
      this.#compiling = undefined;
      throw error;
    }
  }
}

async function compileOwn(file: string, beside: () => WasmSource): Promise<WebAssembly.Module> {
  try {
    return await compile(beside());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const option = file === 'extras.wasm' ? 'extras' : 'wasm';
    const advice = `${MOVED}; or say where the file is: \`await init({ ${option} })\``;
    throw new Error(`cannot load \`${file}\`: ${reason}; ${advice}`, { cause });
  }
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const found = await source;
  if (found instanceof WebAssembly.Module) return found;
  if (typeof found === 'string' || found instanceof URL || found instanceof Request) {
    return compile(fetch(found));
  }
  if (!(found instanceof Response)) return WebAssembly.compile(found as BufferSource);
  if (!found.ok) throw new Error(`cannot fetch \`${found.url}\`: ${found.status} ${found.statusText}`);
  // What is served with another type can be compiled when all of it is there.
  const streams = found.headers.get('content-type')?.startsWith('application/wasm');
  return streams
    ? WebAssembly.compileStreaming(found)
    : WebAssembly.compile(await found.arrayBuffer());
}

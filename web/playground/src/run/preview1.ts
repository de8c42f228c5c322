// A core module on WASI preview 1, run as a command, in surroundings like those that components get here.
//
// A process tells less of its end than a component: that `run` has returned an error, and that the program
// has exited with one, is the status 1.

import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';

import type { Instance, Runnable } from './form';
import type { Surroundings } from './protocol';
import { Sink } from './wasi';

const PREVIEW1 = 'wasi_snapshot_preview1';

export class Command implements Runnable {
  /** The page has all of preview 1 that there is. */
  readonly imports: string[] = [];

  private constructor(
    private readonly module: WebAssembly.Module,
    readonly milliseconds: number,
  ) {}

  /** A command, or why it is none. */
  static async of(bytes: Uint8Array): Promise<Command | { problem: string }> {
    const start = performance.now();
    const module = await WebAssembly.compile(bytes as BufferSource);
    const milliseconds = performance.now() - start;
    const others = WebAssembly.Module.imports(module).filter((it) => it.module !== PREVIEW1);
    if (others.length > 0) {
      const names = others.map(({ module, name }) => `\`${name}\` of \`${module}\``).join(', ');
      return { problem: `imports ${names}` };
    }
    const starts = WebAssembly.Module.exports(module).some((it) => it.name === '_start');
    return starts ? new Command(module, milliseconds) : { problem: 'exports no `_start`: it is no command' };
  }

  async instance({ arguments: words, stdin, file }: Surroundings): Promise<Instance> {
    const [out, err] = [new Sink(), new Sink()];
    const encoder = new TextEncoder();
    const files = new Map(file.name ? [[file.name, new File(encoder.encode(file.text), { readonly: true })]] : []);
    const wasi = new WASI(['component', ...words], [], [
      new OpenFile(new File(encoder.encode(stdin), { readonly: true })),
      new ConsoleStdout((bytes) => out.write(bytes)),
      new ConsoleStdout((bytes) => err.write(bytes)),
      new PreopenDirectory('/', files),
    ], { debug: false });
    const instance = await WebAssembly.instantiate(this.module, { [PREVIEW1]: wasi.wasiImport });
    const run = () => {
      throw { exitError: true, code: wasi.start(instance as Parameters<WASI['start']>[0]) };
    };
    return { printed: { stdout: () => out.text(), stderr: () => err.text() }, func: () => run };
  }
}

/** What a process tells of a component's result. */
export function asProcess(value: string): string {
  if (value === '') return 'exit(0)';
  return value.startsWith('err') ? 'exit(1)' : value;
}

// What a component may import in the page: WASI's command line, streams, files in memory, clocks and
// random numbers. There is no network: a page that runs what strangers send should not have one.

import { cli, clocks, io, random } from '@bytecodealliance/preview2-shim';
import { createFilesystem, InMemoryFilesystemAdapter } from '@bytecodealliance/preview2-shim/filesystem';

import type { Surroundings } from './protocol';

/** What was written to the outside. */
export interface Printed {
  stdout(): string;
  stderr(): string;
}

export interface World extends Printed {
  /** By interface, without versions, as transpiled code asks for them. */
  imports: Record<string, unknown>;
}

/** More output than this is cut. */
const MOST_OUTPUT = 256 * 1024;

export function world({ arguments: words, stdin, file }: Surroundings): World {
  const [out, err] = [new Sink(), new Sink()];
  const input = new TextEncoder().encode(stdin);
  let read = 0;
  const own = (cli as unknown as { createCli(config: object): Record<string, unknown> }).createCli({
    arguments: ['component', ...words],
    environment: {},
    initialCwd: '/',
    stdin: {
      blockingRead(length: bigint) {
        if (read >= input.length) throw { tag: 'closed' };
        const chunk = input.slice(read, read + Number(length));
        read += chunk.length;
        return chunk;
      },
    },
    stdout: { write: (bytes: Uint8Array) => out.write(bytes) },
    stderr: { write: (bytes: Uint8Array) => err.write(bytes) },
  });
  const source = new TextEncoder().encode(file.text);
  const { types, preopens } = createFilesystem({
    adapter: new InMemoryFilesystemAdapter(),
    preopens: { '/': { dir: file.name ? { [file.name]: { source } } : {} } },
  });
  const imports = {
    ...named('cli', own),
    ...named('clocks', clocks),
    ...named('io', io),
    ...named('random', random),
    ...named('filesystem', { types, preopens }),
  };
  return { imports, stdout: () => out.text(), stderr: () => err.text() };
}

/** Which interfaces there are. */
export function offers(): Set<string> {
  return new Set(Object.keys(world({ arguments: [], stdin: '', file: { name: '', text: '' } }).imports));
}

/** `terminalInput` is `wasi:cli/terminal-input`. */
function named(name: string, interfaces: object): Record<string, unknown> {
  const kebab = (text: string) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const entries = Object.entries(interfaces).filter(([, it]) => typeof it === 'object');
  return Object.fromEntries(entries.map(([key, it]) => [`wasi:${name}/${kebab(key)}`, it]));
}

/** What is printed, up to a length. */
export class Sink {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  write(bytes: Uint8Array): void {
    if (this.length < MOST_OUTPUT) this.chunks.push(bytes.slice(0, MOST_OUTPUT - this.length));
    this.length += bytes.length;
  }

  text(): string {
    const decoder = new TextDecoder();
    const text = this.chunks.map((it) => decoder.decode(it, { stream: true })).join('') + decoder.decode();
    return this.length > MOST_OUTPUT ? `${text}\n… and ${this.length - MOST_OUTPUT} bytes more` : text;
  }
}

// WAC files: the language of compositions, by the tools that define it, as a component.
//
// Which packages a file needs is found out by trying: what is missing is an error with its name.

import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { type Root, instantiate } from '../generated/wac/wac.js';
import type { Bytes, Component } from '../requests.js';
import { escaped } from '../text.js';
import { wasi } from '../wasi.js';
import type { Project } from './composition.js';
import { located } from './messages.js';

/** Why no component was made of a WAC file. */
export type WacFailure =
  | { tag: 'refused'; val: Problem }
  | { tag: 'missing'; val: Problem & { places: string[] } }
  | { tag: 'stopped'; val: string };

interface Problem {
  message: string;
  offset?: number;
}

/** No component was made of a WAC file. */
export class WacStop extends Error {
  readonly failure: WacFailure;

  constructor(failure: WacFailure) {
    super(failure.tag === 'stopped' ? failure.val : failure.val.message);
    this.failure = failure;
  }
}

/** The packages that a WAC file may name. */
export interface Packages {
  /** Where one may be: the first of these files that is there. */
  places(name: string): string[] | Promise<string[]>;
  /** Is told of each file before it is read. */
  watch(file: string): void;
  /** A component in the text format, in the binary one. */
  binary(component: Component): Promise<Bytes>;
}

/** The component that the text of a WAC file stands for. What is wrong is a `WacStop`. */
export async function compose(text: string, packages: Packages): Promise<Uint8Array> {
  const given: { name: string; version?: string; bytes: Uint8Array }[] = [];
  const tried = new Set<string>();
  for (;;) {
    // An instance for each try: what is large, it would keep.
    const { encode, said } = await load();
    try {
      return encode(text, given);
    } catch (thrown) {
      if (thrown instanceof Error) throw new WacStop({ tag: 'stopped', val: said() });
      const { missing, ...problem } = thrown as Problem & { missing?: string };
      if (missing === undefined || tried.has(missing)) throw new WacStop({ tag: 'refused', val: problem });
      tried.add(missing);
      const places = await packages.places(missing);
      const file = await first(places);
      if (!file) throw new WacStop({ tag: 'missing', val: { ...problem, places } });
      packages.watch(file);
      const [name = missing, version] = missing.split('@');
      const bytes = await binary(missing, await readFile(file));
      given.push({ name, ...(version && { version }), bytes });
    }
  }

  async function binary(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    if (bytes.length >= 4 && new TextDecoder().decode(bytes.subarray(0, 4)) === '\0asm') return bytes;
    return new Uint8Array((await packages.binary({ name, bytes })) as Uint8Array);
  }
}

/** An error in a WAC file. */
export class WacError extends Error {}

/** The component that a WAC file of a project stands for. */
export async function encode(path: string, text: string, project: Project): Promise<Uint8Array> {
  const { watch, binary } = project;
  try {
    return await compose(text, { places: (name) => placesOf(name, path, project), watch, binary });
  } catch (error) {
    if (!(error instanceof WacStop)) throw error;
    const { failure } = error;
    if (failure.tag === 'stopped') {
      throw new WacError(`WAC's tools stopped at ${escaped(path)}: ${failure.val || 'it nests too deep for them'}`);
    }
    const { message, offset } = failure.val;
    const places = failure.tag === 'missing' ? failure.val.places : [];
    const looked = places.length > 0 ? `; looked for ${places.map((it) => `\`${escaped(it)}\``).join(', ')}` : '';
    const said = message + looked;
    throw Object.assign(new WacError(said, { cause: error }), located(said, path, text, offset));
  }
}

/** Where a package is looked for: where the project says, where `wac` does, or beside the WAC file. */
function placesOf(missing: string, path: string, { root, packages = {} }: Project): string[] {
  const [name = missing, version] = missing.split('@');
  for (const given of [missing, name]) {
    const file = Object.hasOwn(packages, given) ? packages[given] : undefined;
    if (file !== undefined) return [resolve(root, file)];
  }
  const [own = name] = name.split(':').reverse();
  const deps = resolve(dirname(path), 'deps', ...name.split(':'));
  const ofVersion = version ? [`${deps}/${version}.wasm`] : [];
  return [...ofVersion, `${deps}.wasm`, resolve(dirname(path), `${own}.wasm`)];
}

async function first(places: string[]): Promise<string | undefined> {
  for (const place of places) {
    if (await access(place).then(() => true, () => false)) return place;
  }
  return undefined;
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** An instance of the tools, and what it has said on standard error. */
async function load(): Promise<Root & { said: () => string }> {
  const folder = new URL('../generated/wac/', import.meta.url);
  const compile = async (name: string) => WebAssembly.compile(await readFile(new URL(name, folder)));
  const once = (name: string) => {
    const module = compiled.get(name) ?? compile(name);
    compiled.set(name, module);
    return module;
  };
  let words = '';
  const imports = wasi((text) => (words += text));
  const root = await instantiate(once, imports as never);
  return { ...root, said: () => words.trim() };
}

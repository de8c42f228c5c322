// WAC files: the language of compositions, by the tools that define it, as a component.
//
// Which packages a file needs is found out by trying: what is missing is an error with its name.

import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { type Root, instantiate } from '../generated/wac/wac.js';
import { escaped } from '../text.js';
import { wasi } from '../wasi.js';
import type { Project } from './composition.js';
import { located } from './messages.js';

interface Failure {
  message: string;
  offset?: number;
  missing?: string;
}

/** An error in a WAC file. */
export class WacError extends Error {}

/** The component that a WAC file stands for. */
export async function encode(path: string, text: string, project: Project): Promise<Uint8Array> {
  const packages: { name: string; version?: string; bytes: Uint8Array }[] = [];
  const tried = new Set<string>();
  for (;;) {
    // An instance for each try: what is large, it would keep.
    const { encode } = await load();
    try {
      return encode(text, packages);
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      const { message, offset, missing } = thrown as Failure;
      const problem = (said: string) =>
        Object.assign(new WacError(said), located(said, path, text, offset));
      if (missing === undefined || tried.has(missing)) throw problem(message);
      tried.add(missing);
      const places = placesOf(missing, path, project);
      const file = await first(places);
      if (!file) throw problem(`${message}; looked for ${places.map((it) => `\`${escaped(it)}\``).join(', ')}`);
      project.watch(file);
      const [name = missing, version] = missing.split('@');
      packages.push({ name, ...(version && { version }), bytes: await readFile(file) });
    }
  }
}

/** Where a package is looked for: where the project says, or beside the WAC file. */
function placesOf(missing: string, path: string, { root, packages = {} }: Project): string[] {
  const given = Object.hasOwn(packages, missing) ? packages[missing] : undefined;
  if (given !== undefined) return [resolve(root, given)];
  const [name = missing] = missing.split('@');
  const [namespace = '', own = ''] = name.split(':');
  const folder = dirname(path);
  return [resolve(folder, 'deps', namespace, `${own}.wasm`), resolve(folder, `${own}.wasm`)];
}

async function first(places: string[]): Promise<string | undefined> {
  for (const place of places) {
    if (await access(place).then(() => true, () => false)) return place;
  }
  return undefined;
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function load(): Promise<Root> {
  const folder = new URL('../generated/wac/', import.meta.url);
  const compile = async (name: string) => WebAssembly.compile(await readFile(new URL(name, folder)));
  const once = (name: string) => {
    const module = compiled.get(name) ?? compile(name);
    compiled.set(name, module);
    return module;
  };
  return instantiate(once, wasi(() => {}) as never);
}

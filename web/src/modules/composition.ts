// What is to be fused: components in files, put together by their names, or by a WAC file.
//
// Components are lists and never objects keyed by name: in an object two of one name are one, and
// names that are whole numbers come first, whatever was written first.

import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';

import { record, wrong } from '../checks.js';
import type { Bytes, Component, FuseRequest } from '../requests.js';
import { encode } from './wac.js';

/** Options of `fuse` that can be given for a composition. */
export type Fusing = Omit<FuseRequest, 'components'>;

/** A component in a file, with a name of its own. */
export interface ComponentFile {
  /** How messages and `wires` refer to it. */
  name: string;
  /** The file, relative to the project's root. */
  file: string;
}

/** A composition of several files. */
export interface Composition extends Fusing {
  /**
   * The components; the first is the root. A file alone is relative to the project's root, and its
   * component is named after it, without folder and extension.
   */
  components: (string | ComponentFile)[];
}

/** Where files are, and who is to be told which of them were read. */
export interface Project {
  /** What the names of files are relative to. */
  root: string;
  /** Files of the packages that WAC files name. */
  packages?: Record<string, string> | undefined;
  /** Is told of each file before it is read. */
  watch: (file: string) => void;
  /** A component in the text format, in the binary one. */
  binary: (component: Component) => Promise<Bytes>;
}

/** A component, or what a WAC file stands for, as an input. */
export async function fileInput(name: string, path: string, project: Project): Promise<Component> {
  project.watch(path);
  const bytes = await readFile(path);
  if (extname(path) !== '.wac') return { name, bytes };
  return { name, bytes: await encode(path, bytes.toString(), project) };
}

/** The inputs of a composition, in their order. `what` says whose they are. */
export async function listInputs(
  components: unknown,
  what: string,
  project: Project,
): Promise<Component[]> {
  if (!Array.isArray(components)) {
    const form = "an array, such as `['app.wasm', { name: 'words', file: 'lib/component.wasm' }]`";
    throw wrong(what, form, components);
  }
  const found: Component[] = [];
  for (const [index, component] of components.entries()) {
    const { name, file } = componentFile(component, `${what}[${index}]`);
    found.push(await fileInput(name, resolve(project.root, file), project));
  }
  return found;
}

function componentFile(component: unknown, what: string): ComponentFile {
  if (typeof component === 'string') return { name: stem(component), file: component };
  const { name, file } = record(component as ComponentFile, what, '`{ name, file }`, or a file');
  if (typeof name !== 'string') throw wrong(`${what}.name`, 'a string', name);
  if (typeof file !== 'string') throw wrong(`${what}.file`, 'a string', file);
  return { name, file };
}

/** The name of a file, without folder and extension. */
export function stem(path: string): string {
  return basename(path, extname(path));
}

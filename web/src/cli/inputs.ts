// The inputs of a command. WAC files are composed here, and become the components that they stand for.

import type { Engine } from '../engine.js';
import { FuseError } from '../errors.js';
import type { Component } from '../requests.js';
import { read } from './files.js';
import { line } from './line.js';
import type { FuseCommand } from './main.js';

/** What `fuse` and `link` are given, read. `watch` is told of each file before it is. */
export async function inputsOf(
  engine: Engine,
  command: Pick<FuseCommand, 'inputs' | 'dependencies'>,
  watch: (file: string) => void = () => {},
): Promise<Component[]> {
  const components: Component[] = [];
  for (const input of command.inputs) {
    const file = input.source.tag === 'file' ? input.source.val : undefined;
    if (file !== undefined) watch(file);
    const { name, bytes } = await read(input);
    const isWac = file?.endsWith('.wac');
    components.push({ name, bytes: isWac ? await composed(input, file as string, bytes) : bytes });
  }
  return components;

  async function composed(input: FuseCommand['inputs'][number], file: string, bytes: Component['bytes']) {
    // What only these need takes time to load.
    const { WacStop, compose } = await import('../modules/wac.js');
    const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as Uint8Array);
    const places = (name: string) => line((cli) => cli.packagePlaces(file, command.dependencies, name));
    const binary = ({ name, bytes }: Component) =>
      engine.call(({ fuse }) => fuse.link([{ name, bytes } as never], fuse.defaultOptions()).bytes as never);
    try {
      return await compose(text, { places, watch, binary });
    } catch (error) {
      if (!(error instanceof WacStop)) throw error;
      const { failure } = error;
      throw new FuseError(await line((cli) => cli.wacError(input, text, failure)), { cause: error });
    }
  }
}

// The link to what is shown: an example and options, in the fragment. Bytes are never in it, and
// nothing of the fragment is sent to a server.

import { DEFAULTS, values } from './choices';
import type { FuseOptions } from './fuser/protocol';

const NAMES = Object.keys(DEFAULTS) as (keyof FuseOptions)[];

export function readLink(hash: string): { example?: string; options: Partial<FuseOptions> } {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const options: Partial<Record<string, unknown>> = {};
  for (const name of NAMES) {
    const text = given.get(name);
    const choice = values(name).find((it) => String(it) === text);
    if (choice !== undefined) options[name] = choice;
  }
  const example = given.get('example');
  return { ...(example && { example }), options: options as Partial<FuseOptions> };
}

/** Keeps the address of the page up to date. Defaults are left out. */
export function writeLink(example: string | undefined, options: FuseOptions): void {
  const given = new URLSearchParams();
  if (example) given.set('example', example);
  for (const name of NAMES) {
    if (options[name] !== DEFAULTS[name]) given.set(name, String(options[name]));
  }
  const hash = given.toString();
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
}

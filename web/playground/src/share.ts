// The link to what is shown: an example, a target and options, in the fragment. Bytes are never in it, and
// nothing of the fragment is sent to a server.

import type { Target } from 'wasm-fuser';

import { NAMES, optionsOf, values } from './choices';
import type { FuseOptions } from './fuser/protocol';

/** What a link says. What it is silent about is as the target has it. */
export interface Link {
  example: string | null;
  target: string | null;
  options: Partial<FuseOptions>;
}

export function readLink(hash: string): Link {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const options: Partial<Record<string, unknown>> = {};
  for (const name of NAMES) {
    const text = given.get(name);
    const choice = values(name).find((it) => String(it) === text);
    if (choice !== undefined) options[name] = choice;
  }
  return { example: given.get('example'), target: given.get('target'), options: options as Partial<FuseOptions> };
}

/** Keeps the address of the page up to date. What the target says, or is chosen at first, is left out. */
export function writeLink(example: string | undefined, target: Target | undefined, options: FuseOptions): void {
  const given = new URLSearchParams();
  if (example) given.set('example', example);
  if (target) given.set('target', target.name);
  const base = optionsOf(target);
  for (const name of NAMES) {
    if (options[name] !== base[name]) given.set(name, String(options[name]));
  }
  const hash = given.toString();
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
}

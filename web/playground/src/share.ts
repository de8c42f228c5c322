// The link to what is shown: an example and options, in the fragment. Bytes are never in it, and
// nothing of the fragment is sent to a server.

import type { FuseOptions } from './fuser/protocol';

/** What each option can be; the first is the default. */
const CHOICES: { [K in keyof FuseOptions]: readonly FuseOptions[K][] } = {
  emit: ['component', 'module', 'flat'],
  memory: ['multi', 'split', 'single'],
  names: ['keep', 'drop'],
  simd: [true, false],
  shareHandles: [false, true],
  tasks: ['refuse', 'apart'],
  validate: [true, false],
};

export function readLink(hash: string): { example?: string; options: Partial<FuseOptions> } {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const options: Partial<Record<string, unknown>> = {};
  for (const [name, choices] of Object.entries(CHOICES)) {
    const text = given.get(name);
    const choice = choices.find((it) => String(it) === text);
    if (choice !== undefined) options[name] = choice;
  }
  const example = given.get('example');
  return { ...(example && { example }), options: options as Partial<FuseOptions> };
}

/** Keeps the address of the page up to date. Defaults are left out. */
export function writeLink(example: string | undefined, options: FuseOptions): void {
  const given = new URLSearchParams();
  if (example) given.set('example', example);
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = options[name as keyof FuseOptions];
    if (value !== choices[0]) given.set(name, String(value));
  }
  const hash = given.toString();
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
}

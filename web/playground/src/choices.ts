// What can be chosen in the page: the values of each option, what the page calls them, and what is
// chosen at first.

import type { Setting, Target } from 'wasm-fuser';

import type { FuseOptions } from './fuser/protocol';

/** What is chosen at first: what the command line does without flags. */
export const DEFAULTS: FuseOptions = {
  emit: 'component',
  memory: 'multi',
  names: 'keep',
  debug: 'keep',
  simd: true,
  shareHandles: false,
  tasks: 'refuse',
  validate: true,
};

/** What they are called in the fuser, and in links. */
export const NAMES = Object.keys(DEFAULTS) as (keyof FuseOptions)[];

/** The options of a target, which are as good as chosen; without one, what is chosen at first. */
export function optionsOf(target: Target | undefined): FuseOptions {
  return target ? only(NAMES, target.options) : DEFAULTS;
}

/** What is chosen once a target is: what targets are about is as this one has it, and all else stays. */
export function retargeted(options: FuseOptions, target: Target | undefined, all: Target[]): FuseOptions {
  const about = NAMES.filter((name) => all.some((it) => it.options[name] !== DEFAULTS[name]));
  return { ...options, ...only(about, optionsOf(target)) };
}

function only(names: (keyof FuseOptions)[], options: FuseOptions): FuseOptions {
  return Object.fromEntries(names.map((name) => [name, options[name]])) as unknown as FuseOptions;
}

/** Options with a list to choose from: what is above it, and each value in words. */
export const LISTS: { [K in 'emit' | 'memory' | 'debug' | 'tasks']: { label: string; values: Record<FuseOptions[K], string> } } = {
  emit: {
    label: 'Result',
    values: {
      component: 'one component',
      module: 'its core module alone',
      'raw-module': 'the same, for any world',
      flat: 'flat: modules not merged',
    },
  },
  memory: {
    label: 'Memories',
    values: { multi: 'several in one module', split: 'one in each module', single: 'a single one' },
  },
  debug: {
    label: 'Debug information',
    values: { keep: 'all that is about the result', lines: 'files and lines', drop: 'none' },
  },
  tasks: {
    label: 'Tasks',
    values: { refuse: 'of one instance', apart: 'of several, in components of their own' },
  },
};

/** Options with a box to tick. */
export const BOXES: { [K in Exclude<keyof FuseOptions, keyof typeof LISTS>]: Box<FuseOptions[K]> } = {
  names: { label: 'Keep names', on: 'keep', off: 'drop' },
  simd: { label: 'SIMD for strings', on: true, off: false },
  shareHandles: { label: 'Share handles', on: true, off: false },
  validate: { label: 'Validate the result', on: true, off: false },
};

interface Box<V> {
  label: string;
  on: V;
  off: V;
}

/** The values that an option can have. */
export function values(name: keyof FuseOptions): unknown[] {
  if (name in LISTS) return Object.keys(LISTS[name as keyof typeof LISTS].values);
  const { on, off } = BOXES[name as keyof typeof BOXES];
  return [on, off];
}

/** What the page calls an option that the fuser advises. Those that it does not offer are the command's. */
export function called(setting: Setting): string {
  switch (setting.tag) {
    case 'emit':
      return `${LISTS.emit.label}: ${LISTS.emit.values[setting.val]}`;
    case 'memory':
      return `${LISTS.memory.label}: ${LISTS.memory.values[setting.val]}`;
    case 'tasks':
      return `${LISTS.tasks.label}: ${LISTS.tasks.values[setting.val]}`;
    case 'capacity':
      return 'wasm-fuser fuse --capacity';
    case 'wire': {
      const { importer, importName, provider, exportName } = setting.val;
      return `wasm-fuser fuse --wire '${importer}:${importName}=${provider}:${exportName}'`;
    }
    case 'leave-open':
      return `wasm-fuser fuse --open '${setting.val.input}:${setting.val.name}'`;
    case 'also-export':
      return `wasm-fuser fuse --export '${setting.val.input}:${setting.val.name}'`;
    case 'open':
      return `wasm-fuser fuse --closed=${setting.val}`;
    case 'limit':
      return `wasm-fuser fuse --limit-${setting.val}`;
    case 'budget':
      return `wasm-fuser fuse --max-${setting.val}`;
  }
}

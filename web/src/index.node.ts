// The package for Node.js: `fuser.wasm` and `extras.wasm` are read from beside this module.

import { readFile } from 'node:fs/promises';

import { library } from './library.js';

export * from './public.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, fuseSync, inspectSync, printSync } = library({
  fuser: () => readFile(new URL('./fuser.wasm', import.meta.url)),
  extras: () => readFile(new URL('./extras.wasm', import.meta.url)),
});

// The package for Node.js: `fuser.wasm` is read from beside this module.

import { readFile } from 'node:fs/promises';

import { library } from './library.js';

export * from './public.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, fuseSync, inspectSync, printSync } = library(() =>
  readFile(new URL('./fuser.wasm', import.meta.url)),
);

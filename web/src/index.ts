// The package for browsers and bundlers: `fuser.wasm` is fetched from beside this module.

import { library } from './library.js';

export * from './public.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, fuseSync, inspectSync, printSync } = library(
  () => new URL('./fuser.wasm', import.meta.url),
);

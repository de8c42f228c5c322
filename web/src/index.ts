// The package for browsers and bundlers: `fuser.wasm` and `extras.wasm` are fetched from beside this module.

import { library } from './library.js';

export * from './public.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, fuseSync, inspectSync, printSync } = library({
  fuser: () => new URL('./fuser.wasm', import.meta.url),
  extras: () => new URL('./extras.wasm', import.meta.url),
});

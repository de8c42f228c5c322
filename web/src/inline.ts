// The package for places without files: `fuser.wasm` is text in a module, compressed.

import { decode } from './engine.js';
import { GZIPPED } from './generated/inlined.js';
import { library } from './library.js';

export * from './public.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, fuseSync, inspectSync, printSync } = library(
  async () => {
    const zipped = new Response(decode(GZIPPED)).body!;
    return new Response(zipped.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  },
);

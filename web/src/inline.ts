// The package for places without files: `fuser.wasm` and `extras.wasm` are text in a module, compressed.

import { decode } from './engine.js';
import { EXTRAS, FUSER } from './generated/inlined.js';
import { library } from './library.js';

export * from './public.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, fuseSync, inspectSync, printSync } = library(
  { fuser: () => unzipped(FUSER), extras: () => unzipped(EXTRAS) },
);

function unzipped(gzipped: string): Promise<ArrayBuffer> {
  const zipped = new Response(decode(gzipped)).body!;
  return new Response(zipped.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

// `wasm-fuser/worker` for Node.js: the functions of the package, in a worker thread.

import { readFile } from 'node:fs/promises';

import { client } from './client.js';
import { start } from './start.node.js';

export * from '../public.js';
export type { Budget, CallOptions, WorkerInitOptions, WorkerLibrary } from './client.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, terminate } = client(
  {
    fuser: () => readFile(new URL('../fuser.wasm', import.meta.url)),
    extras: () => readFile(new URL('../extras.wasm', import.meta.url)),
  },
  start,
);

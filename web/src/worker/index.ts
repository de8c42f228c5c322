// `wasm-fuser/worker` for browsers: the functions of the package, in a Web Worker.

import { type Thread, client } from './client.js';

export * from '../public.js';
export type { Budget, CallOptions, WorkerInitOptions, WorkerLibrary } from './client.js';
export const { init, fuse, inspect, link, print, targets, defaultOptions, explain, terminate } = client(
  {
    fuser: () => new URL('../fuser.wasm', import.meta.url),
    extras: () => new URL('../extras.wasm', import.meta.url),
  },
  start,
);

function start(place?: string | URL): Thread {
  // Bundlers look for exactly this.
  const worker = place
    ? new Worker(place, { type: 'module' })
    : new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
  return {
    post: (message) => worker.postMessage(message),
    listen(answered, failed) {
      worker.onmessage = ({ data }) => answered(data);
      worker.onerror = ({ error, message }) => failed(error ?? new Error(message));
    },
    hold: () => {},
    terminate: () => worker.terminate(),
  };
}

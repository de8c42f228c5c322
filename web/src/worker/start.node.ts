// A thread in Node.js.

// Without `node:`, with which webpack writes a call that is none.
import { Worker } from 'worker_threads';

import type { Thread } from './client.js';
import type { FromThread } from './protocol.js';

/** Starts a thread. */
export function start(place?: string | URL): Thread {
  // Bundlers look for exactly this.
  const worker = place
    ? new Worker(place)
    : new Worker(new URL('./thread.node.js', import.meta.url));
  let answered: ((answer: FromThread) => void) | undefined;
  let failed: ((error: unknown) => void) | undefined;
  worker.on('message', (answer) => answered?.(answer));
  worker.on('error', (error) => failed?.(error));
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    listen: (...told) => void ([answered, failed] = told),
    hold: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

// The thread of `wasm-fuser/worker` in Node.js.

import { parentPort } from 'node:worker_threads';

import { serve } from './serve.js';

parentPort?.on(
  'message',
  serve((message, moved) => parentPort?.postMessage(message, moved)),
);

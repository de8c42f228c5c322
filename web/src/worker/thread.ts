// The thread of `wasm-fuser/worker` in a browser.

import { serve } from './serve.js';

const scope = globalThis as unknown as Worker;
const answer = serve((message, moved) => scope.postMessage(message, moved));
scope.onmessage = ({ data }) => answer(data);

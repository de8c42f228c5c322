// The thread's side: an engine, and what to answer.

import { Engine } from '../engine.js';
import { FuseError, refusal } from '../errors.js';
import type { Root } from '../generated/fuser.js';
import { CALLS, type FromThread, type ToThread } from './protocol.js';

/** Makes of what sends an answer, and what to move with it, a function that takes messages. */
export function serve(send: (answer: FromThread, moved: ArrayBuffer[]) => void) {
  let engine: Engine;
  let given: (extras: WebAssembly.Module) => void = () => {};
  function extras(): Promise<WebAssembly.Module> {
    send({ wanted: 'extras' }, []);
    return new Promise((resolve) => (given = resolve));
  }
  return async (message: ToThread): Promise<void> => {
    if ('module' in message) {
      const { module } = message;
      engine = new Engine({ fuser: () => module, extras });
      return;
    }
    if ('extras' in message) return given(message.extras);
    try {
      const work = CALLS[message.call](message.argument as never) as (fuser: Root) => unknown;
      const value = await engine.call(work, message.memoryMb);
      send({ value }, buffers(value));
    } catch (error) {
      send(error instanceof FuseError ? { refusal: refusal(error) } : { thrown: error }, []);
    }
  };
}

/** The result's bytes need not be copied: they are of no more use here. */
function buffers(value: unknown): ArrayBuffer[] {
  const { bytes } = value instanceof Uint8Array ? { bytes: value } : (value as { bytes?: unknown });
  return bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : [];
}

// The functions of the package, run by a thread.
//
// Calls run one after another, each when the one before is done. A thread that is in the middle of
// a call cannot be talked to, only ended; so that is what happens when a call is aborted or its
// time is up, and the next call gets a new thread. The fuser is compiled once and sent to each.

import { Engine, type WasmSource } from '../engine.js';
import { FuseError, internal } from '../errors.js';
import type { Graph } from '../generated/types.js';
import type { Bytes, FuseRequest, Fused, InitOptions, InspectRequest } from '../library.js';
import { raise } from '../remedy.js';
import type { CallName, FromThread, ToThread } from './protocol.js';

/** What a call may spend. Going over it is a `FuseError` with the code `host-limit`. */
export interface Budget {
  /** Megabytes (2^20 bytes) of memory for the fuser. */
  memoryMb?: number;
  /** Seconds before the fuser is stopped. */
  seconds?: number;
}

/** How to call. */
export interface CallOptions {
  /** What the call may spend; without it, what the system gives. */
  budget?: Budget;
  /** Ends the call when it is aborted. */
  signal?: AbortSignal;
}

/** The functions of the package, off the main thread. */
export interface WorkerLibrary {
  /** Makes the fuser ready. Of several calls the first counts, and the others wait for it. */
  init(options?: InitOptions): Promise<void>;
  /** Fuses a composition. */
  fuse(request: FuseRequest, options?: CallOptions): Promise<Fused>;
  /** The instance graph of a component, as it is. */
  inspect(request: InspectRequest, options?: CallOptions): Promise<Graph>;
  /** The text format of a component or a core module. */
  print(bytes: Bytes, options?: CallOptions): Promise<string>;
  /** The page on an error code. */
  explain(code: string, options?: CallOptions): Promise<string>;
  /** Ends the thread, and the call that it is at. Another call starts another thread. */
  terminate(): void;
}

/** A thread, as both systems can provide it. */
export interface Thread {
  /** Sends a message. */
  post(message: ToThread): void;
  /** Is told of each answer, and of an error that ends the thread. */
  listen(answered: (answer: FromThread) => void, failed: (error: unknown) => void): void;
  /** Whether the program shall go on as long as the thread does. */
  hold(on: boolean): void;
  /** Ends it. */
  terminate(): void;
}

/** Milliseconds; a timer for longer would go off at once. */
const LONGEST = 2 ** 31 - 1;

/** The functions, over a thread that is started when it is needed. */
export function client(load: () => WasmSource, start: () => Thread): WorkerLibrary {
  const engine = new Engine(load);
  let thread: Thread | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let interrupt: ((reason: unknown) => void) | undefined;

  async function run(call: CallName, argument: unknown, options: CallOptions): Promise<unknown> {
    const { budget: { memoryMb, seconds } = {}, signal } = options;
    signal?.throwIfAborted();
    if (seconds !== undefined && seconds <= 0) throw outOfTime(seconds);
    const module = await engine.init();
    signal?.throwIfAborted();
    if (!thread) {
      thread = start();
      thread.post({ module });
    }
    const { promise, resolve, reject } = settled<FromThread>();
    interrupt = (reason) => {
      thread?.terminate();
      thread = undefined;
      reject(reason);
    };
    const late = () => interrupt?.(outOfTime(seconds));
    const timer = seconds === undefined ? undefined : setTimeout(late, Math.min(seconds * 1000, LONGEST));
    const aborted = () => interrupt?.(signal?.reason);
    signal?.addEventListener('abort', aborted);
    try {
      thread.listen(resolve, (error) => interrupt?.(internal(`the thread ended: ${error}`, error)));
      thread.hold(true);
      thread.post({ call, argument, memoryMb });
      const answer = await promise;
      if ('refusal' in answer) throw new FuseError(answer.refusal);
      if ('thrown' in answer) throw answer.thrown;
      return answer.value;
    } finally {
      thread?.hold(false);
      interrupt = undefined;
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    }
  }

  function queue(call: CallName, argument: unknown, options: CallOptions = {}): Promise<never> {
    const done = last.then(() => run(call, argument, options));
    last = done.catch(() => {});
    return done as Promise<never>;
  }

  return {
    init: async ({ wasm }: InitOptions = {}) => void (await engine.init(wasm)),
    fuse: (request, options) => queue('fuse', request, options),
    inspect: (request, options) => queue('inspect', request, options),
    print: (bytes, options) => queue('print', bytes, options),
    explain: (code, options) => queue('explain', code, options),
    terminate() {
      interrupt?.(new DOMException('the thread was ended', 'AbortError'));
      thread?.terminate();
      thread = undefined;
    },
  };
}

function outOfTime(seconds = 0): FuseError {
  const message = `the fuser needs more than ${seconds} seconds`;
  return new FuseError({ code: 'host-limit', message, remedy: raise('seconds') });
}

function settled<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((done, failed) => ([resolve, reject] = [done, failed]));
  return { promise, resolve, reject };
}

// The functions of the package, run by a thread.
//
// Calls run one after another, each when the one before is done. A thread that is in the middle of
// a call cannot be talked to, only ended; so that is what happens when a call is aborted or its
// time is up, and the next call gets a new thread. The fuser is compiled once and sent to each.
//
// This side has no fuser in it: what it would need for that is the larger part of the package's
// JavaScript, and the thread has it already.

import { amount, record } from '../checks.js';
import type { Places } from '../engine.js';
import { FuseError, internal } from '../errors.js';
import type { InitOptions, Library } from '../library.js';
import { raise } from '../remedy.js';
import { MOVED, Program } from '../source.js';
import type { Answer, CallName, FromThread, ToThread } from './protocol.js';

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

/** How the fuser gets ready. */
export interface WorkerInitOptions extends InitOptions {
  /**
   * The thread's module, `wasm-fuser/thread`, where a bundler has put it: for bundlers that do not
   * see to it by themselves.
   */
  thread?: string | URL;
}

/** The same function, with a word on how to call it. */
type Called<F> = F extends (...given: infer Given) => infer Result
  ? (...given: [...Given, options?: CallOptions]) => Result
  : never;

/** The functions of the package, off the main thread. */
export type WorkerLibrary = { [Name in CallName]: Called<Library[Name]> } & {
  /** Makes the fuser ready. Of several calls the first counts, and the others wait for it. */
  init(options?: WorkerInitOptions): Promise<void>;
  /** Ends the thread, and the call that it is at. Another call starts another thread. */
  terminate(): void;
};

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
export function client(
  places: Places,
  start: (place?: string | URL) => Thread,
): WorkerLibrary {
  const program = new Program('fuser.wasm', places.fuser);
  const extras = new Program('extras.wasm', places.extras);
  let place: string | URL | undefined;
  let answered = false;
  let thread: Thread | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let interrupt: ((reason: unknown) => void) | undefined;

  async function run(call: CallName, argument: unknown, options: CallOptions): Promise<unknown> {
    const { budget = {}, signal } = record(options, 'options', '`{ budget, signal }`');
    const { memoryMb, seconds } = record(budget, 'budget', '`{ seconds, memoryMb }`');
    if (seconds !== undefined) amount(seconds, 'budget.seconds');
    if (memoryMb !== undefined) amount(memoryMb, 'budget.memoryMb');
    signal?.throwIfAborted();
    if (seconds === 0) throw outOfTime(seconds);
    const module = await program.compiled();
    signal?.throwIfAborted();
    if (!thread) {
      try {
        thread = start(place);
      } catch (error) {
        throw ended(error, false);
      }
      answered = false;
      thread.post({ module });
    }
    const { promise, resolve, reject } = settled<Answer>();
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
      const heard = (told: FromThread) => ('wanted' in told ? sendExtras(thread) : resolve(told));
      thread.listen(heard, (error) => interrupt?.(ended(error, answered)));
      thread.hold(true);
      thread.post({ call, argument, memoryMb });
      const answer = await promise;
      answered = true;
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

  /** Sends what the thread waits for. */
  function sendExtras(thread: Thread | undefined): void {
    extras.compiled().then(
      (extras) => thread?.post({ extras }),
      (error) => interrupt?.(error),
    );
  }

  function queue(call: CallName, argument: unknown, options: CallOptions = {}): Promise<never> {
    const done = last.then(() => run(call, argument, options));
    last = done.catch(() => {});
    return done as Promise<never>;
  }

  return {
    async init({ wasm, extras: given, thread }: WorkerInitOptions = {}) {
      place ??= thread;
      if (given !== undefined) await extras.compiled(given);
      await program.compiled(wasm);
    },
    fuse: (request, options) => queue('fuse', request, options),
    inspect: (request, options) => queue('inspect', request, options),
    link: (request, options) => queue('link', request, options),
    print: (bytes, options) => queue('print', bytes, options),
    targets: (options) => queue('targets', undefined, options),
    defaultOptions: (options) => queue('defaultOptions', undefined, options),
    explain: (code, options) => queue('explain', code, options),
    terminate() {
      interrupt?.(new DOMException('the thread was ended', 'AbortError'));
      thread?.terminate();
      thread = undefined;
    },
  };
}

/** A thread that has never answered was most likely not found. */
function ended(error: unknown, answered: boolean): Error {
  const reason = error instanceof Error ? error.message : String(error);
  if (answered) return internal(`the thread ended: ${reason}`, error);
  const advice = `${MOVED}; or say where \`wasm-fuser/thread\` is: \`await init({ thread })\``;
  return new Error(`cannot start the thread: ${reason}; ${advice}`, { cause: error });
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

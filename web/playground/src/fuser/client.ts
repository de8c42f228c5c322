// The page's side of a worker: calls with a deadline, which can be cancelled.
//
// To cancel is to end the worker and start another: nothing else stops WebAssembly that computes.
// Generic in the requests, because the worker that runs components is talked to in the same way.

import type { Problem } from './protocol';

/** A problem, thrown. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Refused): void;
  timer: ReturnType<typeof setTimeout>;
}

type Calls = Record<string, { takes: unknown; gives: unknown }>;

export class Client<R extends { [N in keyof R]: Calls[string] }> {
  private worker: Worker | undefined;
  private waiting = new Map<number, Waiting>();
  private next = 0;

  constructor(
    private readonly start: () => Worker,
    private readonly seconds: number,
  ) {}

  call<N extends keyof R & string>(name: N, takes: R[N]['takes']): Promise<R[N]['gives']> {
    this.worker ??= this.started();
    const id = this.next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => this.end(this.late()), this.seconds * 1000);
    this.waiting.set(id, { resolve, reject, timer });
    this.worker.postMessage({ id, name, takes });
    return promise as Promise<R[N]['gives']>;
  }

  /** Ends the worker; what is under way fails with the code `cancelled`. */
  cancel(): void {
    this.end({ code: 'cancelled', message: 'cancelled, as you asked', place: {} });
  }

  private started(): Worker {
    const worker = this.start();
    worker.onmessage = ({ data }) => {
      const waiting = this.waiting.get(data.id);
      if (!waiting) return;
      this.waiting.delete(data.id);
      clearTimeout(waiting.timer);
      if ('problem' in data) waiting.reject(new Refused(data.problem));
      else waiting.resolve(data.gives);
    };
    worker.onerror = ({ message }) => {
      const cause = message || 'it could not be loaded';
      this.end({ code: 'internal', message: `the worker failed: ${cause}`, place: {} });
    };
    return worker;
  }

  private late(): Problem {
    return {
      code: 'host-limit',
      message: `it took more than ${this.seconds} s, so it was stopped`,
      place: {},
      help: 'use the command line, whose limit can be raised with `--max-seconds`',
    };
  }

  private end(problem: Problem): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Refused(problem));
    }
    this.waiting.clear();
  }
}

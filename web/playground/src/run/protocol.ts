// What the page and the worker that runs components say to each other.

import type { Exported } from './declarations';

export type Form = 'composed' | 'fused';

export const FORMS: readonly Form[] = ['composed', 'fused'];

/** What a component is given of the outside. */
export interface Surroundings {
  /** Command-line arguments, after the program's name. */
  arguments: string[];
  stdin: string;
  /** A file in the root folder. */
  file: { name: string; text: string };
}

export interface Prepared {
  exports: Exported[];
  /** Whether it imports WASI's command line, files or streams. */
  wasi: boolean;
  /** Whether the fused form is a core module, which can be run as a command and in no other way. */
  command: boolean;
  /** Milliseconds that it took to get each form ready. */
  transpiling: Record<Form, number>;
}

/** What a call gave. */
export interface Outcome {
  /** The result as text; empty if the function has none. */
  value: string;
  /** A trap instead, or an exception. */
  trap?: string;
  /** Whether it was an exception of jco's code, which is a trap or a fault of its own. */
  thrown?: boolean;
  stdout: string;
  stderr: string;
}

export interface Timing {
  /** Nanoseconds per call, the median of the samples. */
  median: number;
  least: number;
  most: number;
  samples: number;
  calls: number;
}

export interface Called {
  outcomes: Record<Form, Outcome>;
  /** Absent where one of the forms trapped. */
  timings?: Record<Form, Timing>;
  /** Whether an instance was made for each call, because a command runs once. */
  fresh: boolean;
}

export interface RunRequests {
  prepare: {
    takes: { components: Record<Form, Uint8Array>; multiMemory: boolean };
    gives: Prepared;
  };
  call: {
    takes: { id: string; values: string[]; surroundings: Surroundings };
    gives: Called;
  };
}

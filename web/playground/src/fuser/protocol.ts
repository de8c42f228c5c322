// What the page and the worker with the fuser say to each other.

import type { Graph, Options, Report, Shim, Target } from 'wasm-fuser';

/** A component, as it was dropped. */
export interface Source {
  name: string;
  bytes: Uint8Array;
}

/** What can be chosen in the page. */
export type FuseOptions = Pick<
  Options,
  'emit' | 'memory' | 'names' | 'debug' | 'simd' | 'shareHandles' | 'tasks' | 'validate'
>;

/** An error, as the page shows it: those of the fuser, and the page's own. */
export interface Problem {
  code: string;
  message: string;
  place: { input?: string; instancePath?: string; function?: string; offset?: number };
  help?: string;
}

export interface Composition {
  bytes: Uint8Array;
  graph: Graph;
}

export interface FusedResult {
  bytes: Uint8Array;
  shims: Shim[];
  report: Report;
  warnings: string[];
  /** The graph of the result; null if the result is a core module, which has none. */
  graph: Graph | null;
  milliseconds: number;
}

/** Each request by name: what it takes, and what it gives. */
export interface Requests {
  targets: { takes: Record<string, never>; gives: Target[] };
  inspect: { takes: { source: Source }; gives: Graph };
  compose: { takes: { sources: Source[] }; gives: Composition };
  fuse: { takes: { sources: Source[]; target: string | undefined; options: FuseOptions }; gives: FusedResult };
  print: { takes: { bytes: Uint8Array }; gives: string };
  explain: { takes: { code: string }; gives: string };
}

export type Name = keyof Requests;

export interface Message<N extends Name = Name> {
  id: number;
  name: N;
  takes: Requests[N]['takes'];
}

export type Reply =
  | { id: number; gives: unknown }
  | { id: number; problem: Problem };

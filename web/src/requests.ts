// What the functions of the package are asked.

import type { Limits, Options } from './generated/types.js';

/** A component, or wherever text will do, a core module: binary, or the text format. */
export type Bytes = Uint8Array | ArrayBuffer | string;

/** One component to fuse. */
export interface Component {
  /** How messages and `wires` refer to it. Unique among the components. */
  name: string;
  /** A component, in the binary or, also as a string, in the text format. */
  bytes: Bytes;
}

/** What to fuse, and how. */
export interface FuseRequest extends Partial<Omit<Options, 'limits'>> {
  /** The first is the root, whose imports the others satisfy; one alone is a composition already. */
  components: Component[];
  /** Bounds on the work. */
  limits?: Partial<Limits>;
  /** An engine or a tool: what is left out is as suits it. `targets` has them all. */
  target?: string;
}

/** What to look at. */
export interface InspectRequest {
  /** How messages refer to it; `component` if it is left out. */
  name?: string;
  /** A component, in the binary or, also as a string, in the text format. */
  bytes: Bytes;
}

/** What to link, and how. */
export type LinkRequest = Pick<
  FuseRequest,
  'components' | 'wires' | 'chain' | 'leaveOpen' | 'alsoExport' | 'open'
>;

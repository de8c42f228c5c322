// The functions of the package, over an engine.

import { record, wrong } from './checks.js';
import { Engine, type Places } from './engine.js';
import type { Root } from './generated/fuser.js';
import type { Graph, Options, Report, Shim, Target } from './generated/types.js';
import { binary, complete, defaults, input, inputs, plain } from './options.js';
import type { Bytes, FuseRequest, InspectRequest, LinkRequest } from './requests.js';
import type { WasmSource } from './source.js';

/** A fused composition. */
export interface Fused {
  /** The component or module, as `emit` says. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The generated core modules. */
  shims: Shim[];
  /** What was done, and why. */
  report: Report;
  /** What deserves attention, one sentence each; also in the report. */
  warnings: string[];
}

/** How the fuser gets ready. */
export interface InitOptions {
  /** `fuser.wasm`: its place, a response, its bytes, or what it was compiled to. */
  wasm?: WasmSource;
  /** `extras.wasm`, which only text, debug information, WASI preview 1 and `explain` need: the same. */
  extras?: WasmSource;
}

/** The functions of the package. */
export interface Library {
  /**
   * Makes the fuser ready, with what only some calls need. Of several calls the first counts, and the
   * others wait for it. The functions do it by themselves, each with what it needs, but for those whose
   * names end in `Sync`.
   */
  init(options?: InitOptions): Promise<void>;
  /** Fuses a composition. */
  fuse(request: FuseRequest): Promise<Fused>;
  /** The instance graph of a component, as it is. */
  inspect(request: InspectRequest): Promise<Graph>;
  /** Links components to the composition that `fuse` would fuse, and leaves it at that. */
  link(request: LinkRequest): Promise<Uint8Array<ArrayBuffer>>;
  /** The text format of a component or a core module. */
  print(bytes: Bytes): Promise<string>;
  /** Every target: its name, what it is, and its options. */
  targets(): Promise<Target[]>;
  /** What is done where a request says nothing, and so which options there are. */
  defaultOptions(): Promise<Options>;
  /** The page on an error code. */
  explain(code: string): Promise<string>;
  /** `fuse` at once, after `init`. It blocks the thread for as long as it takes. */
  fuseSync(request: FuseRequest): Fused;
  /** `inspect` at once, after `init`. */
  inspectSync(request: InspectRequest): Graph;
  /** `print` at once, after `init`. */
  printSync(bytes: Bytes): string;
}

/** The functions, over an engine of their own. */
export function library(places: Places): Library {
  const engine = new Engine(places);
  return {
    init: (options: InitOptions = {}) => engine.initAll(options),
    fuse: async (request) => engine.call(fusing(request)),
    inspect: async (request) => engine.call(inspecting(request)),
    link: async (request) => engine.call(linking(request)),
    print: async (bytes) => engine.call(printing(bytes)),
    targets: async () => engine.call(targets()),
    defaultOptions: async () => engine.call(options()),
    explain: async (code) => engine.call(explaining(code)),
    fuseSync: (request) => engine.callSync(fusing(request)),
    inspectSync: (request) => engine.callSync(inspecting(request)),
    printSync: (bytes) => engine.callSync(printing(bytes)),
  };
}

/** `fuse`, as a function of the fuser. */
export function fusing(request: FuseRequest) {
  const { components, target, ...options } = record(request, 'request', '`{ components, ...options }`');
  const given = inputs(components);
  return ({ fuse }: Root): Fused => {
    const { bytes, shims, report } = fuse.fuse(given, complete(options, defaults(fuse, target)));
    const { warnings } = report;
    return { bytes: own(bytes), shims: shims as Shim[], report: plain(report) as Report, warnings };
  };
}

/** `inspect`, as a function of the fuser. */
export function inspecting(request: InspectRequest) {
  const { name = 'component', bytes } = record(request, 'request', '`{ name, bytes }`');
  const given = input({ name, bytes });
  return ({ fuse }: Root) => plain(fuse.inspect(given)) as Graph;
}

/** `link`, as a function of the fuser. */
export function linking(request: LinkRequest) {
  const { components, ...options } = record(request, 'request', '`{ components, ...options }`');
  const given = inputs(components);
  return ({ fuse }: Root) => own(fuse.link(given, complete(options, defaults(fuse))).bytes);
}

/** `print`, as a function of the fuser. */
export function printing(bytes: Bytes) {
  const given = binary(bytes, 'bytes');
  return ({ fuse }: Root) => fuse.print(given);
}

/** `targets`, as a function of the fuser. */
export function targets() {
  return ({ fuse }: Root) => plain(fuse.targets()) as Target[];
}

/** `defaultOptions`, as a function of the fuser. */
export function options() {
  return ({ fuse }: Root) => plain(defaults(fuse)) as Options;
}

/** `explain`, as a function of the fuser. */
export function explaining(code: string) {
  return ({ fuse }: Root) => {
    const page = fuse.explain(code);
    if (page === undefined) throw wrong('code', 'the code of an error', code);
    return page;
  };
}

/** What the fuser returns is a copy, and no view of its memory, nor shared. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

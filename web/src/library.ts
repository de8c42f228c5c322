// The functions of the package, over an engine.
//
// Arguments are plain objects. What is left out is as `default-options` says, which the fuser
// itself answers: so a new option is known here as soon as it is in `wit/world.wit`, and one that
// does not exist is a `TypeError`.

import { Engine, type WasmSource } from './engine.js';
import type { Root } from './generated/fuser.js';
import type { Graph, Limits, Options, Report, Shim } from './generated/types.js';

type Wit = Root['fuse'];
type WitOptions = ReturnType<Wit['defaultOptions']>;

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
}

/** A fused composition. */
export interface Fused {
  /** The component or module, as `emit` says. */
  bytes: Uint8Array;
  /** The generated core modules. */
  shims: Shim[];
  /** What was done, and why. */
  report: Report;
  /** What deserves attention, one sentence each; also in the report. */
  warnings: string[];
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

/** How the fuser gets ready. */
export interface InitOptions {
  /** `fuser.wasm`: its place, a response, its bytes, or what it was compiled to. */
  wasm?: WasmSource;
}

/** The functions of the package. */
export interface Library {
  /**
   * Makes the fuser ready. Of several calls the first counts, and the others wait for it. The
   * functions do it by themselves, but for those whose names end in `Sync`.
   */
  init(options?: InitOptions): Promise<void>;
  /** Fuses a composition. */
  fuse(request: FuseRequest): Promise<Fused>;
  /** The instance graph of a component, as it is. */
  inspect(request: InspectRequest): Promise<Graph>;
  /** Links components to the composition that `fuse` would fuse, and leaves it at that. */
  link(request: LinkRequest): Promise<Uint8Array>;
  /** The text format of a component or a core module. */
  print(bytes: Bytes): Promise<string>;
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
export function library(load: () => WasmSource): Library {
  const engine = new Engine(load);
  return {
    init: async ({ wasm }: InitOptions = {}) => void (await engine.init(wasm)),
    fuse: (request) => engine.call(fusing(request)),
    inspect: (request) => engine.call(inspecting(request)),
    link: (request) => engine.call(linking(request)),
    print: (bytes) => engine.call(printing(bytes)),
    defaultOptions: () => engine.call(({ fuse }: Root) => plain(fuse.defaultOptions()) as Options),
    explain: (code) => engine.call(explaining(code)),
    fuseSync: (request) => engine.callSync(fusing(request)),
    inspectSync: (request) => engine.callSync(inspecting(request)),
    printSync: (bytes) => engine.callSync(printing(bytes)),
  };
}

/** `fuse`, as a function of the fuser. */
export function fusing(request: FuseRequest) {
  const { components, ...options } = request;
  const inputs = toInputs(components);
  return ({ fuse }: Root): Fused => {
    const { bytes, shims, report } = fuse.fuse(inputs, complete(options, defaults(fuse)));
    return { bytes, shims, report: plain(report) as Report, warnings: report.warnings };
  };
}

/** `inspect`, as a function of the fuser. */
export function inspecting({ name = 'component', bytes }: InspectRequest) {
  const input = { name, bytes: toBytes(bytes, 'bytes') };
  return ({ fuse }: Root) => plain(fuse.inspect(input)) as Graph;
}

/** `link`, as a function of the fuser. */
export function linking({ components, ...options }: LinkRequest) {
  const inputs = toInputs(components);
  return ({ fuse }: Root) => fuse.link(inputs, complete(options, defaults(fuse))).bytes;
}

/** `print`, as a function of the fuser. */
export function printing(bytes: Bytes) {
  const input = toBytes(bytes, 'bytes');
  return ({ fuse }: Root) => fuse.print(input);
}

/** `explain`, as a function of the fuser. */
export function explaining(code: string) {
  return ({ cli }: Root) => {
    try {
      const command = cli.parse(['explain', code]);
      return command.tag === 'say' ? command.val : '';
    } catch (failure) {
      throw new TypeError((failure as { message: string }).message);
    }
  };
}

function toInputs(components: Component[]) {
  if (!Array.isArray(components)) throw new TypeError('`components` is no array');
  return components.map(({ name, bytes }, index) => {
    if (typeof name !== 'string') throw new TypeError(`\`components[${index}].name\` is no string`);
    return { name, bytes: toBytes(bytes, `components[${index}].bytes`) };
  });
}

function toBytes(bytes: Bytes, what: string): Uint8Array {
  if (typeof bytes === 'string') return new TextEncoder().encode(bytes);
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw new TypeError(`\`${what}\` is neither a Uint8Array, nor an ArrayBuffer, nor a string`);
}

/**
 * The default options: those of the command line, but for the memory plan. Where JavaScript runs,
 * modules with several memories are not known everywhere, nor to jco unless it is told.
 */
function defaults(fuse: Wit): WitOptions {
  return { ...fuse.defaultOptions(), memory: 'split' };
}

/** The default options but for those that are given. */
function complete(given: Partial<Omit<FuseRequest, 'components'>>, defaults: WitOptions): WitOptions {
  const { limits, ...options } = given;
  return {
    ...replaced(defaults, options, 'option'),
    limits: replaced(defaults.limits, limits ?? {}, 'limit'),
  };
}

function replaced<T extends object>(defaults: T, given: object, what: string): T {
  const result = { ...defaults } as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!(name in defaults)) {
      const names = Object.keys(defaults).join('`, `');
      throw new TypeError(`there is no ${what} \`${name}\`; there are \`${names}\``);
    }
    if (value !== undefined) result[name] = typeof result[name] === 'bigint' ? BigInt(value) : value;
  }
  return result as T;
}

/** With numbers for the 64-bit integers, which are sizes and counts. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

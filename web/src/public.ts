// What every entry of the package exports beside its functions.

export { FuseError } from './errors.js';
export type { Place } from './errors.js';
export type { WasmSource } from './source.js';
export type { Fused, InitOptions, Library } from './library.js';
export type { Bytes, Component, FuseRequest, InspectRequest, LinkRequest } from './requests.js';
export type {
  BoundaryItem,
  Capacity,
  CoreImports,
  CoreName,
  Crossing,
  Direction,
  Dump,
  Edge,
  EdgeKind,
  Emit,
  Graph,
  Limit,
  Limits,
  Memory,
  Names,
  Node,
  NodeKind,
  Options,
  RemedyPart,
  Report,
  Setting,
  Shim,
  Spending,
  Stage,
  Start,
  Strategy,
  Target,
  Totals,
  Wire,
} from './generated/types.js';

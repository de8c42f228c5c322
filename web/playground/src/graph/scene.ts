// From a graph of instances to what is drawn: boxes in boxes, and links between them.
//
// A drawing is read at a glance or not at all, so it leaves out what the table has: instances
// without code are dropped, imports are grouped by package (`wasi:cli`), and the links between two
// boxes become one.

import type { Graph, Memory } from 'wasm-fuser';

import { plural } from '../bytes';

export type BoxKind = 'component' | 'core' | 'imported' | 'exported';

export interface Box {
  id: number;
  kind: BoxKind;
  title: string;
  /** Lines below it. */
  notes: string[];
  /** What hovering tells. */
  full: string;
  children: Box[];
}

export type LinkKind = 'crossing' | 'boundary' | 'core';

export interface Link {
  kind: LinkKind;
  from: number;
  to: number;
  labels: string[];
  /** What is written beside it; of most links, nothing. */
  caption: string;
}

export interface Scene {
  boxes: Box[];
  links: Link[];
}

export interface View {
  /** Draw core instances and the links between them. */
  core: boolean;
  /** The memories of the fused module, to show whose they are. */
  memories: Memory[];
}

export function scene(graph: Graph, view: View): Scene {
  const called = labelsByCallee(graph);
  const boxes = graph.nodes.map(({ kind, label, size }, id): Box => {
    const last = label.split(/\/(?![^/]*@)/).at(-1) ?? label;
    const memory = view.memories.filter(({ owner }) => owner !== '' && owner === label);
    const offered = kind === 'component-instance' ? resources(called.get(id) ?? []) : [];
    const notes = [
      ...(size === undefined || size === null ? [] : [sized(size)]),
      ...(offered.length > 0 ? [listed(offered)] : []),
      ...memory.map(({ index, initial }) => `memory ${index}: ${plural(initial, 'page')}`),
    ];
    return { id, kind: KINDS[kind], title: last, notes, full: label, children: [] };
  });

  const represents = boxes.map((_, id) => id);
  group(graph, boxes, represents);
  const used = occupied(graph);

  const roots: Box[] = [];
  graph.nodes.forEach(({ parent }, id) => {
    const box = boxes[id]!;
    const shown = represents[id] === id && used.has(id) && (view.core || box.kind !== 'core');
    if (!shown) return;
    const owner = parent === undefined || parent === null ? undefined : boxes[parent];
    (owner?.children ?? roots).push(box);
  });
  if (!view.core) summarise(graph, boxes);

  return { boxes: roots, links: links(graph, represents, view) };
}

/** What is called of each node by others. */
function labelsByCallee(graph: Graph): Map<number, string[]> {
  const called = new Map<number, string[]>();
  for (const { kind, to, labels } of graph.edges) {
    if (kind !== 'core') called.set(to, [...(called.get(to) ?? []), ...labels]);
  }
  return called;
}

/** Resources that are named; of more, how many there are. */
const MOST_NAMES = 3;

const KINDS: Record<Graph['nodes'][number]['kind'], BoxKind> = {
  'component-instance': 'component',
  'core-instance': 'core',
  imported: 'imported',
  exported: 'exported',
};

/** Imports of one package become one box. */
function group(graph: Graph, boxes: Box[], represents: number[]): void {
  const packages = new Map<string, number[]>();
  graph.nodes.forEach(({ kind, label }, id) => {
    const name = /^([^/]+)\/[^/]+$/.exec(label)?.[1];
    if (kind === 'imported' && name) packages.set(name, [...(packages.get(name) ?? []), id]);
  });
  for (const [name, [first, ...others]] of packages) {
    if (first === undefined || others.length === 0) continue;
    const box = boxes[first]!;
    const all = [first, ...others].map((id) => graph.nodes[id]!.label);
    Object.assign(box, { title: name, notes: [`${all.length} interfaces`], full: all.join('\n') });
    for (const id of others) represents[id] = first;
  }
}

/** The nodes with code in them, or with a link: the others say nothing. */
function occupied(graph: Graph): Set<number> {
  const used = new Set<number>();
  const mark = (id: number) => {
    for (let at: number | null | undefined = id; at !== undefined && at !== null; at = graph.nodes[at]?.parent) {
      used.add(at);
    }
  };
  graph.nodes.forEach(({ kind }, id) => kind === 'core-instance' && mark(id));
  for (const { from, to } of graph.edges) {
    mark(from);
    mark(to);
  }
  return used;
}

/** Says in a component's note what of core instances is not drawn. */
function summarise(graph: Graph, boxes: Box[]): void {
  const counts = new Map<number, { count: number; size: number }>();
  for (const { kind, parent, size } of graph.nodes) {
    if (kind !== 'core-instance' || parent === undefined || parent === null) continue;
    const { count, size: sum } = counts.get(parent) ?? { count: 0, size: 0 };
    counts.set(parent, { count: count + 1, size: sum + (size ?? 0) });
  }
  for (const [id, { count, size }] of counts) {
    const box = boxes[id]!;
    box.notes = [`${plural(count, 'core module')}, ${sized(size)}`, ...box.notes];
  }
}

function links(graph: Graph, represents: number[], { core }: View): Link[] {
  const found = new Map<string, Link>();
  for (const { kind, from, to, labels } of graph.edges) {
    if (kind === 'core' && !core) continue;
    const [a, b] = [represents[from]!, represents[to]!];
    const key = `${kind} ${a} ${b}`;
    const link = found.get(key) ?? { kind, from: a, to: b, labels: [], caption: '' };
    link.labels = [...new Set([...link.labels, ...labels])];
    found.set(key, link);
  }
  for (const link of found.values()) {
    if (link.kind === 'crossing') link.caption = link.labels.length === 1 ? short(link.labels[0]!) : plural(link.labels.length, 'function');
  }
  return [...found.values()];
}

/** A function without its interface: `counter.bump` of `a:b/c#[method]counter.bump`. */
export function short(label: string): string {
  return (label.split('#').at(-1) ?? label).replace(/^\[(method|static)\]/, '').replace(/^\[(.*)\]/, '$1 ');
}

function listed(names: string[]): string {
  const more = names.length - MOST_NAMES;
  return `resource ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function sized(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KiB`;
}

/** The resources that functions of a link belong to. */
export function resources(labels: string[]): string[] {
  const names = labels.map((label) => /\[(?:constructor|method|static|resource-\w+)\]([^.]+)/.exec(label)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

// Where boxes and links go.
//
// dagre can nest, but not link a box to another that has boxes in it, which is what a crossing is.
// So each box is laid out by itself, innermost first: its children are placed by dagre, with the
// links between anything inside two of them taken as links between the two. A link then runs from
// box to box, through the points that dagre found for it at the level where the two part, and beside
// the boxes that are in its way at other levels. There is room for its caption at that level.

import { Graph as Dagre, layout as dagreLayout } from '@dagrejs/dagre';

import type { Box, Link, Scene } from './scene';

export interface Placed {
  box: Box;
  x: number;
  y: number;
  width: number;
  height: number;
  depth: number;
}

export interface Route {
  link: Link;
  path: string;
  /** Where the middle of its caption is. */
  caption: Point;
}

export interface Layout {
  boxes: Placed[];
  routes: Route[];
  width: number;
  height: number;
}

interface Point {
  x: number;
  y: number;
}

/** What dagre knows of a link. */
interface Course {
  points: Point[];
  caption: Point;
}

const PAD = 14;
/** The height of a title, and of a line below it. */
const TITLE = 32;
export const NOTE = 14;
/** Boxes without links go into rows of about this width. */
const ROW = 560;
/** How far from a box a line passes it. */
const BESIDE = 7;
const CAPTION = { character: 6.2, line: 15 };

export function lay({ boxes, links }: Scene): Layout {
  const places = new Map<number, Placed>();
  const courses = new Map<Link, Course>();
  const parents = new Map<number, Box | null>();
  const enter = (box: Box, parent: Box | null): void => {
    parents.set(box.id, parent);
    for (const child of box.children) enter(child, box);
  };
  for (const box of boxes) enter(box, null);
  const drawn = links.filter(({ from, to }) => parents.has(from) && parents.has(to) && from !== to);

  /** The boxes round a box, itself first. */
  const round = (id: number): Box[] => {
    const chain: Box[] = [];
    const start = [...(parents.get(id)?.children ?? boxes)].find((box) => box.id === id);
    for (let box = start ?? null; box; box = parents.get(box.id) ?? null) chain.push(box);
    return chain;
  };

  /** Links by the box in which their ends part, as links between its children. */
  const levels = new Map<Box | null, { link: Link; from: Box; to: Box }[]>();
  for (const link of drawn) {
    const [a, b] = [round(link.from).reverse(), round(link.to).reverse()];
    let at = 0;
    while (a[at] && a[at] === b[at]) at++;
    const [from, to] = [a[at], b[at]];
    if (!from || !to) continue;
    const level = at === 0 ? null : a[at - 1]!;
    levels.set(level, [...(levels.get(level) ?? []), { link, from, to }]);
  }

  const inside = (box: Box | null, children: Box[], depth: number): { width: number; height: number } => {
    for (const child of children) {
      const inner = child.children.length > 0 ? inside(child, child.children, depth + 1) : null;
      const text = Math.max(child.title.length * 7.4, ...child.notes.map((it) => it.length * 6.4)) + 2 * PAD + 4;
      const own = { width: Math.min(Math.max(text, 84), 340), height: header(child) };
      const width = inner ? Math.max(inner.width + 2 * PAD, own.width) : own.width;
      const height = inner ? inner.height + header(child) + PAD : own.height;
      places.set(child.id, { box: child, x: 0, y: 0, width, height, depth });
    }
    return place(children, levels.get(box) ?? [], places, courses);
  };
  const { width, height } = inside(null, boxes, 0);

  const settle = (box: Box, x: number, y: number): void => {
    const placed = places.get(box.id)!;
    const level = levels.get(box) ?? [];
    placed.x += x;
    placed.y += y;
    const [left, top] = [placed.x + PAD, placed.y + header(box)];
    for (const { link } of level) courses.set(link, moved(courses.get(link)!, left, top));
    for (const child of box.children) settle(child, left, top);
  };
  for (const box of boxes) settle(box, 0, 0);

  /** The boxes beside those that a link comes out of, or goes into. */
  const passed = ({ from, to }: Link): Placed[] => {
    const own = new Set([...round(from), ...round(to)]);
    const siblings = [...own].flatMap((box) => parents.get(box.id)?.children ?? []);
    return [...new Set(siblings)].filter((box) => !own.has(box)).map((box) => places.get(box.id)!);
  };
  const routes = drawn.flatMap((link) => {
    const course = courses.get(link);
    if (!course) return [];
    const [from, to] = [places.get(link.from)!, places.get(link.to)!];
    const inTheWay = link.kind === 'crossing' ? passed(link) : [];
    return [{ link, path: path(from, to, course.points, inTheWay), caption: course.caption }];
  });
  const byDepth = [...places.values()].sort((a, b) => a.depth - b.depth);
  return { boxes: byDepth, routes, width, height };
}

/** What a box needs for its text. */
function header({ notes }: Box): number {
  return TITLE + notes.length * NOTE;
}

/** Places siblings. Gives the size of what they cover, and their links' points. */
function place(
  children: Box[],
  links: { link: Link; from: Box; to: Box }[],
  places: Map<number, Placed>,
  courses: Map<Link, Course>,
): { width: number; height: number } {
  const linked = new Set(links.flatMap(({ from, to }) => [from.id, to.id]));
  const graph = new Dagre({ multigraph: false });
  graph.setGraph({ rankdir: 'TB', nodesep: 22, ranksep: 38, edgesep: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of children) {
    const { width, height } = places.get(id)!;
    if (linked.has(id)) graph.setNode(String(id), { width, height });
  }
  for (const [key, captions] of Map.groupBy(links, ({ from, to }) => `${from.id} ${to.id}`)) {
    const [from, to] = key.split(' ') as [string, string];
    const width = Math.max(...captions.map(({ link }) => link.caption.length * CAPTION.character));
    const height = width > 0 ? captions.length * CAPTION.line : 0;
    graph.setEdge(from, to, { width, height, labelpos: 'r', labeloffset: 6 });
  }

  let [width, height] = [0, 0];
  if (linked.size > 0) {
    dagreLayout(graph);
    for (const id of graph.nodes()) {
      const node = graph.node(id) as Point;
      const placed = places.get(Number(id))!;
      placed.x = node.x - placed.width / 2;
      placed.y = node.y - placed.height / 2;
    }
    const lines = new Map<unknown, number>();
    for (const { link, from, to } of links) {
      const edge = graph.edge(String(from.id), String(to.id)) as Point & { points: Point[]; height: number };
      const line = lines.get(edge) ?? 0;
      lines.set(edge, line + 1);
      const caption = { x: edge.x, y: edge.y - edge.height / 2 + (line + 0.5) * CAPTION.line };
      courses.set(link, { points: edge.points, caption });
    }
    const info = graph.graph() as { width?: number; height?: number };
    [width, height] = [info.width ?? 0, info.height ?? 0];
  }

  let [x, y, row] = [0, height > 0 ? height + 22 : 0, 0];
  for (const { id } of children.filter(({ id }) => !linked.has(id))) {
    const placed = places.get(id)!;
    if (x > 0 && x + placed.width > Math.max(ROW, width)) [x, y, row] = [0, y + row + 18, 0];
    Object.assign(placed, { x, y });
    x += placed.width + 18;
    row = Math.max(row, placed.height);
    width = Math.max(width, x - 18);
    height = Math.max(height, y + row);
  }
  return { width, height };
}

function moved({ points, caption }: Course, dx: number, dy: number): Course {
  const move = ({ x, y }: Point) => ({ x: x + dx, y: y + dy });
  return { points: points.map(move), caption: move(caption) };
}

/** A smooth line from border to border. */
function path(from: Placed, to: Placed, bends: Point[], inTheWay: Placed[]): string {
  const inner = bends.slice(1, -1);
  const down = centre(from).y <= centre(to).y;
  const start = border(from, inner[0] ?? centre(to), down);
  const end = border(to, inner.at(-1) ?? centre(from), !down);
  const points = around([start, ...inner, end], inTheWay);
  let text = `M${round1(start.x)} ${round1(start.y)}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const middle = (a.y + b.y) / 2;
    text += `C${round1(a.x)} ${round1(middle)} ${round1(b.x)} ${round1(middle)} ${round1(b.x)} ${round1(b.y)}`;
  }
  return text;
}

/** With points that lead it past boxes that it would cross. */
function around(points: Point[], inTheWay: Placed[]): Point[] {
  const boxes = [...inTheWay].sort((a, b) => a.y - b.y);
  return points.flatMap((end, index) => {
    let start = points[index - 1];
    if (!start) return [end];
    const led: Point[] = [];
    for (const { x, y, width, height } of start.y <= end.y ? boxes : boxes.toReversed()) {
      const [before, after] = start.y <= end.y ? [y, y + height] : [y + height, y];
      if ((before - start.y) * (end.y - after) <= 0) continue;
      const at: number = start.x + ((end.x - start.x) * (y + height / 2 - start.y)) / (end.y - start.y);
      if (at < x || at > x + width) continue;
      const beside = at < x + width / 2 ? x - BESIDE : x + width + BESIDE;
      led.push({ x: beside, y: before }, { x: beside, y: after });
      start = led.at(-1)!;
    }
    return [...led, end];
  });
}

function centre({ x, y, width, height }: Placed): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** The point of the lower or upper border that is nearest to where the line goes. */
function border({ x, y, width, height }: Placed, towards: Point, lower: boolean): Point {
  const inset = Math.min(18, width / 2);
  const across = Math.min(Math.max(towards.x, x + inset), x + width - inset);
  return { x: across, y: lower ? y + height : y };
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

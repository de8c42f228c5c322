// The drawing of a graph: pan by dragging or with the arrow keys, zoom with the buttons, + and -, or
// the wheel with a modifier (a bare wheel scrolls the page). Crossings and boundary calls can be
// focused; what goes over the one that is hovered, focused or tapped is said below the drawing.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Graph, Memory } from 'wasm-fuser';

import { plural } from '../bytes';
import { lay, NOTE, type Placed, type Route } from './layout';
import { type Box, type Link, resources, scene, short } from './scene';

interface Camera {
  x: number;
  y: number;
  scale: number;
}

const STEP = 1.25;
const LARGEST = 1.15;
const MARGIN = 16;
/** Pixels that the drawing is high at least. */
const LOWEST = 240;

export function Drawing({ graph, memories, name }: { graph: Graph; memories: Memory[]; name: string }) {
  const [core, setCore] = useState(graph.nodes.length <= 45);
  const layout = useMemo(() => lay(scene(graph, { core, memories })), [graph, memories, core]);
  const frame = useRef<SVGSVGElement>(null);
  const [camera, setCamera] = useState<Camera>({ x: 0, y: 0, scale: 1 });
  const [height, setHeight] = useState(LOWEST);
  const [chosen, setChosen] = useState<Link | null>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);

  const fit = () => {
    // As high as the graph is where it is as wide as it can be, if the window has room for that.
    const width = frame.current?.clientWidth ?? 600;
    const wide = Math.min(LARGEST, (width - 2 * MARGIN) / layout.width);
    const wanted = layout.height * wide + 2 * MARGIN;
    const high = Math.round(Math.max(LOWEST, Math.min(wanted, innerHeight * 0.8)));
    const scale = Math.max(0.01, Math.min(wide, (high - 2 * MARGIN) / layout.height));
    setHeight(high);
    setCamera({ x: (width - layout.width * scale) / 2, y: (high - layout.height * scale) / 2, scale });
  };
  useEffect(() => {
    fit();
    setChosen(null);
    const observer = new ResizeObserver(fit);
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [layout]);

  const zoom = (factor: number, at?: { x: number; y: number }) => {
    const { clientWidth = 0, clientHeight = 0 } = frame.current ?? {};
    const { x: px, y: py } = at ?? { x: clientWidth / 2, y: clientHeight / 2 };
    setCamera(({ x, y, scale }) => {
      const next = Math.min(4, Math.max(0.08, scale * factor));
      const ratio = next / scale;
      return { x: px - (px - x) * ratio, y: py - (py - y) * ratio, scale: next };
    });
  };
  const pan = (dx: number, dy: number) => setCamera((it) => ({ ...it, x: it.x + dx, y: it.y + dy }));

  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element!.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top });
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, []);

  const key = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => pan(40, 0),
      ArrowRight: () => pan(-40, 0),
      ArrowUp: () => pan(0, 40),
      ArrowDown: () => pan(0, -40),
      '+': () => zoom(STEP),
      '-': () => zoom(1 / STEP),
      '0': fit,
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
  };

  const crossings = layout.routes.filter(({ link }) => link.kind === 'crossing').length;
  const described = `${name}: ${plural(graph.totals.components, 'component')}, ${plural(graph.totals.coreModules, 'core module')}, ${crossings} linked pairs. The same as a table is below.`;
  const label = new Map(graph.nodes.map((node, id) => [id, node.label]));

  const arrow = ({ link, path, caption }: Route) => (
    <Arrow
      key={`${link.kind} ${link.from} ${link.to}`}
      link={link}
      path={path}
      caption={caption}
      chosen={chosen === link}
      from={label.get(link.from) ?? ''}
      to={label.get(link.to) ?? ''}
      onChoose={setChosen}
    />
  );

  return (
    <div class="drawing">
      <div class="drawing-tools" role="group" aria-label={`View of ${name}`}>
        <label class="check">
          <input type="checkbox" checked={core} onChange={(e) => setCore(e.currentTarget.checked)} />
          Core modules
        </label>
        <span class="spring" />
        <button type="button" class="icon" aria-label="Zoom in" onClick={() => zoom(STEP)}>+</button>
        <button type="button" class="icon" aria-label="Zoom out" onClick={() => zoom(1 / STEP)}>−</button>
        <button type="button" class="icon wide" onClick={fit}>Fit</button>
      </div>
      <svg
        ref={frame}
        class="canvas"
        style={{ height: `${height}px` }}
        tabIndex={0}
        role="group"
        aria-label={described}
        onKeyDown={key}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          drag.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMove={(event) => {
          if (!drag.current || !(event.buttons & 1)) return;
          pan(event.clientX - drag.current.x, event.clientY - drag.current.y);
          drag.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerUp={() => (drag.current = null)}
        onPointerLeave={() => (drag.current = null)}
      >
        <defs>
          {(['crossing', 'boundary', 'core'] as const).map((kind) => (
            <marker key={kind} id={`arrow-${kind}`} class={`arrow ${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
              <path d="M0 0 8 4 0 8Z" />
            </marker>
          ))}
        </defs>
        <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.scale})`}>
          {/* Calls across the boundary run behind what they pass. */}
          {layout.boxes.filter((it) => it.depth === 0).map((placed) => <Drawn key={placed.box.id} {...placed} />)}
          {layout.routes.filter(({ link }) => link.kind === 'boundary').map(arrow)}
          {layout.boxes.filter((it) => it.depth > 0).map((placed) => <Drawn key={placed.box.id} {...placed} />)}
          {layout.routes.filter(({ link }) => link.kind !== 'boundary').map(arrow)}
        </g>
      </svg>
      <p class="detail">
        {chosen ? (
          <>
            <b>{label.get(chosen.from)}</b> → <b>{label.get(chosen.to)}</b>{' '}
            <span class="muted">{KIND_NAMES[chosen.kind]}</span>
            <Labels labels={chosen.labels} />
          </>
        ) : (
          <Legend />
        )}
      </p>
    </div>
  );
}

const KIND_NAMES = { crossing: 'calls across components', boundary: 'calls across the boundary', core: 'core items' };

function Labels({ labels }: { labels: string[] }) {
  const found = resources(labels);
  return (
    <>
      <span class="names">{labels.map((it) => <code key={it}>{short(it)}</code>)}</span>
      {found.length > 0 && <span class="muted">resources: {found.join(', ')}</span>}
    </>
  );
}

function Legend() {
  return (
    <span class="legend">
      <span class="key component">component instance</span>
      <span class="key core">core module</span>
      <span class="key crossing">crossing</span>
      <span class="key boundary">import or export</span>
      <span>Point at a line, tap it or tab to it: what goes over it is shown here.</span>
    </span>
  );
}

function Drawn({ box, x, y, width, height }: Placed) {
  const round = box.kind === 'imported' || box.kind === 'exported' ? 16 : box.kind === 'core' ? 5 : 9;
  const room = Math.floor((width - 20) / 7.2);
  const leaf = box.children.length === 0;
  const centred = leaf && box.kind !== 'component';
  const at = centred ? x + width / 2 : x + 13;
  const anchor = centred ? 'middle' : 'start';
  return (
    <g class={`box ${box.kind}`}>
      <title>{tip(box)}</title>
      <rect x={x} y={y} width={width} height={height} rx={round} />
      <text class="title" x={at} y={y + 20} text-anchor={anchor}>{cut(box.title, room)}</text>
      {box.notes.map((note, line) => (
        <text key={line} class="note" x={at} y={y + 35 + line * NOTE} text-anchor={anchor}>{cut(note, room * 1.15)}</text>
      ))}
    </g>
  );
}

function tip({ full, notes }: Box): string {
  return [full, ...notes].join('\n');
}

/** The end of a path says more than its beginning. */
function cut(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(text.length - Math.floor(room) + 1)}`;
}

interface ArrowProps {
  link: Link;
  path: string;
  caption: Route['caption'];
  chosen: boolean;
  from: string;
  to: string;
  onChoose(link: Link): void;
}

function Arrow({ link, path, caption, chosen, from, to, onChoose }: ArrowProps) {
  const choose = () => onChoose(link);
  const line = <path class="line" d={path} marker-end={`url(#arrow-${link.kind})`} />;
  const hit = <path class="hit" d={path} />;
  const name = `link ${link.kind}${chosen ? ' chosen' : ''}`;
  if (link.kind === 'core') return <g class={name} onPointerEnter={choose}>{line}{hit}</g>;
  const functions = link.labels.map(short).join(', ');
  const spoken = `${from} calls ${to}: ${functions}`;
  return (
    <g class={name} tabIndex={0} role="img" aria-label={spoken} onFocus={choose} onPointerEnter={choose} onClick={choose}>
      {line}
      {hit}
      {link.caption && <text class="caption" x={caption.x} y={caption.y + 4} text-anchor="middle">{link.caption}</text>}
    </g>
  );
}

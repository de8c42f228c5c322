// A graph as tables: for screen readers, for searching, and for copying.

import type { Graph } from 'wasm-fuser';

import { exact } from '../bytes';

export function GraphTable({ graph, name }: { graph: Graph; name: string }) {
  const label = (id: number) => graph.nodes[id]?.label ?? '';
  const depth = (id: number): number => {
    let count = 0;
    for (let at = graph.nodes[id]?.parent; at !== undefined && at !== null; at = graph.nodes[at]?.parent) count++;
    return count;
  };
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Tables of ${name}`}>
        <table>
          <caption>{name}: instances, imports and exports</caption>
          <thead>
            <tr><th scope="col">Name</th><th scope="col">What it is</th><th scope="col" class="number">Bytes</th></tr>
          </thead>
          <tbody>
            {graph.nodes.map(({ kind, label: text, size }, id) => (
              <tr key={id}>
                <td class={`depth depth-${Math.min(depth(id), 6)}`}>{text}</td>
                <td>{kind.replace('-', ' ')}</td>
                <td class="number">{size === undefined || size === null ? '' : exact(size)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table>
          <caption>{name}: who uses whom</caption>
          <thead>
            <tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Kind</th><th scope="col">What</th></tr>
          </thead>
          <tbody>
            {graph.edges.map(({ kind, from, to, labels }, id) => (
              <tr key={id}>
                <td>{label(from)}</td>
                <td>{label(to)}</td>
                <td>{kind}</td>
                <td class="wrap">{labels.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

// The graph before and, once there is one, after.

import { useState } from 'preact/hooks';
import type { Graph, Memory } from 'wasm-fuser';

import { Drawing } from '../graph/drawing';
import { GraphTable } from '../graph/table';
import type { FusedResult } from '../fuser/protocol';

const NONE: Memory[] = [];

export function Graphs({ before, result }: { before: Graph | null; result: FusedResult | null }) {
  const [shown, setShown] = useState<'both' | 'before' | 'after'>('both');
  const memories = result?.report.memories ?? NONE;
  return (
    <div class={`graphs ${result ? shown : 'before'}`}>
      {result && (
        <div class="segments" role="group" aria-label="Which graph to show">
          {(['before', 'after', 'both'] as const).map((it) => (
            <button key={it} type="button" class={it} aria-pressed={shown === it} onClick={() => setShown(it)}>
              {it[0]!.toUpperCase() + it.slice(1)}
            </button>
          ))}
        </div>
      )}
      <div class="graph-pair">
        {before && (
          <figure class="graph before">
            <figcaption>Before</figcaption>
            <Drawing graph={before} memories={memories} name="The composition" />
            <GraphTable graph={before} name="The composition" />
          </figure>
        )}
        {result && (
          <figure class="graph after">
            <figcaption>After</figcaption>
            {result.graph ? (
              <>
                <Drawing graph={result.graph} memories={NONE} name="The result" />
                <GraphTable graph={result.graph} name="The result" />
              </>
            ) : (
              <p class="empty">The result is one core module, and nothing round it.</p>
            )}
          </figure>
        )}
      </div>
    </div>
  );
}

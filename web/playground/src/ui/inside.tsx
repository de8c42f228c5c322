// What is inside the result: its core modules and memories, and how handles of resources are kept.

import type { Report } from 'wasm-fuser';

import { exact, plural } from '../bytes';
import { Ticked } from './parts';

export function Modules({ blocks, memories }: Pick<Report, 'blocks' | 'memories'>) {
  if (blocks.length === 0) {
    return <p class="empty">Nothing is merged: each core module is as it was, and those that were generated are beside them.</p>;
  }
  return (
    <div class="scroll">
      <table class="reasons modules">
        <caption>Core modules with the composition's code, in order of instantiation</caption>
        <thead>
          <tr><th scope="col">Module</th><th scope="col" class="number">Bytes</th><th scope="col" class="number">Functions</th><th scope="col">Memories, and what it is made of</th></tr>
        </thead>
        <tbody>
          {blocks.map((block) => (
            <tr key={block.name}>
              <th scope="row"><code>{block.name}</code></th>
              <td class="number">{block.imported ? 'imported' : exact(block.bytes)}</td>
              <td class="number">{block.imported ? '' : exact(block.functions)}</td>
              <td class="wrap">
                {memories.filter((it) => it.module === block.name).map(memory).join('; ') || 'no memory'}
                <details>
                  <summary>{plural(block.instances.length, 'core instance')}: <Ticked text={block.reason} /></summary>
                  <ul>{block.instances.map((it) => <li key={it}><code>{it}</code></li>)}</ul>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function memory({ index, base, owner, initial, maximum }: Report['memories'][number]): string {
  const most = maximum === undefined ? '' : `, at most ${exact(maximum)}`;
  const from = base === 0 ? '' : ` from ${exact(base)}`;
  return `memory ${index}${from}, ${owner || "the fuser's own"}: ${plural(initial, 'page')}${most}`;
}

export function Resources({ resources }: Pick<Report, 'resources'>) {
  if (resources.length === 0) return <p class="empty">No component defines or uses a resource.</p>;
  return (
    <div class="scroll">
      <table class="reasons resources">
        <caption>Resources, and where the tables are that their handles are in</caption>
        <thead>
          <tr><th scope="col">Resource</th><th scope="col">Handles</th><th scope="col">Defined by</th><th scope="col">Why</th></tr>
        </thead>
        <tbody>
          {resources.map(({ name, owner, policy, reason }, index) => (
            <tr key={index}>
              <th scope="row"><code>{name}</code></th>
              <td><span class={`strategy ${policy}`}>{policy}</span></td>
              <td>{owner ?? 'the host'}</td>
              <td class="wrap">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted">
        <b>internal</b>: in tables of the fused module, one for each instance. <b>passthrough</b>: in the
        engine's table, untouched. <b>bridged</b>: in tables of the fused module, and exchanged for the
        engine's handles at the boundary.
      </p>
    </div>
  );
}

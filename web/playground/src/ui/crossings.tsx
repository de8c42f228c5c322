// Every crossing: how it was compiled, and why.

import { useMemo, useState } from 'preact/hooks';
import type { Report } from 'wasm-fuser';

import { exact, plural } from '../bytes';

type Crossing = Report['crossings'][number];

export function Crossings({ crossings }: { crossings: Crossing[] }) {
  const [sought, setSought] = useState('');
  const groups = useMemo(() => grouped(crossings, sought), [crossings, sought]);
  if (crossings.length === 0) {
    return <p class="empty">No call goes from one component instance to another: there was nothing to fuse but modules.</p>;
  }
  const shown = groups.reduce((sum, it) => sum + it.crossings.length, 0);
  return (
    <div class="crossings">
      <div class="tools">
        <input
          type="search"
          placeholder="Filter by name, strategy or reason"
          aria-label="Filter crossings"
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
        />
        <span class="muted" role="status">{plural(shown, 'crossing')}</span>
      </div>
      {groups.map((it) => (
        <div class="scroll" key={it.key}>
          <table class="reasons">
            <caption>
              <b>{it.from}</b> → <b>{it.to}</b> <span class="muted">{it.interface}</span>
            </caption>
            <thead>
              <tr><th scope="col">Function</th><th scope="col">Strategy</th><th scope="col" class="number">Bytes</th><th scope="col">Why</th></tr>
            </thead>
            <tbody>
              {it.crossings.map((crossing, index) => (
                <tr key={index}>
                  <th scope="row"><code>{crossing.function}</code></th>
                  <td><span class={`strategy ${crossing.strategy}`}>{crossing.strategy}</span></td>
                  <td class="number">{exact(crossing.size)}</td>
                  <td class="wrap">{crossing.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
      {groups.length === 0 && <p class="empty">No crossing has “{sought}” in it.</p>}
    </div>
  );
}

interface Group {
  key: string;
  from: string;
  to: string;
  interface: string | undefined;
  crossings: Crossing[];
}

function grouped(crossings: Crossing[], sought: string): Group[] {
  const words = sought.toLowerCase().split(/\s+/);
  const groups = new Map<string, Group>();
  for (const it of crossings) {
    const text = `${it.from} ${it.to} ${it.interface ?? ''} ${it.function} ${it.strategy} ${it.reason}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const key = `${it.from}\n${it.to}\n${it.interface ?? ''}`;
    const group = groups.get(key) ?? { key, from: it.from, to: it.to, interface: it.interface, crossings: [] };
    group.crossings.push(it);
    groups.set(key, group);
  }
  return [...groups.values()];
}

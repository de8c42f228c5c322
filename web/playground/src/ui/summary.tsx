// Before and after in figures: bytes as bars, counts beside them, and what to download.

import { exact, plural, save, size } from '../bytes';
import type { FusedResult } from '../fuser/protocol';
import { composition } from '../state';
import { Ticked } from './parts';

export function Summary({ result }: { result: FusedResult }) {
  const { before, after, memories, crossings } = result.report;
  const by = (strategy: string) => crossings.filter((it) => it.strategy === strategy).length;
  const generated = crossings.reduce((sum, it) => sum + it.size, 0);
  const modules = new Set(memories.map((it) => it.module));
  const regions = memories.some((it) => it.base > 0);
  const most = Math.max(before.bytes, after.bytes);
  const change = Math.round((after.bytes / before.bytes - 1) * 100);
  const rows: [string, number, number][] = [
    ['Components', before.components, after.components],
    ['Core modules', before.coreModules, after.coreModules],
    ['Core instances', before.coreInstances, after.coreInstances],
    ['Functions', before.functions, after.functions],
  ];
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h2 id="summary-title" class="visually-hidden">Before and after</h2>
      <div class="bars">
        {([['Before', before.bytes], ['After', after.bytes]] as const).map(([name, bytes]) => (
          <div class={`bar ${name.toLowerCase()}`} key={name}>
            <span class="bar-name">{name}</span>
            <svg class="bar-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={Math.max(0.5, (bytes / most) * 100)} height="10" />
            </svg>
            <span class="bar-value">{exact(bytes)} <span class="muted">bytes</span></span>
          </div>
        ))}
        <p class="muted">
          {change === 0 ? 'The same size' : `${Math.abs(change)} % ${change < 0 ? 'smaller' : 'larger'}`}.{' '}
          {plural(crossings.length, 'crossing')}: {by('direct')} direct, {by('adapt')} adapted by {exact(generated)} bytes of code
          {by('engine') > 0 && `, ${by('engine')} by the engine`}.
          Fused in {Math.round(result.milliseconds)} ms.
        </p>
      </div>
      <table class="counts">
        <caption class="visually-hidden">Counts before and after</caption>
        <thead><tr><td /><th scope="col">Before</th><th scope="col">After</th></tr></thead>
        <tbody>
          {rows.map(([name, from, to]) => (
            <tr key={name}><th scope="row">{name}</th><td class="number">{exact(from)}</td><td class="number">{exact(to)}</td></tr>
          ))}
        </tbody>
      </table>
      <div class="memories">
        <h3>{memories.length === 1 ? 'One memory' : `${memories.length} ${regions ? 'regions of one memory' : 'memories'}`}</h3>
        <ul>
          {memories.map((it) => (
            <li key={`${it.module} ${it.index} ${it.base}`}>
              {modules.size < memories.length && <code>{regions ? exact(it.base) : it.index}</code>} {it.owner || <span class="muted">the fuser's own</span>}{' '}
              <span class="muted">{plural(it.initial, 'page')}{it.maximum !== undefined && `, at most ${exact(it.maximum)}`}</span>
            </li>
          ))}
        </ul>
      </div>
      {result.warnings.length > 0 && (
        <ul class="warnings">{result.warnings.map((it) => <li key={it}><Ticked text={it} /></li>)}</ul>
      )}
      <Downloads result={result} />
    </section>
  );
}

function Downloads({ result }: { result: FusedResult }) {
  const composed = composition.value.is === 'done' ? composition.value.value.bytes : null;
  return (
    <div class="actions downloads" role="group" aria-label="Downloads">
      <button type="button" onClick={() => save('fused.wasm', result.bytes, 'application/wasm')}>
        Download fused.wasm <span class="muted">{size(result.bytes.length)}</span>
      </button>
      {composed && (
        <button type="button" onClick={() => save('composed.wasm', composed, 'application/wasm')}>
          Download composed.wasm <span class="muted">{size(composed.length)}</span>
        </button>
      )}
      <button type="button" onClick={() => save('report.json', JSON.stringify(result.report, null, 2), 'application/json')}>
        Download report.json
      </button>
    </div>
  );
}

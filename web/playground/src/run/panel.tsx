// Run it: the composition and the result, side by side, with the same values.
//
// jco and the shims of WASI are some megabytes, so they are loaded when this is asked for.

import { useEffect, useMemo, useState } from 'preact/hooks';

import { Client, Refused } from '../fuser/client';
import type { FusedResult, Problem } from '../fuser/protocol';
import { announcement, composition, example, options, type Stage } from '../state';
import { Elapsed, Trouble } from '../ui/parts';
import { type Called, type Form, FORMS, type Outcome, type Prepared, type RunRequests, type Surroundings, type Timing } from './protocol';
import type { Exported, Type } from './declarations';
import { sample } from './values';

const runner = new Client<RunRequests>(
  () => new Worker(new URL('./thread.ts', import.meta.url), { type: 'module', name: 'runner' }),
  120,
);

/** Two memories in a module, each with a byte: engines that know no multi-memory refuse it. */
const TWO_MEMORIES = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 5, 2, 0, 1, 0, 1]);

export function RunPanel({ result }: { result: FusedResult }) {
  const composed = composition.value.is === 'done' ? composition.value.value.bytes : null;
  const several = result.report.memories.length > 1 && options.value.memory !== 'split';
  const [multiMemory, setMultiMemory] = useState(several);
  const [stage, setStage] = useState<Stage<Prepared>>({ is: 'nothing' });
  useEffect(() => {
    setStage({ is: 'nothing' });
    setMultiMemory(several);
  }, [result]);

  const isCore = result.graph === null;
  const prepare = async () => {
    if (!composed) return;
    setStage({ is: 'busy', since: performance.now() });
    announcement.value = `Transpiling ${isCore ? 'the composition' : 'both forms'} with jco`;
    const components = { composed, fused: result.bytes };
    await runner.call('prepare', { components, multiMemory }).then(
      (value) => {
        setStage({ is: 'done', value });
        announcement.value = `Ready to run: ${value.exports.length} exported functions`;
      },
      (error: Refused) => setStage({ is: 'refused', problem: error.problem }),
    );
  };
  return (
    <div class="run">
      {stage.is !== 'done' && (
        <div class="run-intro">
          {isCore ? (
            <p>
              The composition is transpiled by jco. The core module needs no such thing: it runs on a WASI preview 1
              of JavaScript, if it is a command. Both run in a worker of your browser, in the same surroundings.
            </p>
          ) : (
            <p>
              Both forms are transpiled by jco and run in a worker of your browser, with the same values and
              surroundings. Loading jco takes a few megabytes, once.
            </p>
          )}
          {!isCore && (
            <label class="check">
              <input type="checkbox" checked={multiMemory} onChange={(e) => setMultiMemory(e.currentTarget.checked)} />
              <span>jco's <code>--multi-memory</code>, for both forms</span>
            </label>
          )}
          {multiMemory && !WebAssembly.validate(TWO_MEMORIES) && (
            <p class="muted">This browser does not know multi-memory: choose memories “one in each module”, and turn this off.</p>
          )}
          <div class="actions">
            <button type="button" class="primary" disabled={stage.is === 'busy' || !composed} onClick={() => void prepare()}>
              {isCore ? 'Prepare both' : 'Transpile both'}
            </button>
            {stage.is === 'busy' && (
              <>
                <button type="button" onClick={() => runner.cancel()}>Cancel</button>
                <Elapsed since={stage.since} />
              </>
            )}
          </div>
          {stage.is === 'refused' && <Trouble problem={stage.problem} title="Not run:" />}
        </div>
      )}
      {stage.is === 'done' && <Caller prepared={stage.value} onLost={() => setStage({ is: 'nothing' })} />}
    </div>
  );
}

function Caller({ prepared, onLost }: { prepared: Prepared; onLost(): void }) {
  const offered = prepared.exports.filter((it) => !it.problem);
  const suggested = example.value?.run;
  const [id, setId] = useState(() => offered.find((it) => it.id === suggested?.export)?.id ?? offered[0]?.id ?? '');
  const func = offered.find((it) => it.id === id);
  const [values, setValues] = useState<string[]>([]);
  const [around, setAround] = useState<Surroundings>({
    arguments: ['text.txt'],
    stdin: '',
    file: { name: 'text.txt', text: 'The boundary is a call.\nA call is a jump,\nand a jump is cheap: naïvely, nothing is left.\n' },
  });
  const [stage, setStage] = useState<Stage<Called>>({ is: 'nothing' });
  useEffect(() => {
    const given = func && func.id === suggested?.export ? suggested.values : [];
    setValues(func?.params.map(({ type }, index) => given[index] ?? sample(type)) ?? []);
    setStage({ is: 'nothing' });
  }, [func]);

  const call = async () => {
    if (!func) return;
    setStage({ is: 'busy', since: performance.now() });
    announcement.value = `Calling ${func.name} in both forms`;
    await runner.call('call', { id: func.id, values, surroundings: around }).then(
      (value) => {
        setStage({ is: 'done', value });
        announcement.value = verdict(value);
      },
      (error: Refused) => {
        setStage({ is: 'refused', problem: error.problem });
        if (error.problem.code === 'cancelled' || error.problem.code === 'host-limit') onLost();
      },
    );
  };
  const wrong = stage.is === 'refused' ? stage.problem : null;
  return (
    <form
      class="caller"
      onSubmit={(event) => {
        event.preventDefault();
        void call();
      }}
    >
      <Chooser all={prepared.exports} id={id} onChoose={setId} />
      {func?.params.map((param, index) => (
        <Value
          key={`${func.id} ${param.name}`}
          param={param}
          value={values[index] ?? ''}
          wrong={wrong?.code === 'invalid-value' && wrong.place.function === param.name ? wrong : null}
          onChange={(text) => setValues(values.map((it, at) => (at === index ? text : it)))}
        />
      ))}
      {prepared.wasi && <Around around={around} open={func?.interface?.startsWith('wasi:cli/run') ?? false} onChange={setAround} />}
      <div class="actions">
        <button type="submit" class="primary" disabled={!func || stage.is === 'busy'}>Call both</button>
        {stage.is === 'busy' && (
          <>
            <button type="button" onClick={() => runner.cancel()}>Cancel</button>
            <Elapsed since={stage.since} />
          </>
        )}
        <span class="spring" />
        <span class="muted">
          jco took {Math.round(prepared.transpiling.composed)} ms for the composition,{' '}
          {prepared.command ? 'the browser' : ''} {Math.round(prepared.transpiling.fused)} ms for the result
        </span>
      </div>
      {wrong && wrong.code !== 'invalid-value' && <Trouble problem={wrong} title="Not run:" />}
      {stage.is === 'done' && <Results called={stage.value} />}
    </form>
  );
}

function Chooser({ all, id, onChoose }: { all: Exported[]; id: string; onChoose(id: string): void }) {
  const owners = [...new Set(all.map((it) => it.interface))];
  const chosen = all.find((it) => it.id === id);
  if (all.length === 0) return <p class="empty">Nothing that could be called is exported.</p>;
  const options = (owner: string | undefined) => all.filter((it) => it.interface === owner).map((it) => (
    <option key={it.id} value={it.id} disabled={it.problem !== undefined}>
      {it.name}{it.problem ? ` (not here: ${it.problem})` : ''}
    </option>
  ));
  return (
    <div class="field">
      <label for="export">Function</label>
      <select id="export" value={id} onChange={(event) => onChoose(event.currentTarget.value)}>
        {owners.map((owner) => owner === undefined ? options(owner) : <optgroup key={owner} label={owner}>{options(owner)}</optgroup>)}
      </select>
      {chosen && <code class="declaration">{chosen.text}</code>}
    </div>
  );
}

interface ValueProps {
  param: Exported['params'][number];
  value: string;
  wrong: Problem | null;
  onChange(text: string): void;
}

/** A field for a value: what suits the type, or text in the notation of `values`. */
function Value({ param: { name, type, text }, value, wrong, onChange }: ValueProps) {
  const id = `value-${name}`;
  const common = { id, 'aria-describedby': `${id}-type`, ...(wrong && { 'aria-invalid': true, 'aria-errormessage': `${id}-wrong` }) };
  return (
    <div class="field">
      <label for={id}>{name}</label>
      <Control type={type} value={value} common={common} onChange={onChange} />
      <code class="declaration" id={`${id}-type`}>{text}</code>
      {wrong && <p class="wrong" id={`${id}-wrong`} role="alert">{wrong.message}</p>}
    </div>
  );
}

function Control({ type, value, common, onChange }: { type: Type; value: string; common: object; onChange(text: string): void }) {
  const shown = useMemo(() => (type.is === 'string' ? unquoted(value) : value), [type, value]);
  switch (type.is) {
    case 'boolean':
      return <input {...common} type="checkbox" checked={value === 'true'} onChange={(e) => onChange(String(e.currentTarget.checked))} />;
    case 'enum':
      return (
        <select {...common} value={value} onChange={(e) => onChange(e.currentTarget.value)}>
          {type.names.map((it) => <option key={it} value={it}>{it}</option>)}
        </select>
      );
    case 'string':
      return <textarea {...common} rows={Math.min(6, shown.split('\n').length)} value={shown} spellcheck={false} onInput={(e) => onChange(JSON.stringify(e.currentTarget.value))} />;
    case 'number': case 'bigint':
      return <input {...common} type="text" inputMode="decimal" autocomplete="off" value={value} onInput={(e) => onChange(e.currentTarget.value)} />;
    default:
      return <textarea {...common} class="wave" rows={Math.min(8, Math.max(2, Math.ceil(value.length / 60)))} value={value} spellcheck={false} onInput={(e) => onChange(e.currentTarget.value)} />;
  }
}

/** Strings are edited without their quotes, and kept with them. */
function unquoted(value: string): string {
  try {
    return JSON.parse(value) as string;
  } catch {
    return value;
  }
}

function Around({ around, open, onChange }: { around: Surroundings; open: boolean; onChange(around: Surroundings): void }) {
  const { file } = around;
  return (
    <details class="around" open={open}>
      <summary>Surroundings: arguments, standard input, a file</summary>
      <div class="field">
        <label for="arguments">Arguments</label>
        <input id="arguments" type="text" autocomplete="off" value={around.arguments.join(' ')} onInput={(e) => onChange({ ...around, arguments: e.currentTarget.value.split(/\s+/).filter(Boolean) })} />
      </div>
      <div class="field">
        <label for="file-name">File in <code>/</code></label>
        <input id="file-name" type="text" autocomplete="off" value={file.name} onInput={(e) => onChange({ ...around, file: { ...file, name: e.currentTarget.value } })} />
      </div>
      <div class="field">
        <label for="file-text">Its text</label>
        <textarea id="file-text" rows={4} value={file.text} onInput={(e) => onChange({ ...around, file: { ...file, text: e.currentTarget.value } })} />
      </div>
      <div class="field">
        <label for="stdin">Standard input</label>
        <textarea id="stdin" rows={2} value={around.stdin} onInput={(e) => onChange({ ...around, stdin: e.currentTarget.value })} />
      </div>
    </details>
  );
}

function same({ outcomes: { composed, fused } }: Called): boolean {
  const trapped = composed.trap !== undefined && fused.trap !== undefined;
  return (trapped || composed.trap === fused.trap) && composed.value === fused.value && composed.stdout === fused.stdout && composed.stderr === fused.stderr;
}

function verdict(called: Called): string {
  const { timings, outcomes } = called;
  if (!same(called)) return alone(outcomes) ? 'Only the fused form runs: jco stops at the composition' : 'The two forms differ';
  if (outcomes.fused.trap !== undefined) return 'Both forms trap';
  if (!timings) return 'Both forms give the same';
  const factor = timings.composed.median / timings.fused.median;
  return `The same from both: fused ${factor >= 1 ? `is ${rounded(factor)} times as fast` : `takes ${rounded(1 / factor)} times as long`}`;
}

/** Whether jco's code does not get through the composition, but through the result. */
function alone({ composed, fused }: Called['outcomes']): boolean {
  return composed.thrown === true && fused.trap === undefined;
}

function Results({ called }: { called: Called }) {
  const { timings, fresh } = called;
  const most = timings && Math.max(timings.composed.median, timings.fused.median);
  return (
    <section class={`results ${same(called) ? 'same' : 'differs'}`} aria-label="Results">
      <p class="verdict">{verdict(called)}</p>
      <div class="pair">
        {FORMS.map((form) => (
          <Card key={form} form={form} outcome={called.outcomes[form]} timing={timings?.[form]} most={most ?? 1} />
        ))}
      </div>
      {timings && (
        <p class="muted">
          Time per call from JavaScript through jco's code to the result, lifting and lowering included:
          the median of {timings.fused.samples} samples after a warm-up, taken in turns
          {fresh ? '; a command runs once, so each call has a new instance, whose making is not counted' : ''}.
          Outside jco the ratio is another.
        </p>
      )}
    </section>
  );
}

function Card({ form, outcome, timing, most }: { form: Form; outcome: Outcome; timing: Timing | undefined; most: number }) {
  return (
    <div class={`result ${form}`}>
      <h3>{form === 'composed' ? 'Composed' : 'Fused'}</h3>
      {timing && (
        <div class="time">
          <b>{duration(timing.median)}</b>{' '}
          <span class="muted">per call, {duration(timing.least)} to {duration(timing.most)}, {timing.calls.toLocaleString('en')} calls</span>
          <svg class={`bar-track ${form}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect width={Math.max(0.5, (timing.median / most) * 100)} height="6" />
          </svg>
        </div>
      )}
      {outcome.trap !== undefined && (
        <p class="trap">{outcome.thrown ? "jco's code threw" : 'It trapped'}: <code>{outcome.trap}</code></p>
      )}
      {outcome.value && <Output title="Result" text={outcome.value} />}
      {outcome.stdout && <Output title="Standard output" text={outcome.stdout} />}
      {outcome.stderr && <Output title="Standard error" text={outcome.stderr} />}
      {!outcome.trap && !outcome.value && !outcome.stdout && !outcome.stderr && <p class="muted">It returned nothing.</p>}
    </div>
  );
}

function Output({ title, text }: { title: string; text: string }) {
  return (
    <div class="output">
      <h4>{title}</h4>
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

function duration(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${rounded(nanoseconds)} ns`;
  if (nanoseconds < 1e6) return `${rounded(nanoseconds / 1e3)} µs`;
  return `${rounded(nanoseconds / 1e6)} ms`;
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(value >= 10 ? 3 : 2);
}

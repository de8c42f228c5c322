// How to fuse, and the button that does it.

import type { ComponentChildren } from 'preact';

import { commandLine } from '../command';
import type { FuseOptions } from '../fuser/protocol';
import { cancel, composition, example, fuse, fused, inputs, options, ready, setOption } from '../state';
import { Copy, Elapsed, Trouble } from './parts';

export function Options() {
  const { emit, memory, names, simd, shareHandles, tasks, validate } = options.value;
  const busy = fused.value.is === 'busy' ? fused.value : composition.value.is === 'busy' ? composition.value : null;
  return (
    <section class="card" aria-labelledby="options-title">
      <h2 id="options-title">Fuse</h2>
      <div class="options">
        <Choice name="emit" label="Result" value={emit}>
          <option value="component">one component</option>
          <option value="module">its core module alone</option>
          <option value="flat">flat: modules not merged</option>
        </Choice>
        <Choice name="memory" label="Memories" value={memory}>
          <option value="multi">several in one module</option>
          <option value="split">one in each module</option>
          <option value="single">a single one</option>
        </Choice>
        <Choice name="tasks" label="Tasks" value={tasks}>
          <option value="refuse">of one instance</option>
          <option value="apart">of several, in components of their own</option>
        </Choice>
        <Check on={names === 'keep'} onChange={(on) => setOption('names', on ? 'keep' : 'drop')}>Keep names</Check>
        <Check on={simd} onChange={(on) => setOption('simd', on)}>SIMD for strings</Check>
        <Check on={shareHandles} onChange={(on) => setOption('shareHandles', on)}>Share handles</Check>
        <Check on={validate} onChange={(on) => setOption('validate', on)}>Validate the result</Check>
      </div>
      <div class="actions">
        <button type="button" class="primary" disabled={!ready.value || busy !== null} onClick={() => void fuse()}>
          Fuse
        </button>
        {busy && (
          <>
            <button type="button" onClick={cancel}>Cancel</button>
            <Elapsed since={busy.since} />
          </>
        )}
        <span class="spring" />
        <Share />
      </div>
      {composition.value.is === 'refused' && <Trouble problem={composition.value.problem} title="Not linked:" />}
      {fused.value.is === 'refused' && <Trouble problem={fused.value.problem} title="Not fused:" />}
      <Command />
    </section>
  );
}

interface ChoiceProps {
  name: keyof FuseOptions;
  label: string;
  value: string;
  children: ComponentChildren;
}

function Choice({ name, label, value, children }: ChoiceProps) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => setOption(name, event.currentTarget.value as never)}>
        {children}
      </select>
    </label>
  );
}

function Check({ on, onChange, children }: { on: boolean; onChange(on: boolean): void; children: ComponentChildren }) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      {children}
    </label>
  );
}

function Share() {
  // The address follows the state, which is what makes this depend on both.
  const shared = example.value !== null || inputs.value.length === 0;
  void options.value;
  const what = shared ? 'Link' : 'Link to these options, without your files,';
  return <Copy text={location.href} what={what}>{shared ? 'Copy link' : 'Copy link to options'}</Copy>;
}

function Command() {
  if (inputs.value.length === 0) return null;
  const line = commandLine(inputs.value, options.value);
  return (
    <div class="command">
      <code tabIndex={0} aria-label="The same on the command line">{line}</code>
      <Copy text={line} what="Command line">Copy</Copy>
    </div>
  );
}

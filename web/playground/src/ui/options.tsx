// How to fuse, and the button that does it.

import { BOXES, LISTS } from '../choices';
import { commandLine } from '../command';
import type { FuseOptions } from '../fuser/protocol';
import {
  cancel, composition, example, fuse, fused, inputs, options, ready, setOption, setTarget, target, targets,
} from '../state';
import { Copy, Elapsed, Trouble } from './parts';

export function Options() {
  const busy = fused.value.is === 'busy' ? fused.value : composition.value.is === 'busy' ? composition.value : null;
  return (
    <section class="card" aria-labelledby="options-title">
      <h2 id="options-title">Fuse</h2>
      <div class="options">
        <Targets />
        {(Object.keys(LISTS) as (keyof typeof LISTS)[]).map((name) => <List key={name} name={name} />)}
        {(Object.keys(BOXES) as (keyof typeof BOXES)[]).map((name) => <Check key={name} name={name} />)}
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

/** Whom the result is for, and what that says: in the words of `--explain`. */
function Targets() {
  const chosen = target.value;
  return (
    <div class="targets">
      <label class="choice">
        <span>Target</span>
        <select
          value={chosen?.name ?? ''}
          aria-describedby={chosen && 'target-about'}
          onChange={(event) => setTarget(event.currentTarget.value)}
        >
          <option value="">none: options as they are here</option>
          {targets.value.map(({ name, about }) => (
            <option key={name} value={name}>{name}: {about.replaceAll('`', '')}</option>
          ))}
        </select>
      </label>
      {chosen && (
        <p id="target-about" class="muted">
          target {chosen.name}: <code>{chosen.commandLine}</code>
        </p>
      )}
    </div>
  );
}

function List({ name }: { name: keyof typeof LISTS }) {
  const { label, values } = LISTS[name];
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        value={options.value[name]}
        onChange={(event) => setOption(name, event.currentTarget.value as FuseOptions[typeof name])}
      >
        {Object.entries(values).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
      </select>
    </label>
  );
}

function Check({ name }: { name: keyof typeof BOXES }) {
  const { label, on, off } = BOXES[name];
  const ticked = options.value[name] === on;
  return (
    <label class="check">
      <input type="checkbox" checked={ticked} onChange={() => setOption(name, ticked ? off : on)} />
      {label}
    </label>
  );
}

function Share() {
  // The address follows the state, which is what makes this depend on both.
  const shared = example.value !== null || inputs.value.length === 0;
  void [target.value, options.value];
  const what = shared ? 'Link' : 'Link to these options, without your files,';
  return <Copy text={location.href} what={what}>{shared ? 'Copy link' : 'Copy link to options'}</Copy>;
}

function Command() {
  if (inputs.value.length === 0) return null;
  const line = commandLine(inputs.value, options.value, target.value);
  return (
    <div class="command">
      <code tabIndex={0} aria-label="The same on the command line">{line}</code>
      <Copy text={line} what="Command line">Copy</Copy>
    </div>
  );
}

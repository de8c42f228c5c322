// What is fused: examples to pick, a place to drop files on, and the list of what is there.

import { useRef, useState } from 'preact/hooks';

import { plural, size } from '../bytes';
import { addFiles, choose, clear, dropped, example, examples, inputs, makeRoot, remove } from '../state';
import { Trouble } from './parts';

export function Inputs() {
  return (
    <section class="card" aria-labelledby="inputs-title">
      <h2 id="inputs-title">Components</h2>
      <div class="examples" role="group" aria-label="Examples">
        {examples.value.map((it) => (
          <button
            key={it.id}
            type="button"
            class="example"
            aria-pressed={example.value?.id === it.id}
            onClick={() => void choose(it)}
          >
            <b>{it.title}</b>
            <span>{it.text}</span>
          </button>
        ))}
      </div>
      <Drop />
      {dropped.value && <Trouble problem={dropped.value} title="Not taken:" />}
      <List />
    </section>
  );
}

function Drop() {
  const file = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <div
      class={`drop${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void addFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <button type="button" class="link" onClick={() => file.current?.click()}>Choose files</button>
      <span> or drop them here</span>
      <small>A composed component, or several: the first is the root. <code>.wasm</code> or <code>.wat</code>, up to 64 MiB each. Nothing leaves your browser.</small>
      <input
        ref={file}
        type="file"
        multiple
        accept=".wasm,.wat,application/wasm"
        class="visually-hidden"
        aria-label="Components to fuse"
        tabIndex={-1}
        onChange={(event) => {
          void addFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

function List() {
  const all = inputs.value;
  if (all.length === 0) return null;
  return (
    <>
      <ul class="files" aria-label="Components to fuse, the root first">
        {all.map((it, index) => (
          <li key={it.id}>
            <span class="file">
              <b>{it.file}</b>
              <small class="muted">
                {size(it.bytes.length)}
                {it.graph && `, ${plural(it.graph.totals.components, 'component')}, ${plural(it.graph.totals.coreModules, 'core module')}`}
              </small>
            </span>
            {all.length > 1 && (index === 0 ? (
              <span class="badge">root</span>
            ) : (
              <button type="button" class="link small" aria-label={`make root ${it.file}`} onClick={() => void makeRoot(it.id)}>make root</button>
            ))}
            <button type="button" class="icon" aria-label={`Remove ${it.file}`} onClick={() => void remove(it.id)}>×</button>
          </li>
        ))}
      </ul>
      {all.map((it) => it.problem && <Trouble key={it.id} problem={it.problem} title={`${it.file} was refused:`} />)}
      {all.length > 1 && <button type="button" class="link small" onClick={clear}>Remove all</button>}
    </>
  );
}

// The composition, the result, and each shim as text.
//
// The editor and the printer are loaded when this is first opened. Text of some tens of megabytes is
// more than an editor in a page can take: that much is offered as a file.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { exact, save, size } from '../bytes';
import { Refused } from '../fuser/client';
import type { FusedResult, Problem } from '../fuser/protocol';
import { composition, fuser } from '../state';
import { Trouble } from './parts';
import type { Viewer } from './viewer';

const LARGEST_TEXT = 24 * 1024 * 1024;

interface Document {
  name: string;
  file: string;
  bytes: Uint8Array;
  group: string;
}

export function Code({ result }: { result: FusedResult }) {
  const documents = useMemo(() => documentsOf(result), [result, composition.value]);
  const [at, setAt] = useState(0);
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const document = documents[Math.min(at, documents.length - 1)]!;
  useEffect(() => {
    let current = true;
    setText(null);
    setProblem(null);
    fuser.call('print', { bytes: document.bytes }).then(
      (printed) => current && setText(printed),
      (error: Refused) => current && setProblem(error.problem),
    );
    return () => void (current = false);
  }, [document]);
  const groups = [...new Set(documents.map((it) => it.group))];
  return (
    <div class="code">
      <div class="tools">
        <label class="choice inline">
          <span>Show</span>
          <select value={String(at)} onChange={(event) => setAt(Number(event.currentTarget.value))}>
            {groups.map((group) => (
              <optgroup key={group} label={group}>
                {documents.map((it, index) => it.group === group && (
                  <option key={index} value={String(index)}>{it.name} ({size(it.bytes.length)})</option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <button type="button" disabled={text === null} onClick={() => text !== null && save(`${document.file}.wat`, text, 'text/plain')}>
          Download .wat
        </button>
        <button type="button" onClick={() => save(`${document.file}.wasm`, document.bytes, 'application/wasm')}>
          Download .wasm
        </button>
      </div>
      {problem && <Trouble problem={problem} title="Not printed:" />}
      {text === null && !problem && <p class="empty">Printing…</p>}
      {text !== null && (text.length > LARGEST_TEXT ? (
        <p class="empty">The text has {exact(text.length)} characters: download it instead.</p>
      ) : (
        <Editor text={text} label={`${document.name} as text`} />
      ))}
    </div>
  );
}

function Editor({ text, label }: { text: string; label: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | null>(null);
  useEffect(() => {
    let made: Viewer | undefined;
    let current = true;
    void import('./viewer').then(({ view }) => {
      if (!current || !host.current) return;
      made = view(host.current, text, label);
      setViewer(made);
    });
    return () => {
      current = false;
      made?.destroy();
      setViewer(null);
    };
  }, [text, label]);
  return (
    <>
      <div class="tools">
        <button type="button" disabled={!viewer} onClick={() => viewer?.search()}>Search</button>
        <button type="button" disabled={!viewer} onClick={() => viewer?.fold()}>Fold</button>
        <button type="button" disabled={!viewer} onClick={() => viewer?.unfold()}>Unfold</button>
        <span class="muted">{exact(text.length)} characters. Ctrl+F searches.</span>
      </div>
      <div ref={host} class="editor" />
    </>
  );
}

function documentsOf(result: FusedResult): Document[] {
  const whole: Document[] = [{ name: 'fused', file: 'fused', bytes: result.bytes, group: 'Result' }];
  const { value } = composition;
  if (value.is === 'done') {
    whole.push({ name: 'composition', file: 'composed', bytes: value.value.bytes, group: 'Input' });
  }
  const shims = result.shims.map(({ name, bytes }) => ({ name, file: name, bytes, group: 'Shims: the generated modules' }));
  return [...whole, ...shims];
}

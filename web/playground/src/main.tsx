// The page. All that takes long is in workers; all that is large is loaded when it is asked for.

import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Graph } from 'wasm-fuser';

import type { FusedResult } from './fuser/protocol';
import { RunPanel } from './run/panel';
import { announcement, composition, explained, fused, inputs, start } from './state';
import { escapeText } from './text';
import { Code } from './ui/code';
import { Crossings } from './ui/crossings';
import { Graphs } from './ui/graphs';
import { Inputs } from './ui/inputs';
import { Modules, Resources } from './ui/inside';
import { Options } from './ui/options';
import { Ticked } from './ui/parts';
import { Summary } from './ui/summary';
import { type Tab, Tabs } from './ui/tabs';
import './style.css';

function Page() {
  const before = composition.value.is === 'done' ? composition.value.value.graph : null;
  const result = fused.value.is === 'done' ? fused.value.value : null;
  return (
    <>
      <Header />
      <main>
        <div class="columns">
          <Inputs />
          <Options />
        </div>
        {result && <Summary result={result} />}
        {inputs.value.length === 0 && <Promised />}
        {(before || result) && (
          <section class="card wide" aria-label="What was found">
            <Tabs label="Views" tabs={views(before, result)} />
          </section>
        )}
      </main>
      <footer class="muted">
        Everything happens in this page; nothing is sent anywhere. Equal inputs give equal bytes here, on the command line and in Node.
      </footer>
      <Explained />
      <div class="visually-hidden" role="status" aria-live="polite" id="announcement">{announcement.value}</div>
    </>
  );
}

const PROMISES = {
  Graph: 'The instances before and after: who calls whom, core modules, memories and resources.',
  Crossings: 'Each call between components: how it was compiled, and why so.',
  Code: 'The composition, the result and each generated module as text.',
  Run: 'Both forms side by side through jco: the same values in, results and times compared.',
};

/** What is to come, as long as nothing is there. */
function Promised() {
  return (
    <section class="card promised" aria-label="What you will see">
      {Object.entries(PROMISES).map(([name, text]) => (
        <div key={name}>
          <h2>{name}</h2>
          <p>{text}</p>
        </div>
      ))}
    </section>
  );
}

/** What there is to see of a composition, and of what it is fused to. */
function views(before: Graph | null, result: FusedResult | null): Tab[] {
  const graphs = { name: 'Graph', content: () => <Graphs before={before} result={result} /> };
  if (!result) return [graphs];
  const { crossings, resources, blocks } = result.report;
  return [
    graphs,
    { name: 'Crossings', count: crossings.length, content: () => <Crossings crossings={crossings} /> },
    { name: 'Resources', count: resources.length, content: () => <Resources resources={resources} /> },
    { name: 'Modules', count: blocks.length, content: () => <Modules {...result.report} /> },
    { name: 'Code', content: () => <Code result={result} /> },
    { name: 'Run', content: () => <RunPanel result={result} /> },
  ];
}

function Header() {
  return (
    <header>
      <div>
        <h1>wasm-fuser <span>playground</span></h1>
        <p>Several WebAssembly components go in, one comes out: a call from one to another becomes an ordinary wasm call.</p>
      </div>
      <Theme />
    </header>
  );
}

const THEMES = { auto: 'System', light: 'Light', dark: 'Dark' } as const;
type ThemeName = keyof typeof THEMES;

function Theme() {
  const [theme, setTheme] = useState<ThemeName>(() => {
    const kept = remembered();
    return kept && kept in THEMES ? (kept as ThemeName) : 'auto';
  });
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    remember(theme);
  }, [theme]);
  return (
    <label class="choice inline theme">
      <span>Theme</span>
      <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as ThemeName)}>
        {Object.entries(THEMES).map(([name, label]) => <option key={name} value={name}>{label}</option>)}
      </select>
    </label>
  );
}

/** Browsers may forbid a page to remember. */
function remembered(): string | null {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // The theme is chosen anew next time.
  }
}

/** The page on an error code, as the documentation has it. */
function Explained() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = explained.value;
  useEffect(() => {
    if (shown) dialog.current?.showModal();
  }, [shown]);
  return (
    <dialog ref={dialog} aria-labelledby="explained-title" onClose={() => (explained.value = null)}>
      {shown && (
        <>
          <Markdown text={shown.page} />
          <form method="dialog" class="actions"><button type="submit">Close</button></form>
        </>
      )}
    </dialog>
  );
}

/** As much of Markdown as those pages use: headings, paragraphs, lists and code. */
function Markdown({ text }: { text: string }) {
  return (
    <>
      {text.split(/^(```[^]*?^```)$/m).map((part, index) => {
        if (part.startsWith('```')) return <pre key={index} tabIndex={0}>{part.replace(/^```.*\n|```$/g, '')}</pre>;
        return part.split(/\n{2,}/).filter((it) => it.trim()).map((it, at) => {
          const [, marks, heading] = /^(#+) (.*)/.exec(it.trim()) ?? [];
          if (marks === '#') return <h2 key={at} id="explained-title"><code>{heading}</code></h2>;
          if (marks) return <h3 key={at}>{heading}</h3>;
          const items = it.trim().split(/^[-*] /m);
          if (items.length > 1) return <ul key={at}>{items.filter(Boolean).map((item, n) => <li key={n}><Ticked text={item} /></li>)}</ul>;
          return <p key={at}><Ticked text={it} /></p>;
        });
      })}
    </>
  );
}

escapeText();
render(<Page />, document.getElementById('app')!);
void start();

// Small things that several panels use.

import { useEffect, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

import type { Problem } from '../fuser/protocol';
import { announcement, explain } from '../state';

/** Codes that are this page's own, and have no page of documentation. */
const OWN = new Set(['file-too-large', 'cancelled', 'not-offered', 'not-transpiled', 'invalid-value', 'trap', 'not-composed']);

export function Trouble({ problem, title }: { problem: Problem; title: string }) {
  const { input, instancePath, function: name, offset } = problem.place;
  const place = [
    input !== undefined && ['input', input],
    instancePath && ['instance', instancePath],
    name !== undefined && ['function', name],
    offset !== undefined && ['offset', `0x${offset.toString(16)}`],
  ].filter((it) => it !== false && it !== '' && it !== undefined) as [string, string][];
  return (
    <div class="trouble" role="alert">
      <p class="trouble-title">
        {title} <code>{problem.code}</code>
      </p>
      <p class="trouble-message"><Ticked text={problem.message} /></p>
      {place.length > 0 && (
        <dl>
          {place.map(([term, text]) => (
            <div key={term}><dt>{term}</dt><dd>{text}</dd></div>
          ))}
        </dl>
      )}
      {problem.help && <p><b>Help:</b> <Ticked text={problem.help} /></p>}
      {!OWN.has(problem.code) && (
        <button type="button" class="link" onClick={() => void explain(problem.code)}>
          What <code>{problem.code}</code> means
        </button>
      )}
    </div>
  );
}

/** Text in which what stands between backticks is code. */
export function Ticked({ text }: { text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}</>;
}

export function Copy({ text, what, children }: { text: string; what: string; children: ComponentChildren }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        announcement.value = `${what} copied`;
      },
      () => (announcement.value = `the browser did not let the page copy; ${what}: ${text}`),
    );
  };
  return <button type="button" onClick={() => void copy()}>{copied ? 'Copied' : children}</button>;
}

/** How long something has taken so far. */
export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <span class="muted">{((now - since) / 1000).toFixed(1)} s</span>;
}

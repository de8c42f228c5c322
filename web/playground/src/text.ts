// Names of inputs are escaped wherever the page shows them, as the command does where it prints them.
//
// It is done where elements are made, for all text and for what is read aloud or shown as a hint, so that
// no panel has to think of it. Line breaks stay: the page shows them where its own styles say so, as in
// what a program has printed.

import { options, type VNode } from 'preact';

import { escapedLines } from '../../src/text';

const READ = ['aria-label', 'title', 'alt', 'placeholder'];

/** Has every element made with escaped text from now on. A text is an element without a type. */
export function escapeText(): void {
  const before = options.vnode;
  options.vnode = (vnode: VNode) => {
    const made = vnode as { type: unknown; props: unknown };
    if (typeof made.props === 'string') made.props = shown(made.props);
    else if (typeof made.type === 'string') escapeAttributes(made.props as Record<string, unknown>);
    before?.(vnode);
  };
}

function escapeAttributes(props: Record<string, unknown>): void {
  for (const name of READ) {
    if (typeof props[name] === 'string') props[name] = shown(props[name]);
  }
}

/** Lines and columns stay, as in what a program has printed. */
function shown(text: string): string {
  return text.split('\t').map(escapedLines).join('\t');
}

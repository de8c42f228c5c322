// Names of inputs are escaped wherever the page shows them, as the command does where it prints them.
//
// It is done where elements are made, for all text and for what is read aloud or shown as a hint, so that
// no panel has to think of it. Line breaks stay: the page shows them where its own styles say so, as in
// what a program has printed.

import { options, type VNode } from 'preact';

import { escapedLines } from '../../src/text';

const READ = ['aria-label', 'title', 'alt', 'placeholder'];

type Props = Record<string, unknown>;

/** Has every element made with escaped text from now on. */
export function escapeText(): void {
  const before = options.vnode;
  options.vnode = (vnode: VNode) => {
    const props = vnode.props as Props | null;
    if (typeof vnode.type === 'string' && props) {
      for (const name of READ) {
        if (typeof props[name] === 'string') props[name] = escapedLines(props[name]);
      }
    }
    if (props && 'children' in props) props['children'] = shown(props['children']);
    before?.(vnode);
  };
}

function shown(child: unknown): unknown {
  if (typeof child === 'string') return escapedLines(child);
  return Array.isArray(child) ? child.map(shown) : child;
}

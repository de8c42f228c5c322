// A read-only editor for WAT: coloured, searchable, foldable.
//
// What folds is told by the indentation, which the printer keeps to: that takes no parse of megabytes
// of text. A long text opens folded: the fields of the component, and inside them those of a module.

import { defaultKeymap } from '@codemirror/commands';
import { wast } from '@codemirror/lang-wast';
import { codeFolding, foldEffect, foldGutter, foldKeymap, foldService, HighlightStyle, syntaxHighlighting, unfoldAll } from '@codemirror/language';
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface Viewer {
  search(): void;
  fold(): void;
  unfold(): void;
  destroy(): void;
}

export function view(parent: HTMLElement, text: string, label: string): Viewer {
  // In a shadow root the editor's rules are a constructed style sheet, which the page's policy allows;
  // in the document they would be a `style` element, which it does not.
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  const editor = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        codeFolding(),
        foldService.of((state, from) => folding(state.doc, state.doc.lineAt(from).number)),
        foldGutter(),
        drawSelection(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap]),
        wast(),
        syntaxHighlighting(COLOURS),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        THEME,
      ],
    }),
  });
  const fold = () => editor.dispatch({ effects: fields(editor.state.doc).map((range) => foldEffect.of(range)) });
  if (editor.state.doc.lines > LONG) fold();
  return {
    search: () => void openSearchPanel(editor),
    fold,
    unfold: () => void unfoldAll(editor),
    destroy: () => editor.destroy(),
  };
}

/** Lines from which a text opens folded. */
const LONG = 400;

/** Spaces before a line: 0 for what is outermost, 2 for a field, 4 for a field of a field. */
function indentation(text: string): number {
  return /^ */.exec(text)![0].length;
}

/** What is folded away under a line: all that is indented deeper, and the bracket that closes it. */
function folding(doc: Text, number: number): { from: number; to: number } | null {
  const first = doc.line(number);
  const depth = indentation(first.text);
  let last = number;
  while (last < doc.lines && indentation(doc.line(last + 1).text) > depth) last++;
  if (last === number) return null;
  const closing = last < doc.lines ? doc.line(last + 1) : null;
  const to = closing && /^ *\)+$/.test(closing.text) ? closing.from + depth : doc.line(last).to;
  return { from: first.to, to };
}

/** The foldings of fields, and of fields of fields, in order, in one pass. */
function fields(doc: Text): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  const open: { depth: number; from: number; number: number }[] = [];
  let [number, end] = [0, 0];
  const iterate = doc.iterLines();
  let start = 0;
  for (const text of iterate) {
    number++;
    const depth = indentation(text);
    while (open.length > 0 && open.at(-1)!.depth >= depth) {
      const { depth: opened, from, number: line } = open.pop()!;
      if (number - line > 1) {
        found.push({ from, to: depth === opened && /^ *\)+$/.test(text) ? start + depth : end });
      }
    }
    end = start + text.length;
    if ((depth === 2 || depth === 4) && !/^ *\)/.test(text)) open.push({ depth, from: end, number });
    start = end + 1;
  }
  return found.sort((a, b) => a.from - b.from);
}

/** The page's own colours, which follow its theme. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.moduleKeyword, tags.definitionKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--code-type)' },
  { tag: [tags.variableName, tags.name], color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.integer, tags.float], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
]);

const THEME = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', color: 'var(--text)', backgroundColor: 'var(--sunk)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'var(--sunk)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--hover)', color: 'var(--muted)', border: 'none', padding: '0 6px' },
  '.cm-selectionMatch': { backgroundColor: 'var(--match)' },
  '.cm-searchMatch': { backgroundColor: 'var(--match)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--match-chosen)' },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
});

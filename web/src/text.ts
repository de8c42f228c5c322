// Text for people: what comes from inputs is escaped where it is printed.
//
// Names are whatever their makers like: escape sequences, line breaks and marks of direction in them
// would forge what is read. What the fuser says is escaped already (`src/text.rs`); here is the same for
// what is said on this side: of files, and of options. Escaping what is escaped changes nothing.

/** Control characters, and those that are no glyphs: marks of direction, joiners, separators, tags. */
const HIDDEN = new RegExp(
  '[\\0-\\x1f\\x7f-\\x9f\\xad\\u061c\\u070f\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f' +
    '\\ufeff\\ufff9-\\ufffb\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]',
  'gu',
);

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text on one line, without anything that is not seen, or changes how other text is seen. */
export function escaped(text: string): string {
  return text.replace(HIDDEN, (it) => SHORT[it] ?? `\\u{${it.codePointAt(0)!.toString(16)}}`);
}

/** Lines, each escaped. */
export function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}

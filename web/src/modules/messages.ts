// Errors as bundlers show them: a message, the file, and the place in it.

import type { FuseError } from '../errors.js';
import { escaped, escapedLines } from '../text.js';

/** An error with its place, as Rollup and Vite know it. */
export interface Located {
  message: string;
  id: string;
  /** Where in the text. */
  loc?: { file: string; line: number; column: number };
  /** The lines around it. */
  frame?: string;
}

/** An error of the fuser, with all that it says of its place. */
export function described(error: FuseError, file: string): Located {
  const { input, instancePath, function: name, offset } = error.place;
  const lines = [
    `[${error.code}] ${error.message}`,
    input && `  input:    \`${escaped(input)}\``,
    instancePath && `  instance: \`${escaped(instancePath)}\``,
    name && `  function: \`${escaped(name)}\``,
    offset !== undefined && `  offset:   0x${offset.toString(16)}`,
    error.help && `  help: ${error.help}`,
  ];
  return { message: lines.filter(Boolean).join('\n'), id: file };
}

/** An error at an offset, in bytes, of a text. */
export function located(said: string, file: string, text: string, offset?: number): Located {
  const message = escapedLines(said);
  if (offset === undefined) return { message, id: file };
  const before = Buffer.from(text).subarray(0, offset).toString();
  const line = before.split('\n').length;
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const shown = text.split('\n')[line - 1] ?? '';
  const frame = `${line} | ${escaped(shown.replaceAll('\t', ' '))}\n${' '.repeat(`${line} | `.length + column)}^`;
  return { message, id: file, loc: { file, line, column }, frame };
}

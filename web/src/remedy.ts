// What to do next. In what the fuser says, options are data: here they are called as in this package.

import type { Port, RemedyPart, Setting, Spending, Wire } from './generated/types.js';
import { escaped } from './text.js';

/** A remedy as text on one line, with each option as `name` says, in backticks. */
export function worded(
  remedy: readonly RemedyPart[],
  name: (setting: Setting) => string,
): string | undefined {
  const words = remedy.map((part) => escaped(part.tag === 'text' ? part.val : `\`${name(part.val)}\``));
  return words.length > 0 ? words.join('') : undefined;
}

/** A remedy that names no option. */
export function said(text: string): RemedyPart[] {
  return [{ tag: 'text', val: text }];
}

/** To let the fuser spend more. */
export function raise(spending: Spending, more = ''): RemedyPart[] {
  const setting: Setting = { tag: 'budget', val: spending };
  return [...said('raise '), { tag: 'setting', val: setting }, ...(more ? said(more) : [])];
}

/** An option, as this package calls it. */
export function option(setting: Setting): string {
  switch (setting.tag) {
    case 'emit':
    case 'memory':
    case 'tasks':
    case 'open':
      return `${setting.tag}: '${setting.val}'`;
    case 'capacity':
      return 'capacity';
    case 'wire':
      return `wires: [${literal(setting.val)}]`;
    case 'leave-open':
      return `leaveOpen: [${literal(setting.val)}]`;
    case 'also-export':
      return `alsoExport: [${literal(setting.val)}]`;
    case 'limit':
      return `limits.${camel(setting.val)}`;
    case 'budget':
      return `budget.${camel(setting.val)}`;
  }
}

function literal(record: Wire | Port): string {
  const fields = Object.entries(record);
  return `{ ${fields.map(([name, value]) => `${name}: '${value}'`).join(', ')} }`;
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

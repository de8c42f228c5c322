// What arguments have to be, and the error that says so.

import { escaped } from './text.js';

/** A request as an object of the fields that it may have. */
export function record<T extends object>(value: T, what: string, fields = ''): T {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw wrong(what, `an object${fields && ` ${fields}`}`, value);
}

/** A number of something, which may have a fraction. */
export function amount(value: unknown, what: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw wrong(what, 'a number that is 0 or more', value);
}

/** The error for a value that is not what it has to be. */
export function wrong(what: string, expected: string, given: unknown): TypeError {
  return new TypeError(`\`${what}\` has to be ${expected}, not ${shown(given)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${escaped(value)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

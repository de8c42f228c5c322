// Requests, checked and completed.
//
// Arguments are plain objects. What is left out is as `default-options` says, which the fuser
// itself answers: so a new option is known here as soon as it is in `wit/world.wit`. A default tells
// what an option may be, too: a number of 32 bits, or of 64; names and fields come from the WIT file. JavaScript would turn one into another without a word (2 ** 32 into 0, 'no' into true);
// so whatever is not of the option's kind is a `TypeError` that says what is.

import { record, wrong } from './checks.js';
import { escaped } from './text.js';
import { CHOICES, RECORDS } from './generated/kinds.js';
import type { Root } from './generated/fuser.js';
import type { Options } from './generated/types.js';
import type { Bytes, Component, FuseRequest } from './requests.js';

type Wit = Root['fuse'];
type WitOptions = ReturnType<Wit['defaultOptions']>;
type WitInput = Parameters<Wit['fuse']>[0][number];

/** Options that are given, before they are checked. */
export type Given = Partial<Omit<FuseRequest, 'components'>>;

/**
 * Where the package's defaults are not those of the native command. Where JavaScript runs, modules
 * with several memories are not known everywhere, nor to jco unless it is told.
 */
export const DEFAULTS = { memory: 'split' } as const satisfies Partial<Options>;

/** The default options, or those of a target. */
export function defaults(fuse: Wit, target?: string): WitOptions {
  if (target === undefined) return { ...fuse.defaultOptions(), ...DEFAULTS };
  const all = fuse.targets();
  const found = all.find(({ name }) => name === target);
  if (found) return found.options;
  throw wrong('target', `one of ${all.map(({ name }) => `'${name}'`).join(', ')}`, target);
}

/** The default options but for those that are given. */
export function complete({ limits, ...options }: Given, defaults: WitOptions): WitOptions {
  const { limits: most, ...others } = defaults;
  return {
    ...replaced(others, options, 'option', ''),
    limits: replaced(most, limits === undefined ? {} : record(limits, 'limits'), 'limit', 'limits.'),
  };
}

/** Components, checked. */
export function inputs(components: Component[]): WitInput[] {
  if (!Array.isArray(components)) throw wrong('components', 'an array of `{ name, bytes }`', components);
  return components.map((component, index) => {
    const what = `components[${index}]`;
    return input(record(component, what, '`{ name, bytes }`'), `${what}.`);
  });
}

/** A component, checked; `path` leads to it. */
export function input({ name, bytes }: Component, path = ''): WitInput {
  if (typeof name !== 'string') throw wrong(`${path}name`, 'a string', name);
  return { name, bytes: binary(bytes, `${path}bytes`) };
}

/** Bytes, of whatever kind they are given. */
export function binary(bytes: Bytes, what: string): Uint8Array {
  if (typeof bytes === 'string') return new TextEncoder().encode(bytes);
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw wrong(what, 'a Uint8Array, an ArrayBuffer or a string', bytes);
}

/** With numbers for the 64-bit integers, which are sizes and counts. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function replaced<T extends object>(defaults: T, given: object, kind: string, path: string): T {
  const result = { ...defaults } as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).join('`, `');
      throw new TypeError(`there is no ${kind} \`${escaped(name)}\`; there are \`${names}\``);
    }
    if (value !== undefined) result[name] = checked(path + name, value, result[name]);
  }
  return result as T;
}

/** A value of the kind that the default is of. */
function checked(what: string, value: unknown, like: unknown): unknown {
  if (typeof like === 'number') return integer(what, value, 2 ** 32 - 1);
  if (typeof like === 'bigint') return BigInt(integer(what, value, Number.MAX_SAFE_INTEGER));
  if (typeof like === 'boolean') return flag(what, value);
  if (!Array.isArray(like)) return element(what, what, value);
  if (!Array.isArray(value)) throw wrong(what, 'an array', value);
  return value.map((item, index) => element(what, `${what}[${index}]`, item));
}

/** What an option is, or each of its elements. */
function element(option: string, place: string, value: unknown): unknown {
  const [choices, fields] = [CHOICES[option], RECORDS[option]];
  if (choices) return choice(place, value, choices);
  return fields ? strings(place, value, fields) : value;
}

function integer(what: string, value: unknown, most: number): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number;
  throw wrong(what, `an integer from 0 to ${most}`, value);
}

function flag(what: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw wrong(what, 'true or false', value);
}

function choice(what: string, value: unknown, choices: readonly string[]): unknown {
  if (choices.includes(value as string)) return value;
  throw wrong(what, `one of ${choices.map((name) => `'${name}'`).join(', ')}`, value);
}

function strings(what: string, value: unknown, fields: readonly string[]) {
  const given = record(value as Record<string, unknown>, what, `\`{ ${fields.join(', ')} }\``);
  for (const field of fields) {
    if (typeof given[field] !== 'string') throw wrong(`${what}.${field}`, 'a string', given[field]);
  }
  return given;
}

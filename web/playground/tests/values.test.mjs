// Values and declarations, without a browser: reading what is typed, printing what is returned.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { transformWithOxc } from 'vite';

const load = async (name) => {
  const path = new URL(`../src/run/${name}.ts`, import.meta.url);
  const { code } = await transformWithOxc(await readFile(path, 'utf8'), path.pathname);
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
};
const { parse, print, sample } = await load('values');
const { exportsOf } = await load('declarations');

const FILES = new Map([
  ['component.d.ts', `// world root:component/root
import type * as DemoParts from './interfaces/demo-parts.js'; // demo:parts/things@1.0.0
export interface ImportObject {
}
export interface Root {
  'demo:parts/things@1.0.0': typeof DemoParts,
  things: typeof DemoParts,
  greet(name: string): string,
}

/**
`],
  ['interfaces/demo-parts.d.ts', `/** @module Interface demo:parts/things@1.0.0 **/
export function put(thing: Thing, shape: Shape | undefined): Result<number, string>;
export function numbers(bytes: Uint8Array, wide: bigint, pair: [number, string]): void;
export function nest(value: Option<number | undefined>, map: Map<string, number>): void;
export function take(it: Cell): void;
export type Shape = import('./demo-types.js').Shape;
export interface Thing {
  name: string,
  size?: number,
  order: Order,
}
export type Order = 'by-count' | 'by-word';
export class Cell implements Disposable {
}
`],
  ['interfaces/demo-types.d.ts', `/** @module Interface demo:parts/types@1.0.0 **/
export type Shape = ShapeDot | ShapeLabel;
export interface ShapeDot {
  tag: 'dot',
}
export interface ShapeLabel {
  tag: 'label',
  val: string,
}
`],
]);

const found = Object.fromEntries(exportsOf(FILES).map((it) => [it.id, it]));
const type = (id, index) => found[id].params[index].type;
const PUT = 'demo:parts/things@1.0.0#put';
const NUMBERS = 'demo:parts/things@1.0.0#numbers';
const NEST = 'demo:parts/things@1.0.0#nest';

test('exported functions are found, of interfaces and of the world', () => {
  assert.deepEqual(Object.keys(found), [PUT, NUMBERS, NEST, 'demo:parts/things@1.0.0#take', 'greet']);
  assert.match(found['demo:parts/things@1.0.0#take'].problem, /`it`/);
  assert.equal(found.greet.interface, undefined);
});

test('values of all types are read as jco takes them', () => {
  assert.deepEqual(parse('{name: "a\\n\\u{e9}", order: by-word}', type(PUT, 0)), { name: 'a\né', order: 'by-word' });
  assert.deepEqual(parse('{size: some(2.5), name: "", order: by-count}', type(PUT, 0)), { size: 2.5, name: '', order: 'by-count' });
  assert.deepEqual(parse('some(label("x"))', type(PUT, 1)), { tag: 'label', val: 'x' });
  assert.equal(parse('none', type(PUT, 1)), undefined);
  assert.deepEqual(parse('[1, 255,]', type(NUMBERS, 0)), new Uint8Array([1, 255]));
  assert.equal(parse(' -9223372036854775808 ', type(NUMBERS, 1)), -(2n ** 63n));
  assert.deepEqual(parse('(-1e3, "b")', type(NUMBERS, 2)), [-1000, 'b']);
  assert.deepEqual(parse('some(none)', type(NEST, 0)), { tag: 'some', val: undefined });
  assert.deepEqual(parse('[("a", 1)]', type(NEST, 1)), new Map([['a', 1]]));
});

test('what is wrong with a value is told with its place', () => {
  const wrong = (text, of, message) => assert.throws(() => parse(text, of), { message });
  wrong('{name: "a"}', type(PUT, 0), 'expected a record with the field `order` at character 1, found `{`');
  wrong('{name: "a", order: up}', type(PUT, 0), 'expected `by-count` or `by-word` at character 20, found `up`');
  wrong('[1, 2', type(NUMBERS, 0), 'expected `]` at character 6, found the end');
  wrong('1.5', type(NUMBERS, 1), 'expected the end at character 2, found `.`');
  wrong('1 2', type(NUMBERS, 1), 'expected the end at character 3, found `2`');
});

test('the sample of a type is a value of it', () => {
  for (const { params, problem } of Object.values(found)) {
    if (!problem) for (const it of params) parse(sample(it.type), it.type);
  }
});

test('results are printed in the same notation', () => {
  const value = { name: 'a', tags: ['b'], kind: { tag: 'integer', val: 7n }, none: { tag: 'dot' }, bytes: new Uint8Array([1, 2]), gone: undefined };
  assert.equal(print(value), '{name: "a", tags: ["b"], kind: integer(7), none: dot, bytes: [1, 2], gone: none}');
  assert.equal(print(-0), '-0');
  assert.equal(print(new Map([['a', 1]])), '[("a", 1)]');
});

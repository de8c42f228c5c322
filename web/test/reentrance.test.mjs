// A host in JavaScript that calls back: exports are called while an import is served, to any depth.
//
// The guests are those of `tests/reentrance.rs`: which exports the host calls before it answers is drawn from
// a seed. Transpiled by jco, what is fused does what the composition does. What that is, is written down
// here (`guests`), for composed they go through code of jco that does not know a handle which is passed on
// while the host calls back. After a trap, nothing is entered again.
//
// CASES is how many schedules are tried, SEED the first one's seed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { fuse } from 'wasm-fuser';

import { folderWith } from './support/folder.mjs';
import { root } from './support/paths.mjs';

const CASES = Number(process.env.CASES ?? 40);
const SEED = Number(process.env.SEED ?? 1);

const text = (file) => readFileSync(join(root, 'tests/reentrance', file), 'utf8');
const guest = (encoding, secret) => text('guest.wat').replaceAll('ENCODING', encoding).replaceAll('SECRET', secret);
const composition = text('composition.wat')
  .replace('GUEST-A', () => guest('utf16', 'the secret of a'))
  .replace('GUEST-V', () => guest('utf8', 'the secret of v'));

/** What the guests do, given the host. */
function guests(host) {
  const guest = ({ text, bytes, lend, give }, secret) => ({
    text,
    bytes,
    lend: (r) => lend(r) + lend(r),
    give: (r) => (lend(r), give(r)),
    secret: () => secret,
  });
  const memory = Buffer.alloc(24);
  memory.write('the secret of a');
  const wide = memory.toString('utf16le');
  const v = guest(host, 'the secret o');
  return { a: guest(host, wide), v, both: guest(v, wide) };
}

/** Numbers drawn from a seed. */
function draw(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  };
}

const LETTERS = ['a', 'b', 'é', 'ß', '語', '😀'];

function words(below) {
  const length = [0, 1, 7, 40, 300][below(5)];
  return Array.from({ length }, () => LETTERS[below(LETTERS.length)]).join('');
}

/** A component as a function that instantiates it, with the imports that it is given. */
async function transpiled(t, name, bytes) {
  const { files } = await transpileBytes(bytes, { name, instantiation: 'async', multiMemory: false });
  const folder = folderWith(t, {
    'package.json': '{ "type": "module" }',
    ...Object.fromEntries(Object.entries(files)),
  });
  const { instantiate } = await import(pathToFileURL(join(folder, `${name}.js`)));
  const core = async (file) => WebAssembly.compile(readFileSync(join(folder, file)));
  return (imports) => instantiate(core, imports);
}

/** What a form does, given a seed. */
async function run(instantiate, seed) {
  const below = draw(seed);
  const transcript = [];
  let [budget, depth] = [24, 0];
  let exports;

  class R {
    constructor(rep) {
      this.rep = rep;
    }
    [Symbol.for('dispose')]() {
      transcript.push(`${this.rep} is dropped`);
    }
  }
  const shown = (values) =>
    JSON.stringify(values.map((it) => (it instanceof R ? it.rep : it instanceof Uint8Array ? [...it] : it)));

  function call() {
    budget -= 1;
    const of = ['a', 'v', 'both'][below(3)];
    const name = ['text', 'bytes', 'lend', 'give', 'secret'][below(5)];
    const [x, y, rep] = [words(below), words(below), below(1000)];
    const args = {
      text: [x, y],
      bytes: [new TextEncoder().encode(x)],
      lend: [new R(rep)],
      give: [new R(rep)],
      secret: [],
    }[name];
    transcript.push(`${of} ${name}${shown(args)}`);
    const returned = exports[of][name](...args);
    transcript.push(`${of} ${name} = ${shown([returned])}`);
  }

  function served(name, args, answer) {
    transcript.push(`host ${name}${shown(args)}`);
    if (depth < 6) {
      depth += 1;
      for (let calls = below(3); calls > 0 && budget > 0; calls -= 1) call();
      depth -= 1;
    }
    transcript.push(`host ${name} answers`);
    return answer;
  }

  const host = {
    R,
    text: (x, y) => served('text', [x, y], [y, x]),
    bytes: (b) => served('bytes', [b], b.slice()),
    lend: (r) => served('lend', [r], r.rep),
    give: (r) => served('give', [r], new R(r.rep + 1)),
  };
  exports = await instantiate({ host: { default: host, ...host } });
  while (budget > 0) call();
  return transcript;
}

test('a host that calls back gets what it gets of the composition', async (t) => {
  const component = { name: 'composition', bytes: composition };
  const composed = async ({ host }) => guests(host);
  const forms = {};
  for (const memory of ['split', 'single']) {
    for (const shareHandles of [false, true]) {
      const { bytes } = await fuse({ components: [component], memory, shareHandles });
      const again = await fuse({ components: [{ name: 'fused', bytes }], memory, shareHandles });
      forms[`${memory} ${shareHandles}`] = await transpiled(t, 'fused', bytes);
      forms[`${memory} ${shareHandles} twice`] = await transpiled(t, 'fused', again.bytes);
    }
  }
  let deep = 0;
  for (let seed = SEED; seed < SEED + CASES; seed += 1) {
    const expected = await run(composed, seed);
    deep += Number(expected.some((line, at) => line.startsWith('host') && !/^host|dropped/.test(expected[at + 1])));
    for (const [name, form] of Object.entries(forms)) {
      assert.deepEqual(await run(form, seed), expected, `SEED=${seed} CASES=1: ${name}`);
    }
  }
  assert.ok(deep > 0, 'hosts call back');
  t.diagnostic(`${CASES} schedules in ${Object.keys(forms).length} forms, of which ${deep} call back`);
});

test('what has trapped is not entered again, composed and fused', async (t) => {
  const trapping = `
    (component
      (core module $m (func (export "trap") unreachable) (func (export "number") (result i32) (i32.const 7)))
      (component $c
        (core module $m (func (export "trap") unreachable) (func (export "number") (result i32) (i32.const 7)))
        (core instance $m (instantiate $m))
        (func (export "trap") (canon lift (core func $m "trap")))
        (func (export "number") (result u32) (canon lift (core func $m "number"))))
      (instance $a (instantiate $c))
      (instance $b (instantiate $c))
      (export "trap" (func $a "trap"))
      (export "number" (func $b "number")))`;
  const { bytes } = await fuse({ components: [{ name: 'trapping', bytes: trapping }] });
  const { trap, number } = await (await transpiled(t, 'trapping', bytes))({});
  assert.equal(number(), 7);
  assert.throws(trap);
  assert.throws(number, 'another guest of the same instance');
  assert.throws(trap);
});

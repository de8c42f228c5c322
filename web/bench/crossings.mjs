// What a call from one component into another costs in JavaScript, composed and fused.
//
//   node bench/crossings.mjs
//
// Both forms go through jco, with the same options. The loop is in the caller's core code, so what
// is measured is the crossing, and not the call from JavaScript. Figures are the best of several
// runs; ratios are what to look at. jco's bookkeeping for each call came with support for `async`,
// in 2026: older versions of it are much faster composed.

import { readFile } from 'node:fs/promises';

import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { fuse } from 'wasm-fuser';

const KINDS = {
  'u32, u32 -> u32': [({ scalar }, n) => scalar(n), 10_000],
  'string of 64 bytes': [({ string }, n) => string(n), 5_000],
  'list<u8> of 64 bytes': [({ list }, n) => list(n, 64), 5_000],
  'list<u8> of 1 MiB': [({ list }, n) => list(n, 1 << 20), 3],
  'a method': [({ method }, n) => method(n), 5_000],
};

const text = await readFile(new URL('composition.wat', import.meta.url), 'utf8');
const composed = await parse(text);
const fused = (await fuse({ components: [{ name: 'composition', bytes: composed }] })).bytes;
const forms = { composed: await loaded(composed), fused: await loaded(fused) };

console.log(`${process.release.name} ${process.version}, V8 ${process.versions.v8}, ns for each call\n`);
print('', 'composed', 'fused', 'times faster');
for (const [kind, [work, calls]] of Object.entries(KINDS)) {
  const [before, after] = Object.values(forms).map((exports) => best(() => work(exports, calls)));
  const { composed, fused } = { composed: before / calls, fused: after / calls };
  print(kind, composed.toFixed(1), fused.toFixed(1), (composed / fused).toFixed(0));
}

/** A component's exports, as jco makes them. */
async function loaded(bytes) {
  const { files } = await transpileBytes(bytes, { name: 'it', base64Cutoff: Number.MAX_SAFE_INTEGER });
  return import(`data:text/javascript;base64,${Buffer.from(files['it.js']).toString('base64')}`);
}

/** Nanoseconds of the fastest of several runs. */
function best(work) {
  let fastest = Infinity;
  for (let run = 0; run < 15; run += 1) {
    const started = process.hrtime.bigint();
    work();
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - started));
  }
  return fastest;
}

function print(kind, ...figures) {
  console.log(kind.padEnd(22) + figures.map((figure) => figure.padStart(14)).join(''));
}

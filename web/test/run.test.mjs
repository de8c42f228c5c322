// What is fused goes through jco and runs in Node.js: as jco is by default, and with several memories
// in a module where Node.js knows them. It prints what the composition prints under wasmtime.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { fuse, link } from 'wasm-fuser';

import { CHAINS } from './support/chains.mjs';
import { folderWith } from './support/folder.mjs';
import { guest } from './support/guests.mjs';
import { newerNode } from './support/runtimes.mjs';
import { target } from './support/paths.mjs';
import { lend } from './support/project.mjs';

/** Commands: what they are made of, and the words that they are given. */
const PROGRAMS = {
  'the demo': [demo, 'text.txt'],
  ...Object.fromEntries(Object.entries(CHAINS).map(([name, chain]) => [`the chain ${name}`, [chain]])),
};

function demo() {
  return { components: ['report', 'text-stats'].map((name) => ({ name, bytes: guest(name) })) };
}

/** How memories are fused, what jco is told about it, and which Node.js knows the result. */
const PLANS = {
  split: { jco: {}, node: () => process.execPath },
  multi: { jco: { multiMemory: true }, node: newerNode },
};

const MAIN = `
  import { _setPreopens } from '@bytecodealliance/preview2-shim/filesystem';
  import { run } from './it/it.js';
  _setPreopens({ '.': process.cwd() });
  run.run();
`;
const TEXT = 'The boundary is a call.\nA call is a jump,\nand a jump is cheap: naïvely, nothing is left.\n';

for (const [name, [made, ...words]] of Object.entries(PROGRAMS)) {
  for (const [memory, { jco, node }] of Object.entries(PLANS)) {
    test(`${name} prints what its composition does: ${memory}`, async (t) => {
      const request = made();
      const composed = await link(request);
      const { bytes, report } = await fuse({ ...request, memory });
      assert.ok(report.memories.length > 1, 'there is more than one memory');
      const { files } = await transpileBytes(bytes, { name: 'it', ...jco });
      const folder = folderWith(t, {
        'package.json': '{ "type": "module" }',
        'composed.wasm': composed,
        'text.txt': TEXT,
        'main.js': MAIN,
        ...Object.fromEntries(Object.entries(files).map(([file, it]) => [`it/${file}`, it])),
      });
      lend(folder, '@bytecodealliance/preview2-shim');
      const printed = (program, ...first) =>
        execFileSync(program, [...first, ...words], { cwd: folder, encoding: 'utf8' });
      const wasmtime = join(target, 'release/examples/run');
      const expected = printed(wasmtime, '--dir', '.', 'composed.wasm');
      assert.ok(expected.split('\n').length > 5, expected);
      assert.equal(printed(node(), 'main.js'), expected);
    });
  }
}

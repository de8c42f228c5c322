// All hosts write the same bytes: the native command, `wasmtime run`, the command in Node.js and the
// functions of the package, in all their forms.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as inline from 'wasm-fuser/inline';
import * as main from 'wasm-fuser';
import * as worker from 'wasm-fuser/worker';

import { folderWith } from './support/folder.mjs';
import { guest } from './support/guests.mjs';
import { nativeCommand, nodeCommand, root, target } from './support/paths.mjs';

const PROGRAMS = {
  calculator: { names: ['front', 'evaluator', 'arithmetic'] },
  report: { names: ['report', 'text-stats'] },
  values: { names: ['forward', 'echo'] },
  pair: {
    names: ['pair', 'left', 'right'],
    guests: { left: 'counter', right: 'counter' },
    wires: ['left', 'right'],
  },
};

const FORMS = [{}, { emit: 'module' }, { emit: 'flat', names: 'drop' }];

const EXPORT = 'counters:parts/counter@1.0.0';

for (const [name, { names, guests = {}, wires = [] }] of Object.entries(PROGRAMS)) {
  for (const form of FORMS) {
    test(`every host writes the same bytes: ${name} ${JSON.stringify(form)}`, async (t) => {
      const components = names.map((it) => ({ name: it, bytes: guest(guests[it] ?? it) }));
      const files = components.map(({ name, bytes }) => [`${name}.wasm`, bytes]);
      const folder = folderWith(t, Object.fromEntries(files));
      // What the command line has as default, so that both say the same.
      const request = {
        components,
        ...form,
        wires: wires.map((it) => ({
          importer: names[0],
          importName: it,
          provider: it,
          exportName: EXPORT,
        })),
      };
      const flags = [
        ...Object.entries(form).flatMap(([option, value]) => [`--${option}`, value]),
        ...wires.flatMap((it) => ['--wire', `${names[0]}:${it}=${it}:${EXPORT}`]),
      ];
      const arguments_ = ['fuse', ...files.map(([file]) => file), ...flags, '-o'];

      const hashes = {};
      const runner = [`${target}/release/examples/run`, '--dir', '.', `${root}target/fuser.wasm`];
      const commands = { native: nativeCommand, node: nodeCommand };
      // It compiles the fuser each time; what depends on the form is the same for every host.
      if (form === FORMS[0]) commands['wasmtime run'] = runner;
      for (const [host, [program, ...first]] of Object.entries(commands)) {
        const output = `${host.replace(' ', '-')}.out`;
        execFileSync(program, [...first, ...arguments_, output], { cwd: folder, stdio: 'pipe' });
        hashes[host] = hash(readFileSync(join(folder, output)));
      }
      for (const [host, library] of Object.entries({ main, inline, worker })) {
        hashes[host] = hash((await library.fuse(request)).bytes);
      }
      hashes.sync = hash(main.fuseSync(request).bytes);
      assert.deepEqual(new Set(Object.values(hashes)).size, 1, JSON.stringify(hashes, null, 2));
    });
  }
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

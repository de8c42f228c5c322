// All hosts write the same bytes: the native command, `wasmtime run`, the command in Node.js, and the
// functions of the package, in all their forms and in a browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import * as inline from 'wasm-fuser/inline';
import * as main from 'wasm-fuser';
import * as worker from 'wasm-fuser/worker';

import { RESULTS, TELL, listener, visited } from './support/browser.mjs';
import { folderWith } from './support/folder.mjs';
import { debugGuest, guest } from './support/guests.mjs';
import { nativeCommand, nodeCommand, root, target, web } from './support/paths.mjs';

const PROGRAMS = {
  calculator: { names: ['front', 'evaluator', 'arithmetic'] },
  report: { names: ['report', 'text-stats'] },
  values: { names: ['forward', 'echo'] },
  pair: {
    names: ['pair', 'left', 'right'],
    guests: { left: 'counter', right: 'counter' },
    wires: ['left', 'right'],
  },
  faults: {
    names: ['faults-outer', 'faults-inner'],
    guests: { 'faults-outer': 'debug/faults-outer', 'faults-inner': 'debug/faults-inner' },
  },
};

/** Memories are said in each, because the package and the native command have defaults of their own. */
const FORMS = [
  { memory: 'multi' },
  { memory: 'multi', emit: 'module' },
  { memory: 'multi', emit: 'flat', names: 'drop' },
  { memory: 'split' },
  { memory: 'single' },
];

const EXPORT = 'counters:parts/counter@1.0.0';

const CASES = Object.entries(PROGRAMS).flatMap(([program, { names, guests = {}, wires = [] }]) =>
  FORMS.map((form) => ({
    title: `${program} ${JSON.stringify(form)}`,
    form,
    components: names.map((it) => ({ name: it, guest: guests[it] ?? it })),
    wires: wires.map((it) => ({
      importer: names[0],
      importName: it,
      provider: it,
      exportName: EXPORT,
    })),
  })),
);

let inChromium;
before(async () => (inChromium = await chromiumHashes()));

for (const { title, form, components, wires } of CASES) {
  test(`every host writes the same bytes: ${title}`, { timeout: 300_000 }, async (t) => {
    const inputs = components.map(({ name, guest: file }) => ({ name, bytes: built(file) }));
    const files = inputs.map(({ name, bytes }) => [`${name}.wasm`, bytes]);
    const folder = folderWith(t, Object.fromEntries(files));
    const flags = [
      ...Object.entries(form).flatMap(([option, value]) => [`--${option}`, value]),
      ...wires.flatMap(({ importer, importName, provider, exportName }) => [
        '--wire',
        `${importer}:${importName}=${provider}:${exportName}`,
      ]),
    ];
    const arguments_ = ['fuse', ...files.map(([file]) => file), ...flags, '-o'];

    const hashes = {};
    const runner = [`${target}/release/examples/run`, '--dir', '.', `${root}target/wasm-fuser.wasm`];
    const commands = { native: nativeCommand, node: nodeCommand };
    // It compiles the fuser each time; what depends on the form is the same for every host.
    if (form === FORMS[0]) commands['wasmtime run'] = runner;
    for (const [host, [program, ...first]] of Object.entries(commands)) {
      const output = `${host.replace(' ', '-')}.out`;
      execFileSync(program, [...first, ...arguments_, output], { cwd: folder, stdio: 'pipe' });
      hashes[host] = hash(readFileSync(join(folder, output)));
    }
    const request = { components: inputs, ...form, wires };
    for (const [host, library] of Object.entries({ main, inline, worker })) {
      hashes[host] = hash((await library.fuse(request)).bytes);
    }
    hashes.sync = hash(main.fuseSync(request).bytes);
    hashes.chromium = inChromium[title];
    assert.equal(new Set(Object.values(hashes)).size, 1, JSON.stringify(hashes, null, 2));
  });
}

/** A guest, or `debug/` and one: with debug information. */
function built(name) {
  const [, debugged] = name.split('debug/');
  return debugged === undefined ? guest(name) : debugGuest(debugged);
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The hash of each case's result in Chromium, by title. Its modules are the package's, unbundled. */
async function chromiumHashes() {
  const { told, listen } = listener();
  const page = `<!doctype html><meta charset="utf-8"><script type="module">
    import { fuse } from '/dist/index.js';
    ${TELL}
    const bytes = async (name) => new Uint8Array(await (await fetch('/guests/' + name)).arrayBuffer());
    const hex = (bytes) => [...new Uint8Array(bytes)].map((it) => it.toString(16).padStart(2, '0')).join('');
    const hashes = {};
    for (const { title, form, components, wires } of ${JSON.stringify(CASES)}) {
      const inputs = await Promise.all(components.map(async ({ name, guest }) => ({ name, bytes: await bytes(guest) })));
      const fused = await fuse({ components: inputs, ...form, wires });
      hashes[title] = hex(await crypto.subtle.digest('SHA-256', fused.bytes));
    }
    await tell(hashes);
  </script>`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === RESULTS) return listen(request, response);
    const [, folder, ...rest] = pathname.split('/');
    const send = (type, content) => response.writeHead(200, { 'content-type': type }).end(content);
    if (folder === '') return send('text/html', page);
    if (folder === 'guests') return send('application/wasm', built(rest.join('/')));
    const type = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    if (folder === 'dist') return send(type, readFileSync(join(web, 'dist', ...rest)));
    return response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  try {
    const hashes = await visited({ after }, `http://localhost:${server.address().port}/`, told);
    assert.equal(hashes.error, undefined);
    return hashes;
  } finally {
    server.close();
  }
}

// Where the package works: each entry, in each runtime and built by each bundler, for pages and for
// servers. What came out is a table in README.md; with BLESS=1 it is written anew.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { createServer } from 'vite';
import { fuse } from 'wasm-fuser';

import { frames } from './support/browser.mjs';
import { BUNDLERS, TARGETS, plugin } from './support/bundlers.mjs';
import { lend, pack, project } from './support/project.mjs';
import { installed } from './support/runtimes.mjs';
import { web } from './support/paths.mjs';
import { answering, components, doubling, quadruple } from './support/texts.mjs';

const README = join(web, 'README.md');

/** Says what came out: to the page around this one, or on standard output. */
const TELL = `
  const tell = (it) => globalThis.parent?.postMessage(it, '*') ?? console.log(JSON.stringify(it));
`;

/** A program that fuses, by functions of an entry. */
function fusing(entry, ready = '') {
  return `
    import * as fuser from 'wasm-fuser${entry}';
    ${ready}
    ${TELL}
    try {
      const { bytes } = await fuser.fuse({ components: ${JSON.stringify(components)} });
      tell({ bytes: [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join() });
    } catch (error) {
      tell({ error: error.message });
    }
    ${entry === '/worker' ? 'fuser.terminate();' : ''}
  `;
}

/** The same where the bundler has to be helped: what is not beside the module is given. */
function helped(entry, target) {
  const url = (file) => `new URL('./${file}', import.meta.url)`;
  const given = (file) => (target === 'server' ? `await readFile(${url(file)})` : url(file));
  const files = `wasm: ${given('the-fuser.wasm')}, extras: ${given('the-extras.wasm')}`;
  const read = target === 'server' ? "import { readFile } from 'node:fs/promises';\n" : '';
  const thread = entry === '/worker' ? ", thread: new URL('./thread.js', import.meta.url)" : '';
  return fusing(entry, `${read}await fuser.init({ ${files}${thread} });`);
}

const FUSED = `
  import { answer as a } from './a/app.wasm?fuse';
  import { answer as b } from './b/app.wasm?fuse';
  import { quadruple } from './a/app.wac?fuse';
  import { quadruple as set } from 'fuse:set';
  ${TELL}
  tell({ answers: [a(), b(), quadruple(1), set(2)] });
`;

const ENTRIES = { main: '', worker: '/worker', inline: '/inline' };
const OPTIONS = { compositions: { set: ['quadruple.wat', 'doubling.wat'] } };

/** Bundlers that leave files of a package behind, and so have to be helped. */
const LEAVES = { Rollup: TARGETS, Rolldown: TARGETS, esbuild: TARGETS, Bun: TARGETS };

const files = {
  'a/app.wac': `package demo:app;
    let doubling = new demo:doubling {};
    let app = new demo:quadruple { ...doubling };
    export app.quadruple;
  `,
  'quadruple.wat': quadruple,
  'doubling.wat': doubling,
  'plugin.js': FUSED,
  'thread.js': "import 'wasm-fuser/thread';",
};
for (const [name, entry] of Object.entries(ENTRIES)) {
  files[`${name}.js`] = fusing(entry);
  for (const target of TARGETS) files[`${name}-helped-${target}.js`] = helped(entry, target);
}

const packed = pack({ after });
const binary = async (bytes) => (await fuse({ components: [{ name: 'it', bytes }] })).bytes;
const root = project({ after }, packed, {
  ...files,
  'a/app.wasm': await binary(answering(1)),
  'b/app.wasm': await binary(answering(100)),
  'a/deps/demo/doubling.wasm': await binary(doubling),
  'a/deps/demo/quadruple.wasm': await binary(quadruple),
});
lend(root, '@bytecodealliance/jco-transpile', '@bytecodealliance/preview2-shim');

const digest = await crypto.subtle.digest('SHA-256', (await fuse({ components })).bytes);
const fused = { bytes: [...new Uint8Array(digest)].join() };
/** What each entry is to say. */
const expected = { main: fused, worker: fused, inline: fused, plugin: { answers: [1, 100, 4, 8] } };

/** The row of the development server, which comes first. */
const SERVED = 'Vite, development server';
/** What each cell of the table says. */
const cells = { [SERVED]: {} };
/** What is to be opened in Chromium, and who is told what came out. */
const pages = [];

function note(row, column, cell) {
  (cells[row] ??= {})[column] = cell;
}

function printed(program, ...arguments_) {
  const text = execFileSync(program, arguments_, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return JSON.parse(text.trim().split('\n').at(-1));
}

const RUNTIMES = {
  [`Node.js ${process.versions.node.split('.')[0]}`]: () => [process.execPath],
  'Node.js 24': () => [installed('node')],
  Bun: () => [installed('bun')],
  Deno: () => [installed('deno'), 'run', '--no-prompt', '--allow-read', '--node-modules-dir=manual'],
};

for (const [name, command] of Object.entries(RUNTIMES)) {
  test(`${name} runs it`, () => {
    for (const entry of Object.keys(ENTRIES)) {
      assert.deepEqual(printed(...command(), `${entry}.js`), expected[entry], entry);
      note(name, entry, 'yes');
    }
  });
}

test('Bun loads compositions where it runs', () => {
  writeFileSync(join(root, 'preload.js'), `import fuser from 'wasm-fuser/bun'; Bun.plugin(fuser(${JSON.stringify(OPTIONS)}));`);
  assert.deepEqual(printed(installed('bun'), '--preload', './preload.js', 'plugin.js'), expected.plugin);
  note('Bun', 'plugin', 'yes');
});

for (const [bundler, build] of Object.entries(BUNDLERS)) {
  for (const target of TARGETS) {
    const row = `${bundler}, for a ${target}`;
    test(`${row}: what it builds runs`, async () => {
      const output = join(root, 'out', bundler, target);
      const leaves = LEAVES[bundler]?.includes(target) ?? false;
      const modules = { main: 'main.js', worker: 'worker.js', inline: 'inline.js', plugin: 'plugin.js' };
      if (leaves) {
        modules.thread = 'thread.js';
        for (const name of ['main', 'worker']) modules[`${name}-helped-${target}`] = `${name}-helped-${target}.js`;
      }
      await build({ root, modules, target, output, options: OPTIONS });
      for (const file of leaves ? ['fuser.wasm', 'extras.wasm'] : []) {
        copyFileSync(join(web, 'dist', file), join(output, `the-${file}`));
      }
      for (const entry of Object.keys(expected)) {
        const alone = !leaves || !['main', 'worker'].includes(entry);
        const check = (result) => {
          if (alone) assert.deepEqual(result, expected[entry], `${row}: ${entry}`);
          else assert.match(result.error, /import `wasm-fuser\/inline`.*`await init\(/s, `${row}: ${entry}`);
        };
        const checkHelped = (result) => assert.deepEqual(result, expected[entry], `${row}: ${entry}, helped`);
        const scripts = [[entry, check]];
        if (!alone) scripts.push([`${entry}-helped-${target}`, checkHelped]);
        for (const [script, check] of scripts) {
          const file = [`${script}.js`, `${script}.cjs`].find((it) => existsSync(join(output, it)));
          if (target === 'server') check(printed(process.execPath, join(output, file)));
          else pages.push({ folder: output, script: file, classic: /pack/.test(bundler), check });
        }
        note(row, entry, alone ? 'yes' : '`init`');
      }
    });
  }
}

test('Chromium runs it from the development server of Vite, and all that was built for it', async (t) => {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [await plugin(root, 'vite', OPTIONS)],
    server: { port: 0, cors: true },
  });
  await server.listen();
  t.after(() => server.close());
  for (const entry of Object.keys(expected)) {
    writeFileSync(join(root, `${entry}.html`), `<script type="module" src="./${entry}.js"></script>`);
    const url = `${server.resolvedUrls.local[0]}${entry}.html`;
    pages.push({ url, check: (result) => assert.deepEqual(result, expected[entry], `${SERVED}: ${entry}`) });
    note(SERVED, entry, 'yes');
  }
  const results = await frames(t, pages);
  const problems = [];
  for (const [index, { check }] of pages.entries()) {
    try {
      check(results[index]);
    } catch (error) {
      problems.push(error.message);
    }
  }
  assert.deepEqual(problems, []);
});

test('the table says so', () => {
  const names = { main: '`.`', worker: '`/worker`', inline: '`/inline`', plugin: 'plugin' };
  const line = (parts) => `| ${parts.join(' | ')} |\n`;
  const rows = Object.entries(cells).map(([row, found]) =>
    line([row, ...Object.keys(names).map((column) => found[column] ?? '')]),
  );
  const table = line(['', ...Object.values(names)]) + line(['---', '---', '---', '---', '---']) + rows.join('');
  const [start, end] = ['<!-- the table -->\n\n', '\n<!-- is made by test/matrix.test.mjs -->'];
  const text = readFileSync(README, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest.slice(rest.indexOf(end));
  if (process.env.BLESS) writeFileSync(README, before + start + table + after);
  else assert.equal(rest.slice(0, rest.indexOf(end)), table);
});

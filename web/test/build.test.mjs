// `wasm-fuser build`: from components to a JavaScript module.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';

import { fuse } from 'wasm-fuser';

import { folderWith } from './support/folder.mjs';
import { guest } from './support/guests.mjs';
import { nodeCommand, web } from './support/paths.mjs';
import { lend, run } from './support/project.mjs';
import { answering, doubling, quadruple } from './support/texts.mjs';

const WAC = `package demo:app;

let doubling = new demo:doubling {};
let app = new demo:quadruple { ...doubling };
export app.quadruple;
`;

const [program, ...first] = nodeCommand;

/** The bytes of a component in the text format. */
async function binary(bytes) {
  return (await fuse({ components: [{ name: 'it', bytes }] })).bytes;
}

async function project(t, files = {}) {
  return folderWith(t, {
    'package.json': '{ "type": "module" }',
    'app.wac': WAC,
    'deps/demo/doubling.wasm': await binary(doubling),
    'quadruple.wasm': await binary(quadruple),
    ...files,
  });
}

/** What the command prints, and how it ends. */
function built(folder, line) {
  const { status, stdout, stderr } = spawnSync(program, [...first, 'build', ...line.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function files(folder) {
  return readdirSync(join(folder, 'dist'), { recursive: true }).sort();
}

/** What a program says that imports the module. */
function said(folder, module = 'app') {
  writeFileSync(join(folder, 'main.js'), `import { quadruple } from './dist/${module}.js'; console.log(quadruple(5));`);
  return run(folder, 'main.js');
}

test('a WAC file becomes a module, with types', async (t) => {
  const folder = await project(t);
  const { status, stderr } = built(folder, 'app.wac -o dist');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^dist\/app\.js: [\d,]+ bytes from [\d,]+, 1 core module from 2, 1 crossing compiled\n$/);
  assert.deepEqual(files(folder), ['app.core.wasm', 'app.d.ts', 'app.js']);
  assert.equal(said(folder), '20\n');
  writeFileSync(
    join(folder, 'typed.ts'),
    `import { quadruple } from './dist/app.js';
    const result: number = quadruple(5);
    // @ts-expect-error: it takes a number
    quadruple('five');
    console.log(result);`,
  );
  const tsc = join(web, 'node_modules/typescript/bin/tsc');
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  lend(folder, '@types/node', 'undici-types');
  assert.equal(run(folder, tsc, ...flags, 'typed.ts'), '');
});

test('components become a module, in one file if that is asked for', async (t) => {
  const folder = await project(t);
  const { status, stdout } = built(folder, 'quadruple.wasm deps/demo/doubling.wasm --output=dist --inline --module four --explain');
  assert.equal(status, 0);
  assert.match(stdout, /^1 crossing: 1 direct/);
  assert.deepEqual(files(folder), ['four.d.ts', 'four.js']);
  assert.equal(said(folder, 'four'), '20\n');
});

test('packages of a WAC file may be elsewhere', async (t) => {
  const folder = await project(t, { 'lib/twice.wasm': await binary(doubling), 'deps/demo/doubling.wasm': 'none' });
  const { status, stderr } = built(folder, 'app.wac -o dist --dep demo:doubling=lib/twice.wasm');
  assert.equal(status, 0, stderr);
  assert.equal(said(folder), '20\n');
});

test('each memory has a module of its own, unless several in one are asked for', (t) => {
  const guests = Object.fromEntries(['report', 'text-stats'].map((name) => [`${name}.wasm`, guest(name)]));
  const folder = folderWith(t, guests);
  const cores = (...flags) => {
    const output = flags.length > 0 ? 'multi' : 'split';
    const { status, stderr } = built(folder, [...Object.keys(guests), '-o', output, ...flags].join(' '));
    assert.equal(status, 0, stderr);
    return readdirSync(join(folder, output)).filter((file) => file.endsWith('.wasm')).length;
  };
  assert.ok(cores() > cores('--memory', 'multi'));
});

test('what is refused is refused with a place, and what is wrong usage is said to be', async (t) => {
  const folder = await project(t, {
    'wrong.wac': WAC.replace('export app.quadruple', 'export app.triple'),
    'lost.wac': WAC.replace('demo:doubling', 'demo:tripling'),
    'core.wat': '(module)',
  });
  const message = (line, code) => {
    const { status, stderr, stdout } = built(folder, line);
    assert.deepEqual([status, stdout], [code, ''], line);
    return stderr;
  };
  assert.match(message('core.wat -o dist', 1), /^error\[not-a-component\]: /);
  assert.match(message('none.wac -o dist', 1), /^error\[io\]: cannot read `none\.wac`: No such file/);
  assert.match(message('wrong.wac -o dist', 1), /^error\[invalid-wac\]: .*no export named `triple`\n/);
  assert.match(message('lost.wac -o dist', 1), /^error\[invalid-wac\]: unknown package `demo:tripling`; looked for /);
  assert.match(message('app.wac', 2), /--output <OUTPUT>[^]*Usage: wasm-fuser build /);
  assert.match(message('app.wac -o -', 2), /^error: '--output' is a folder/);
  assert.match(message('app.wac -o dist --fast', 2), /unexpected argument '--fast'/);
  assert.match(message('app.wac -o dist --module', 2), /^error: a value is required for '--module'/);
  assert.match(message('app.wac -o dist --map demo', 2), /^error: '--map' takes two names: --map A=B/);
  assert.ok(!existsSync(join(folder, 'dist')), 'nothing is written');
  assert.match(built(folder, '--help').stdout, /^Make a JavaScript module[^]*--watch/);
});

test('with `--watch` it is done again when an input has changed, also after an error', { timeout: 60_000 }, async (t) => {
  const folder = await project(t, { 'a.wasm': await binary(answering(1)) });
  const child = spawn(program, [...first, 'build', 'a.wasm', '-o', 'dist', '--watch'], { cwd: folder, stdio: 'pipe' });
  t.after(() => child.kill());
  let told = '';
  child.stderr.on('data', (text) => (told += text));
  const until = async (pattern, text) => {
    while (!pattern.test(text())) await sleep(20);
  };
  const core = () => (existsSync(join(folder, 'dist/a.core.wasm')) ? readFileSync(join(folder, 'dist/a.core.wasm')) : '');
  const answer = async () => (await WebAssembly.instantiate(core())).instance.exports.answer();
  await until(/^dist\/a\.js: .*\n/, () => told);
  assert.equal(await answer(), 1);
  told = '';
  writeFileSync(join(folder, 'a.wasm'), 'not a component');
  await until(/error\[/, () => told);
  assert.equal(await answer(), 1, 'what was there is still there');
  told = '';
  // As editors and compilers do it: a new file takes its place.
  writeFileSync(join(folder, 'new.wasm'), await binary(answering(2)));
  renameSync(join(folder, 'new.wasm'), join(folder, 'a.wasm'));
  await until(/dist\/a\.js: /, () => told);
  assert.equal(await answer(), 2);
});

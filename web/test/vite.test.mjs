// The plugin: compositions as modules, built and served.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { rolldown } from 'rolldown';
import { build, createServer } from 'vite';
import { fuse } from 'wasm-fuser';
import fuser from 'wasm-fuser/vite';

import { folderWith } from './support/folder.mjs';
import { lend, run } from './support/project.mjs';
import { web } from './support/paths.mjs';
import { components, doubling, quadruple } from './support/texts.mjs';

const WAC = `package demo:app;

let doubling = new demo:doubling {};
let app = new demo:quadruple { ...doubling };
export app.quadruple;
`;

const MAIN = `
import { quadruple } from './app.wasm?fuse';
import { quadruple as byWac } from './app.wac?fuse';
import { quadruple as bySet } from 'fuse:set';
export const results = [quadruple(5), byWac(6), bySet(7)];
globalThis.results = results;
`;

const RESULTS = [20, 24, 28];

const SET = { compositions: { set: ['quadruple.wat', 'doubling.wat'] } };

/** The bytes of a component in the text format. */
async function binary(name, bytes) {
  return (await fuse({ components: [{ name, bytes }] })).bytes;
}

/** A project that imports a composition in each way. */
async function project(t, files = {}) {
  const folder = folderWith(t, {
    'package.json': '{ "type": "module" }',
    'index.html': '<script type="module" src="./main.js"></script>',
    'main.js': MAIN,
    'app.wasm': (await fuse({ components, emit: 'flat' })).bytes,
    'app.wac': WAC,
    'deps/demo/doubling.wasm': await binary('doubling', doubling),
    'quadruple.wasm': await binary('quadruple', quadruple),
    'quadruple.wat': quadruple,
    'doubling.wat': doubling,
    ...files,
  });
  lend(folder, '@bytecodealliance/jco-transpile', '@types/node');
  return folder;
}

const quiet = { configFile: false, logLevel: 'silent' };

test('a build for a server is a module without other files', async (t) => {
  const root = await project(t);
  await build({ ...quiet, root, plugins: [fuser(SET)], build: { ssr: 'main.js' } });
  assert.deepEqual(readdirSync(join(root, 'dist')), ['main.js']);
  const { results } = await import(pathToFileURL(join(root, 'dist/main.js')));
  assert.deepEqual(results, RESULTS);
});

test('a build for a page has the core modules as files', async (t) => {
  const root = await project(t);
  await build({ ...quiet, root, plugins: [fuser(SET)], build: { assetsInlineLimit: 0 } });
  const files = readdirSync(join(root, 'dist/assets'));
  // The three are fused to equal modules, and so are one file.
  assert.equal(files.filter((file) => /\.core-[\w-]+\.wasm$/.test(file)).length, 1, `${files}`);
});

test('Rollup builds it too', async (t) => {
  const root = await project(t);
  const bundle = await rolldown({
    input: join(root, 'main.js'),
    // Rollup says nothing of a project's root: files are relative to the working directory.
    plugins: [fuser({ compositions: { set: SET.compositions.set.map((it) => join(root, it)) }, types: false })],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  const wasm = output.filter(({ fileName }) => fileName.endsWith('.wasm'));
  assert.equal(wasm.length, 1);
  for (const { fileName } of wasm) assert.ok(output[0].code.includes(fileName), fileName);
});

async function served(t, root, plugin) {
  const server = await createServer({
    ...quiet,
    root,
    plugins: [plugin],
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  t.after(() => server.close());
  return server;
}

test('the development server has the modules, for pages and for servers', async (t) => {
  const root = await project(t);
  const server = await served(t, root, fuser(SET));
  assert.deepEqual((await server.ssrLoadModule('/main.js')).results, RESULTS);
  const page = await server.transformRequest('/app.wasm?fuse');
  assert.match(page.code, /app\.core\.wasm\?url|app\.core\.wasm/);
});

test('an error says what is wrong, in which file and where', async (t) => {
  const root = await project(t, {
    'core.wasm': new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
    'wrong.wac': WAC.replace('export app.quadruple', 'export app.triple'),
    'lost.wac': WAC.replace('demo:doubling', 'demo:tripling'),
  });
  const server = await served(t, root, fuser(SET));
  const message = async (id) => {
    const error = await server.ssrLoadModule(id).then(() => assert.fail(`${id} loads`), (it) => it);
    return { text: error.message, loc: error.loc, id: error.id };
  };
  const core = await message('/core.wasm?fuse');
  assert.match(core.text, /\[not-a-component\] expected a component/);
  assert.match(core.text, /help: .*wasm-tools component new/);
  assert.match(core.id, /core\.wasm/);
  const wrong = await message('/wrong.wac?fuse');
  assert.match(wrong.text, /no export named `triple`/);
  assert.deepEqual([wrong.loc.line, wrong.loc.column], [5, 10]);
  const lost = await message('/lost.wac?fuse');
  assert.match(lost.text, /unknown package `demo:tripling`; looked for `.*deps.demo.tripling\.wasm`/);
  const unnamed = await message('fuse:other');
  assert.match(unnamed.text, /no composition `other`; .* has `set`/);
});

test('a project in TypeScript gets the types of what it imports', async (t) => {
  const root = await project(t, {
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        noEmit: true,
        types: [],
      },
      include: ['*.ts'],
    }),
    'typed.ts': `
      import { quadruple } from './app.wasm?fuse';
      import { quadruple as bySet } from 'fuse:set';
      const result: number = quadruple(5) + bySet(6);
      // @ts-expect-error: it takes a number
      quadruple('five');
      console.log(result);
    `,
  });
  await build({ ...quiet, root, plugins: [fuser(SET)] });
  assert.match(readFileSync(join(root, 'wasm-fuser.d.ts'), 'utf8'), /declare module '\*\/app\.wac\?fuse'/);
  const tsc = join(web, 'node_modules/typescript/bin/tsc');
  const checked = () => run(root, tsc, '-p', root);
  assert.equal(checked(), '');
  writeFileSync(join(root, 'typed.ts'), "import { triple } from './app.wasm?fuse';\ntriple();\n");
  assert.throws(checked, /status 2|Command failed/);
});

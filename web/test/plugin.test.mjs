// The plugin: compositions as modules, built and served. In which bundlers is for `matrix.test.mjs`.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { build as esbuild } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { build, createServer } from 'vite';
import { fuse } from 'wasm-fuser';
import fuserForEsbuild from 'wasm-fuser/esbuild';
import fuserForRolldown from 'wasm-fuser/rolldown';
import fuserForRollup from 'wasm-fuser/rollup';
import fuser from 'wasm-fuser/vite';

import { folderWith } from './support/folder.mjs';
import { lend, run } from './support/project.mjs';
import { web } from './support/paths.mjs';
import { answering, components, doubling, quadruple } from './support/texts.mjs';

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

/** A bundle by Rollup or Rolldown: what it writes, and what it warns of. */
async function rolled(bundler, root, plugin) {
  const warnings = [];
  const bundle = await bundler({
    input: join(root, 'main.js'),
    plugins: [plugin],
    onLog: (level, { message }) => level === 'warn' && warnings.push(message),
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  return { output, warnings };
}

for (const [name, bundler, plugin] of [
  ['Rollup', rollup, fuserForRollup],
  ['Rolldown', rolldown, fuserForRolldown],
]) {
  test(`${name} builds it too, and has nothing to warn of`, async (t) => {
    const root = await project(t);
    const { output, warnings } = await rolled(bundler, root, plugin({ root, ...SET }));
    const wasm = output.filter(({ fileName }) => fileName.endsWith('.wasm'));
    assert.equal(wasm.length, 1);
    for (const { fileName } of wasm) assert.ok(output[0].code.includes(fileName), fileName);
    assert.deepEqual(warnings, []);
  });

  test(`${name} builds it for Node.js`, async (t) => {
    const root = await project(t);
    const { output } = await rolled(bundler, root, plugin({ root, ...SET, inline: true }));
    assert.equal(output.length, 1);
    writeFileSync(join(root, 'out.mjs'), output[0].code);
    assert.deepEqual((await import(pathToFileURL(join(root, 'out.mjs')))).results, RESULTS);
  });
}

test('modules may have several memories, if the options or the target are of those that allow it', async (t) => {
  const two = `(component
    (core module $m (memory 1) (memory 1) (func (export "f") (result i32) (i32.load 1 (i32.const 0))))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))`;
  const root = await project(t, { 'main.js': "import { f } from './app.wasm?fuse'; globalThis.it = f;", 'app.wasm': two });
  for (const [options, modules] of [[{ target: 'browser' }, 2], [{ memory: 'multi' }, 1], [{ target: 'wasmtime' }, 1]]) {
    const { output } = await rolled(rollup, root, fuserForRollup({ root, ...options }));
    assert.equal(output.filter(({ fileName }) => fileName.endsWith('.wasm')).length, modules);
  }
});

test('the id of an asset may have any characters', async (t) => {
  const root = await project(t);
  const id = "a$$b$&c$'d$`e";
  const context = { addWatchFile() {}, warn: assert.fail, error: assert.fail, emitFile: () => id };
  const { code } = await fuserForRollup({ types: false }).load.call(context, `${join(root, 'app.wasm')}?fuse`);
  assert.ok(code.includes(`import.meta.ROLLUP_FILE_URL_${id})`), code.match(/.*ROLLUP_FILE_URL.*/)?.[0]);
});

/** What a module that was fused answers, by the functions of its core modules. */
const TWO = {
  'a/app.wasm': 1,
  'b/app.wasm': 100,
};

/** A project that imports two components of one name, and a WAC file of that name. */
async function alike(t, files = {}) {
  const answers = {};
  for (const [file, number] of Object.entries(TWO)) answers[file] = await binary('app', answering(number));
  return project(t, {
    ...answers,
    'a/app.wac': WAC,
    'a/deps/demo/doubling.wasm': await binary('doubling', doubling),
    'a/deps/demo/quadruple.wasm': await binary('quadruple', quadruple),
    'main.js': `
      import { answer as a } from './a/app.wasm?fuse';
      import { answer as b } from './b/app.wasm?fuse';
      import { quadruple } from './a/app.wac?fuse';
      export const results = [a(), b(), quadruple(1)];
      globalThis.results = results;
    `,
    ...files,
  });
}

test('two files of one name are two modules, while Vite serves', async (t) => {
  const root = await alike(t);
  const server = await served(t, root, fuser());
  assert.deepEqual((await server.ssrLoadModule('/main.js')).results, [1, 100, 4]);
  const codes = [];
  for (const file of ['/a/app.wasm', '/b/app.wasm', '/a/app.wac']) {
    codes.push((await server.transformRequest(`${file}?fuse`)).code);
  }
  // A page asks for core modules when it has all of the code.
  const cores = [];
  for (const code of codes) {
    const [, url] = code.match(/from "([^"]+\.wasm\?[^"]*url)"/) ?? code.match(/import wasm\d+ from "([^"]+)"/);
    const { code: asset } = await server.transformRequest(url);
    const [, path] = asset.match(/"([^"]+\.wasm)"/);
    const bytes = readFileSync(path.startsWith('/@fs/') ? path.slice(4) : join(root, path));
    const { instance } = await WebAssembly.instantiate(bytes);
    const { answer, quadruple } = instance.exports;
    cores.push(answer ? answer() : quadruple(1));
  }
  assert.deepEqual(cores, [1, 100, 4]);
});

test('two files of one name are two modules in builds', async (t) => {
  const root = await alike(t);
  for (const [bundler, plugin] of [[rollup, fuserForRollup], [rolldown, fuserForRolldown]]) {
    const { output } = await rolled(bundler, root, plugin({ root }));
    assert.equal(output.filter(({ fileName }) => fileName.endsWith('.wasm')).length, 3);
  }
  await esbuild({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    bundle: true,
    format: 'esm',
    outdir: 'out',
    logLevel: 'silent',
    plugins: [fuserForEsbuild()],
  });
  assert.equal(readdirSync(join(root, 'out')).filter((file) => file.endsWith('.wasm')).length, 3);
});

test('the components of a composition are a list, and keep their order', async (t) => {
  const root = await project(t, {
    'app/component.wasm': await binary('quadruple', quadruple),
    'lib/component.wasm': await binary('doubling', doubling),
    'named.js': "import { quadruple } from 'fuse:named'; export const result = quadruple(5);",
    'numbers.js': "import { quadruple } from 'fuse:numbers'; export const result = quadruple(5);",
  });
  const files = ['app/component.wasm', 'lib/component.wasm'];
  const named = (...names) => files.map((file, index) => ({ name: names[index], file }));
  const compositions = {
    alike: files,
    named: named('app', 'words'),
    // In an object, 2 would come before 10.
    numbers: { components: named('10', '2') },
    object: { components: { app: files[0], words: files[1] } },
  };
  const server = await served(t, root, fuser({ compositions }));
  const result = async (id) => (await server.ssrLoadModule(id)).result;
  assert.equal(await result('/named.js'), 20);
  assert.equal(await result('/numbers.js'), 20);
  await assert.rejects(server.ssrLoadModule('fuse:alike'), /\[duplicate-input\] .*`component`/);
  await assert.rejects(server.ssrLoadModule('fuse:object'), /`compositions.object.components` has to be an array, such as/);
  await assert.rejects(server.ssrLoadModule('fuse:toString'), /no composition `toString`/);
});

test('there may be other parameters beside `fuse`, but no others alone', async (t) => {
  const root = await project(t, {
    'main.js': `
      import { quadruple as one } from './app.wasm?fuse&x=1';
      import { quadruple as two } from './app.wasm?x=2&fuse';
      export const results = [one(1), two(2)];
    `,
    'other.js': "export { default } from './app.wasm?refuse';",
  });
  const server = await served(t, root, fuser());
  assert.deepEqual((await server.ssrLoadModule('/main.js')).results, [4, 8]);
  const { output, warnings } = await rolled(rolldown, root, fuserForRolldown({ root, inline: true }));
  assert.deepEqual(warnings, []);
  const modules = Object.keys(output[0].modules).filter((id) => id.includes('app.wasm'));
  assert.equal(modules.length, 2, `${modules}`);
  await assert.rejects(server.ssrLoadModule('/other.js'));
});

test('a worker of a page may import compositions, without more being said', async (t) => {
  const root = await project(t, {
    'index.html': '<script type="module" src="./page.js"></script>',
    'page.js': "new Worker(new URL('./work.js', import.meta.url), { type: 'module' });",
    'work.js': "import { quadruple } from './app.wasm?fuse'; postMessage(quadruple(5));",
  });
  await build({ ...quiet, root, plugins: [fuser(SET)], build: { assetsInlineLimit: 0 } });
  const files = readdirSync(join(root, 'dist/assets'));
  const worker = files.find((file) => /^work-.*\.js$/.test(file));
  const [core] = readFileSync(join(root, 'dist/assets', worker), 'utf8').match(/app\.core-[\w-]+\.wasm/);
  assert.ok(files.includes(core), `${core} of ${files}`);
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
  assert.match(page.code, /app\.[0-9a-f]{16}\.core\.wasm\?/);
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

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    types: [],
  },
  include: ['**/*.ts'],
});

function typesOf(root) {
  return run(root, join(web, 'node_modules/typescript/bin/tsc'), '-p', root);
}

test('a project in TypeScript gets the types of what it imports', async (t) => {
  const root = await project(t, {
    'tsconfig.json': TSCONFIG,
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
  assert.equal(typesOf(root), '');
  writeFileSync(join(root, 'typed.ts'), "import { triple } from './app.wasm?fuse';\ntriple();\n");
  assert.throws(() => typesOf(root), /status 2|Command failed/);
});

test('two files of one name have two declarations', async (t) => {
  const root = await alike(t, {
    'b/app.wasm': await binary('app', answering(100).replaceAll('answer', 'reply')),
    'main.js': "import './a/app.wasm?fuse';\nimport './b/app.wasm?fuse';\nimport './app.wasm?fuse';\n",
    'tsconfig.json': TSCONFIG,
    'typed.ts': `
      import { answer } from './a/app.wasm?fuse';
      import { reply } from './b/app.wasm?fuse';
      import { quadruple } from './app.wasm?fuse';
      // @ts-expect-error: the other has it
      import { reply as none } from './a/app.wasm?fuse';
      const numbers: number[] = [answer(), reply(), quadruple(1)];
      console.log(numbers, none);
    `,
  });
  await build({ ...quiet, root, plugins: [fuser()] });
  assert.equal(typesOf(root), '');
});

/** Projects of so many components, all of which are imported at once. */
const MANY = 12;

test('declarations are whole at all times, whoever writes them', async (t) => {
  const numbers = Array.from({ length: MANY }, (_, number) => number);
  const files = {};
  for (const number of numbers) {
    files[`n${number}.wasm`] = await binary('app', answering(number).replaceAll('answer', `answer-${number}`));
  }
  const importing = (some) => some.map((number) => `import './n${number}.wasm?fuse';`).join('\n');
  const root = await project(t, {
    ...files,
    'main.js': importing(numbers),
    'odd.js': importing(numbers.filter((number) => number % 2 === 1)),
    'even.js': importing(numbers.filter((number) => number % 2 === 0)),
    'tsconfig.json': TSCONFIG,
    'typed.ts': `${numbers.map((number) => `import { answer${number} } from './n${number}.wasm?fuse';`).join('\n')}
      const all: number[] = [${numbers.map((number) => `answer${number}()`)}];
      console.log(all);
    `,
  });
  const file = join(root, 'wasm-fuser.d.ts');
  const braces = (text) => [text.split('{').length, text.split('}').length];
  const seen = [];
  const look = (_, name) => name === 'wasm-fuser.d.ts' && existsSync(file) && seen.push(readFileSync(file, 'utf8'));
  const watcher = watch(root, look);
  t.after(() => watcher.close());

  // All at once, by one plugin.
  await build({ ...quiet, root, plugins: [fuser()] });
  const whole = readFileSync(file, 'utf8');
  assert.equal(whole.match(/^declare module '\*/gm).length, MANY);
  assert.equal(typesOf(root), '');

  // By two builds at once, each of which knows half of it.
  rmSync(file);
  const half = (input) =>
    build({ ...quiet, root, plugins: [fuser()], build: { write: false, ssr: input } });
  await Promise.all([half('odd.js'), half('even.js')]);
  assert.equal(readFileSync(file, 'utf8'), whole);

  // By one that knows half of it, after all of it was known.
  await half('odd.js');
  assert.equal(readFileSync(file, 'utf8'), whole);
  for (const text of seen) {
    const [opened, closed] = braces(text);
    assert.equal(opened, closed, text);
  }
  assert.deepEqual(readdirSync(root).filter((name) => name.endsWith('.tmp')), []);

  // What is gone is forgotten.
  rmSync(join(root, 'n1.wasm'));
  await half('even.js');
  assert.equal(readFileSync(file, 'utf8').match(/^declare module '\*/gm).length, MANY - 1);
});

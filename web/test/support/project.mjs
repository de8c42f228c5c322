// The package as its users have it: packed, and installed into a folder of its own.

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { folderWith } from './folder.mjs';
import { web } from './paths.mjs';

/** Packs the package; what npm says about it. */
export function pack(test) {
  const folder = folderWith(test);
  const arguments_ = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [description] = JSON.parse(npm(arguments_, web));
  return { ...description, tarball: join(folder, description.filename) };
}

/** A project with these files that has the package installed from its tarball. */
export function project(test, { tarball }, files) {
  const folder = folderWith(test, { 'package.json': '{ "type": "module" }', ...files });
  npm(['install', '--offline', '--no-save', '--legacy-peer-deps', tarball], folder);
  return folder;
}

/** Lets a project have what this one has installed, without fetching it again. */
export function lend(folder, ...packages) {
  for (const name of packages) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(web, 'node_modules', name), place);
  }
}

/** What a program prints, run by Node.js in a folder. */
export function run(folder, ...arguments_) {
  return execFileSync(process.execPath, arguments_, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

function npm(arguments_, cwd) {
  const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false' };
  return execFileSync('npm', arguments_, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}


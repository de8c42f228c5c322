// Guests, built from `tests/guests` when a test first asks for one.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { root } from './paths.mjs';

const folder = `${root}tests/guests/target/wasm32-wasip2/release`;
let built = false;

/** The file of the guest with this name. */
export function guestFile(name) {
  if (!built) build();
  built = true;
  return `${folder}/${name.replaceAll('-', '_')}.wasm`;
}

/** Its bytes. */
export function guest(name) {
  return readFileSync(guestFile(name));
}

/** Guests as the components of a request. */
export function guests(...names) {
  return names.map((name) => ({ name, bytes: guest(name) }));
}

function build() {
  const { CARGO_BUILD_TARGET, RUSTFLAGS, ...env } = process.env;
  const options = { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  const toolchain = execFileSync('scripts/wasi-toolchain.sh', options).split(/\s+/).filter(Boolean);
  const manifest = ['--manifest-path', 'tests/guests/Cargo.toml'];
  const output = ['--target-dir', 'tests/guests/target', '--target', 'wasm32-wasip2'];
  const flags = ['build', '--quiet', '--locked', '--release', ...output, ...manifest];
  execFileSync('cargo', [...toolchain, ...flags], options);
}

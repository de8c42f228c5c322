// Guests, built from `tests/guests` when a test first asks for one.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import { root } from './paths.mjs';

const folder = `${root}tests/guests/target/wasm32-wasip2/release`;
let built = false;

/** The component of the guest with this name: a package, or an example of one. */
export function guest(name) {
  if (!built) build();
  built = true;
  const library = `${name.replaceAll('-', '_')}.wasm`;
  const files = [library, `${name}.wasm`, `examples/${library}`].map((file) => `${folder}/${file}`);
  return readFileSync(files.find((file) => existsSync(file)) ?? files[0]);
}

function build() {
  const { CARGO_BUILD_TARGET, RUSTFLAGS, ...env } = process.env;
  const options = { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  const toolchain = execFileSync('scripts/wasi-toolchain.sh', options).split(/\s+/).filter(Boolean);
  const manifest = ['--manifest-path', 'tests/guests/Cargo.toml'];
  const output = ['--target-dir', 'tests/guests/target', '--target', 'wasm32-wasip2'];
  const targets = ['--lib', '--bins', '--examples'];
  const flags = ['build', '--quiet', '--locked', '--release', ...targets, ...output, ...manifest];
  execFileSync('cargo', [...toolchain, ...flags], options);
}

// Guests, built from `tests/guests` when a test first asks for one.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import { root } from './paths.mjs';

const target = 'tests/guests/target';
let built = false;

/** The component of the guest with this name: a package, or an example of one. */
export function guest(name) {
  if (!built) build(target, ['--lib', '--bins', '--examples']);
  built = true;
  return file(target, name);
}

/** The same with all of its debug information, as tests in Rust have it. */
export function debugGuest(name) {
  const own = `${target}/dwarf-5`;
  const profile = ['debug=2', 'strip=false', 'lto="off"'];
  const settings = profile.flatMap((it) => ['--config', `profile.release.${it}`]);
  build(own, ['--package', name, ...settings], { RUSTFLAGS: '-C dwarf-version=5' });
  return file(own, name);
}

function file(target, name) {
  const library = `${name.replaceAll('-', '_')}.wasm`;
  const folder = `${root}${target}/wasm32-wasip2/release`;
  const files = [library, `${name}.wasm`, `examples/${library}`].map((file) => `${folder}/${file}`);
  return readFileSync(files.find((file) => existsSync(file)) ?? files[0]);
}

function build(target, what, more = {}) {
  const { CARGO_BUILD_TARGET, RUSTFLAGS, ...env } = process.env;
  const options = { cwd: root, env: { ...env, ...more }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  const toolchain = execFileSync('scripts/wasi-toolchain.sh', options).split(/\s+/).filter(Boolean);
  const manifest = ['--manifest-path', 'tests/guests/Cargo.toml'];
  const output = ['--target-dir', target, '--target', 'wasm32-wasip2'];
  const flags = ['build', '--quiet', '--locked', '--release', ...what, ...output, ...manifest];
  execFileSync('cargo', [...toolchain, ...flags], options);
}

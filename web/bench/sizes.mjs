// What the package costs: to install, to load, and in the script of a page.
//
//   node bench/sizes.mjs [FOLDER...]     the packages in these folders, side by side
//
// Time is that of the processor, of all threads, from the start of Node.js to the first result; the
// least of several runs, which alternate between the packages. Node.js itself is the line `nothing`.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const RUNS = 9;
/** The smallest component. */
const EMPTY = [0, 0x61, 0x73, 0x6d, 13, 0, 1, 0];
const here = fileURLToPath(new URL('..', import.meta.url));
const folders = (process.argv.length > 2 ? process.argv.slice(2) : [here]).map((it) => resolve(it));
const packages = folders.map((folder) => ({
  folder,
  exports: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).exports,
}));
let files = 0;
const temporary = mkdtempSync(join(tmpdir(), 'wasm-fuser-'));

const line = (what, values) => console.log(what.padEnd(32), ...values.map((it) => it.padStart(22)));
const kilobytes = (...all) => all.map((bytes) => `${(bytes / 1000).toFixed(0)} kB`).join(', ');
const zipped = (bytes) => kilobytes(bytes.length, gzipSync(bytes, { level: 9 }).length);

const packs = packages.map(({ folder: cwd }) => {
  const arguments_ = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const [{ size, unpackedSize }] = JSON.parse(execFileSync('npm', arguments_, { cwd, stdio: 'pipe' }));
  return kilobytes(unpackedSize, size);
});
line('the package, and packed', packs);

console.log('\nits files, and compressed');
const CARRIED = [
  'fuser.wasm', 'generated/fuser.js', 'extras.wasm', 'generated/extras/extras.js',
  'generated/cli/cli.core.wasm', 'generated/cli/cli.js', 'generated/wac/wac.core.wasm', 'generated/wac/wac.js',
];
for (const file of CARRIED) {
  line(file, packages.map(({ folder }) => zipped(readFileSync(join(folder, 'dist', file)))));
}

console.log('\nthe script of a page, minified by esbuild, and compressed');
for (const entry of ['.', './worker', './inline']) {
  line(entry, await Promise.all(packages.map((it) => script(it, entry))));
}

async function script({ folder, exports }, entry) {
  const contents = `export { fuse } from '${join(folder, exports[entry].default)}';`;
  const stdin = { contents, resolveDir: folder };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: 'esm', write: false });
  return zipped(outputFiles[0].contents);
}

console.log('\nto the first result in Node.js');
const main = ({ folder }) => join(folder, 'dist/cli/main.js');
measure('nothing', () => [program('')]);
for (const entry of ['.', './worker', './inline']) {
  measure(entry, ({ folder, exports }) => {
    const module = join(folder, exports[entry].node ?? exports[entry].default);
    return [program(`import { inspect } from '${module}'; await inspect({ bytes: Uint8Array.of(${EMPTY}) });`)];
  });
}
measure('the command, --version', (it) => [main(it), '--version']);
measure('the command, fuse --help', (it) => [main(it), 'fuse', '--help']);
rmSync(temporary, { recursive: true });

function measure(what, command) {
  const least = packages.map(() => Infinity);
  for (let run = 0; run < RUNS; run += 1) {
    packages.forEach((it, index) => (least[index] = Math.min(least[index], processorTime(command(it)))));
  }
  const ratio = least.length > 1 ? [(least[0] / least[1]).toFixed(2)] : [];
  line(what, [...least.map((it) => `${it.toFixed(0)} ms`), ...ratio]);
}

function processorTime(arguments_) {
  const told = `import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write('\\nspent ' + (user + system) / 1000);
  })`;
  const hook = ['--import', `data:text/javascript,${encodeURIComponent(told)}`];
  const { stderr, status } = spawnSync(process.execPath, [...hook, ...arguments_], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stderr.match(/^spent ([\d.]+)/m)[1]);
}

function program(code) {
  const file = join(temporary, `main${(files += 1)}.mjs`);
  writeFileSync(file, code);
  return file;
}

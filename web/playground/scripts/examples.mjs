// Builds the examples that the page offers, into public/examples, from this project's own sources.
//
//   node scripts/examples.mjs
//
// Rust guests are those of the tests; the chain is text; the JavaScript guest is QuickJS with a few
// lines of source. All of it takes seconds once the Rust guests are compiled, so an example that is
// offered is always there.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { componentize } from 'componentize-qjs';
import { link } from 'wasm-fuser';

const here = fileURLToPath(new URL('..', import.meta.url));
const root = join(here, '../..');
const guests = join(root, 'tests/guests');
const built = join(guests, 'target/wasm32-wasip2/release');
const output = join(here, 'public/examples');

const TEXT = `The boundary is a call.
A call is a jump, and a jump is cheap:
call after call, nothing of the boundary is left.
`;

const EXAMPLES = [
  {
    id: 'demo',
    title: 'Demo',
    text: 'A command in Rust that reports on a text, and the component that it asks.',
    files: ['demo.wasm'],
    run: { export: 'wasi:cli/run@0.2.0#run', values: [] },
  },
  {
    id: 'calculator',
    title: 'Calculator',
    text: 'Three components in Rust, linked here: all kinds of values cross.',
    files: ['front.wasm', 'evaluator.wasm', 'arithmetic.wasm'],
    run: {
      export: 'calculator:parts/front@1.0.0#describe',
      values: [JSON.stringify('a = 3; b = a ^ 2 + 1; b / 4')],
    },
  },
  {
    id: 'chain',
    title: 'Re-exporter chain',
    text: 'A resource round a resource of another component, in text.',
    files: ['runner.wat', 'counters.wat', 'cells.wat'],
    run: { export: 'count', values: ['40', '1000'] },
  },
  {
    id: 'js-rust',
    title: 'JavaScript + Rust',
    text: 'QuickJS with a few lines of source calls Rust: 11 core modules and more.',
    files: ['reader.wasm', 'text_stats.wasm'],
    run: { export: 'top', values: [JSON.stringify(TEXT), '3'] },
  },
];

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
rust();
const component = async (name) => ({ name, bytes: await readFile(join(built, `${name}.wasm`)) });
await write('demo.wasm', await link({ components: [await component('report'), await component('text_stats')] }));
for (const name of ['front', 'evaluator', 'arithmetic', 'text_stats']) {
  await write(`${name}.wasm`, (await component(name)).bytes);
}
for (const name of ['runner', 'counters', 'cells']) {
  await cp(join(here, 'examples/chain', `${name}.wat`), join(output, `${name}.wat`));
}
await write('reader.wasm', await javascript());
await write('index.json', JSON.stringify(EXAMPLES, null, 1));
process.exit();

/** Quietly, and without what is meant for native code. */
function rust() {
  const toolchain = execFileSync(join(root, 'scripts/wasi-toolchain.sh'), { encoding: 'utf8' }).trim();
  const { RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS, CARGO_BUILD_TARGET, ...env } = process.env;
  const words = ['build', '--quiet', '--locked', '--release', '--target', 'wasm32-wasip2'];
  const places = ['--manifest-path', join(guests, 'Cargo.toml'), '--target-dir', join(guests, 'target')];
  execFileSync('cargo', [...(toolchain ? [toolchain] : []), ...words, ...places], { env, stdio: 'inherit' });
}

/** The reader in QuickJS. Its WIT folder has the world of the test guest that it imports from. */
async function javascript() {
  const wit = await mkdtemp(join(tmpdir(), 'reader-'));
  try {
    await cp(join(here, 'examples/reader/reader.wit'), join(wit, 'reader.wit'));
    await cp(join(guests, 'wit/text'), join(wit, 'deps/text'), { recursive: true });
    const jsSource = await readFile(join(here, 'examples/reader/reader.js'), 'utf8');
    const made = await componentize({ witPath: wit, world: 'reader', jsSource, stubWasi: true, sync: true });
    return made.component;
  } finally {
    await rm(wit, { recursive: true });
  }
}

async function write(name, content) {
  await writeFile(join(output, name), content);
}

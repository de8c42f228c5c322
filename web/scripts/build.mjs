// Makes dist/ of fuser.wasm, cli.wasm, extras.wasm and wac.wasm in target/, wit/ and src/.
//
//   node scripts/build.mjs
//
// The fuser is transpiled by jco once for all places it runs in: `instantiate(getCoreModule,
// imports, instantiateCore)`, without top-level await, so that the package decides how modules are
// found and compiled. Of the core modules the large one becomes dist/fuser.wasm; the others are
// some hundred bytes, and text in a module. The same becomes of extras.wasm. What only the command loads, cli.wasm
// and wac.wasm, are files as jco makes them.
//
// Types come from the WIT files and not from the component, which has no documentation in it. To
// the users of the package a u64 is a number: sizes and counts stay below 2^53.
//
// One thing is done to each of these core modules: its memory becomes an import, so that whoever
// instantiates it can bound it: a memory that a module defines cannot be given a maximum from
// outside.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { $init, generateTypes } from '@bytecodealliance/jco-transpile/component';
import { rolldown } from 'rolldown';

import { importMemory } from './memory.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const root = join(web, '..');
const generated = join(web, 'src/generated');
const dist = join(web, 'dist');

const component = await built('fuser');
const cli = await built('cli');
const extras = await built('extras');
const wac = await built('wac');
const world = await readFile(join(root, 'wit/world.wit'), 'utf8');
const run = await readFile(join(root, 'wit/deps/wasi-cli/run.wit'), 'utf8');

await generate();
await write('commit.ts', commit());
await rm(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(web, 'node_modules/typescript/bin/tsc'), '-p', web], {
  stdio: 'inherit',
});
for (const file of ['fuser.js', 'fuser.d.ts', 'interfaces', 'cli', 'extras', 'wac']) {
  await cp(join(generated, file), join(dist, 'generated', file), { recursive: true });
}
for (const file of ['fuser.wasm', 'extras.wasm']) await cp(join(generated, file), join(dist, file));
await cp(join(root, 'LICENSE'), join(web, 'LICENSE'));

/** The commit that the package is built of, where the sources are those of a repository. */
function commit() {
  const git = (...arguments_) => execFileSync('git', arguments_, { cwd: web, encoding: 'utf8', stdio: 'pipe' });
  let name = '';
  try {
    // Another repository may have these sources in a folder that it does not know.
    git('ls-files', '--error-unmatch', 'package.json');
    name = git('rev-parse', 'HEAD').slice(0, 10);
  } catch {
    // There is none.
  }
  return `/** The first digits of the commit's name, where it is known. */\nexport const COMMIT: string = '${name}';\n`;
}

/** A component that cargo has made. */
async function built(name) {
  try {
    return await readFile(join(root, `target/${name}.wasm`));
  } catch (error) {
    console.error(`${error.message}\nbuild the components first: make web`);
    return process.exit(1);
  }
}

/** What does not depend on src/ is made anew only when its sources have changed. */
async function generate() {
  const key = createHash('sha256');
  for (const file of ['build.mjs', 'memory.mjs']) {
    key.update(await readFile(join(web, 'scripts', file)));
  }
  for (const source of [component, cli, extras, wac, world, run]) key.update(source);
  const digest = key.digest('hex');
  const stamp = join(generated, 'made-of');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === digest) return;

  await rm(generated, { recursive: true, force: true });
  const fuser = await split('fuser', component, '');
  const more = await split('extras', extras, 'extras/');
  await write('modules.ts', modules(fuser, more));
  await write('inlined.ts', inlined(fuser, more));
  const records = await types();
  await write('types.ts', records);
  await write('kinds.ts', kinds(records));
  for (const [name, component] of Object.entries({ cli, wac })) {
    for (const [file, content] of Object.entries(await transpiled(name, component))) {
      await write(`${name}/${file}`, content);
    }
  }
  await write('made-of', digest);
}

/** Writes what a component is transpiled to; its large module is a file, and the others are returned. */
async function split(name, component, folder) {
  const cores = [];
  for (const [file, content] of Object.entries(await transpiled(name, component))) {
    if (file.endsWith('.wasm')) cores.push([file, content]);
    else await write(folder + file, content);
  }
  cores.sort(([, a], [, b]) => b.length - a.length);
  const [[main, core], ...small] = cores;
  const { module, pages } = importMemory(core, 'wasm-fuser', 'memory');
  await write(`${name}.wasm`, module);
  return { main, module, pages, small };
}

async function transpiled(name, component) {
  const { files } = await transpileBytes(component, {
    name,
    instantiation: 'async',
    // An error is thrown as the record that it is.
    noComponentErrorWrapping: true,
    nodejsCompat: false,
    namespacedExports: false,
  });
  const glue = `${name}.js`;
  const code = new TextDecoder().decode(files[glue]);
  files[glue] = await smaller(glue, withoutSuspending(withoutPlaces(withoutDirective(code))));
  return files;
}

/**
 * The default for `getCoreModule` fetches whatever lies beside the module. It is never used, and
 * bundlers would take it for a request to ship all of that.
 */
function withoutPlaces(code) {
  return replaced(code, /new URL\([^()]*import\.meta\.url\)/g, 'undefined');
}

/** A directive is for a whole program: bundlers warn of it in a module. */
function withoutDirective(code) {
  return replaced(code, /^"use components";/, '');
}

/** Every import has a second form, for functions that suspend: there are none. */
function withoutSuspending(code) {
  return replaced(code, /\b_?trampoline\d+\.manuallyAsync\b/g, 'false');
}

function replaced(code, pattern, replacement) {
  const result = code.replace(pattern, replacement);
  if (result === code) throw new Error(`what jco makes has changed: it has no ${pattern}`);
  return result;
}

/**
 * The code without what is never reached, and without messages for those who work on jco. To know
 * whether these are wanted it would read the environment, for which Deno asks its user.
 */
async function smaller(name, code) {
  const bundle = await rolldown({
    input: name,
    treeshake: { manualPureFunctions: ['_debugLog'] },
    plugins: [{ name: 'code', resolveId: (id) => id, load: () => code }],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  const [{ code: result }] = output;
  if (/\bprocess\b|JCO_DEBUG/.test(result)) throw new Error('the glue reads the environment');
  return result;
}

function modules(fuser, extras) {
  const small = [...fuser.small, ...extras.small];
  const entries = small.map(([name, bytes]) => `  '${name}': '${base64(bytes)}',\n`);
  const parts = ({ main, pages }) => `{ main: '${main}', pages: ${pages} }`;
  return `/** The core module that is \`fuser.wasm\`, and the pages that its memory has at first. */
export const FUSER = ${parts(fuser)};

/** The same of \`extras.wasm\`. */
export const EXTRAS = ${parts(extras)};

/** The other core modules. */
export const SMALL: Record<string, string> = {
${entries.join('')}};
`;
}

function inlined(fuser, extras) {
  const zipped = ({ module }) => base64(gzipSync(module, { level: 9 }));
  return `/** \`fuser.wasm\`, compressed with gzip. */
export const FUSER: string = '${zipped(fuser)}';

/** \`extras.wasm\`, compressed with gzip. */
export const EXTRAS: string = '${zipped(extras)}';
`;
}

/** The records of the interface, with their documentation, for the users of the package. */
async function types() {
  await $init;
  const nested = run.replace(/package ([^;]*);([^]*)/, 'package $1 {$2}');
  const files = generateTypes('fuser', {
    wit: { tag: 'source', val: world + nested },
    world: 'fuser',
    features: { tag: 'list', val: [] },
  });
  const [, fuse] = files.find(([name]) => name.endsWith('fuser-fuse.d.ts'));
  const text = new TextDecoder().decode(fuse);
  const functions = /\/\*\*(?:(?!\*\/)[^])*\*\/\nexport function .*\n/g;
  return text
    .replace(functions, '')
    .replaceAll('bigint', 'number')
    .replaceAll('Uint8Array', 'Uint8Array<ArrayBuffer>');
}

/** What an option can be that is one of several names, or a record of strings, or a list of these. */
function kinds(types) {
  const [, options] = types.match(/^export interface Options {\n([^]*?)^}/m);
  const choices = [];
  const records = [];
  for (const [, name, type] of options.matchAll(/^ +(\w+): (?:Array<)?(\w+)>?[,;]$/gm)) {
    const [, cases] = types.match(new RegExp(`^export type ${type} = ('.*');$`, 'm')) ?? [];
    if (cases) choices.push(`  ${name}: [${cases.replaceAll(' | ', ', ')}],\n`);
    const [, record] = types.match(new RegExp(`^export interface ${type} {\n([^]*?)^}`, 'm')) ?? [];
    const fields = [...(record ?? '').matchAll(/^ +(\w+)\??: (\w+)[,;]$/gm)];
    if (fields.length === 0 || fields.some(([, , kind]) => kind !== 'string')) continue;
    records.push(`  ${name}: [${fields.map(([, field]) => `'${field}'`).join(', ')}],\n`);
  }
  if (choices.length === 0 || records.length === 0) throw new Error('the types have changed');
  return `/** The names that an option, or each of its elements, can be. */
export const CHOICES: Record<string, readonly string[]> = {
${choices.join('')}};

/** The fields that each element of an option has. */
export const RECORDS: Record<string, readonly string[]> = {
${records.join('')}};
`;
}

function base64(bytes) {
  return Buffer.from(bytes).toString('base64');
}

async function write(name, content) {
  const path = join(generated, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

// The command in Node.js is the native one in all that can be seen of it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { fuse } from 'wasm-fuser';

import { line } from '../dist/cli/line.js';
import { progress } from '../dist/cli/progress.js';
import { folderWith } from './support/folder.mjs';
import { guest } from './support/guests.mjs';
import { nativeCommand, nodeCommand } from './support/paths.mjs';
import { doubling, quadruple } from './support/texts.mjs';

const WAC = `package demo:app;
let doubling = new demo:doubling {};
let app = new demo:quadruple { ...doubling };
export app.quadruple;
`;

const FILES = {
  'quadruple.wat': quadruple,
  'doubling.wat': doubling,
  'core.wat': '(module (func $f))',
  'broken.wasm': Buffer.from([0, 97, 115, 109, 13, 0, 1, 0, 99]),
  'a-folder/file': '',
  'app.wac': WAC,
  'wrong.wac': WAC.replace('app.quadruple', 'app.triple'),
  'lost.wac': WAC.replace('demo:doubling', 'demo:tripling'),
  'stops.wac': 'package demo:app;\nlet it = new demo:it { ... };',
  'deep.wac': `package demo:app;\nlet it = ${'('.repeat(100_000)}it${')'.repeat(100_000)};`,
  'deps/demo/doubling.wasm': doubling,
  'deps/demo/quadruple.wasm': quadruple,
  // Its type is one that the tools that read WAC files do not know.
  'it.wasm': `(component (import "m" (core module
    (type (struct)) (import "a" "f" (func (param (ref null 0)))))))`,
};

const FUSE = 'fuse quadruple.wat doubling.wat -o out.wasm';

/** Command lines, and what they read from standard input. */
const COMMANDS = [
  ['', '--help', '-h', 'help', 'help fuse', 'help melt', '--version', '-V', '--version --json', 'melt', 'fuse --help', 'inspect --help'],
  ['print --help', 'explain --help', 'explain', 'explain io', 'explain not-a-componant'],
  ['fuse', 'fuse a.wasm', 'fuse a -o b --fast', 'fuse - - -o out', 'fuse a -o - --report -'],
  ['fuse a:b.wasm -o out', 'fuse a -o out --wire a', 'fuse a -o out --emit everything'],
  [FUSE, `${FUSE} --explain`, `${FUSE} --emit module`, `${FUSE} --emit flat`],
  ['targets', `${FUSE} --target jco --explain`, `${FUSE} --target wasip1 --simd --explain`, `${FUSE} --target amiga`],
  [`${FUSE} --names drop --no-validate`, `${FUSE} --dump plan,facts`],
  [`${FUSE} --report new/report.json --emit-shims new/shims --explain`],
  ['fuse quadruple.wat doubling.wat -o new/folders/out.wasm'],
  ['fuse quadruple.wat -o out.wasm', 'fuse doubling.wat quadruple.wat -o out.wasm'],
  ['fuse missing.wasm -o out.wasm', 'fuse a-folder -o out.wasm', 'fuse core.wat/x -o out.wasm'],
  ['fuse doubling.wat -o core.wat/out.wasm', 'fuse doubling.wat -o a-folder'],
  ['fuse core.wat -o out.wasm', 'fuse doubling.wat doubling.wat -o out.wasm', 'fuse broken.wasm -o out.wasm'],
  [`${FUSE} --limit-types 1`, `${FUSE} --limit-output-bytes 10`, `${FUSE} --max-memory-mb 1`],
  [`${FUSE} --max-seconds 0`, `${FUSE} --max-memory-mb 4095 --max-seconds 4294967295`],
  ['splice --help', 'splice core.wat -o modules', 'splice missing -o out', 'splice a -o -'],
  ['splice broken.wasm -o modules', `${FUSE} -O --emit flat`],
  ['inspect doubling.wat', 'inspect doubling.wat --json', 'inspect doubling.wat --dot'],
  ['inspect doubling.wat --json --dot', 'inspect core.wat', 'inspect missing'],
  ['print doubling.wat', 'print core.wat', 'print broken.wasm', 'print missing.wasm'],
  ['print doubling.wat --max-memory-mb 1'],
  ['fuse --help --color=always', '--help --color=always', 'melt --color=always', 'fuse core.wat -o out --color always'],
  [`${FUSE} --explain --color=always`, 'completions bash', 'completions zsh', 'completions fish', 'completions'],
  ['fuse app.wac -o out.wasm', 'link app.wac -o out.wasm', 'fuse wrong.wac -o out.wasm'],
  ['fuse lost.wac -o out.wasm', 'fuse lost.wac -o out.wasm --dep demo:tripling=doubling.wat'],
  ['fuse stops.wac -o out.wasm', 'fuse deep.wac -o out.wasm', 'inspect app.wac', 'explain invalid-wac'],
  ['fuse app.wac -o out.wasm --dep demo:doubling', 'fuse app.wac -o out --dep demo:quadruple=core.wat'],
].flat();

const PIPED = [
  'fuse quadruple.wat doubling=- -o - --explain',
  'fuse - -o out.wasm',
  'fuse quadruple.wat doubling.wat -o out.wasm --report -',
  'inspect -',
  'print -',
];

/** What can be seen of a command: what it prints, its exit code, and what is in the folder after. */
function seen(test, [program, ...first], arguments_, input) {
  const folder = folderWith(test, FILES);
  const { stdout, stderr, status } = spawnSync(program, [...first, ...arguments_], {
    cwd: folder,
    input,
  });
  const names = readdirSync(folder, { recursive: true }).sort();
  const files = names.map((name) => [name, content(join(folder, name))]);
  return { stdout: stdout.toString('latin1'), stderr: stderr.toString(), status, files };
}

function content(path) {
  try {
    return readFileSync(path).toString('latin1');
  } catch (error) {
    return error.code;
  }
}

/** Help that is the package's own. */
const HELP = ['--help', '-h', 'help', 'fuse --help', 'help fuse', 'fuse --help --color=always', '--help --color=always'];

/** What is seen, without the commit: the two need not be of the same. */
function withoutCommit({ stdout, ...rest }) {
  return { ...rest, stdout: stdout.replace(/^(wasm-fuser [\d.]+) \([\da-f]{10}\)$/m, '$1 (commit)') };
}

/** The native help, with what is the package's own: its default, and its command. */
function asInThePackage(native) {
  const stdout = native.stdout
    .replace(/(How many memories[^]*?\[default: )multi\]/, '$1split]')
    .replace(
      /^( {2}\x1b\[1m|  )inspect(\x1b\[0m|) +/m,
      '$1build$2    Make a JavaScript module of components, or of what a WAC file puts together\n$&',
    );
  return { ...native, stdout };
}

for (const [line, input] of [...COMMANDS.map((it) => [it, '']), ...PIPED.map((it) => [it, doubling])]) {
  test(`both commands do the same: wasm-fuser ${line}`, (t) => {
    const arguments_ = line.split(' ').filter(Boolean);
    const native = seen(t, nativeCommand, arguments_, input);
    assert.notEqual(native.status, null);
    const expected = HELP.includes(line) ? asInThePackage(native) : native;
    const actual = seen(t, nodeCommand, arguments_, input);
    assert.deepEqual(withoutCommit(actual), withoutCommit(expected));
  });
}

function node(folder, ...arguments_) {
  const [program, ...first] = nodeCommand;
  const { stdout, stderr, status } = spawnSync(program, [...first, ...arguments_], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

test('the default of the command is that of the functions, and jco takes what comes out', async (t) => {
  const guests = Object.fromEntries(['report', 'text-stats'].map((name) => [`${name}.wasm`, guest(name)]));
  const folder = folderWith(t, guests);
  const output = (...flags) => {
    const { status, stderr } = node(folder, 'fuse', ...Object.keys(guests), ...flags, '-o', 'out.wasm');
    assert.equal(status, 0, stderr);
    return readFileSync(join(folder, 'out.wasm'));
  };
  const components = ['report', 'text-stats'].map((name) => ({ name, bytes: guest(name) }));
  const byDefault = output();
  assert.deepEqual(byDefault, Buffer.from((await fuse({ components })).bytes));
  assert.deepEqual(byDefault, output('--memory', 'split'));
  const multi = output('--memory=multi');
  assert.deepEqual(multi, Buffer.from((await fuse({ components, memory: 'multi' })).bytes));
  await transpileBytes(byDefault, { name: 'it' });
  await assert.rejects(transpileBytes(multi, { name: 'it' }), /multiple memories/);
});

test('an output that exists is untouched when the input is refused', (t) => {
  const folder = folderWith(t, { ...FILES, 'out.wasm': 'before' });
  const { status } = node(folder, 'fuse', 'core.wat', '-o', 'out.wasm', '--report', 'report.json');
  assert.equal(status, 1);
  assert.equal(readFileSync(join(folder, 'out.wasm'), 'utf8'), 'before');
  assert.ok(!existsSync(join(folder, 'report.json')));
});

test('a replaced output leaves no temporary file, and a link stays a link', (t) => {
  const folder = folderWith(t, { ...FILES, 'out.wasm': 'before' });
  symlinkSync('out.wasm', join(folder, 'link.wasm'));
  assert.equal(node(folder, 'fuse', 'doubling.wat', '-o', 'link.wasm').status, 0);
  assert.notEqual(readFileSync(join(folder, 'out.wasm'), 'utf8'), 'before');
  const names = new Set(Object.keys(FILES).map((name) => name.split('/')[0]));
  assert.deepEqual(readdirSync(folder).sort(), [...names, 'link.wasm', 'out.wasm'].sort());
});

test('whoever has the output open reads all of what was there before', (t) => {
  const folder = folderWith(t, { ...FILES, 'out.wasm': 'before' });
  const before = openSync(join(folder, 'out.wasm'), 'r');
  t.after(() => closeSync(before));
  assert.equal(node(folder, 'fuse', 'doubling.wat', '-o', 'out.wasm').status, 0);
  assert.equal(readFileSync(before, 'utf8'), 'before');
  assert.notEqual(readFileSync(join(folder, 'out.wasm'), 'utf8'), 'before');
});

test('a terminal shows what takes long, and is left as it was', async (t) => {
  const written = [];
  const stderr = { isTTY: true, write: (text) => written.push(text) };
  t.mock.getter(process, 'stderr', () => stderr);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let resolve;
  const shown = progress('fusing', new Promise((it) => (resolve = it)));
  t.mock.timers.tick(499);
  assert.deepEqual(written, [], 'what is quick is not shown');
  t.mock.timers.tick(1);
  t.mock.timers.tick(100);
  assert.equal(written.length, 2);
  for (const line of written) assert.match(line, /^\r\x1b\[K[|/] fusing: \d+\.\d s$/);
  resolve('a result');
  assert.equal(await shown, 'a result');
  assert.equal(written.at(-1), '\r\x1b[K');
  t.mock.timers.tick(1000);
  assert.equal(written.length, 3, 'nothing follows');
  stderr.isTTY = false;
  await progress('fusing', Promise.resolve());
  assert.equal(written.length, 3, 'a file is not a terminal');
});

test('the time of each step is printed where it is asked for', (t) => {
  const { stderr } = node(folderWith(t, FILES), ...FUSE.split(' '), '--time');
  const steps = ['start', 'parse', 'read', 'fuse', 'write'].map((step) => `${step} [\\d.]+ ms`);
  assert.match(stderr, new RegExp(`time: ${steps.join(', ')}\n$`));
});

test('work that takes too long is ended', (t) => {
  // Text that takes seconds to read
  const many = '(type (func (param i32)))\n'.repeat(3_000_000);
  const folder = folderWith(t, {});
  writeFileSync(join(folder, 'long.wat'), `(module ${many})`);
  const started = Date.now();
  const { stderr, status } = node(folder, 'print', 'long.wat', '--max-seconds', '1');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^error\[host-limit\]: the fuser needs more than 1 seconds\n/);
  assert.ok(Date.now() - started < 60_000);
});

test('a command line that has trapped is replaced', async () => {
  const recursing = line(function recurse() {
    return 1 + recurse();
  });
  const message = /the fuser stopped: Maximum call stack/;
  await assert.rejects(recursing, { name: 'FuseError', code: 'internal', message });
  const { command } = await line((cli) => cli.parse(['explain', 'io'], {}));
  assert.match(command.val, /^# io/);
});

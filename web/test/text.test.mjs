// Names of inputs and files are escaped where they are printed: in messages of the command, of plugins and
// of the functions. What is hidden is what the fuser itself says is (`src/text.rs`).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { build } from 'esbuild';
import { FuseError, fuse } from 'wasm-fuser';
import fuser from 'wasm-fuser/esbuild';

import { escaped, escapedLines } from '../dist/text.js';
import { folderWith } from './support/folder.mjs';
import { nodeCommand } from './support/paths.mjs';
import { quadruple } from './support/texts.mjs';

const HOSTILE = 'a\n\x1b[2Jerror: b\r\u202ec\u200b\u2028d\u{e0041}';
const SHOWN = String.raw`a\n\u{1b}[2Jerror: b\r\u{202e}c\u{200b}\u{2028}d\u{e0041}`;
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test('what is not seen is escaped, and all else stays', () => {
  assert.equal(escaped(HOSTILE), SHOWN);
  assert.equal(escaped(SHOWN), SHOWN, 'twice');
  assert.equal(escaped('größe/文字 \\ "`\''), 'größe/文字 \\ "`\'');
  assert.equal(escapedLines('a\tb\nc\r'), 'a\\tb\nc\\r');
  for (let point = 0; point < 0x110000; point += 1) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const character = String.fromCodePoint(point);
    // Arabic and other signs that are seen are format characters by their category.
    const seen = /[\u0600-\u0605\u06dd\u0890-\u0891\u08e2]|[\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}]/u;
    if (HIDDEN.test(character) && !seen.test(character)) assert.notEqual(escaped(character), character, point.toString(16));
  }
});

test('errors of the functions have names as text', async () => {
  const component = { name: HOSTILE, bytes: quadruple };
  const error = await fuse({ components: [component, component] }).catch((error) => error);
  assert.ok(error instanceof FuseError);
  assert.equal(error.code, 'duplicate-input');
  assert.ok(error.message.includes(SHOWN), error.message);
  const open = await fuse({ components: [component], open: 'none' }).catch((error) => error);
  assert.equal(open.code, 'left-open');
  assert.doesNotMatch(open.message, HIDDEN);
  const { notes } = (await fuse({ components: [component] })).report;
  assert.ok(notes[0].includes(SHOWN), notes[0]);
});

test('the command prints names as text', (t) => {
  const folder = folderWith(t, { 'a.wat': quadruple });
  const run = (...arguments_) =>
    spawnSync(nodeCommand[0], [...nodeCommand.slice(1), ...arguments_], { cwd: folder, encoding: 'utf8' });
  for (const arguments_ of [
    ['fuse', HOSTILE, '-o', 'out.wasm'],
    ['fuse', `${HOSTILE}=a.wat`, '-o', 'out.wasm', '--explain'],
    ['fuse', `${HOSTILE}=a.wat`, '-o', 'out.wasm', '--closed'],
    ['fuse', 'a.wat', '-o', join('a.wat', HOSTILE)],
    ['build', `${HOSTILE}.wac`, '-o', 'dist'],
    ['build', 'a.wat', '-o', 'dist', '--package', HOSTILE],
    [HOSTILE],
  ]) {
    const { stdout, stderr } = run(...arguments_);
    assert.doesNotMatch(stdout + stderr, HIDDEN, JSON.stringify(arguments_));
    const errors = stderr.split('\n').filter((line) => line.startsWith('error'));
    assert.ok(errors.length <= 1, stderr);
  }
});

test('a plugin says names as text', async (t) => {
  const folder = folderWith(t, { 'main.js': "import 'fuse:it';", 'a.wat': quadruple });
  const compositions = { it: [{ name: HOSTILE, file: 'a.wat' }, { name: HOSTILE, file: 'a.wat' }] };
  const failed = await build({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [fuser({ compositions })],
  }).catch((error) => error);
  const [{ text }] = failed.errors;
  assert.ok(text.includes(SHOWN), text);
  assert.doesNotMatch(text, HIDDEN);
});

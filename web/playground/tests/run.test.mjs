// Compositions, and what they are fused to, run in the page through jco: the same comes out.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { link } from 'wasm-fuser';

import { CHAINS } from '../../test/support/chains.mjs';
import { fused, open, runBoth, useBrowser, withPage } from './browser.mjs';

useBrowser();

/** What each example gives. */
const EXPECTED = {
  demo: /3 lines, 19 words, 89 characters in 90 bytes/,
  calculator: /"value: 2\.500"/,
  chain: /^1040$/,
  'js-rust': /\{word: "call", count: 4, lines: \[1, 2, 3\]\}/,
};

/** How the page can fuse memories. Modules with one each are for jco as it is by default. */
const PLANS = ['multi', 'split'];

for (const [example, expected] of Object.entries(EXPECTED)) {
  test(`${example}: composed and fused give the same`, async () => {
    await withPage({ hash: `#example=${example}` }, async (page) => {
      await fused(page);
      for (const plan of PLANS) {
        const shown = await runAs(page, plan);
        assert.match(shown.verdict, /^The same from both/);
        assert.match(shown.fused.join('\n'), expected);
        assert.deepEqual(shown.composed, shown.fused);
        assert.equal(shown.times.length, 2);
        for (const time of shown.times) assert.match(time, /^[\d.]+ (ns|µs|ms)$/);
      }
    });
  });
}

// Compared with what is known of the composition: jco itself stops at some, whose destructors call
// another component.
for (const [name, chain] of Object.entries(CHAINS)) {
  test(`a chain of resources does what its composition did under wasmtime: ${name}`, async () => {
    const buffer = Buffer.from(await link(chain()));
    const log = await readFile(new URL(`../../../tests/cases/resources/${name}.txt`, import.meta.url), 'utf8');
    await withPage({}, async (page) => {
      await page.getByLabel('Components to fuse', { exact: true }).setInputFiles({ name: 'chain.wasm', mimeType: 'application/wasm', buffer });
      await page.getByRole('button', { name: 'Fuse', exact: true }).click();
      await fused(page);
      for (const plan of PLANS) {
        const { fused: printed } = await runAs(page, plan);
        assert.deepEqual(printed, [log]);
      }
    });
  });
}

test('a value that does not parse is told beside its field', async () => {
  await withPage({ hash: '#example=calculator' }, async (page) => {
    await fused(page);
    await open(page, 'Run');
    await page.getByRole('button', { name: 'Transpile both' }).click();
    await page.getByLabel('Function').selectOption({ label: 'polynomial' });
    const field = page.getByLabel('coefficients');
    await field.fill('[1, 2, x]');
    await page.getByRole('button', { name: 'Call both' }).click();
    await page.getByRole('alert').waitFor();
    assert.match(await page.getByRole('alert').innerText(), /`?coefficients`?: expected a number at character 8, found `x`/);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await page.getByLabel('x', { exact: true }).fill('2');
    await field.fill('[1, 2, 3]');
    const { composed } = await runBoth(page);
    assert.deepEqual(composed, ['[17, 17]']);
  });
});

test('what imports more than the page gives is not run', async () => {
  const component = `(component
    (import "outside" (func $f))
    (core func $f (canon lower (func $f)))
    (core module $m (import "" "f" (func $f)) (func (export "run") (call $f)))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $m "run"))))`;
  await withPage({}, async (page) => {
    await page.getByLabel('Components to fuse', { exact: true }).setInputFiles({ name: 'outside.wat', mimeType: 'text/plain', buffer: Buffer.from(component) });
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await fused(page);
    await open(page, 'Run');
    await page.getByRole('button', { name: 'Transpile both' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /not-offered[^]*outside/);
  });
});

test('a command on preview 1 gives what its composition gives', async () => {
  await withPage({ hash: '#example=demo&target=wasip1' }, async (page) => {
    await fused(page);
    await open(page, 'Run');
    await page.getByRole('button', { name: 'Prepare both' }).click();
    await page.getByRole('button', { name: 'Call both' }).waitFor();
    const shown = await runBoth(page);
    assert.match(shown.verdict, /^The same from both/);
    assert.match(shown.fused.join('\n'), EXPECTED.demo);
    assert.equal(shown.fused[0], 'exit(0)');
    assert.deepEqual(shown.composed, shown.fused);
    // A file that is not there
    await page.getByLabel('Arguments').fill('nothing.txt');
    const failed = await runBoth(page);
    assert.match(failed.verdict, /^The same from both/);
    assert.equal(failed.fused[0], 'exit(1)');
  });
});

test('a core module that is no command is not run', async () => {
  await withPage({ hash: '#example=calculator&target=wasip1' }, async (page) => {
    await fused(page);
    await open(page, 'Run');
    await page.getByRole('button', { name: 'Prepare both' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /not-offered[^]*exports no _start/);
  });
});

test('a trap is shown, and is the same in both forms', async () => {
  const component = `(component
    (core module $m (func (export "run") unreachable))
    (core instance $m (instantiate $m))
    (func (export "run") (canon lift (core func $m "run"))))`;
  await withPage({}, async (page) => {
    await page.getByLabel('Components to fuse', { exact: true }).setInputFiles({ name: 'trap.wat', mimeType: 'text/plain', buffer: Buffer.from(component) });
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await fused(page);
    await open(page, 'Run');
    await page.getByRole('button', { name: 'Transpile both' }).click();
    const { verdict } = await runBoth(page);
    assert.equal(verdict, 'Both forms trap');
    assert.equal(await page.locator('.trap').count(), 2);
  });
});

/** Fuses to this plan of memories, and runs both forms. */
async function runAs(page, plan) {
  await page.getByLabel('Memories').selectOption(plan);
  await page.locator('.downloads').waitFor();
  await fused(page);
  await open(page, 'Run');
  assert.equal(await page.getByLabel(/--multi-memory/).isChecked(), plan === 'multi');
  await page.getByRole('button', { name: 'Transpile both' }).click();
  await page.getByRole('button', { name: 'Call both' }).waitFor();
  return runBoth(page);
}

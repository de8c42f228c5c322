// The page in Chromium, from loading to what is shown, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { readFile, mkdtemp, open as openFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { fuse, targets } from 'wasm-fuser';

import { fused, open, useBrowser, withPage } from './browser.mjs';

useBrowser();

const EXAMPLES = fileURLToPath(new URL('../dist/examples/', import.meta.url));
const CALCULATOR = ['front', 'evaluator', 'arithmetic'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const drop = (page, names) => page.getByLabel('Components to fuse', { exact: true }).setInputFiles(names);
const paths = (names) => names.map((name) => join(EXAMPLES, `${name}.wasm`));

test('the page loads little before it is asked to', async (t) => {
  await withPage({}, async (page) => {
    await page.getByRole('button', { name: /^Demo/ }).waitFor();
    const { after, loaded } = await page.evaluate(() => ({
      after: performance.now(),
      loaded: performance.getEntriesByType('resource').map(({ name, decodedBodySize }) => ({ name, size: decodedBodySize })),
    }));
    const size = loaded.reduce((sum, it) => sum + it.size, 0);
    assert.ok(size > 100_000 && size < 200_000, JSON.stringify(loaded, null, 1));
    t.diagnostic(`usable after ${Math.round(after)} ms and ${size} bytes`);
  });
});

test('dropped files are linked, drawn and fused, to the bytes that Node gives', async () => {
  const read = async (name) => ({ name, bytes: await readFile(join(EXAMPLES, `${name}.wasm`)) });
  const expected = await fuse({ components: await Promise.all(CALCULATOR.map(read)), memory: 'multi' });
  await withPage({}, async (page) => {
    await drop(page, paths(CALCULATOR));
    await page.getByRole('figure').filter({ hasText: 'Before' }).waitFor();
    assert.equal(await page.locator('.link.crossing').count(), 3);
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await fused(page);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Download fused.wasm/ }).click();
    const bytes = await readFile(await (await downloading).path());
    assert.ok(bytes.equals(expected.bytes), 'the bytes are those of Node');
    assert.equal(await page.locator('.graph.after .box.component').count(), 1);
    const shown = await page.locator('.graph.before').innerText();
    assert.equal(shown.match(/memory \d+: 17 pages/g)?.length, 3, 'each guest has its memory');
    assert.ok(!page.url().includes('example'), 'nothing of the files is in the link');
  });
});

test('files are taken that are dropped with the mouse', async () => {
  const text = await readFile(join(EXAMPLES, 'cells.wat'), 'utf8');
  await withPage({}, async (page) => {
    const files = await page.evaluateHandle((content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'cells.wat'));
      return data;
    }, text);
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: files });
    await page.getByRole('listitem').filter({ hasText: 'cells.wat' }).getByText('1 core module').waitFor();
  });
});

test('the order of the files decides the root, and the command line says the same', async () => {
  await withPage({}, async (page) => {
    await drop(page, paths(['arithmetic', 'front', 'evaluator']));
    await page.getByRole('button', { name: 'make root front.wasm' }).click();
    const line = page.getByLabel('The same on the command line');
    assert.equal(await line.innerText(), 'wasm-fuser fuse front.wasm arithmetic.wasm evaluator.wasm -o fused.wasm --memory multi');
    await page.getByLabel('Memories').selectOption('split');
    await page.getByLabel('Share handles').check();
    for (const label of ['Keep names', 'SIMD for strings', 'Validate the result']) await page.getByLabel(label).uncheck();
    await page.locator('.command').getByRole('button').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const flags = '--memory split --names drop --share-handles --no-simd --no-validate';
    assert.equal(copied, `wasm-fuser fuse front.wasm arithmetic.wasm evaluator.wasm -o fused.wasm ${flags}`);
  });
});

test('a target chooses the options, says what it stands for, and can be departed from', async () => {
  const [{ commandLine: flags }] = (await targets()).filter((it) => it.name === 'wasip1');
  const read = async (name) => ({ name, bytes: await readFile(join(EXAMPLES, `${name}.wasm`)) });
  const components = await Promise.all(CALCULATOR.map(read));
  await withPage({}, async (page) => {
    await drop(page, paths(CALCULATOR));
    await page.getByLabel('Keep names').uncheck();
    await page.getByLabel('Target').selectOption('wasip1');
    const chosen = () => Promise.all([
      page.getByRole('combobox', { name: /^Result/ }).inputValue(),
      page.getByLabel('Memories').inputValue(),
      page.getByLabel('SIMD for strings').isChecked(),
      page.getByLabel('Keep names').isChecked(),
    ]);
    assert.deepEqual(await chosen(), ['module', 'single', false, false]);
    assert.equal(await page.locator('#target-about').innerText(), `target wasip1: ${flags}`);
    assert.match(flags, /^--emit module --memory single --no-simd --capacity \d+ .*--start wasi:cli\/run#run/);
    const line = page.getByLabel('The same on the command line');
    const start = 'wasm-fuser fuse front.wasm evaluator.wasm arithmetic.wasm -o fused.wasm --target wasip1';
    assert.equal(await line.innerText(), `${start} --names drop`);
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await fused(page);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Download fused.wasm/ }).click();
    const bytes = await readFile(await (await downloading).path());
    const expected = await fuse({ components, target: 'wasip1', names: 'drop' });
    assert.ok(bytes.equals(expected.bytes), 'the bytes are those of Node');
    await page.getByLabel('SIMD for strings').check();
    await page.getByLabel('Memories').selectOption('multi');
    assert.equal(await line.innerText(), `${start} --memory multi --names drop --simd`);
    await page.getByLabel('Target').selectOption('');
    assert.deepEqual(await chosen(), ['component', 'multi', true, false]);
    assert.equal(await page.locator('#target-about').count(), 0);
  });
});

test('a link brings back a target, and what is otherwise than it has it', async () => {
  await withPage({ hash: '#example=calculator&target=wasm3&simd=true' }, async (page) => {
    await fused(page);
    assert.equal(await page.getByLabel('Target').inputValue(), 'wasm3');
    assert.equal(await page.getByRole('combobox', { name: /^Result/ }).inputValue(), 'module');
    assert.equal(await page.getByLabel('SIMD for strings').isChecked(), true);
    assert.match(page.url(), /#example=calculator&target=wasm3&simd=true$/);
    await page.getByLabel('Target').selectOption('browser');
    await page.waitForURL(/#example=calculator&target=browser$/);
    await page.getByLabel('Memories').selectOption('multi');
    await page.waitForURL(/#example=calculator&target=browser&memory=multi$/);
  });
  await withPage({ hash: '#example=calculator&target=nobody&memory=split' }, async (page) => {
    await fused(page);
    assert.equal(await page.getByLabel('Target').inputValue(), '');
    assert.match(page.url(), /#example=calculator&memory=split$/);
  });
});

test('a link brings back an example and its options', async () => {
  await withPage({ hash: '#example=chain&names=drop&emit=flat&simd=false' }, async (page) => {
    await fused(page);
    assert.equal(await page.getByLabel('Keep names').isChecked(), false);
    assert.equal(await page.getByLabel('SIMD for strings').isChecked(), false);
    assert.equal(await page.getByRole('combobox', { name: /^Result/ }).inputValue(), 'flat');
    await page.getByRole('combobox', { name: /^Result/ }).selectOption('component');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /#example=chain&names=drop&simd=false$/);
  });
});

test('crossings are listed with strategy and reason, and can be filtered', async () => {
  await withPage({ hash: '#example=calculator' }, async (page) => {
    await fused(page);
    await open(page, /Crossings/);
    const row = page.getByRole('row').filter({ hasText: 'square-root' });
    assert.match(await row.innerText(), /adapt[^]*may-leave checked/);
    await page.getByLabel('Filter crossings').fill('post-return front');
    assert.equal(await page.locator('.reasons tbody tr').count(), 3);
  });
});

test('the graph says what crosses, and whose resources and memories there are', async () => {
  await withPage({ hash: '#example=chain' }, async (page) => {
    await fused(page);
    const before = page.locator('.graph.before');
    assert.deepEqual(await before.locator('.caption').allTextContents(), ['2 functions', '2 functions']);
    const notes = await before.locator('.note').allTextContents();
    for (const note of ['resource counter', 'resource cell', 'memory 1: 1 page']) assert.ok(notes.includes(note), notes.join());
    await before.getByRole('img', { name: /^runner calls counters/ }).focus();
    assert.match(await before.locator('.detail').innerText(), /runner → counters[^]*constructor counter[^]*counter\.bump/);
  });
});

test('a crossing leads past the components that it does not concern', async () => {
  await withPage({ hash: '#example=js-rust' }, async (page) => {
    await fused(page);
    const before = page.locator('.graph.before');
    const line = before.getByRole('img', { name: /instance21 calls text_stats/ }).locator('.line');
    const points = await line.evaluate((path) => {
      const length = path.getTotalLength();
      return Array.from({ length: 101 }, (_, n) => path.getPointAtLength((n / 100) * length)).map(({ x, y }) => ({ x, y }));
    });
    for (const title of ['instance19', 'instance1']) {
      const rect = before.locator('.box').filter({ has: page.getByText(title, { exact: true }) }).locator('rect');
      const box = await rect.evaluate((it) => {
        const { x, y, width, height } = it.getBBox();
        return { x, y, width, height };
      });
      const inside = ({ x, y }) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
      assert.deepEqual(points.filter(inside), [], `through ${title}`);
      assert.ok(points.some(({ y }) => y > box.y + box.height), `it ends below ${title}`);
    }
  });
});

test('resources are listed with their policy, and modules with their memories', async () => {
  await withPage({ hash: '#example=chain' }, async (page) => {
    await fused(page);
    await open(page, /Resources/);
    const resource = page.getByRole('row').filter({ hasText: 'counters' });
    assert.match(await resource.innerText(), /counter\s+internal\s+counters\s+the boundary does not mention it/);
  });
  await withPage({ hash: '#example=calculator&memory=split' }, async (page) => {
    await fused(page);
    await open(page, /Modules/);
    const rows = page.locator('.modules tbody tr');
    const texts = await rows.allInnerTexts();
    for (const row of texts) assert.match(row, /memory 0, [^:]*: \d+ pages?/, 'a module has one memory');
    // Those of the guests; the others are handle tables and what goes with them.
    assert.equal(texts.filter((row) => /memory 0, \w+: 17 pages/.test(row)).length, 3);
  });
});

test('every module can be read as text: coloured, folded, searched, downloaded', async () => {
  await withPage({ hash: '#example=calculator' }, async (page) => {
    await fused(page);
    await open(page, 'Code');
    await page.locator('.cm-foldPlaceholder').first().waitFor();
    const colours = await page.locator('.cm-line').first().evaluate((line) => {
      return [...line.querySelectorAll('span')].map((it) => getComputedStyle(it).color);
    });
    assert.ok(colours.length > 0, 'the text is coloured');
    const shown = page.getByLabel('Show');
    const names = await shown.locator('option').allInnerTexts();
    assert.ok(names.some((it) => it.startsWith('composition')));
    assert.ok(names.some((it) => it.startsWith('front-to-evaluator')), names.join());
    await shown.selectOption({ label: names.find((it) => it.startsWith('front-to-evaluator')) });
    await page.locator('.cm-line').filter({ hasText: '(module' }).first().waitFor();
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('textbox', { name: 'Find' }).pressSequentially('(func');
    await page.keyboard.press('Enter');
    await page.locator('.cm-searchMatch-selected').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download .wat' }).click();
    assert.match(await readFile(await (await downloading).path(), 'utf8'), /^\(module/);
  });
});

test('what is no component is refused with its place and help, and the code is explained', async () => {
  await withPage({}, async (page) => {
    const garbage = Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), Buffer.from('garbage')]);
    await drop(page, { name: 'broken.wasm', mimeType: 'application/wasm', buffer: garbage });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const text = await alert.innerText();
    assert.match(text, /broken.wasm was refused/);
    assert.match(text, /invalid-component/);
    assert.match(text, /input\s*broken/);
    assert.match(text, /offset\s*0x/);
    assert.ok(await page.getByRole('button', { name: 'Fuse', exact: true }).isDisabled());
    await page.getByRole('button', { name: 'What invalid-component means' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'What to do' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });
});

test('what to do next is in the words of the page', async () => {
  await withPage({ hash: '#example=calculator&emit=module&memory=split' }, async (page) => {
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const text = await alert.innerText();
    assert.match(text, /several-modules/);
    assert.match(text, /Memories: several in one module or Memories: a single one/);
    assert.doesNotMatch(text, /--/);
    await page.getByLabel('Memories').selectOption({ label: 'several in one module' });
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await fused(page);
  });
});

test('a core module has no graph, whatever its form is', async () => {
  for (const emit of ['module', 'raw-module']) {
    await withPage({ hash: `#example=calculator&emit=${emit}` }, async (page) => {
      await fused(page);
      await page.getByText('The result is one core module, and nothing round it.').waitFor();
    });
  }
});

test('a file that is too large is refused before it is read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playground-'));
  try {
    const path = join(folder, 'huge.wasm');
    const file = await openFile(path, 'w');
    await file.truncate(64 * 1024 * 1024 + 1);
    await file.close();
    await withPage({}, async (page) => {
      await drop(page, path);
      assert.match(await page.getByRole('alert').innerText(), /file-too-large[^]*up to 64 MiB[^]*command line/);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('fusing can be cancelled, and done again', async () => {
  await withPage({ hash: '#example=js-rust' }, async (page) => {
    await fused(page);
    // In the page: from outside it takes longer than to fuse.
    await page.evaluate(async () => {
      const button = (name) => [...document.querySelectorAll('button')].find((it) => it.textContent.trim() === name);
      button('Fuse').click();
      while (!button('Cancel')) await new Promise(requestAnimationFrame);
      button('Cancel').click();
    });
    await page.getByRole('alert').filter({ hasText: 'cancelled' }).waitFor();
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await page.locator('.summary').waitFor();
  });
});

test('all of it can be done from the keyboard', async () => {
  await withPage({}, async (page) => {
    await page.getByRole('button', { name: /^Demo/ }).waitFor();
    const tabTo = async (wanted) => {
      for (let n = 0; n < 40; n++) {
        await page.keyboard.press('Tab');
        const name = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
        if (wanted.test(name)) return;
      }
      assert.fail(`the keyboard does not reach ${wanted}`);
    };
    await tabTo(/^Calculator/);
    await page.keyboard.press('Enter');
    await page.getByText('Ready to fuse 3 components').waitFor({ state: 'attached' });
    await tabTo(/^Fuse$/);
    await page.keyboard.press('Enter');
    await fused(page);
    await tabTo(/^Graph$/);
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('tab', { name: /Crossings/ }).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('ArrowLeft');
    await tabTo(/^evaluator calls arithmetic/);
    assert.match(await page.locator('.graph.before .detail').innerText(), /evaluator → arithmetic[^]*square-root/);
  });
});

for (const colorScheme of ['light', 'dark']) {
  test(`nothing is in the way of assistive technology (${colorScheme})`, async () => {
    await withPage({ hash: '#example=calculator&target=jco', colorScheme }, async (page) => {
      await fused(page);
      for (const tab of ['Graph', /Crossings/, /Resources/, /Modules/, 'Code', 'Run']) {
        await open(page, tab);
        if (tab === 'Graph') await page.getByText('As a table').first().click();
        if (tab === 'Code') await page.locator('.cm-line').first().waitFor();
        // Evaluated, not added as a script element, which the page's policy forbids.
        await page.evaluate(await readFile(AXE, 'utf8'));
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
        assert.deepEqual(found, [], `at ${tab}`);
      }
    });
  });
}

test('the page fits a phone', async () => {
  await withPage({ hash: '#example=calculator&target=wasip1', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }, async (page) => {
    await fused(page);
    for (const tab of ['Graph', /Crossings/, /Resources/, /Modules/, 'Code', 'Run']) {
      await open(page, tab);
      if (tab === 'Code') await page.locator('.cm-line').first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 360, `${tab} is ${width} wide`);
    }
  });
});

test('names of inputs are shown as text', async () => {
  const name = 'a\u202e\u001b[2J\u200b';
  const escapes = name.replace(/[^a-z]/g, (it) => `\\u{${it.codePointAt(0).toString(16)}}`);
  const text = `(component
    (component $c (core module $m (func (export "f"))) (core instance $m (@name "${escapes}") (instantiate $m))
      (func (export "f") (canon lift (core func $m "f"))))
    (instance $i (@name "${escapes}") (instantiate $c))
    (export "f" (func $i "f")))`;
  await withPage({}, async (page) => {
    await page.getByLabel('Components to fuse', { exact: true })
      .setInputFiles([{ name: `${name}.wat`, mimeType: 'text/plain', buffer: Buffer.from(text) }]);
    await page.getByRole('figure').filter({ hasText: 'Before' }).waitFor();
    await page.getByRole('button', { name: 'Fuse', exact: true }).click();
    await fused(page);
    const shown = await page.evaluate(() => document.body.outerHTML);
    assert.match(shown, /u\{202e\}/);
    assert.doesNotMatch(shown, /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
  });
});

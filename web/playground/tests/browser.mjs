// What the tests share: the page on a server of its own, and a real Chromium.
//
// A page that logs an error, throws, or asks for anything but its own files fails its test.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before } from 'node:test';

import { chromium } from 'playwright-core';

import { serve } from '../scripts/serve.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Milliseconds that anything may take, on a machine that does other things too. */
export const PATIENCE = 30_000;

let server;
let browser;

export function useBrowser() {
  before(async () => {
    const script = fileURLToPath(new URL('../../../scripts/chromium.sh', import.meta.url));
    const executablePath = execFileSync(script, { encoding: 'utf8' }).trim();
    server = await serve();
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
}

export function address(hash = '') {
  return `http://localhost:${server.address().port}/${hash}`;
}

/** Does something with a new page, and closes it. */
export async function withPage({ hash = '', ...options }, work) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const complaints = [];
    page.on('console', (it) => it.type() === 'error' && complaints.push(it.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address()) && !url.startsWith('blob:') && !url.startsWith('data:')) complaints.push(`asked for ${url}`);
    });
    await page.goto(address(hash));
    const result = await work(page);
    assert.deepEqual(complaints, []);
    return result;
  } finally {
    await context.close();
  }
}

/** Waits until something was fused. */
export async function fused(page) {
  await page.locator('.summary').or(page.locator('.trouble')).first().waitFor();
  const trouble = page.locator('.trouble');
  if (await trouble.count()) assert.fail(await trouble.first().innerText());
}

export async function open(page, tab) {
  await page.getByRole('tab', { name: tab }).click();
}

/** Runs the chosen function in both forms, and gives what the page shows. */
export async function runBoth(page) {
  await page.getByRole('button', { name: 'Call both' }).click();
  await page.locator('.verdict').waitFor();
  const text = (form) => page.locator(`.result.${form} .output pre`).allInnerTexts();
  return {
    verdict: await page.locator('.verdict').innerText(),
    composed: await text('composed'),
    fused: await text('fused'),
    times: await page.locator('.result .time b').allInnerTexts(),
  };
}

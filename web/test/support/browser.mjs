// Chromium, which opens a page and is told by it what came out.

import { execFileSync, spawn } from 'node:child_process';

import { folderWith } from './folder.mjs';
import { root } from './paths.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where a page posts what came out, as JSON. */
export const RESULTS = '/results';

/** In a page: posts what came out, or the error that it ended with. */
export const TELL = `
  const tell = (body) => fetch('${RESULTS}', { method: 'POST', body: JSON.stringify(body) });
  addEventListener('unhandledrejection', ({ reason }) => tell({ error: String(reason?.stack ?? reason) }));
  addEventListener('error', ({ message }) => tell({ error: message }));
`;

/** What a page posts: a handler for the server, and the promise of it. */
export function listener() {
  let tell;
  const told = new Promise((resolve) => (tell = resolve));
  const listen = async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end();
    tell(JSON.parse(Buffer.concat(chunks)));
  };
  return { told, listen };
}

/** Opens a page in Chromium, until it has told what came out. */
export async function visited(t, url, told) {
  const program = execFileSync(`${root}scripts/chromium.sh`, { encoding: 'utf8' }).trim();
  const profile = folderWith(t);
  const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, url], { stdio: 'ignore' });
  const ended = new Promise((resolve, reject) => {
    browser.on('error', reject);
    browser.on('exit', (code) => resolve({ error: `${program} ended with ${code}` }));
  });
  try {
    return await Promise.race([told, ended]);
  } finally {
    browser.kill();
    await ended;
  }
}

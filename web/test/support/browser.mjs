// Chromium, which opens a page and is told by it what came out.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

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

/**
 * What each of many pages says to the page around it, in one Chromium: of a URL, or a script in a
 * folder. Each comes after the one before.
 */
export async function frames(t, pages) {
  const { told, listen } = listener();
  const around = `<!doctype html><script type="module">
    ${TELL}
    const results = [];
    for (const url of ${JSON.stringify(pages.map(({ url }, index) => url ?? `/${index}/`))}) {
      const frame = document.createElement('iframe');
      frame.src = url;
      results.push(await new Promise((resolve) => {
        addEventListener('message', ({ data }) => resolve(data), { once: true });
        setTimeout(() => resolve({ error: 'it says nothing' }), 30_000);
        document.body.append(frame);
      }));
      frame.remove();
    }
    await tell(results);
  </script><body></body>`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const send = (type, content) => response.writeHead(200, { 'content-type': type }).end(content);
    if (pathname === RESULTS) return listen(request, response);
    if (pathname === '/') return send('text/html', around);
    const [, index, ...rest] = pathname.split('/');
    const { folder, script, classic } = pages[index] ?? {};
    if (!folder) return response.writeHead(404).end();
    if (rest.join('/') === '') {
      const errors = "const say = (error) => parent.postMessage({ error }, '*');";
      return send(
        'text/html',
        `<!doctype html><script>${errors}
          addEventListener('error', ({ message }) => say(message));
          addEventListener('unhandledrejection', ({ reason }) => say(String(reason?.stack ?? reason)));
        </script><script ${classic ? 'defer' : 'type="module"'} src="./${script}"></script>`,
      );
    }
    const file = join(folder, ...rest);
    if (!existsSync(file)) return response.writeHead(404).end();
    return send(file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript', readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  t.after(() => server.close());
  return visited(t, `http://localhost:${server.address().port}/`, told);
}

// Serves the built page: `node scripts/serve.mjs [PORT]`. Any server of static files will do; this
// one is there so that nothing has to be installed, and is what the tests use.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.wat': 'text/plain; charset=utf-8',
};

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** The file of the page that a request is for, if it can be one. */
function pathOf(url) {
  try {
    const { pathname } = new URL(url, 'http://localhost');
    const name = normalize(decodeURIComponent(pathname)).replace(/[/\\]$/, `${sep}index.html`);
    const path = join(dist, name);
    return path.startsWith(dist + sep) ? path : null;
  } catch {
    // What a browser sends can be decoded; there are others that ask.
    return null;
  }
}

/** Serves the built page on a port, or any that is free. Gives the server once it listens. */
export function serve(port = 0) {
  const server = createServer(async (request, response) => {
    const path = pathOf(request.url);
    const found = path && (await stat(path).catch(() => null));
    if (!found || !found.isFile()) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such file\n');
      return;
    }
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': found.size, 'cache-control': 'no-cache' });
    // A file that goes away meanwhile ends this answer, and nothing else.
    createReadStream(path).on('error', () => response.destroy()).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serve(Number(process.argv[2] ?? 8080)).catch((error) => {
    console.error(`cannot serve: ${error.message}`);
    process.exit(1);
  });
  console.log(`the playground is on http://localhost:${server.address().port}/`);
}

// The server of the page goes on, whatever it is asked for.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

import { serve } from '../scripts/serve.mjs';

test('a request that cannot be a file of the page is answered, and the next one too', { timeout: 60_000 }, async (t) => {
  const server = await serve();
  t.after(() => server.close());
  const { port } = server.address();
  const ask = (target) =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
      );
      let text = '';
      socket.setEncoding('utf8').on('data', (data) => (text += data)).on('end', () => resolve(text)).on('error', reject);
    });
  const targets = ['/%ff', '/%', '/..%2f..%2f..%2fetc%2fpasswd', '/%00', '//', '//%5c', '/index.html%00.js', '/../package.json'];
  for (const target of targets) {
    assert.match(await ask(target), /^HTTP\/1\.1 404 /, target);
  }
  // The folder above the page is the page.
  assert.equal((await ask('/..%2f')).includes('<html'), (await ask('/')).includes('<html'));
});

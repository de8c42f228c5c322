// The package as it is installed, and what its plugin makes, in Chromium: from Vite's development
// server, and built.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { build, createServer, preview } from 'vite';
import { fuse } from 'wasm-fuser';

import { RESULTS, TELL, listener, visited } from './support/browser.mjs';
import { plugin } from './support/bundlers.mjs';
import { lend, pack, project } from './support/project.mjs';
import { web } from './support/paths.mjs';
import { components } from './support/texts.mjs';

const MAIN = `
  import { fuse, inspect, print } from 'wasm-fuser';
  import * as inline from 'wasm-fuser/inline';
  import * as worker from 'wasm-fuser/worker';
  import { quadruple } from './app.wasm?fuse';
  ${TELL}
  const components = ${JSON.stringify(components)};
  const other = new Worker(new URL('./work.js', import.meta.url), { type: 'module' });
  const inWorker = await new Promise((resolve) => {
    other.onmessage = ({ data }) => resolve(data);
    other.onerror = ({ message }) => resolve(message);
  });
  const results = { quadruple: quadruple(5), inWorker };
  for (const [name, library] of Object.entries({ main: { fuse, inspect, print }, inline, worker })) {
    const { bytes } = await library.fuse({ components });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const { exports } = await library.inspect({ bytes });
    results[name] = [[...digest].join(), exports.join(), (await library.print(bytes)).length];
  }
  await tell(results);
`;

const packed = pack({ after });

async function installed(t) {
  const root = project(t, packed, {
    'index.html': '<script type="module" src="./main.js"></script>',
    'main.js': MAIN,
    'work.js': "import { quadruple } from './app.wasm?fuse'; postMessage(quadruple(6));",
    'app.wasm': (await fuse({ components, emit: 'flat' })).bytes,
  });
  lend(root, '@bytecodealliance/jco-transpile');
  const { told, listen } = listener();
  const listens = ({ middlewares }) => void middlewares.use(RESULTS, listen);
  const config = {
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [await plugin(root, 'vite'), { name: 'listener', configureServer: listens, configurePreviewServer: listens }],
    server: { port: 0, fs: { allow: [root, web] } },
    preview: { port: 0 },
  };
  return { config, told };
}

const START = {
  serves: async (config) => (await createServer(config)).listen(),
  builds: async (config) => {
    await build(config);
    return preview(config);
  },
};

for (const [does, start] of Object.entries(START)) {
  test(`Chromium runs what Vite ${does}`, { timeout: 300_000 }, async (t) => {
    const { config, told } = await installed(t);
    const server = await start(config);
    t.after(() => server.close());
    const results = await visited(t, server.resolvedUrls.local[0], told);
    assert.equal(results.error, undefined);
    assert.equal(results.quadruple, 20);
    assert.equal(results.inWorker, 24);
    const { bytes } = await fuse({ components });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    assert.equal(results.main[0], [...digest].join(), 'the bytes are those of Node.js');
    assert.deepEqual(results.inline, results.main);
    assert.deepEqual(results.worker, results.main);
  });
}

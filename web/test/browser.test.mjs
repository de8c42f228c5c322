// The package and what the plugin makes, in Chromium: from a development server, and built.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

import { build, createServer, preview } from 'vite';
import { fuse } from 'wasm-fuser';
import fuser from 'wasm-fuser/vite';

import { folderWith } from './support/folder.mjs';
import { lend } from './support/project.mjs';
import { web } from './support/paths.mjs';
import { components } from './support/texts.mjs';

const CHROMIUM = process.env.CHROMIUM ?? 'chromium';

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

const MAIN = `
  import { fuse, inspect, print } from 'wasm-fuser';
  import * as inline from 'wasm-fuser/inline';
  import * as worker from 'wasm-fuser/worker';
  import { quadruple } from './app.wasm?fuse';

  const components = ${JSON.stringify(components)};
  const results = {};
  const tell = (body) => fetch('/results', { method: 'POST', body: JSON.stringify(body) });
  addEventListener('unhandledrejection', ({ reason }) => tell({ error: String(reason) }));
  results.quadruple = quadruple(5);
  for (const [name, library] of Object.entries({ main: { fuse, inspect, print }, inline, worker })) {
    const { bytes } = await library.fuse({ components });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const { exports } = await library.inspect({ bytes });
    results[name] = [[...digest].join(), exports.join(), (await library.print(bytes)).length];
  }
  await tell(results);
`;

/** A plugin that takes what the page tells, and the promise of it. */
function listener() {
  let tell;
  const told = new Promise((resolve) => (tell = resolve));
  const listen = (server) => {
    server.middlewares.use('/results', async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end();
      tell(JSON.parse(Buffer.concat(chunks)));
    });
  };
  return { told, plugin: { name: 'listener', configureServer: listen, configurePreviewServer: listen } };
}

/** What a page tells, opened in Chromium. */
async function visited(t, url, told) {
  const profile = folderWith(t);
  const browser = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, url], { stdio: 'ignore' });
  const ended = new Promise((resolve, reject) => {
    browser.on('error', reject);
    browser.on('exit', (code) => resolve({ error: `${CHROMIUM} ended with ${code}` }));
  });
  try {
    return await Promise.race([told, ended]);
  } finally {
    browser.kill();
    await ended;
  }
}

async function project(t, fromPackage) {
  const root = folderWith(t, {
    'package.json': '{ "type": "module" }',
    'index.html': '<script type="module" src="./main.js"></script>',
    'main.js': MAIN,
    'app.wasm': (await fuse({ components, emit: 'flat' })).bytes,
  });
  lend(root, '@bytecodealliance/jco-transpile');
  const { told, plugin } = listener();
  const config = {
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [fuser(), plugin],
    resolve: { alias: fromPackage },
    worker: { format: 'es' },
    optimizeDeps: { exclude: ['wasm-fuser'] },
    server: { port: 0, fs: { allow: [root, web] } },
    preview: { port: 0 },
  };
  return { config, told };
}

/** The modules that the package has for browsers. */
const ALIAS = [
  { find: /^wasm-fuser$/, replacement: `${web}dist/index.js` },
  { find: /^wasm-fuser\/inline$/, replacement: `${web}dist/inline.js` },
  { find: /^wasm-fuser\/worker$/, replacement: `${web}dist/worker/index.js` },
];

const START = {
  serves: async (config) => (await createServer(config)).listen(),
  builds: async (config) => {
    await build(config);
    return preview(config);
  },
};

for (const [does, start] of Object.entries(START)) {
  test(`Chromium runs what Vite ${does}`, { timeout: 300_000 }, async (t) => {
    const { config, told } = await project(t, ALIAS);
    const server = await start(config);
    t.after(() => server.close());
    const results = await visited(t, server.resolvedUrls.local[0], told);
    assert.equal(results.error, undefined);
    assert.equal(results.quadruple, 20);
    const { bytes } = await fuse({ components });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    assert.equal(results.main[0], [...digest].join(), 'the bytes are those of Node.js');
    assert.deepEqual(results.inline, results.main);
    assert.deepEqual(results.worker, results.main);
  });
}

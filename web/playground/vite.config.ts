// Static files with relative addresses, so that the page works from any folder.

import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [preact({ reactAliasesEnabled: false })],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // A core module is a file beside the code, never inlined: `fetch` of a `data:` address is not
    // allowed by the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
});

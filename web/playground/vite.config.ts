// Static files with relative addresses, so that the page works from any folder.

import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** jco marks its output with a directive that nobody reads. */
const QUIET = { moduleLevelDirective: false, pluginTimings: false };

export default defineConfig({
  base: './',
  plugins: [preact({ reactAliasesEnabled: false })],
  worker: { format: 'es', rolldownOptions: { checks: QUIET } },
  build: {
    target: 'es2022',
    // A core module is a file beside the code, never inlined: the page's policy does not let it
    // fetch a `data:` address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks: QUIET },
  },
});

// Folders that are gone after the test.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A folder with these files. */
export function folderWith(test, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-fuser-'));
  test.after(() => removed(folder));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Removes a folder, also if what a browser has left running for a moment still writes there. */
async function removed(folder) {
  for (let tries = 1; ; tries += 1) {
    try {
      return rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    } catch (error) {
      if (tries === 20) throw error;
      await delay(100);
    }
  }
}

// Replacing a file in one step: its content goes to a new file beside it, which is then renamed, so
// that nobody ever sees half of it and a full disk costs no existing file.

import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a file, in one step. */
export async function replace(path: string, bytes: Uint8Array | string): Promise<void> {
  const { temporary, file } = await createBeside(path);
  try {
    await file.writeFile(bytes).finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    // The first error is the one to tell; a file that is left behind does no harm.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * A new file in the same folder, so that it can be renamed. Two programs that write the same target
 * at once get two files.
 */
async function createBeside(path: string) {
  for (let number = 0; ; number += 1) {
    const temporary = join(dirname(path), `.${basename(path)}.${number}.tmp`);
    try {
      return { temporary, file: await open(temporary, 'wx') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || number === 100) throw error;
    }
  }
}

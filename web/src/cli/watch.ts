// `--watch`: a command that is done again whenever one of the files changes that it was made of.

import { watch as observe } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Does something now, and again whenever one of the files changes that it names. */
export async function watching(
  once: (watch: (file: string) => void) => Promise<void>,
): Promise<never> {
  for (;;) {
    const files = new Set<string>();
    let changed!: () => void;
    const change = new Promise<void>((resolve) => (changed = resolve));
    const observers: { close(): void }[] = [];
    // Folders, because a file that is replaced is another file. Before it is read: nothing is missed.
    const watch = (file: string) => {
      if (files.has(file)) return;
      files.add(file);
      observers.push(observe(dirname(file), (_, name) => name === basename(file) && changed()));
    };
    await once(watch);
    await change;
    for (const observer of observers) observer.close();
    // Whoever writes several files, or one in several steps, is done by then.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

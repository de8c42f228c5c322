// Where things are.

import { fileURLToPath } from 'node:url';

export const web = fileURLToPath(new URL('../..', import.meta.url));
export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;

/** The command in Node.js, and the native one. */
export const nodeCommand = [process.execPath, `${web}dist/cli/main.js`];
export const nativeCommand = [`${target}/release/wasm-fuser`];

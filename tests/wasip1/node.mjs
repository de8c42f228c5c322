// node node.mjs MODULE FOLDER ARGUMENT...: runs a module in Node.js' own WASI.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [file, folder, ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: 'preview1',
  args: ['command', ...args],
  env: process.env,
  preopens: { '.': folder },
  returnOnExit: true,
});
const module = await WebAssembly.compile(readFileSync(file));
// Called from functions of JavaScript: where optimised code calls them directly, Node.js 20 crashes when
// memory has grown (`docs/preview1.md`).
const functions = Object.entries(wasi.wasiImport).map(([name, f]) => [name, (...all) => f(...all)]);
const imports = { wasi_snapshot_preview1: Object.fromEntries(functions) };
const instance = await WebAssembly.instantiate(module, imports);
try {
  process.exitCode = wasi.start(instance);
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  process.exitCode = 134;
}

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
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
try {
  process.exitCode = wasi.start(instance);
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  process.exitCode = 134;
}

// What Chrome's extension for C and C++ says of the lines of a source, in one module after another.
//
//   node chrome.mjs SOURCE MODULE...
//
// prints for each module a list, which is empty where it knows nothing of that source: a line, the functions that are inlined there, and for each of them its place
// in the source, and its variables with their types and values. The extension is the one of Chrome's
// developer tools; a package has it for Node.js. There is no program that has stopped, so this says what is
// in its memory, locals and globals: zeros in memory, and numbers that tell one local from the other.
// What the extension complains of itself, on standard error, is of no interest here.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { spawn } = createRequire(import.meta.url)('@vscode/dwarf-debugging');

const STOPPED = {
  getWasmLinearMemory: async (_, length) => new ArrayBuffer(length),
  getWasmLocal: async (index) => ({ type: 'i32', value: 0x1_0000 + index }),
  // All globals are alike: those of another module have other numbers.
  getWasmGlobal: async () => ({ type: 'i32', value: 0x2_0000 }),
  getWasmOp: async () => ({ type: 'i32', value: 0x3_0000 }),
};

const [source, ...files] = process.argv.slice(2);
const worker = spawn(STOPPED);
const ask = (question, ...about) => worker.rpc.sendMessage(question, ...about);
await ask('hello', [{ name: undefined, pathSubstitutions: [] }], false);
const told = [];
for (const [number, file] of files.entries()) told.push(await linesOf(`module${number}`, file));
for (const lines of told) console.log(JSON.stringify(lines));
await worker.dispose();

async function linesOf(rawModuleId, file) {
  const code = new Uint8Array(readFileSync(file)).buffer;
  const sources = await ask('addRawModule', rawModuleId, undefined, { url: `file:///${rawModuleId}.wasm`, code });
  const sourceFileURL = sources.find((it) => it.endsWith(`/${source}`));
  if (!sourceFileURL) return [];
  const lines = [];
  for (const lineNumber of await ask('getMappedLines', rawModuleId, sourceFileURL)) {
    const place = { rawModuleId, sourceFileURL, lineNumber, columnNumber: -1 };
    for (const { startOffset } of await ask('sourceLocationToRawLocation', place)) {
      lines.push([lineNumber + 1, await framesAt(rawModuleId, startOffset)]);
    }
  }
  return lines;
}

async function framesAt(rawModuleId, codeOffset) {
  const at = (inlineFrameIndex) => ({ rawModuleId, codeOffset, inlineFrameIndex });
  const { frames } = await ask('getFunctionInfo', at(0));
  return Promise.all(frames.map(async ({ name }, index) => {
    const [place] = await ask('rawLocationToSourceLocation', at(index));
    const variables = await ask('listVariablesInScope', at(index));
    const values = variables.map(async (it) => `${it.scope} ${it.name}: ${it.type} = ${await value(it.name, at(index))}`);
    return [name, `${place?.lineNumber}:${place?.columnNumber}`, ...(await Promise.all(values)).sort()];
  }));
}

async function value(name, at) {
  try {
    const { description, linearMemoryAddress } = await ask('evaluate', name, at, 0);
    return `${description} at ${linearMemoryAddress}`;
  } catch (error) {
    return error.message;
  }
}

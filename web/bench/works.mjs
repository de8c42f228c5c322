// Whole works in JavaScript: the components that are named, through jco, in turns.
//
//   node bench/works.mjs composed.wasm split.wasm static.wasm
//
// The first line says what runs them. Each that follows has a work's name, and the nanoseconds that it
// takes in each form: the least of all rounds. `make bench` reads them.

import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { transpileBytes } from '@bytecodealliance/jco-transpile';

const WORKS = {
  'run-text': [({ runText }) => runText(1), 7],
  'run-json': [({ runJson }) => runJson(1), 7],
  'run-image': [({ runImage }) => runImage(1), 5],
  'run-key-value': [({ runKeyValue }) => runKeyValue(1), 5],
  'run-method': [({ runMethod }) => runMethod(1000), 7, 1000],
  'run-resource': [({ runResource }) => runResource(500), 7, 500],
};

// Beside the package, where the modules find the implementation of WASI.
const folder = await mkdtemp(join(import.meta.dirname, '.works-'));
try {
  const forms = [];
  for (const [number, file] of process.argv.slice(2).entries()) {
    const name = `form${number}`;
    const { files } = await transpileBytes(await readFile(file), { name });
    for (const [path, content] of Object.entries(files)) {
      if (!path.includes('/')) await writeFile(join(folder, path), content);
    }
    const module = await import(pathToFileURL(join(folder, `${name}.js`)));
    forms.push(module.runs ?? module['bench:work/runs']);
  }
  console.log(`${process.release.name === 'node' ? 'Node.js' : process.release.name} ${process.version}`);
  for (const [name, [work, rounds, calls = 1]] of Object.entries(WORKS)) {
    const times = forms.map(() => []);
    // The first round only warms up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [number, form] of forms.entries()) {
        const begun = process.hrtime.bigint();
        work(form);
        if (round > 0) times[number].push(Number(process.hrtime.bigint() - begun) / calls);
      }
    }
    console.log(name, ...times.map((all) => Math.min(...all).toFixed(1)));
  }
} finally {
  await rm(folder, { recursive: true });
}

// Makes a component of a core module: component.mjs CORE WIT WORLD ENCODING COMPONENT

import { readFile, writeFile } from 'node:fs/promises';
import { componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools';

const [core, wit, world, stringEncoding, component] = process.argv.slice(2);
const witSource = await readFile(wit, 'utf8');
const typed = await componentEmbed({ binary: await readFile(core), witSource, world, stringEncoding });
await writeFile(component, await componentNew(typed, []));

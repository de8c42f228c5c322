// The functions of the package, in Node.js.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import * as inline from 'wasm-fuser/inline';
import * as main from 'wasm-fuser';
import * as worker from 'wasm-fuser/worker';

import { debugGuest, guest } from './support/guests.mjs';
import { components } from './support/texts.mjs';

const { FuseError, fuse, inspect, print } = main;

test('a composition is fused to a component with a report', async () => {
  const { bytes, shims, report, warnings } = await fuse({ components });
  assert.deepEqual([...bytes.subarray(0, 8)], [0, 97, 115, 109, 13, 0, 1, 0]);
  assert.deepEqual(shims, []);
  assert.deepEqual(warnings, []);
  assert.equal(report.after.coreModules, 1);
  assert.equal(report.after.bytes, bytes.length);
  assert.equal(report.crossings[0].strategy, 'direct');
  JSON.stringify(report);
});

test('options have the names of the WIT record, in camel case', async () => {
  const module = await fuse({ components, emit: 'module', names: 'drop', dumps: ['plan'] });
  assert.deepEqual([...module.bytes.subarray(4, 8)], [1, 0, 0, 0]);
  assert.match(module.report.dumps[0].text, /instance0/);
  const few = fuse({ components, limits: { outputBytes: 10 } });
  await assert.rejects(few, { code: 'limit-exceeded' });
});

test('each memory has a module of its own, unless several in one are asked for', async () => {
  const two = ['report', 'text-stats'].map((name) => ({ name, bytes: guest(name) }));
  const split = await fuse({ components: two });
  assert.equal(new Set(split.report.memories.map((it) => it.module)).size, split.report.memories.length);
  const multi = await fuse({ components: two, memory: 'multi' });
  assert.equal(multi.report.blocks.length, 1);
  assert.ok(multi.report.memories.length > 1);
});

test('what a request says nothing of is as the default options say', async () => {
  const two = ['report', 'text-stats'].map((name) => ({ name, bytes: guest(name) }));
  const options = await main.defaultOptions();
  assert.equal(options.memory, 'split');
  const { bytes } = await fuse({ components: two, ...options });
  assert.deepEqual(bytes, (await fuse({ components: two })).bytes);
});

test('a target stands for options, and what is given beside it comes first', async () => {
  const two = ['report', 'text-stats'].map((name) => ({ name, bytes: guest(name) }));
  const of = async (options) => Buffer.from((await fuse({ components: two, ...options })).bytes);
  const split = await of({});
  assert.deepEqual(await of({ target: 'browser' }), split);
  const multi = await of({ target: 'wasmtime' });
  assert.deepEqual(multi, await of({ memory: 'multi' }));
  assert.notDeepEqual(multi, split);
  assert.deepEqual(await of({ target: 'wasmtime', memory: 'split' }), split);
  const preview1 = await of({ target: 'wasip1' });
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(preview1)).filter((it) => it.module !== 'wasi_snapshot_preview1'), []);
  const found = (await main.targets()).find(({ name }) => name === 'wasip1');
  assert.deepEqual(await of(found.options), preview1);
  assert.match(found.commandLine, /^--emit module --memory single --no-simd /);
  const names = (await main.targets()).map(({ name }) => `'${name}'`).join(', ');
  const message = `\`target\` has to be one of ${names}, not 'amiga'`;
  await assert.rejects(fuse({ components, target: 'amiga' }), { name: 'TypeError', message });
});

test('an option that does not exist is a mistake of the caller', async () => {
  await assert.rejects(fuse({ components, fast: true }), (error) => {
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /no option `fast`; there are `emit`/);
    return true;
  });
  await assert.rejects(fuse({ components, limits: { bytes: 1 } }), /no limit `bytes`/);
  await assert.rejects(fuse({ components, toString: 1 }), /no option `toString`/);
});

/** Options of a wrong kind, each with what the error says. */
const WRONG = [
  ...[2 ** 32, 2 ** 32 + 65536, -1, 1.5, NaN, Infinity, '262144', '4MB', 4n, null].map((capacity) => [
    { capacity },
    /^`capacity` has to be an integer from 0 to 4294967295, not /,
  ]),
  [{ capacity: '4MB' }, /not '4MB'$/],
  [{ capacity: 4n }, /not 4n$/],
  [{ limits: { instances: 2 ** 32 + 1 } }, /^`limits.instances` has to be an integer from 0 to 4294967295, not 4294967297$/],
  [{ limits: { outputBytes: NaN } }, /^`limits.outputBytes` has to be an integer from 0 to 9007199254740991, not NaN$/],
  [{ limits: { shimBytes: 1.5 } }, /^`limits.shimBytes` has to be an integer/],
  [{ limits: 5 }, /^`limits` has to be an object, not 5$/],
  [{ simd: 'no' }, /^`simd` has to be true or false, not 'no'$/],
  [{ validate: 0 }, /^`validate` has to be true or false, not 0$/],
  [{ emit: 'everything' }, /^`emit` has to be one of 'component', 'module', 'raw-module', 'flat', not 'everything'$/],
  [{ memory: 1 }, /^`memory` has to be one of 'multi', 'split', 'single', not 1$/],
  [{ dumps: 'plan' }, /^`dumps` has to be an array, not 'plan'$/],
  [{ dumps: ['flat'] }, /^`dumps\[0\]` has to be one of 'plan', 'facts', not 'flat'$/],
  [{ wires: [{ importer: 'a', importName: 'b', provider: 'c' }] }, /^`wires\[0\].exportName` has to be a string, not undefined$/],
  [{ wires: ['a:b=c:d'] }, /^`wires\[0\]` has to be an object `{ importer, importName, provider, exportName }`, not 'a:b=c:d'$/],
];

test('an option of a wrong kind is a TypeError that says what it may be, and is not turned into another', async () => {
  for (const [options, message] of WRONG) {
    const expected = { name: 'TypeError', message };
    await assert.rejects(fuse({ components, ...options }), expected);
    assert.throws(() => main.fuseSync({ components, ...options }), expected);
  }
  const [options, message] = WRONG[0];
  await assert.rejects(worker.fuse({ components, ...options }), { name: 'TypeError', message });
  await fuse({ components, capacity: 2 ** 32 - 1, limits: { outputBytes: Number.MAX_SAFE_INTEGER } });
});

test('a request of a wrong form is a TypeError that says what it is', async () => {
  const form = /^`request` has to be an object `{ components, ...options }`, not /;
  for (const library of [main, inline, worker]) {
    for (const request of [undefined, null, 'app.wasm', components]) {
      await assert.rejects(library.fuse(request), { name: 'TypeError', message: form });
    }
    await assert.rejects(library.fuse({}), /^TypeError: `components` has to be an array of `{ name, bytes }`, not undefined/);
    await assert.rejects(library.fuse({ components: [null] }), /^TypeError: `components\[0\]` has to be an object/);
    await assert.rejects(library.fuse({ components: [{ name: 'a', bytes: 1 }] }), /`components\[0\].bytes` has to be a Uint8Array/);
    await assert.rejects(library.fuse({ components: [{ bytes: '' }] }), /`components\[0\].name` has to be a string/);
    await assert.rejects(library.inspect(), /^TypeError: `request` has to be an object `{ name, bytes }`, not undefined/);
    await assert.rejects(library.inspect({ bytes: 1 }), /^TypeError: `bytes` has to be/);
    await assert.rejects(library.link({ components, wires: {} }), /^TypeError: `wires` has to be an array, not an object/);
    await assert.rejects(library.link({ components, leaveOpen: [{ input: 'a' }] }), /^TypeError: `leaveOpen\[0\].name` has to be a string/);
    await assert.rejects(library.print(), /^TypeError: `bytes` has to be a Uint8Array, an ArrayBuffer or a string, not undefined/);
  }
  for (const budget of [{ seconds: '5' }, { seconds: NaN }, { memoryMb: -1 }]) {
    const [[name, value]] = Object.entries(budget);
    const message = new RegExp(`^\`budget.${name}\` has to be a number that is 0 or more, not ${value}|'`);
    await assert.rejects(worker.print('(module)', { budget }), { name: 'TypeError', message });
  }
});

test('a thread has all functions that do not end in `Sync`', () => {
  const functions = (library) => Object.keys(library).filter((name) => /^[a-z]/.test(name));
  const expected = functions(main).filter((name) => !name.endsWith('Sync'));
  assert.deepEqual(functions(worker).sort(), [...expected, 'terminate'].sort());
  assert.deepEqual(functions(inline).sort(), functions(main).sort());
});

test('what to do next has options as data, which are called as in a request', async () => {
  for (const library of [main, worker]) {
    const small = library.fuse({ components, limits: { types: 1 } });
    await assert.rejects(small, (error) => {
      assert.equal(error.help, 'raise `limits.types`, if the input is one that you trust');
      assert.deepEqual(error.remedy[1], { tag: 'setting', val: { tag: 'limit', val: 'types' } });
      assert.equal(error.helpAs(({ tag, val }) => `${tag} ${val}`), error.help.replace('limits.types', 'limit types'));
      return true;
    });
  }
  const [root, provider] = components;
  const several = [root, { ...provider, name: 'one' }, { ...provider, name: 'two' }];
  await assert.rejects(fuse({ components: several }), (error) => {
    const settings = error.remedy.filter((part) => part.tag === 'setting').map((part) => part.val);
    assert.deepEqual(settings.map(({ tag, val }) => `${tag} ${val.provider ?? val.name}`), [
      'wire one',
      'wire two',
      'leave-open demo:math/doubling@1.0.0',
    ]);
    assert.match(error.help, /`wires: \[\{ importer: 'quadruple', importName: 'demo:math\/doubling@1.0.0', provider: 'one', /);
    return true;
  });
});

test('what an error advises can be done', async () => {
  const [root, provider] = components;
  const several = [root, { ...provider, name: 'one' }, { ...provider, name: 'two' }];
  const error = await fuse({ components: several }).catch((error) => error);
  const wire = error.remedy.find((part) => part.tag === 'setting').val.val;
  const { report } = await fuse({ components: several, wires: [wire] });
  assert.equal(report.crossings.length, 1);
});

test('what is refused is an error with a code, a place and help', async () => {
  await assert.rejects(fuse({ components: [{ name: 'a', bytes: '(module)' }] }), (error) => {
    assert.ok(error instanceof FuseError);
    assert.equal(error.code, 'not-a-component');
    assert.deepEqual(error.place, { input: 'a' });
    assert.match(error.help, /wasm-tools component new/);
    return true;
  });
  await assert.rejects(inspect({ name: 'b', bytes: new Uint8Array([0, 97, 115, 109]) }), (error) => {
    assert.equal(error.code, 'invalid-component');
    assert.equal(typeof error.place.offset, 'number');
    return true;
  });
  const twice = [components[1], components[1]];
  await assert.rejects(fuse({ components: twice }), { code: 'duplicate-input' });
});

test('inspect gives the instance graph, and print the text', async () => {
  const { bytes } = await fuse({ components });
  const graph = await inspect({ bytes });
  assert.deepEqual(graph.exports, ['quadruple']);
  assert.equal(graph.totals.bytes, bytes.length);
  const text = await print(bytes);
  assert.match(text, /^\(component/);
  assert.match(await print('(module (func $named))'), /\(func \$named/);
  await assert.rejects(print(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 99])), {
    code: 'invalid-input',
  });
});

test('explain has a page for each code, and knows no others', async () => {
  assert.match(await main.explain('not-a-component'), /^# not-a-component/);
  await assert.rejects(main.explain('not-a-code'), /`code` has to be the code of an error, not 'not-a-code'/);
});

test('the fuser is made ready once, whoever asks', async () => {
  const wasm = await readFile(new URL(import.meta.resolve('wasm-fuser/fuser.wasm')));
  const another = await import('../dist/index.node.js?ready');
  assert.throws(() => another.fuseSync({ components }), /`await init\(\)` first/);
  await Promise.all([another.init({ wasm }), another.init(), another.init({ wasm: 'nowhere' })]);
  const { bytes } = another.fuseSync({ components });
  assert.deepEqual(bytes, (await fuse({ components })).bytes);
  assert.equal(another.inspectSync({ bytes }).nodes[0].label, '(root)');
  assert.match(another.printSync(bytes), /^\(component/);
});

test('what reads text is loaded when text comes or goes, and missed no sooner', async () => {
  const { library } = await import('../dist/library.js');
  const beside = (file) => readFile(new URL(`../dist/${file}`, import.meta.url));
  let asked = 0;
  const places = { fuser: () => beside('fuser.wasm'), extras: () => (asked += 1, beside('extras.wasm')) };
  const another = library(places);
  const binary = await main.link({ components });
  const { bytes } = await another.fuse({ components: [{ name: 'set', bytes: binary }] });
  assert.equal(asked, 0);
  assert.equal(await another.print(bytes), await main.print(bytes));
  assert.deepEqual((await another.fuse({ components })).bytes, (await fuse({ components })).bytes);
  assert.equal(asked, 1);

  const lost = () => Promise.reject(new Error('it is not there'));
  const without = library({ fuser: places.fuser, extras: lost });
  await without.init({ wasm: beside('fuser.wasm') });
  assert.deepEqual(without.fuseSync({ components: [{ name: 'set', bytes: binary }] }).bytes, bytes);
  const told = /cannot load `extras.wasm`: it is not there;.*`await init\({ extras }\)`/s;
  assert.throws(() => without.printSync(bytes), told);
  await assert.rejects(without.print(bytes), told);
  await without.init({ extras: beside('extras.wasm') });
  assert.equal(without.printSync(bytes), await main.print(bytes));
});

test('what writes debug information is loaded for guests that have any, and only where it is kept', async () => {
  const { library } = await import('../dist/library.js');
  const beside = (file) => readFile(new URL(`../dist/${file}`, import.meta.url));
  let asked = 0;
  const another = library({ fuser: () => beside('fuser.wasm'), extras: () => (asked += 1, beside('extras.wasm')) });
  const names = ['faults-outer', 'faults-inner'];
  const components = names.map((name) => ({ name, bytes: debugGuest(name) }));
  await another.fuse({ components: ['report', 'text-stats'].map((name) => ({ name, bytes: guest(name) })) });
  const { report } = await another.fuse({ components, debug: 'drop' });
  assert.ok(report.debug.before > 0 && report.debug.after === 0);
  assert.equal(asked, 0);
  const { report: kept, bytes } = await another.fuse({ components });
  assert.ok(kept.debug.after > 0);
  assert.deepEqual(bytes, another.fuseSync({ components }).bytes);
  assert.equal(asked, 1);
});

test('what could not be loaded can be loaded again', async () => {
  const another = await import('../dist/index.node.js?again');
  await assert.rejects(another.init({ wasm: new Uint8Array([1, 2, 3]) }), WebAssembly.CompileError);
  await another.init();
  assert.equal(another.fuseSync({ components }).warnings.length, 0);
});

test('an instance that has trapped is replaced', async () => {
  const { Engine } = await import('../dist/engine.js');
  const beside = (file) => readFile(new URL(`../dist/${file}`, import.meta.url));
  const engine = new Engine({ fuser: () => beside('fuser.wasm'), extras: () => beside('extras.wasm') });
  await engine.initExtras();
  const instance = () => engine.call((fuser) => fuser, 30);
  const first = await instance();
  const large = new Uint8Array(40 << 20);
  await assert.rejects(engine.call(({ fuse }) => fuse.print(large), 30), { code: 'host-limit' });
  const second = await instance();
  assert.notEqual(second, first);
  const recursing = engine.call(function recurse() {
    return 1 + recurse();
  }, 30);
  const message = /the fuser stopped: Maximum call stack/;
  await assert.rejects(recursing, { name: 'FuseError', code: 'internal', message });
  const third = await instance();
  assert.notEqual(third, second);
  assert.equal(third.fuse.defaultOptions().emit, 'component');
  await assert.rejects(engine.call(({ fuse }) => fuse.print(new Uint8Array()), 30), FuseError);
  assert.equal(await instance(), third, 'a refusal costs no instance');
});

for (const [name, library] of Object.entries({ inline, worker })) {
  test(`wasm-fuser/${name} does the same`, async () => {
    const expected = await fuse({ components, dumps: ['facts'] });
    assert.deepEqual(await library.fuse({ components, dumps: ['facts'] }), expected);
    assert.deepEqual(await library.inspect(components[1]), await inspect(components[1]));
    assert.equal(await library.print(expected.bytes), await print(expected.bytes));
    assert.deepEqual(await library.link({ components }), await main.link({ components }));
    assert.deepEqual(await library.defaultOptions(), await main.defaultOptions());
    const wrong = library.fuse({ components: [{ name: 'a', bytes: '(module)' }] });
    await assert.rejects(wrong, (error) => {
      assert.ok(error instanceof library.FuseError);
      assert.deepEqual([error.code, error.place], ['not-a-component', { input: 'a' }]);
      return true;
    });
    await assert.rejects(library.fuse({ components, fast: true }), TypeError);
  });
}

test('a thread does one call after another, and keeps to a budget', async () => {
  const calls = [1, 2, 3].map(() => worker.fuse({ components }));
  const late = worker.fuse({ components }, { budget: { seconds: 0 } });
  const small = worker.fuse({ components }, { budget: { memoryMb: 1 } });
  const after = worker.fuse({ components });
  await assert.rejects(late, { code: 'host-limit', help: /`budget.seconds`/ });
  await assert.rejects(small, { code: 'host-limit', message: /more than 1 MB/ });
  const results = await Promise.all([...calls, after]);
  for (const { bytes } of results) assert.deepEqual(bytes, results[0].bytes);
});

test('memory that runs out is an error and not a crash', async () => {
  const bytes = new Uint8Array(40 << 20);
  const call = worker.print(bytes, { budget: { memoryMb: 30 } });
  await assert.rejects(call, { code: 'host-limit', message: /more than 30 MB of memory/ });
});

test('a call can be aborted, before and while it runs', async () => {
  await assert.rejects(worker.fuse({ components }, { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
  const controller = new AbortController();
  const aborted = worker.fuse({ components }, { signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort(new Error('no longer wanted'));
  await assert.rejects(aborted, /no longer wanted/);
  const ended = worker.fuse({ components });
  await new Promise((resolve) => setTimeout(resolve, 1));
  worker.terminate();
  await assert.rejects(ended, { name: 'AbortError' });
  assert.equal((await worker.fuse({ components })).report.crossings.length, 1);
});

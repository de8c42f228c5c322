// The fuser, off the page's thread, so that the page stays alive and can end it.
//
// The package is imported when the first message is there: a worker whose module awaits something at
// its top would lose messages that came before.

import type { FuseError } from 'wasm-fuser';

import { called } from '../choices';
import type { Message, Name, Problem, Reply, Requests } from './protocol';

type Handlers = { [N in Name]: (takes: Requests[N]['takes']) => Promise<Requests[N]['gives']> };

const load = () => import('wasm-fuser');

const handlers: Handlers = {
  targets: async () => (await load()).targets(),
  inspect: async ({ source }) => (await load()).inspect(source),
  compose: async ({ sources }) => {
    const { link, inspect } = await load();
    const bytes = await link({ components: sources });
    return { bytes, graph: await inspect({ name: 'composition', bytes }) };
  },
  fuse: async ({ sources, target, options }) => {
    const { init, fuse, inspect } = await load();
    await init();
    const start = performance.now();
    const { bytes, shims, report, warnings } = await fuse({
      components: sources,
      ...options,
      ...(target !== undefined && { target }),
    });
    const milliseconds = performance.now() - start;
    const graph = isComponent(bytes) ? await inspect({ name: 'fused', bytes }) : null;
    return { bytes, shims, report, warnings, graph, milliseconds };
  },
  print: async ({ bytes }) => (await load()).print(bytes),
  explain: async ({ code }) => (await load()).explain(code),
};

/** Of both kinds of binaries, the layer says which it is. */
function isComponent(bytes: Uint8Array): boolean {
  return bytes[6] === 1;
}

async function answer({ id, name, takes }: Message): Promise<Reply> {
  try {
    const handler = handlers[name] as (takes: unknown) => Promise<unknown>;
    return { id, gives: await handler(takes) };
  } catch (thrown) {
    return { id, problem: problem(thrown) };
  }
}

function problem(thrown: unknown): Problem {
  if (isFuseError(thrown)) {
    const { code, message, place } = thrown;
    const help = thrown.helpAs(called);
    return { code, message, place, ...(help !== undefined && { help }) };
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    place: {},
    help: 'this is a bug in the fuser or in this page: please report it with the input',
  };
}

/** The class is in the package, which is imported when it is needed. */
function isFuseError(thrown: unknown): thrown is FuseError {
  return thrown instanceof Error && thrown.name === 'FuseError';
}

addEventListener('message', async ({ data }: MessageEvent<Message>) => {
  postMessage(await answer(data));
});

#!/usr/bin/env node
// `wasm-fuser`, the command in Node.js.
//
// The fuser understands the command line and puts its results into words; this program does what
// the fuser cannot: it reads and writes files, keeps it within memory and time, and shows progress.
// So flags, messages and exit codes are those of every other host.

import { readFile } from 'node:fs/promises';

import { Engine } from '../engine.js';
import { FuseError, refusal } from '../errors.js';
import type { Root } from '../generated/fuser.js';
import type { Options } from '../generated/types.js';
import type { Budget } from '../worker/client.js';
import { client } from '../worker/client.js';
import { start } from '../worker/start.node.js';
import { read, write } from './files.js';
import { progress } from './progress.js';
import { Stopwatch } from './stopwatch.js';

type Cli = Root['cli'];
type Command = ReturnType<Cli['parse']>;
type FuseCommand = Extract<Command, { tag: 'fuse' }>['val'];
type LinkCommand = Extract<Command, { tag: 'link' }>['val'];
type Artifact = Parameters<Cli['presentFused']>[1];

/** A command line that was not understood. */
interface Failure {
  message: string;
  exitCode: number;
}

/** For what does no work to speak of: parsing flags, printing tables. */
const engine = new Engine(() => readFile(new URL('../fuser.wasm', import.meta.url)));
/** For the work, which has a budget. */
const fuser = client(() => engine.init(), start);

// What cannot be written is an error where it is written.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));

async function main(arguments_: string[]): Promise<number> {
  const time = new Stopwatch();
  try {
    // Answered without the engine, because build tools ask for it all the time.
    if (arguments_.length === 1 && arguments_[0] === '--version') {
      await say(`wasm-fuser ${await version()}\n`);
      return 0;
    }
    await engine.init();
    time.lap('start');
    const command = await engine.call(parsing(arguments_));
    if ('exitCode' in command) {
      process.stderr.write(command.message);
      return command.exitCode;
    }
    await run(command, time);
    return 0;
  } catch (error) {
    if (!(error instanceof FuseError)) throw error;
    process.stderr.write(await engine.call(({ cli }) => cli.presentError(refusal(error))));
    return 1;
  }
}

function parsing(arguments_: string[]) {
  return ({ cli }: Root): Command | Failure => {
    try {
      return cli.parse(arguments_);
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      return thrown as Failure;
    }
  };
}

/** Read, call, write. */
async function run(command: Command, time: Stopwatch): Promise<void> {
  if (command.tag === 'say') return say(command.val);
  if (command.tag === 'fuse') return fuse(command.val, time);
  if (command.tag === 'link') return link(command.val);
  const { input, budget } = command.val;
  const component = await read(input);
  if (command.tag === 'print') {
    const text = await progress('printing', fuser.print(component.bytes, within(budget)));
    return say(text);
  }
  const graph = await progress('inspecting', fuser.inspect(component, within(budget)));
  const { format } = command.val;
  await say(await engine.call(({ cli }) => cli.presentGraph(format, graph as never)));
}

/** The result is written last: where it is, the rest is too. */
async function fuse(command: FuseCommand, time: Stopwatch): Promise<void> {
  time.lap('parse');
  const components = [];
  for (const input of command.inputs) components.push(await read(input));
  time.lap('read');
  const request = { ...(command.options as unknown as Options), components };
  const fused = await progress('fusing', fuser.fuse(request, within(command.budget)));
  time.lap('fuse');
  const artifact = { ...fused, bytes: new Uint8Array() } as unknown as Artifact;
  const shown = await engine.call(({ cli }) => cli.presentFused(command, artifact));
  for (const { sink, bytes } of shown.files) await write(sink, bytes);
  await write(command.output, fused.bytes);
  await say(shown.stdout);
  time.lap('write');
  process.stderr.write(shown.stderr);
  if (command.time) process.stderr.write(`${time}\n`);
}

/** Linking takes about as long as reading, and so no thread. */
async function link(command: LinkCommand): Promise<void> {
  const inputs = [];
  for (const input of command.inputs) inputs.push(await read(input));
  const work = ({ fuse }: Root) => fuse.link(inputs as never, command.options);
  const { bytes, ...said } = await engine.call(work, command.budget.memoryMb);
  await write(command.output, bytes);
  const shown = { ...said, bytes: new Uint8Array() };
  process.stderr.write(await engine.call(({ cli }) => cli.presentLinked(command, shown)));
}

function within({ memoryMb, seconds }: Required<Budget>): { budget: Budget } {
  return { budget: { memoryMb, seconds } };
}

async function say(text: string): Promise<void> {
  await write({ tag: 'stdout' }, new TextEncoder().encode(text));
}

async function version(): Promise<string> {
  const description = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return JSON.parse(description).version;
}

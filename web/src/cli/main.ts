#!/usr/bin/env node
// `wasm-fuser`, the command in Node.js.
//
// A component beside the fuser understands the command line and puts results into words; this program does what
// components cannot: it reads and writes files, keeps the fuser within memory and time, and shows progress.
// So flags, messages and exit codes are those of every other host.

import { readFile } from 'node:fs/promises';

import { Engine } from '../engine.js';
import { FuseError, refusal } from '../errors.js';
import { COMMIT } from '../generated/commit.js';
import type { Root } from '../generated/fuser.js';
import type { Options } from '../generated/types.js';
import type { Fused } from '../library.js';
import { plain } from '../options.js';
import type { Component } from '../requests.js';
import type { Budget } from '../worker/client.js';
import { client } from '../worker/client.js';
import { start } from '../worker/start.node.js';
import type { BuildFlags } from './build.js';
import { withDefaults } from './defaults.js';
import { ToolError, UsageError } from './errors.js';
import { read, write } from './files.js';
import { HELP } from './help.js';
import { inputsOf } from './inputs.js';
import { type Cli, type Command, line } from './line.js';
import { progress } from './progress.js';
import { Stopwatch } from './stopwatch.js';
import { escaped, escapedLines } from '../text.js';
import { terminal } from './terminal.js';
import { watching } from './watch.js';

type Invocation = ReturnType<Cli['parse']>;
/** `wasm-fuser fuse`, understood. */
export type FuseCommand = Extract<Command, { tag: 'fuse' }>['val'];
type LinkCommand = Extract<Command, { tag: 'link' }>['val'];
type Artifact = Parameters<Cli['presentFused']>[1];

/** A command line that was not understood. */
interface Failure {
  message: string;
  exitCode: number;
}

/** Is told of each file before it is read. */
type Watch = (file: string) => void;

/** What is said is shown on this, and as the command line will have it. */
let shownOn = terminal();

/** For what does little work. */
const engine = new Engine({
  fuser: () => readFile(new URL('../fuser.wasm', import.meta.url)),
  extras: () => readFile(new URL('../extras.wasm', import.meta.url)),
});
/** For the work, which has a budget. */
const fuser = client({ fuser: () => engine.init(), extras: () => engine.initExtras() }, start);

// What cannot be written is an error where it is written.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));

async function main(arguments_: string[]): Promise<number> {
  const time = new Stopwatch();
  try {
    // Answered without the engine, because build tools ask for it all the time.
    if (arguments_.length === 1 && /^(--version|-V)$/.test(arguments_[0] ?? '')) {
      await say(`wasm-fuser ${await version()}\n`);
      return 0;
    }
    await line(() => {});
    time.lap('start');
    const [verb, about] = arguments_;
    if (verb === 'build') return await building(arguments_.slice(1), time);
    if (verb === 'help' && about === 'build') return await building(['--help'], time);
    const invocation = await line(parsing(arguments_));
    if ('exitCode' in invocation) {
      process.stderr.write(invocation.message);
      return invocation.exitCode;
    }
    shownOn = invocation.terminal;
    const command = withDefaults(invocation.command, arguments_);
    if (isWatching(command)) await watching((watch) => tried(() => run(command, new Stopwatch(), watch)));
    else await run(command, time, () => {});
    return 0;
  } catch (error) {
    process.stderr.write(await told(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** An error in words, if it is one that a user can do something about. */
async function told(error: unknown): Promise<string> {
  if (error instanceof FuseError) {
    return line((cli) => cli.presentError(refusal(error), shownOn));
  }
  if (error instanceof ToolError) return `error: ${escapedLines(error.message)}\n`;
  if (!(error instanceof UsageError)) throw error;
  return `error: ${escaped(error.message)}\n\nFor more information, try '--help'.\n`;
}

function parsing(arguments_: string[]) {
  return (cli: Cli): Invocation | Failure => {
    try {
      return cli.parse(arguments_, shownOn);
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      return thrown as Failure;
    }
  };
}

/** Whether the command is done again when a file changes. */
function isWatching(command: Command): boolean {
  return (command.tag === 'fuse' || command.tag === 'link') && command.val.watch;
}

/** Read, call, write. Each file that is read is one to watch. */
async function run(command: Command, time: Stopwatch, watch: Watch): Promise<void> {
  if (command.tag === 'say') return say(command.val);
  if (command.tag === 'fuse') return fuseTo(command.val, time, watch);
  if (command.tag === 'link') return link(command.val, watch);
  if (command.tag === 'splice') return (await import('./optimise.js')).splice(engine, command.val);
  const { input, budget } = command.val;
  const component = await read(input);
  if (command.tag === 'print') {
    const text = await progress('printing', fuser.print(component.bytes, within(budget)));
    return say(text);
  }
  const graph = await progress('inspecting', fuser.inspect(component, within(budget)));
  const { format } = command.val;
  await say(await line((cli) => cli.presentGraph(format, graph as never)));
}

async function fuseTo(command: FuseCommand, time: Stopwatch, watch: Watch): Promise<void> {
  time.lap('parse');
  const components = await inputsOf(engine, command, watch);
  time.lap('read');
  await fuse(command, components, time, ({ bytes }) => write(command.output, bytes));
}

/** Fuses, and writes and says what there is beside the result. */
async function fuse(
  command: FuseCommand,
  components: Component[],
  time: Stopwatch,
  writeResult: (fused: Fused) => Promise<void>,
): Promise<void> {
  const request = { ...(plain(command.options) as Options), components };
  const fused = await progress('fusing', fuser.fuse(request, within(command.budget)));
  time.lap('fuse');
  if (command.optimize) {
    const { optimised } = await import('./optimise.js');
    const work = optimised(engine, command, fused.bytes);
    fused.bytes = await progress('optimising', work);
    fused.report.after.bytes = fused.bytes.length as never;
    time.lap('optimise');
  }
  const artifact = { ...fused, bytes: new Uint8Array() } as unknown as Artifact;
  const shown = await line((cli) => cli.presentFused(command, artifact, shownOn));
  const problems: unknown[] = [];
  for (const { sink, bytes, replaces } of shown.files) {
    await write(sink, bytes, replaces).catch((problem) => problems.push(problem));
  }
  await writeResult(fused);
  await say(shown.stdout);
  time.lap('write');
  process.stderr.write(shown.stderr);
  if (command.time) process.stderr.write(`${time}\n`);
  // What could not be written beside the result is an error, and costs nobody the result.
  if (problems.length > 0) throw problems[0];
}

/** Linking takes about as long as reading, and so no thread. */
async function link(command: LinkCommand, watch: Watch): Promise<void> {
  const inputs = await inputsOf(engine, command, watch);
  const work = ({ fuse }: Root) => fuse.link(inputs as never, command.options);
  const { bytes, ...said } = await engine.call(work, command.budget.memoryMb);
  await write(command.output, bytes);
  const shown = { ...said, bytes: new Uint8Array() };
  process.stderr.write(await line((cli) => cli.presentLinked(command, shown, shownOn)));
}

/** `wasm-fuser build`. */
async function building(arguments_: string[], time: Stopwatch): Promise<number> {
  if (arguments_.some((it) => it === '--help' || it === '-h')) {
    await say(HELP);
    return 0;
  }
  const { buildFlags } = await tools();
  const { flags, rest } = buildFlags(arguments_);
  const invocation = await line(parsing(['fuse', ...rest]));
  if ('exitCode' in invocation) {
    process.stderr.write(invocation.message.replaceAll('wasm-fuser fuse', 'wasm-fuser build'));
    return invocation.exitCode;
  }
  shownOn = invocation.terminal;
  const { val } = withDefaults(invocation.command, ['fuse', ...rest]) as { val: FuseCommand };
  if (val.watch) await watching((watch) => tried(() => build(val, flags, new Stopwatch(), watch)));
  else await build(val, flags, time, () => {});
  return 0;
}

async function build(
  command: FuseCommand,
  flags: BuildFlags,
  time: Stopwatch,
  watch: Watch,
): Promise<void> {
  const { moduleOf, writeModule } = await tools();
  const { file } = moduleOf(command, flags);
  time.lap('parse');
  const components = await inputsOf(engine, command, watch);
  time.lap('read');
  const named: FuseCommand = { ...command, output: { tag: 'file', val: file } };
  await fuse(named, components, time, (fused) => writeModule(command, flags, fused));
}

/** What only `build` needs takes time to load. */
function tools() {
  return import('./build.js');
}

/** While files are watched, an error is to be read and mended. */
async function tried(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(await told(error));
  }
}

function within({ memoryMb, seconds }: Required<Budget>): { budget: Budget } {
  return { budget: { memoryMb, seconds } };
}

async function say(text: string): Promise<void> {
  await write({ tag: 'stdout' }, new TextEncoder().encode(text));
}

async function version(): Promise<string> {
  const description = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(description);
  return COMMIT ? `${version} (${COMMIT})` : version;
}

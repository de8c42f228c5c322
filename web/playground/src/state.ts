// Everything the page knows, and what can happen to it.
//
// State is in signals; only this file changes them. The order of things: inputs are added, each is
// inspected, together they are linked to a composition (`before`), and that is fused (`fused`).

import { batch, computed, effect, signal } from '@preact/signals';
import type { Graph, Target } from 'wasm-fuser';

import { plural } from './bytes';
import { DEFAULTS, optionsOf, retargeted } from './choices';
import { Client, Refused } from './fuser/client';
import type { Composition, FusedResult, FuseOptions, Problem, Requests, Source } from './fuser/protocol';
import { type Example, loadExamples } from './examples';
import { readLink, writeLink } from './share';

/** A file larger than this is refused: it would take the page's memory several times over. */
export const LARGEST_FILE = 64 * 1024 * 1024;

export interface Input extends Source {
  id: number;
  /** The file's name, to be shown and for the command line. */
  file: string;
  graph?: Graph;
  problem?: Problem;
}

export type Stage<T> =
  | { is: 'nothing' }
  | { is: 'busy'; since: number }
  | { is: 'refused'; problem: Problem }
  | { is: 'done'; value: T };

export const inputs = signal<Input[]>([]);
/** Engines and tools, and the options that suit them. */
export const targets = signal<Target[]>([]);
/** The one that is chosen. What else it stands for than what can be chosen in the page is asked for as well. */
export const target = signal<Target | undefined>(undefined);
export const options = signal<FuseOptions>(DEFAULTS);
export const composition = signal<Stage<Composition>>({ is: 'nothing' });
export const fused = signal<Stage<FusedResult>>({ is: 'nothing' });
export const examples = signal<Example[]>([]);
/** The example that is loaded, as long as nothing was added to it. */
export const example = signal<Example | null>(null);
/** What a screen reader is told. */
export const announcement = signal('');
/** A problem with a file that was not even read. */
export const dropped = signal<Problem | null>(null);
/** The code whose page is open. */
export const explained = signal<{ code: string; page: string } | null>(null);

export const ready = computed(() => inputs.value.length > 0 && inputs.value.every((it) => !it.problem));

export const fuser = new Client<Requests>(
  () => new Worker(new URL('./fuser/worker.ts', import.meta.url), { type: 'module', name: 'fuser' }),
  300,
);

let count = 0;
/** Counts what makes results of earlier calls stale. */
let round = 0;

export async function start(): Promise<void> {
  const link = readLink(location.hash);
  options.value = { ...DEFAULTS, ...link.options };
  examples.value = await loadExamples();
  targets.value = await fuser.call('targets', {}).catch((error: Refused) => {
    dropped.value = error.problem;
    return [];
  });
  target.value = targets.value.find((it) => it.name === link.target);
  if (target.value) options.value = { ...optionsOf(target.value), ...link.options };
  const chosen = examples.value.find((it) => it.id === link.example);
  // Whoever was quicker has dropped something.
  if (chosen && inputs.value.length === 0 && (await choose(chosen))) await fuse();
  effect(() => writeLink(example.value?.id, target.value, options.value));
}

export async function addFiles(files: Iterable<File>): Promise<void> {
  dropped.value = null;
  for (const file of files) {
    if (file.size > LARGEST_FILE) {
      const size = (file.size / 2 ** 20).toFixed(1);
      const message = `\`${file.name}\` has ${size} MiB, and this page takes files of up to 64 MiB`;
      const help = 'use the command line: `wasm-fuser fuse` takes what memory there is';
      dropped.value = { code: 'file-too-large', message, place: { input: file.name }, help };
      announcement.value = message;
      continue;
    }
    add(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  await link();
}

export async function choose(it: Example): Promise<boolean> {
  dropped.value = null;
  const bytes = await Promise.all(it.files.map((file) => file.load())).catch((error: Error) => {
    dropped.value = { code: 'io', message: error.message, place: {} };
  });
  if (!bytes) return false;
  batch(() => {
    clear();
    it.files.forEach((file, index) => add(file.name, bytes[index]!));
    example.value = it;
  });
  return link();
}

function add(file: string, bytes: Uint8Array): void {
  const stem = file.replace(/\.(wasm|wat)$/i, '') || 'component';
  const taken = new Set(inputs.value.map((it) => it.name));
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}-${n}`;
  inputs.value = [...inputs.value, { id: count++, file, name, bytes }];
  example.value = null;
}

export function clear(): void {
  inputs.value = [];
  example.value = null;
  dropped.value = null;
  forget();
}

export async function remove(id: number): Promise<void> {
  inputs.value = inputs.value.filter((it) => it.id !== id);
  example.value = null;
  await link();
}

/** Makes an input the root. */
export async function makeRoot(id: number): Promise<void> {
  const root = inputs.value.filter((it) => it.id === id);
  inputs.value = [...root, ...inputs.value.filter((it) => it.id !== id)];
  example.value = null;
  await link();
}

function forget(): void {
  round++;
  composition.value = { is: 'nothing' };
  fused.value = { is: 'nothing' };
}

/** Inspects what is new, and links the inputs. Whether that went well. */
async function link(): Promise<boolean> {
  forget();
  if (inputs.value.length === 0) return false;
  const current = round;
  composition.value = { is: 'busy', since: performance.now() };
  for (const input of inputs.value) {
    if (input.graph || input.problem) continue;
    const { name, bytes } = input;
    const outcome = await fuser.call('inspect', { source: { name, bytes } }).then(
      (graph) => ({ graph }),
      (error: Refused) => ({ problem: error.problem }),
    );
    if (current !== round) return false;
    inputs.value = inputs.value.map((it) => (it.id === input.id ? { ...it, ...outcome } : it));
  }
  const refused = inputs.value.find((it) => it.problem);
  if (refused) {
    composition.value = { is: 'nothing' };
    announcement.value = `${refused.file} was refused: ${refused.problem?.message}`;
    return false;
  }
  const stage = await staged(fuser.call('compose', { sources: sources() }));
  if (current !== round) return false;
  composition.value = stage;
  announcement.value = stage.is === 'done' ? `Ready to fuse ${plural(inputs.value.length, 'component')}` : said(stage);
  return stage.is === 'done';
}

export async function fuse(): Promise<void> {
  if (!ready.value) return;
  const current = ++round;
  fused.value = { is: 'busy', since: performance.now() };
  announcement.value = 'Fusing';
  const stage = await staged(fuser.call('fuse', { sources: sources(), target: target.value?.name, options: options.value }));
  if (current !== round) return;
  fused.value = stage;
  announcement.value =
    stage.is === 'done'
      ? `Fused in ${Math.round(stage.value.milliseconds)} ms: ${plural(stage.value.report.crossings.length, 'crossing')} compiled`
      : said(stage);
}

export function setOption<K extends keyof FuseOptions>(name: K, value: FuseOptions[K]): void {
  options.value = { ...options.value, [name]: value };
  again();
}

/** Chooses the target of a name; none, if there is none of it. */
export function setTarget(name: string): void {
  batch(() => {
    target.value = targets.value.find((it) => it.name === name);
    options.value = retargeted(options.value, target.value, targets.value);
  });
  again();
}

/** What was fused is fused as it is now asked for. */
function again(): void {
  if (fused.value.is === 'done') void fuse();
  else if (fused.value.is === 'refused') fused.value = { is: 'nothing' };
}

export function cancel(): void {
  fuser.cancel();
}

export async function explain(code: string): Promise<void> {
  const page = await fuser.call('explain', { code }).catch(() => '');
  explained.value = page ? { code, page } : null;
}

async function staged<T>(call: Promise<T>): Promise<Stage<T>> {
  try {
    return { is: 'done', value: await call };
  } catch (error) {
    if (error instanceof Refused) return { is: 'refused', problem: error.problem };
    throw error;
  }
}

function sources(): Source[] {
  return inputs.value.map(({ name, bytes }) => ({ name, bytes }));
}

function said(stage: Stage<unknown>): string {
  return stage.is === 'refused' ? `Refused: ${stage.problem.message}` : '';
}

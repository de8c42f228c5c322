// Runs the composition and what it was fused to, and compares them.
//
// Both are transpiled by the same jco with the same options, get the same surroundings and the same
// values, and are timed in turns, so that whatever else the machine does meets both. A core module on WASI
// preview 1 is run as it is, beside the composition that it was.

import type { Message, Problem } from '../fuser/protocol';
import { Transpiled, type Instance, type Runnable } from './form';
import { asProcess, Command } from './preview1';
import { type Called, type Form, FORMS, type Outcome, type RunRequests, type Surroundings, type Timing } from './protocol';
import { offers } from './wasi';
import { type Exported, exportsOf } from './declarations';
import { parse, print, ValueError } from './values';

let forms: Record<Form, Runnable> | undefined;
let exported: Exported[] = [];

type Handlers = { [N in keyof RunRequests]: (takes: RunRequests[N]['takes']) => Promise<RunRequests[N]['gives']> };

export const handlers: Handlers = {
  async prepare({ components, multiMemory }) {
    const transpiled = async (form: Form) => {
      const made = await Transpiled.of(components[form], multiMemory).catch((error) => {
        throw problem('not-transpiled', `jco does not transpile the ${form} component: ${reason(error)}`);
      });
      refuse(form, made.imports);
      return made;
    };
    const composed = await transpiled('composed');
    const fused = isCore(components.fused) ? await command(components.fused) : await transpiled('fused');
    forms = { composed, fused };
    exported = exportsOf(composed.declarations);
    if (fused instanceof Command) exported = exported.map((it) => isRun(it) ? it : { ...it, problem: 'a core module is run as a command' });
    return {
      exports: exported,
      wasi: composed.imports.some((it) => it.startsWith('wasi:cli/') || it.startsWith('wasi:filesystem/')),
      command: fused instanceof Command,
      transpiling: { composed: composed.milliseconds, fused: fused.milliseconds },
    };
  },

  async call({ id, values, surroundings }) {
    const func = exported.find((it) => it.id === id);
    if (!forms || !func) throw problem('internal', 'nothing is prepared to be called');
    const given = () => func.params.map(({ name, type }, index) => {
      try {
        return parse(values[index] ?? '', type);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        throw problem('invalid-value', `\`${name}\`: ${error.message}`, name);
      }
    });
    given();
    const outcomes = {} as Record<Form, Outcome>;
    for (const form of FORMS) outcomes[form] = await outcome(forms[form], func, given(), surroundings);
    if (forms.fused instanceof Command) outcomes.composed.value = asProcess(outcomes.composed.value);
    const fresh = isRun(func);
    const called: Called = { outcomes, fresh };
    if (FORMS.some((form) => outcomes[form].trap !== undefined)) return called;
    const timings = await timed(forms, func, given, surroundings, fresh);
    return { ...called, timings };
  },
};

/** Whether it is what a command runs. */
function isRun({ interface: owner }: Exported): boolean {
  return owner?.startsWith('wasi:cli/run') ?? false;
}

/** Whether it is a core module: components say so behind the version. */
function isCore(bytes: Uint8Array): boolean {
  return bytes[6] === 0;
}

/** A core module as a command. */
async function command(bytes: Uint8Array): Promise<Command> {
  const made = await Command.of(bytes);
  if (made instanceof Command) return made;
  throw {
    ...problem('not-offered', `the core module ${made.problem}`),
    help: 'choose the target `wasip1` for a command that imports nothing but WASI, or fuse to a component',
  };
}

/** Says what a component imports that the page does not have. */
function refuse(form: Form, imports: string[]): void {
  const there = offers();
  const missing = imports.filter((it) => !there.has(it));
  if (missing.length === 0) return;
  const names = missing.map((it) => `\`${it}\``).join(', ');
  throw {
    ...problem('not-offered', `the ${form} component imports ${names}, which this page does not give to what it runs`),
    help: 'only components that import nothing but the command line, files, clocks and random numbers of WASI can be run here',
  };
}

async function outcome(form: Runnable, func: Exported, values: unknown[], surroundings: Surroundings): Promise<Outcome> {
  const instance = await form.instance(surroundings);
  const done = call(instance, func, values);
  return { ...done, stdout: instance.printed.stdout(), stderr: instance.printed.stderr() };
}

function call(instance: Instance, func: Exported, values: unknown[]): Pick<Outcome, 'value' | 'trap' | 'thrown'> {
  try {
    const value = instance.func(func)(...values);
    return { value: value === undefined && func.text.endsWith(': void') ? '' : print(value) };
  } catch (error) {
    const thrown = error as { payload?: unknown; exitError?: boolean; code?: number };
    if (thrown?.exitError) return { value: `exit(${thrown.code})` };
    // A result's `ok` comes as its payload, and its `err` is thrown.
    if (wrapped(error)) return { value: thrown.payload === undefined ? 'err' : `err(${print(thrown.payload)})` };
    return { value: '', trap: reason(error), thrown: !(error instanceof WebAssembly.RuntimeError) };
  }
}

/** Whether it is the error that jco makes of a result's `err`. */
function wrapped(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'ComponentError';
}

/** Milliseconds of a sample: many ticks of a clock that ticks ten thousand times a second. */
const SAMPLE = 12;
const SAMPLES = 15;
const WARM = 60;
/** Milliseconds for all of it; what takes longer has fewer samples. */
const BUDGET = 3000;

async function timed(
  forms: Record<Form, Runnable>,
  func: Exported,
  given: () => unknown[],
  surroundings: Surroundings,
  fresh: boolean,
): Promise<Record<Form, Timing>> {
  const samples: Record<Form, number[]> = { composed: [], fused: [] };
  const calls: Record<Form, number> = { composed: 0, fused: 0 };
  const values = given();
  const start = performance.now();
  const left = () => performance.now() - start < BUDGET;

  if (fresh) {
    for (let n = 0; n < 2 || (n < SAMPLES && left()); n++) {
      for (const form of FORMS) {
        const run = (await forms[form].instance(surroundings)).func(func);
        const from = performance.now();
        attempt(run, values);
        samples[form].push((performance.now() - from) * 1e6);
        calls[form]++;
      }
    }
  } else {
    const run: Partial<Record<Form, (...values: unknown[]) => unknown>> = {};
    // The clock is read once in so many calls, or reading it would be part of what is measured.
    const chunk: Record<Form, number> = { composed: 1, fused: 1 };
    for (const form of FORMS) {
      const it = (run[form] = (await forms[form].instance(surroundings)).func(func));
      const from = performance.now();
      let count = 0;
      do attempt(it, values), count++;
      while (performance.now() - from < WARM);
      chunk[form] = Math.max(1, Math.round(count / 50));
    }
    for (let n = 0; n < 3 || (n < SAMPLES && left()); n++) {
      for (const form of FORMS) {
        const it = run[form]!;
        const from = performance.now();
        let [count, elapsed] = [0, 0];
        do {
          for (let i = 0; i < chunk[form]; i++) attempt(it, values);
          count += chunk[form];
          elapsed = performance.now() - from;
        } while (elapsed < SAMPLE);
        samples[form].push((elapsed * 1e6) / count);
        calls[form] += count;
      }
    }
  }
  const timing = (form: Form): Timing => {
    const sorted = samples[form].sort((a, b) => a - b);
    return {
      median: sorted[Math.floor(sorted.length / 2)]!,
      least: sorted[0]!,
      most: sorted.at(-1)!,
      samples: sorted.length,
      calls: calls[form],
    };
  };
  return { composed: timing('composed'), fused: timing('fused') };
}

/** An `err` is thrown, and is a result as good as any. */
function attempt(run: (...values: unknown[]) => unknown, values: unknown[]): void {
  try {
    run(...values);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw problem('trap', `a later call trapped: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const { payload, message } = error as { payload?: unknown; message?: string };
  if (typeof payload === 'string') return payload;
  return message ?? String(error);
}

function problem(code: string, message: string, where?: string): Problem {
  return { code, message, place: where ? { function: where } : {} };
}

function told(thrown: unknown): Problem {
  const { code, message, place } = thrown as Partial<Problem>;
  if (typeof code === 'string' && typeof message === 'string' && place) return thrown as Problem;
  return problem('internal', reason(thrown));
}

export async function answer({ id, name, takes }: Message): Promise<unknown> {
  try {
    const handler = handlers[name as unknown as keyof RunRequests] as (takes: unknown) => Promise<unknown>;
    return { id, gives: await handler(takes) };
  } catch (thrown) {
    return { id, problem: told(thrown) };
  }
}

// What goes between a thread and those who use it.

import type { Refusal } from '../errors.js';
import { explaining, fusing, inspecting, linking, options, printing, targets } from '../library.js';

/** The functions that a thread has, each as a function from its argument to what the fuser does. */
export const CALLS = {
  fuse: fusing,
  inspect: inspecting,
  link: linking,
  print: printing,
  targets,
  defaultOptions: options,
  explain: explaining,
};

/** The name of one of them. */
export type CallName = keyof typeof CALLS;

/**
 * To the thread: the fuser, compiled, and then calls, one after another; and the extras, compiled, when the
 * thread has asked for them.
 */
export type ToThread =
  | { module: WebAssembly.Module }
  | { extras: WebAssembly.Module }
  | { call: CallName; argument: unknown; memoryMb: number | undefined };

/** From the thread, for each call. An error of the fuser is sent as what it was made of. */
export type Answer = { value: unknown } | { refusal: Refusal } | { thrown: unknown };

/** From the thread: answers, and before one that the extras are wanted for it. */
export type FromThread = Answer | { wanted: 'extras' };

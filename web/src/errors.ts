// Errors: what was refused, where, and what to do next.

import type { RemedyPart, Setting } from './generated/types.js';
import { option, said, worded } from './remedy.js';
import { escapedLines } from './text.js';

/** Where in the input an error is, as far as that is known. */
export interface Place {
  /** The name of the component it was found in. */
  input?: string;
  /** The path of the instance, from the root. */
  instancePath?: string;
  /** The function. */
  function?: string;
  /** Offset in the component's bytes. */
  offset?: number;
}

/** What an error is made of: the same with every host. */
export interface Refusal {
  code: string;
  message: string;
  input?: string;
  instancePath?: string;
  function?: string;
  offset?: bigint;
  remedy: RemedyPart[];
}

/**
 * Why an input was refused.
 *
 * A wrong argument, such as an option that does not exist, is a `TypeError` instead: that is a
 * mistake in the calling program, and not in what it was given to fuse.
 */
export class FuseError extends Error {
  override readonly name = 'FuseError';
  /** A stable identifier in kebab case; `explain(code)` has a page on it. */
  readonly code: string;
  /** Where it is, as far as that is known. */
  readonly place: Place;
  /** What to do next, with options as they are called here. */
  readonly help: string | undefined;
  /** The same part by part, with options as data, for those who call them otherwise. */
  readonly remedy: readonly RemedyPart[];

  /** For the hosts of the package: the fuser makes these. */
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(escapedLines(refusal.message), options);
    const { code, input, instancePath, function: name, offset, remedy } = refusal;
    this.code = code;
    this.place = {
      ...(input !== undefined && { input }),
      ...(instancePath !== undefined && { instancePath }),
      ...(name !== undefined && { function: name }),
      ...(offset !== undefined && { offset: Number(offset) }),
    };
    this.remedy = remedy;
    this.help = worded(remedy, option);
  }

  /** `help`, with options as `name` calls them. */
  helpAs(name: (setting: Setting) => string): string | undefined {
    return worded(this.remedy, name);
  }
}

/** What the error was made of. */
export function refusal({ code, message, place, remedy }: FuseError): Refusal {
  const { offset, ...rest } = place;
  return {
    code,
    message,
    ...rest,
    ...(offset !== undefined && { offset: BigInt(offset) }),
    remedy: [...remedy],
  };
}

/** Whether what was thrown is the error record of the fuser. */
export function isRefusal(thrown: unknown): thrown is Refusal {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'code' in thrown;
}

/** An error of the fuser itself. */
export function internal(message: string, cause?: unknown): FuseError {
  const remedy = said('this is a bug in the fuser: please report it with the input');
  return new FuseError({ code: 'internal', message, remedy }, { cause });
}

// What the fuser gets of WASI: nothing.
//
// Its functions are pure, but Rust's standard library, which is linked into it, imports an
// environment, files, clocks and streams. Of these only standard error is ever used, for the last
// words of a panic. Random numbers seed hash tables, whose order nothing depends on.

import type { ImportObject } from './generated/fuser.js';

/** The imports, with a function that is given what is written to standard error. */
export function wasi(said: (text: string) => void): ImportObject {
  const decoder = new TextDecoder();
  class Absent {}
  class OutputStream {
    checkWrite = () => 65536n;
    write = (bytes: Uint8Array) => said(decoder.decode(bytes, { stream: true }));
    blockingFlush = () => {};
  }
  const unavailable = () => {
    throw new Error('the fuser has no access to the system');
  };
  const imports = {
    'cli/environment': { getArguments: () => [], getEnvironment: () => [] },
    'cli/exit': { exit: unavailable },
    'cli/stdin': { getStdin: unavailable },
    'cli/stdout': { getStdout: () => new OutputStream() },
    'cli/stderr': { getStderr: () => new OutputStream() },
    'cli/terminal-input': { TerminalInput: Absent },
    'cli/terminal-output': { TerminalOutput: Absent },
    'cli/terminal-stdin': { getTerminalStdin: () => undefined },
    'cli/terminal-stdout': { getTerminalStdout: () => undefined },
    'cli/terminal-stderr': { getTerminalStderr: () => undefined },
    'clocks/monotonic-clock': { now: () => 0n, subscribeDuration: unavailable, subscribeInstant: unavailable },
    'clocks/wall-clock': { now: () => ({ seconds: 0n, nanoseconds: 0 }) },
    'filesystem/preopens': { getDirectories: () => [] },
    'filesystem/types': { Descriptor: Absent },
    'io/error': { Error: Absent },
    'io/poll': { Pollable: Absent, poll: unavailable },
    'io/streams': { InputStream: Absent, OutputStream },
    'random/insecure-seed': { insecureSeed: () => [0n, 0n] },
  };
  const named = Object.entries(imports).map(([name, exports]) => [`wasi:${name}`, exports]);
  return Object.fromEntries(named) as unknown as ImportObject;
}

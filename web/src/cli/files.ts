// Sources and sinks of the command line, read and written; what fails has the path in its message.
//
// A file is replaced in one step. Where the target is there and is no regular file (a device, a pipe,
// a symbolic link), it is written in place: whoever named it meant that.
//
// Messages of the system are worded as Rust words them, so that they are those of the native host.

import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { getSystemErrorMap } from 'node:util';

import { FuseError } from '../errors.js';
import { said } from '../remedy.js';
import { replace } from '../replace.js';
import type { Component } from '../requests.js';
import { escaped } from '../text.js';

type Source = { tag: 'file'; val: string } | { tag: 'stdin' };
type Sink = { tag: 'file'; val: string } | { tag: 'stdout' };

/** Reads an input. */
export async function read({ name, source }: { name: string; source: Source }): Promise<Component> {
  try {
    return { name, bytes: source.tag === 'stdin' ? await all() : await readFile(source.val) };
  } catch (error) {
    throw ioError('read', source.tag === 'file' ? source.val : 'standard input', error);
  }
}

/** Replaces a file, or writes to standard output. With `replaces`, a file that nobody has named. */
export async function write(sink: Sink, bytes: Uint8Array, replaces = false): Promise<void> {
  try {
    await (sink.tag === 'stdout' ? print(bytes) : writeTo(sink.val, bytes, replaces));
  } catch (error) {
    throw ioError('write', sink.tag === 'file' ? sink.val : 'standard output', error);
  }
}

async function all(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function print(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())),
  );
}

async function writeTo(path: string, bytes: Uint8Array, replaces: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const target = replaces ? undefined : await lstat(path).catch(() => undefined);
  if (target && !target.isFile()) await writeFile(path, bytes);
  else await replace(path, bytes);
}

function ioError(what: string, path: string, error: unknown): FuseError {
  const message = escaped(`cannot ${what} \`${path}\`: ${described(error as NodeJS.ErrnoException)}`);
  return new FuseError({ code: 'io', message, remedy: said('check the path and its permissions') });
}

/** Where the C library has other words than libuv. */
const WORDS: Record<string, string> = {
  EEXIST: 'File exists',
  EISDIR: 'Is a directory',
  ENAMETOOLONG: 'File name too long',
  EROFS: 'Read-only file system',
  ELOOP: 'Too many levels of symbolic links',
};

function described({ errno, code, message }: NodeJS.ErrnoException): string {
  const [name, text] = getSystemErrorMap().get(errno ?? 0) ?? [code ?? '', message];
  const words = WORDS[name] ?? text.charAt(0).toUpperCase() + text.slice(1);
  return errno === undefined ? words : `${words} (os error ${Math.abs(errno)})`;
}

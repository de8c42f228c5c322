// The functions that a component exports, and their types, from the TypeScript declarations that jco
// writes beside its JavaScript.
//
// They are of one style, a declaration to a line or to a block, so a small reader will do. (The WIT
// that `wasm-tools` prints of a component leaves out the packages that the types are in.) Integers
// and floats of up to 32 bits are `number` there, and characters are strings: jco checks or converts.

export type Type =
  | { is: 'boolean' | 'number' | 'bigint' | 'string' | 'void' }
  | { is: 'list'; of: Type; array?: string }
  | { is: 'tuple'; of: Type[] }
  | { is: 'map'; key: Type; value: Type }
  /** `tagged` where the payload is an option itself: then it is an object with a tag. */
  | { is: 'option'; of: Type; tagged: boolean }
  | { is: 'record'; fields: { name: string; type: Type; optional: boolean }[] }
  | { is: 'variant'; cases: { name: string; type?: Type }[] }
  | { is: 'enum'; names: string[] }
  /** A resource, or what is not understood. */
  | { is: 'other'; name: string };

export interface Exported {
  /** `INTERFACE#FUNCTION`, or the function's name. */
  id: string;
  interface?: string;
  name: string;
  params: { name: string; type: Type; text: string }[];
  /** The declaration, to be shown. */
  text: string;
  /** Why a form cannot call it. */
  problem?: string;
}

type Declared = { is: 'alias'; text: string } | { is: 'interface'; fields: string[] } | { is: 'class' };

interface File {
  names: Map<string, Declared>;
  functions: string[];
}

/** How deep a type may nest that a form is made for. */
const DEEPEST = 40;

/** The exported functions, given the declarations by file name. */
export function exportsOf(files: Map<string, string>): Exported[] {
  const world = [...files.keys()].find((name) => !name.includes('/'));
  const text = world && files.get(world);
  if (text === undefined) return [];
  const read = new Map([...files].map(([name, content]) => [name, readFile(content)]));
  const root = /^export interface \w+ \{\n((?:(?!^\}).*\n)*)\}\n(?=export type|\n\/\*\*)/m.exec(text)?.[1] ?? '';
  const imported = new Map([...text.matchAll(/^import type \* as (\w+) from '\.\/([^']+)\.js'/gm)].map((it) => [it[1]!, `${it[2]}.d.ts`]));
  const found: Exported[] = [];
  for (const line of root.split('\n')) {
    const [, owner, alias] = /^ {2}'([^']+)': typeof (\w+),$/.exec(line) ?? [];
    const file = alias && imported.get(alias);
    if (owner && file) {
      for (const it of read.get(file)?.functions ?? []) found.push(exported(it, file, read, owner));
    } else if (/^ {2}\w+\(.*\): .*,$/.test(line)) {
      found.push(exported(line.trim().slice(0, -1), world!, read));
    }
  }
  return found;
}

function readFile(text: string): File {
  const file: File = { names: new Map(), functions: [] };
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const [, kind, name, rest] = /^export (type|interface|class|function) (\w+)(.*)$/.exec(line) ?? [];
    if (!kind || !name) continue;
    if (kind === 'type') file.names.set(name, { is: 'alias', text: rest!.replace(/^ = |;$/g, '') });
    else if (kind === 'class') file.names.set(name, { is: 'class' });
    else if (kind === 'function') file.functions.push(name + rest!.replace(/;$/, ''));
    else {
      const fields = [];
      while (++at < lines.length && lines[at] !== '}') {
        if (/^ {2}\w+\??: .*,$/.test(lines[at]!)) fields.push(lines[at]!.trim().slice(0, -1));
      }
      file.names.set(name, { is: 'interface', fields });
    }
  }
  return file;
}

function exported(text: string, file: string, files: Map<string, File>, owner?: string): Exported {
  const name = text.slice(0, text.indexOf('('));
  const inner = new Reader(text.slice(name.length + 1), file, files);
  const params = inner.params();
  const unknown = params.find((it) => has(it.type));
  return {
    id: owner ? `${owner}#${name}` : name,
    ...(owner && { interface: owner }),
    name,
    params,
    text,
    ...(unknown && { problem: `\`${unknown.name}\` is or has what cannot be written down` }),
  };
}

/** Whether a type has something in it that cannot be written down: a resource, say. */
function has(type: Type): boolean {
  switch (type.is) {
    case 'other': return true;
    case 'list': case 'option': return has(type.of);
    case 'tuple': return type.of.some(has);
    case 'map': return has(type.key) || has(type.value);
    case 'record': return type.fields.some((it) => has(it.type));
    case 'variant': return type.cases.some((it) => it.type !== undefined && has(it.type));
    default: return false;
  }
}

const PLAIN = new Set(['boolean', 'number', 'bigint', 'string', 'void']);

/** Reads types of one file. */
class Reader {
  private readonly tokens: { text: string; at: number }[];
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly file: string,
    private readonly files: Map<string, File>,
    private readonly depth = 0,
  ) {
    const tokens = [...text.matchAll(/'(?:[^'\\]|\\.)*'|\w+|\S/g)];
    this.tokens = tokens.map((it) => ({ text: it[0], at: it.index }));
  }

  params(): Exported['params'] {
    const found: Exported['params'] = [];
    while (this.peek() !== ')' && this.peek() !== undefined) {
      const name = this.next();
      const optional = this.took('?');
      this.took(':');
      const from = this.tokens[this.at]?.at ?? 0;
      const type = this.type();
      const text = this.text.slice(from, this.tokens[this.at]?.at);
      this.took(',');
      found.push({ name, text, type: optional ? option(type) : type });
    }
    return found;
  }

  type(): Type {
    const parts: Type[] = [];
    const literals: string[] = [];
    let absent = false;
    do {
      const word = this.peek() ?? '';
      if (word.startsWith("'")) literals.push(this.next().slice(1, -1));
      else if (this.took('undefined')) absent = true;
      else parts.push(this.part());
    } while (this.took('|'));
    const type = literals.length > 0 ? { is: 'enum' as const, names: literals } : united(parts);
    return absent ? option(type) : type;
  }

  private part(): Type {
    const word = this.next();
    if (PLAIN.has(word)) return { is: word } as Type;
    if (word === '[') return { is: 'tuple', of: this.list(']') };
    if (word === 'import') return this.elsewhere();
    const typed = /^(?:Big)?(?:Uint|Int|Float)\d+Array$/.exec(word);
    if (typed) return { is: 'list', of: { is: word.startsWith('Big') ? 'bigint' : 'number' }, array: word };
    const generic = this.took('<') ? this.list('>') : [];
    const [first = VOID, second = VOID] = generic;
    switch (word) {
      case 'Array': return { is: 'list', of: first };
      case 'Map': return { is: 'map', key: first, value: second };
      case 'Option': return { is: 'option', of: first, tagged: true };
      case 'Result': return { is: 'variant', cases: [payload('ok', first), payload('err', second)] };
      default: return this.named(this.file, word);
    }
  }

  /** `import('./FILE.js').NAME` */
  private elsewhere(): Type {
    this.took('(');
    const path = this.next().slice(1, -1);
    this.took(')');
    this.took('.');
    const folder = this.file.split('/').slice(0, -1);
    const target = [...folder, path.replace(/^\.\//, '').replace(/\.js$/, '.d.ts')].join('/');
    return this.named(target, this.next());
  }

  private named(file: string, name: string): Type {
    const found = this.depth < DEEPEST ? this.files.get(file)?.names.get(name) : undefined;
    if (!found || found.is === 'class') return { is: 'other', name };
    const read = (text: string) => new Reader(text, file, this.files, this.depth + 1).type();
    if (found.is === 'alias') return read(found.text);
    const fields = found.fields.map((field) => {
      const [, key = '', mark, text = ''] = /^(\w+)(\??): (.*)$/.exec(field) ?? [];
      return { name: key, optional: mark === '?', type: read(text) };
    });
    const [tag, val] = fields;
    const isCase = tag?.name === 'tag' && tag.type.is === 'enum' && (fields.length === 1 || val?.name === 'val');
    if (!isCase || tag.type.is !== 'enum') return { is: 'record', fields };
    const [label = ''] = tag.type.names;
    return { is: 'variant', cases: [{ name: label, ...(val && { type: val.type }) }] };
  }

  private list(close: string): Type[] {
    const found = [];
    while (!this.took(close) && this.peek() !== undefined) {
      found.push(this.type());
      this.took(',');
    }
    return found;
  }

  private peek(): string | undefined {
    return this.tokens[this.at]?.text;
  }

  private next(): string {
    return this.tokens[this.at++]?.text ?? '';
  }

  private took(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }
}

const VOID: Type = { is: 'void' };

function option(of: Type): Type {
  return { is: 'option', of, tagged: false };
}

function payload(name: string, type: Type): { name: string; type?: Type } {
  return { name, ...(type.is !== 'void' && { type }) };
}

/** A union of types: each case of a variant is an interface of its own. */
function united(parts: Type[]): Type {
  const [first] = parts;
  if (!first) return { is: 'other', name: 'nothing' };
  if (parts.length === 1) return first;
  const cases = parts.flatMap((it) => (it.is === 'variant' ? it.cases : []));
  return cases.length === parts.length ? { is: 'variant', cases } : { is: 'other', name: 'union' };
}

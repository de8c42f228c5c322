// Values as text, and as the JavaScript values that jco takes and gives.
//
//   {name: "fuser", tags: ["a", "b"], size: some(3), kind: integer(7), span: (1, 2.5), on: true}
//
// The notation is that of WAVE, with jco's names. Reading is directed by the type, so that every
// mistake can be told with its place and what was expected there. Printing is not: the value says
// enough.

import type { Type } from './declarations';

export class ValueError extends Error {
  constructor(message: string, readonly at: number) {
    super(message);
  }
}

/** The value that a text stands for. */
export function parse(text: string, type: Type): unknown {
  const reader = new Reader(text);
  const value = reader.value(type);
  reader.end();
  return value;
}

/** Some value of a type, as text: what a form begins with. */
export function sample(type: Type): string {
  switch (type.is) {
    case 'boolean': return 'true';
    case 'number': case 'bigint': return '1';
    case 'string': return '"text"';
    case 'list': return `[${sample(type.of)}]`;
    case 'tuple': return `(${type.of.map(sample).join(', ')})`;
    case 'map': return `[(${sample(type.key)}, ${sample(type.value)})]`;
    case 'option': return `some(${sample(type.of)})`;
    case 'record': {
      const fields = type.fields.filter((it) => !it.optional || it.type.is === 'boolean');
      return `{${fields.map((it) => `${it.name}: ${sample(it.type)}`).join(', ')}}`;
    }
    case 'variant': {
      const it = type.cases[0];
      return it ? (it.type ? `${it.name}(${sample(it.type)})` : it.name) : '';
    }
    case 'enum': return type.names[0] ?? '';
    default: return '';
  }
}

/** A value that jco gave, as text. */
export function print(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Map) return `[${[...value].map(([key, it]) => `(${print(key)}, ${print(it)})`).join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as unknown as ArrayLike<unknown>, print).join(', ')}]`;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== Object.prototype && prototype !== null) return `<${value.constructor.name}>`;
  const { tag, val } = value as { tag?: unknown; val?: unknown };
  if (typeof tag === 'string' && Object.keys(value).every((key) => key === 'tag' || key === 'val')) {
    return val === undefined ? tag : `${tag}(${print(val)})`;
  }
  return `{${Object.entries(value).map(([key, it]) => `${key}: ${print(it)}`).join(', ')}}`;
}

const ARRAYS: Record<string, { from(values: never[]): unknown }> = {
  Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array,
  BigUint64Array, BigInt64Array, Float32Array, Float64Array,
};

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail('the end');
  }

  value(type: Type): unknown {
    this.space();
    switch (type.is) {
      case 'boolean': return this.name(['true', 'false']) === 'true';
      case 'bigint': return BigInt((this.match(/[+-]?\d+/y) ?? this.fail('an integer')).replace(/^\+/, ''));
      case 'number': return this.number();
      case 'string': return this.string();
      case 'list': {
        const values = this.items('[', ']', () => this.value(type.of));
        const array = type.array && ARRAYS[type.array];
        return array ? array.from(values as never[]) : values;
      }
      case 'tuple': return this.tuple(type.of);
      case 'map': return new Map(this.items('[', ']', () => this.tuple([type.key, type.value]) as [unknown, unknown]));
      case 'option': return this.option(type);
      case 'record': return this.record(type.fields);
      case 'variant': {
        const name = this.name(type.cases.map((it) => it.name));
        const payload = type.cases.find((it) => it.name === name)?.type;
        return { tag: name, ...(payload && { val: this.payload(payload) }) };
      }
      case 'enum': return this.name(type.names);
      default: return this.fail('nothing: this has no text');
    }
  }

  private number(): number {
    const pattern = /[+-]?(?:inf|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|nan/y;
    const text = this.match(pattern) ?? this.fail('a number');
    return text === 'nan' ? NaN : Number(text.replace('inf', 'Infinity'));
  }

  private string(): string {
    const text = this.match(/"(?:\\.|[^"\\])*"/suy) ?? this.fail('a string in double quotes');
    return unescape(text.slice(1, -1));
  }

  private option({ of, tagged }: Extract<Type, { is: 'option' }>): unknown {
    const tag = this.name(['some', 'none']);
    const val = tag === 'some' ? this.payload(of) : undefined;
    return tagged ? { tag, ...(tag === 'some' && { val }) } : val;
  }

  private payload(type: Type): unknown {
    this.mark('(');
    const value = this.value(type);
    this.mark(')');
    return value;
  }

  private tuple(types: Type[]): unknown[] {
    this.mark('(');
    const values = types.map((type, index) => {
      if (index > 0) this.mark(',');
      return this.value(type);
    });
    this.took(',');
    this.mark(')');
    return values;
  }

  private record(fields: Extract<Type, { is: 'record' }>['fields']): unknown {
    const start = this.at;
    const found = new Map<string, unknown>();
    this.items('{', '}', () => {
      const name = this.name(fields.map((it) => it.name).filter((it) => !found.has(it)));
      const { type, optional } = fields.find((it) => it.name === name)!;
      this.mark(':');
      const flag = type.is === 'boolean';
      found.set(name, this.value(optional && !flag ? { is: 'option', of: type, tagged: false } : type));
    });
    const missing = fields.find((it) => !found.has(it.name) && !it.optional);
    if (missing) {
      this.at = start;
      this.fail(`a record with the field \`${missing.name}\``);
    }
    return Object.fromEntries(found);
  }

  private items<T>(open: string, close: string, item: () => T): T[] {
    this.mark(open);
    const values: T[] = [];
    while (!this.took(close)) {
      values.push(item());
      if (!this.took(',')) {
        this.mark(close);
        break;
      }
    }
    return values;
  }

  private name(names: string[]): string {
    this.space();
    const start = this.at;
    const word = this.match(/[\w-]+/y);
    if (word !== undefined && names.includes(word)) return word;
    this.at = start;
    return this.fail(names.map((it) => `\`${it}\``).join(' or ') || 'no more fields');
  }

  private mark(mark: string): void {
    if (!this.took(mark)) this.fail(`\`${mark}\``);
  }

  private took(mark: string): boolean {
    this.space();
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private space(): void {
    this.match(/\s*/y);
  }

  private fail(expected: string): never {
    const found = /^[\w-]+|^./s.exec(this.text.slice(this.at))?.[0];
    const what = found ? `\`${found}\`` : 'the end';
    throw new ValueError(`expected ${expected} at character ${this.at + 1}, found ${what}`, this.at);
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0' };

function unescape(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|(.))/gsu, (_, long?: string, short?: string, plain?: string) => {
    const hex = long ?? short;
    if (hex === undefined) return ESCAPES[plain!] ?? plain!;
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });
}

// One of a chain, in AssemblyScript, whose strings are UTF-16. There is no generator of bindings
// for it, so values are lifted and lowered here, by hand. Nothing is ever freed.

@external("polyglot:chain/words@1.0.0", "languages")
declare function nextLanguages(result: usize): void;
@external("polyglot:chain/words@1.0.0", "shout")
declare function nextShout(text: usize, length: i32, result: usize): void;
@external("polyglot:chain/words@1.0.0", "count")
declare function nextCount(text: usize, length: i32, order: i32, result: usize): void;
@external("polyglot:chain/words@1.0.0", "longest")
declare function nextLongest(words: usize, length: i32, result: usize): void;
@external("polyglot:chain/words@1.0.0", "look")
declare function nextLook(text: usize, length: i32): i32;
@external("polyglot:chain/words@1.0.0", "revise")
declare function nextRevise(
  kind: i32, first: i64, length: i32, count: i32, some: i32, char: i32, share: f64, result: usize,
): void;
@external("polyglot:chain/words@1.0.0", "sum")
declare function nextSum(numbers: usize, length: i32): f64;
@external("polyglot:chain/words@1.0.0", "turn")
declare function nextTurn(bytes: usize, length: i32, result: usize): void;

const LONG: i32 = 4;

// Cases of `note`
const NUMBER: i32 = 1;
const TEXT: i32 = 2;

// In the result of `revise`: the discriminant, and the string of an error
const ERROR: u8 = 1;
const PAYLOAD: usize = 8;

export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  if (size == 0) return align;
  const place = heap.alloc(size);
  memory.copy(place, old, min(oldSize, size));
  return place;
}

export function words_languages(): usize {
  const result = heap.alloc(8);
  nextLanguages(result);
  const rest = load<u32>(result, 4);
  const all = heap.alloc(8 * (rest + 1));
  lower("assemblyscript", all);
  memory.copy(all + 8, load<u32>(result), 8 * rest);
  return list(all, rest + 1);
}

export function words_shout(text: usize, length: i32): usize {
  const louder = lift(text, length) + ", says AssemblyScript";
  const result = heap.alloc(8);
  nextShout(changetype<usize>(louder), louder.length, result);
  return result;
}

export function words_count(text: usize, length: i32, order: i32): usize {
  const longer = lift(text, length) + " assemblyscript";
  const result = heap.alloc(8);
  nextCount(changetype<usize>(longer), longer.length, order, result);
  return result;
}

export function words_longest(words: usize, length: i32): usize {
  const result = heap.alloc(16);
  nextLongest(words, length, result);
  return result;
}

export function words_look(text: usize, length: i32): i32 {
  return nextLook(text, length) ^ LONG;
}

export function words_revise(
  kind: i32, first: i64, length: i32, count: i32, some: i32, char: i32, share: f64,
): usize {
  const result = heap.alloc(48);
  if (kind == NUMBER) first = reinterpret<i64>(reinterpret<f64>(first) + 1.0);
  if (kind == TEXT) {
    const text = lift(<usize>first, length) + "-assemblyscript";
    first = changetype<usize>(text);
    length = text.length;
  }
  nextRevise(kind, first, length, count, some, char, share, result);
  if (load<u8>(result) == ERROR) {
    const error = result + PAYLOAD;
    lower("assemblyscript: " + lift(load<u32>(error), load<u32>(error, 4)), error);
  }
  return result;
}

export function words_sum(numbers: usize, length: i32): f64 {
  return nextSum(numbers, length) + 1.0;
}

export function words_turn(bytes: usize, length: i32): usize {
  const turned = heap.alloc(length);
  for (let i = 0; i < length; i++) store<u8>(turned + length - 1 - i, load<u8>(bytes + i));
  const result = heap.alloc(8);
  nextTurn(turned, length, result);
  return result;
}

function lift(text: usize, length: i32): string {
  return String.UTF16.decodeUnsafe(text, 2 * length);
}

// Writes a string's place and length where a string is expected.
function lower(text: string, place: usize): void {
  store<u32>(place, changetype<usize>(text));
  store<u32>(place, text.length, 4);
}

function list(elements: usize, length: u32): usize {
  const result = heap.alloc(8);
  store<u32>(result, elements);
  store<u32>(result, length, 4);
  return result;
}

// What the compiler calls where a program cannot go on.
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

// Makes a core module import the memory that it defines.
//
// The memory keeps index 0, because a module has one at most here, so nothing but two sections
// changes: the import section gets one more entry, and the memory section goes.

const IMPORTS = 2;
const MEMORIES = 5;
const KIND_MEMORY = 2;
const NO_MAXIMUM = 0;

/** The module, and how many pages its memory has at first. */
export function importMemory(module, from, name) {
  const sections = [...read(module)];
  const memories = sections.find(({ id }) => id === MEMORIES);
  const imports = sections.find(({ id }) => id === IMPORTS);
  if (!memories || !imports) throw new Error('the module has no memory, or imports nothing');
  const [count, flags] = memories.body;
  if (count !== 1 || flags !== NO_MAXIMUM) throw new Error('expected one memory without a maximum');
  const [pages] = unsigned(memories.body, 2);

  const [entries, start] = unsigned(imports.body, 0);
  const memory = [...string(from), ...string(name), KIND_MEMORY, NO_MAXIMUM, ...leb(pages)];
  imports.body = [...leb(entries + 1), ...imports.body.subarray(start), ...memory];
  const kept = sections.filter((section) => section !== memories);
  const parts = kept.map(({ id, body }) => [Uint8Array.of(id, ...leb(body.length)), body]);
  return { module: Buffer.concat([module.subarray(0, 8), ...parts.flat().map(Buffer.from)]), pages };
}

function* read(module) {
  for (let at = 8; at < module.length; ) {
    const [size, start] = unsigned(module, at + 1);
    yield { id: module[at], body: module.subarray(start, start + size) };
    at = start + size;
  }
}

/** An unsigned LEB128 number, and where it ends. */
function unsigned(bytes, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
  }
}

function leb(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

function string(text) {
  const bytes = new TextEncoder().encode(text);
  return [...leb(bytes.length), ...bytes];
}

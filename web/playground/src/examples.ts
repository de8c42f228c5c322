// The built-in examples: files of the page, listed in `examples/index.json`.

export interface Example {
  id: string;
  title: string;
  /** What it shows, in a sentence. */
  text: string;
  files: { name: string; load(): Promise<Uint8Array> }[];
  /** What to run, and with which values. */
  run?: { export: string; values: string[] };
}

interface Listed extends Omit<Example, 'files'> {
  files: string[];
}

export async function loadExamples(): Promise<Example[]> {
  const listed: Listed[] = await (await load('index.json')).json();
  return listed.map((it) => ({
    ...it,
    files: it.files.map((name) => ({
      name,
      load: async () => new Uint8Array(await (await load(name)).arrayBuffer()),
    })),
  }));
}

async function load(name: string): Promise<Response> {
  const response = await fetch(new URL(`examples/${name}`, document.baseURI));
  if (!response.ok) throw new Error(`the example's file \`${name}\` cannot be loaded: ${response.status}`);
  return response;
}

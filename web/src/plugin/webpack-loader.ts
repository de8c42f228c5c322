// The loader of the plugin for webpack and rspack: what a file is fused to, as a module.

import { createHash } from 'node:crypto';

import { placed } from '../modules/transpile.js';
import { type FuserOptions, SCHEME, load } from './compositions.js';

/** What the plugin tells the loader. Being part of the module's name, it is part of what is cached. */
export interface LoaderOptions {
  fuser: FuserOptions;
  root: string;
  server: boolean;
}

/** As much of webpack's `LoaderContext` as is used. */
interface Context {
  resourcePath: string;
  resourceQuery: string;
  getOptions(): LoaderOptions;
  async(): (error: Error | null, code?: string) => void;
  addDependency(file: string): void;
  emitFile(name: string, content: Buffer): void;
  emitWarning(warning: Error): void;
}

/** The loader. */
export default async function loader(this: Context): Promise<void> {
  const done = this.async();
  try {
    const { fuser, root, server } = this.getOptions();
    const name = new URLSearchParams(this.resourceQuery).get('fuse-composition');
    const origin = name ? `${SCHEME}${name}` : this.resourcePath;
    const watch = (file: string) => this.addDependency(file);
    const { module, inline, warnings } = await load(origin, fuser, { root, server, watch });
    for (const warning of warnings) this.emitWarning(new Error(warning));
    if (inline) return done(null, module.code);
    const urls = new Map<string, string>();
    for (const [file, bytes] of module.cores) {
      const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      const asset = file.replace(/(?=\.core)/, `.${digest}`);
      this.emitFile(asset, Buffer.from(bytes));
      urls.set(file, `__webpack_public_path__ + ${JSON.stringify(asset)}`);
    }
    done(null, placed(module, (file) => urls.get(file)!));
  } catch (error) {
    done(error as Error);
  }
}

/** The file is read by whoever fuses it. */
export const raw = true;

// Bundlers, each as its users run it: from a project to a folder with `main.js` in it.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { installed } from './runtimes.mjs';

const require = createRequire(import.meta.url);

/** Built for a page, or for Node.js. */
export const TARGETS = ['page', 'server'];

/**
 * By name: a function from a project, the module to begin with, the target and the plugin's options
 * to the folder. The plugin is that of the project's own package.
 */
export const BUNDLERS = {
  async Vite({ root, entry, target, output, options }) {
    const { build } = await import('vite');
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [await plugin(root, 'vite', options)],
      build: {
        outDir: output,
        assetsInlineLimit: 0,
        ...(target === 'server' && { ssr: entry }),
        rolldownOptions: { input: join(root, entry), output: { entryFileNames: 'main.js' } },
      },
      // What is installed may be moved with the build.
      ssr: { noExternal: true },
    });
  },

  async Rollup({ root, entry, target, output, options }) {
    const { rollup } = await import('rollup');
    const inline = target === 'server';
    await rolled(rollup, { root, entry, output }, await plugin(root, 'rollup', { root, inline, ...options }), {
      plugins: [resolving(root, target)],
      external: /^node:/,
    });
  },

  async Rolldown({ root, entry, target, output, options }) {
    const { rolldown } = await import('rolldown');
    const platform = target === 'server' ? 'node' : 'browser';
    const own = await plugin(root, 'rolldown', options);
    await rolled(rolldown, { root, entry, output }, own, { cwd: root, platform });
  },

  async webpack(given) {
    await packed(require('webpack'), 'webpack', given);
  },

  async rspack(given) {
    const { rspack } = await import('@rspack/core');
    await packed(rspack, 'rspack', given);
  },

  async esbuild({ root, entry, target, output, options }) {
    const { build } = await import('esbuild');
    await build({
      absWorkingDir: root,
      entryPoints: { main: entry },
      bundle: true,
      format: 'esm',
      outdir: output,
      platform: target === 'server' ? 'node' : 'browser',
      logLevel: 'silent',
      plugins: [await plugin(root, 'esbuild', options)],
    });
  },

  async Bun({ root, entry, target, output, options }) {
    const script = `
      import fuser from 'wasm-fuser/bun';
      const { outputs } = await Bun.build({
        entrypoints: [${JSON.stringify(join(root, entry))}],
        outdir: ${JSON.stringify(output)},
        naming: { entry: 'main.js' },
        target: '${target === 'server' ? 'node' : 'browser'}',
        plugins: [fuser(${JSON.stringify(options)})],
      });
    `;
    const file = join(root, `build-${target}-${entry}.mjs`);
    writeFileSync(file, script);
    execFileSync(installed('bun'), [file], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  },
};

/** The plugin of the package that a project has. */
async function plugin(root, name, options) {
  const { default: fuser } = await import(pathToFileURL(join(root, `node_modules/wasm-fuser/dist/plugin/${name}.js`)));
  return fuser(options);
}

async function rolled(bundler, { root, entry, output }, own, { plugins = [], ...input }) {
  const bundle = await bundler({
    input: { main: join(root, entry) },
    plugins: [own, ...plugins],
    onLog: (level, { message }) => level === 'warn' && assertQuiet(message),
    ...input,
  });
  await bundle.write({ dir: output, format: 'es' });
  await bundle.close();
}

function assertQuiet(message) {
  throw new Error(`a warning: ${message}`);
}

/** Rollup finds files only; packages are found by a plugin, of which this is the least. */
function resolving(root, target) {
  const conditions = target === 'server' ? ['node'] : [];
  return {
    name: 'packages',
    resolveId(source) {
      const [, name, rest = ''] = source.match(/^((?:@[^/]+\/)?[^./\0][^/:]*)(\/.*)?$/) ?? [];
      if (!name) return undefined;
      const folder = join(root, 'node_modules', name);
      const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const found = exports[`.${rest}`] ?? exports['./*'];
      const file = conditional(found, conditions);
      return join(folder, file.replace('*', rest.slice(1)));
    },
  };
}

function conditional(found, conditions) {
  if (typeof found === 'string') return found;
  const name = Object.keys(found).find((it) => it === 'default' || conditions.includes(it));
  return conditional(found[name], conditions);
}

async function packed(bundler, name, { root, entry, target, output, options }) {
  const own = await plugin(root, name, options);
  const config = {
    context: root,
    mode: 'production',
    devtool: false,
    entry: { main: `./${entry}` },
    target: target === 'server' ? 'node20' : 'web',
    output: { path: output, filename: '[name].js', ...(target === 'server' && { module: true, chunkFormat: 'module' }) },
    ...(target === 'server' && { experiments: { outputModule: true } }),
    performance: false,
    plugins: [own],
  };
  const stats = await new Promise((resolve, reject) => {
    const compiler = bundler(config);
    compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(stats))));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  const [problem] = [...errors, ...warnings];
  if (problem) throw new Error(problem.message);
}

// Bundlers, each as its users run it: from the modules of a project to a folder of scripts.

import { execFileSync } from 'node:child_process';
import { createRequire, isBuiltin } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { installed } from './runtimes.mjs';

const require = createRequire(import.meta.url);

/** For whom is built: a page, or Node.js. */
export const TARGETS = ['page', 'server'];

/**
 * By name: a function that builds. It takes the project's folder, its modules (the files, by the
 * names of the scripts to be made), the target, the output folder, and the options of the plugin,
 * which is that of the package that the project has. What a bundler warns of is an error.
 */
export const BUNDLERS = {
  async Vite({ root, modules, target, output, options }) {
    const { build } = await import('vite');
    await build({
      root,
      base: './',
      configFile: false,
      logLevel: 'silent',
      plugins: [await plugin(root, 'vite', options)],
      build: {
        outDir: output,
        assetsInlineLimit: 0,
        ssr: target === 'server',
        rolldownOptions: { input: absolute(root, modules), output: { entryFileNames: '[name].js' }, onLog },
      },
    });
  },

  async Rollup({ target, options, ...given }) {
    const { rollup } = await import('rollup');
    const inline = target === 'server';
    const own = await plugin(given.root, 'rollup', { root: given.root, inline, ...options });
    await rolled(rollup, given, { plugins: [own, packages(given.root, target)], external: isBuiltin });
  },

  async Rolldown({ target, options, ...given }) {
    const { rolldown } = await import('rolldown');
    const own = await plugin(given.root, 'rolldown', options);
    const platform = target === 'server' ? 'node' : 'browser';
    await rolled(rolldown, given, { plugins: [own], cwd: given.root, platform });
  },

  webpack: (given) => packed(require('webpack'), 'webpack', given),

  rspack: async (given) => packed((await import('@rspack/core')).rspack, 'rspack', given),

  async esbuild({ root, modules, target, output, options }) {
    const { build } = await import('esbuild');
    const { warnings } = await build({
      absWorkingDir: root,
      entryPoints: modules,
      bundle: true,
      format: 'esm',
      outdir: output,
      platform: target === 'server' ? 'node' : 'browser',
      logLevel: 'silent',
      plugins: [await plugin(root, 'esbuild', options)],
    });
    for (const { text } of warnings) onLog('warn', { message: text });
  },

  async Bun({ root, modules, target, output, options }) {
    const file = join(root, `build-${target}.mjs`);
    writeFileSync(
      file,
      `import fuser from 'wasm-fuser/bun';
      const { logs } = await Bun.build({
        entrypoints: ${JSON.stringify(Object.values(absolute(root, modules)))},
        outdir: ${JSON.stringify(output)},
        naming: { entry: '[name].js' },
        target: '${target === 'server' ? 'node' : 'browser'}',
        plugins: [fuser(${JSON.stringify(options)})],
      });
      if (logs.length > 0) throw new Error(logs.join());`,
    );
    execFileSync(installed('bun'), [file], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  },
};

/** The plugin of the package that a project has. */
export async function plugin(root, name, options) {
  const file = join(root, `node_modules/wasm-fuser/dist/plugin/${name}.js`);
  const { default: fuser } = await import(pathToFileURL(file));
  return fuser(options);
}

function absolute(root, modules) {
  return Object.fromEntries(Object.entries(modules).map(([name, file]) => [name, join(root, file)]));
}

/** How long it takes is none of this. */
function onLog(level, { code, message }) {
  if (level === 'warn' && code !== 'PLUGIN_TIMINGS') throw new Error(`a warning: ${message}`);
}

async function rolled(bundler, { root, modules, output }, options) {
  const bundle = await bundler({ input: absolute(root, modules), onLog, ...options });
  await bundle.write({ dir: output, format: 'es', entryFileNames: '[name].js' });
  await bundle.close();
}

/** Rollup finds files only; packages are found by a plugin, of which this is the least. */
function packages(root, target) {
  const conditions = target === 'server' ? ['node', 'default'] : ['default'];
  const matching = (found) =>
    typeof found === 'string' ? found : matching(found[Object.keys(found).find((it) => conditions.includes(it))]);
  return {
    name: 'packages',
    resolveId(source) {
      const [, name, rest = ''] = source.match(/^((?:@[^/]+\/)?[^./\0][^/:]*)(\/.*)?$/) ?? [];
      if (!name || isBuiltin(source)) return undefined;
      const folder = join(root, 'node_modules', name);
      const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return join(folder, matching(exports[`.${rest}`]));
    },
  };
}

async function packed(bundler, name, { root, modules, target, output, options }) {
  const relative = Object.entries(modules).map(([script, file]) => [script, `./${file}`]);
  // The project is one of ES modules, what they build for Node.js is none.
  const names = { filename: '[name].cjs', chunkFilename: '[name].cjs' };
  const config = {
    context: root,
    mode: 'production',
    optimization: { minimize: false },
    devtool: false,
    entry: Object.fromEntries(relative),
    performance: false,
    plugins: [await plugin(root, name, options)],
    target: target === 'server' ? 'node20' : 'web',
    output: { path: output, ...(target === 'server' && names) },
  };
  const stats = await new Promise((resolve, reject) => {
    const compiler = bundler(config);
    compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(stats))));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  const [problem] = [...errors, ...warnings];
  if (problem) throw new Error(problem.message);
}

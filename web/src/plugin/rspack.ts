// The plugin for rspack: that for webpack.
//
//   import fuser from 'wasm-fuser/rspack';
//   export default { plugins: [fuser()] };

export { default } from './webpack.js';
export type { Compiler, WebpackPlugin } from './webpack.js';
export type { ComponentFile, Composition, FuserOptions } from './compositions.js';

// The types of what is imported with `?fuse`. Written by the plugin of wasm-fuser.

// of ../../../wasm-fuser-nDO719/app.wasm
declare module '*/app.wasm?fuse' {
  // world root:component/root
  export function quadruple(number: number): number;
}

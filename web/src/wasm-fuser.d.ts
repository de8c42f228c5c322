// The types of what is imported with `?fuse`. Written by the plugin of wasm-fuser.

declare module '*/app.wac?fuse' {
  // world root:component/root
  export function quadruple(number: number): number;
}

declare module '*/app.wasm?fuse' {
  // world root:component/root
  export function quadruple(number: number): number;
}

declare module 'fuse:set' {
  // world root:component/root
  export function quadruple(number: number): number;
}

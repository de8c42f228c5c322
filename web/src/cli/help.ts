// What is to be read of `wasm-fuser build`. The fuser, which has the other help, does not know it.

/** What `--help` says of it. */
export const SUMMARY = 'Make a JavaScript module of components, or of what a WAC file puts together';

/** What `build --help` says. */
export const HELP = `${SUMMARY}

Usage: wasm-fuser build [OPTIONS] --output <FOLDER> <INPUT>...

It fuses as \`wasm-fuser fuse\` does and takes the same flags, and then lets jco make a module of the
component, with types, which runs in Node.js, in browsers, and in bundlers.

Arguments:
  <INPUT>...  A component, or a WAC file: PATH or NAME=PATH

Options:
  -o, --output <FOLDER>        Where to write the module, its core modules and its types
      --module <NAME>          What the module is called; by default as the first input
      --inline                 Make the core modules part of the JavaScript
      --map <FROM=TO>          Import TO where the component imports FROM
      --watch                  Do it again whenever an input changes
  -h, --help                   Print help

It needs jco:  npm install -D @bytecodealliance/jco-transpile@0.15
What imports WASI needs its implementation:  npm install @bytecodealliance/preview2-shim@0.26
`;

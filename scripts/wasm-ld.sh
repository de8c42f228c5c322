#!/bin/sh
# Links what is compiled for wasm, as `wasm-ld` does, and has `wasm-opt` make it smaller and faster:
#
#   rustc -Clink-arg=--wasm-ld-path=scripts/wasm-ld.sh
#
# It takes the machine's `wasm-opt`, or Debian's. Where there is neither, nothing is optimised: what comes out
# does the same. Rust's compiler has its own linker in the path of whom it starts.
set -eu

rust-lld -flavor wasm "$@"

output=
for argument in "$@"; do
    [ "${before:-}" != -o ] || output=$argument
    before=$argument
done
# Linkers are asked for their version, too.
[ -n "$output" ] || exit 0

if ! command -v wasm-opt >/dev/null; then
    found=$("$(dirname "$0")"/debian-package.sh binaryen wasm-opt) || exit 0
    PATH=$found/bin:$PATH
    LD_LIBRARY_PATH=$(find "$found/lib" -name libbinaryen.so -printf '%h')${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
fi
# Rust makes many functions that differ in constants alone: they become one that is passed these. The features are
# those that Rust takes for granted of every engine, and nothing else: the module does not say it itself.
wasm-opt --merge-similar-functions -Os --mvp-features --enable-bulk-memory --enable-multivalue \
    --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext \
    "$output" -o "$output"

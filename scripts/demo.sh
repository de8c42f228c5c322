#!/bin/sh
# Fuses a command and the component that it calls, and shows that nothing changed but its shape. Then
# three components that send one another streams, and how long they take before and after.
#
#   scripts/demo.sh [TEXT-FILE]
#
# `make demo` builds fuser.wasm and its host first. The command `report` reads a text file and calls
# `text-stats` for all it prints about it. `pipeline-front` sends a text to `pipeline-words` and the words to
# `pipeline-tally`. All are in tests/guests, in Rust. Fails if the two forms print different things.
set -eu
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
host=$target/release/wasm-fuser
out=$target/demo
guests=tests/guests/target/wasm32-wasip2/release

die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

bold='' dim='' green='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') green=$(printf '\033[32m') plain=$(printf '\033[0m')
fi
step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
shown() { printf '%s$ %s%s\n' "$dim" "$*" "$plain"; }

text=${1:-}
for file in README.md docs/architecture.md wit/world.wit; do
    if [ -z "$text" ] && [ -e "$file" ]; then text=$file; fi
done
[ -f "$text" ] || die "there is no file \`$text\` to report on"
[ -x "$host" ] || die "$host is not built: use \`make demo\`"

# Quietly, and without what is meant for native code
toolchain=$(scripts/wasi-toolchain.sh)
# shellcheck disable=SC2086
env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
    cargo $toolchain build --quiet --locked --release --target wasm32-wasip2 \
    --manifest-path tests/guests/Cargo.toml --target-dir tests/guests/target
cargo build --quiet --release --workspace --example compose --example run --example race
mkdir -p "$out"

# run FORM: what that form prints about the text, into a file
run() {
    shown "run $1.wasm $text"
    "$target/release/examples/run" --dir "$(dirname "$text")" "$out/$1.wasm" "$(basename "$text")" \
        >"$out/$1.txt" || die "$1.wasm failed"
}

step "Two components: a command, and what it calls, composed into one file"
shown "compose report.wasm text-stats.wasm -o composed.wasm"
"$target/release/examples/compose" "$guests/report.wasm" "$guests/text_stats.wasm" \
    -o "$out/composed.wasm"

step "Fused: how each call between them was compiled"
shown "wasm-fuser fuse composed.wasm -o fused.wasm --explain --time"
"$host" fuse "$out/composed.wasm" -o "$out/fused.wasm" --explain --time

step "Both report on $text"
run composed
run fused
sed -n '1,12p' "$out/fused.txt" | sed 's/^/    /'
printf '    %s...%s\n' "$dim" "$plain"

if ! cmp -s "$out/composed.txt" "$out/fused.txt"; then
    diff "$out/composed.txt" "$out/fused.txt" >&2 || :
    die "the fused component prints something else"
fi
[ -s "$out/fused.txt" ] || die "neither prints anything"

size() { wc -c <"$1" | tr -d ' '; }
printf '\n%sThe same %s lines%s from %s bytes instead of %s.\n' "$green" \
    "$(wc -l <"$out/fused.txt" | tr -d ' ')" "$plain" \
    "$(size "$out/fused.wasm")" "$(size "$out/composed.wasm")"

step "Three components that send each other streams: a text, and its words"
shown "compose pipeline-front.wasm pipeline-words.wasm pipeline-tally.wasm -o pipeline.wasm"
"$target/release/examples/compose" "$guests/pipeline_front.wasm" "$guests/pipeline_words.wasm" \
    "$guests/pipeline_tally.wasm" -o "$out/pipeline.wasm"
shown "wasm-fuser fuse pipeline.wasm -o pipeline-fused.wasm"
"$host" fuse --quiet "$out/pipeline.wasm" -o "$out/pipeline-fused.wasm"
shown "race report $text pipeline.wasm pipeline-fused.wasm"
"$target/release/examples/race" report "$text" "$out/pipeline.wasm" "$out/pipeline-fused.wasm" |
    sed "s#$out/##; s/^/    /"

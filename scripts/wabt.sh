#!/bin/sh
# Makes sure that wabt is there, for its wasm2c: a translator of modules to C, with the C that what it makes needs.
#
# Its only line on stdout is the folder in which there are bin/wasm2c and src/wasm2c. That is Debian's package,
# from the mirror that apt is set up with, unpacked into a folder of its own: nothing is installed into the
# system, and the state of apt and dpkg stays as it is. It fetches 2 MB beside apt's lists, once.
#
# WABT_DIR (~/.cache/wabt) says where it is kept.
set -eu
export LC_ALL=C

cache=${WABT_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/wabt}
work=$cache/work

say() { printf 'wabt: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
answer() { echo "$cache/usr"; exit 0; }

[ ! -e "$cache/.complete" ] || answer
for program in apt-get dpkg-deb flock; do
    command -v $program >/dev/null || die "$program is not there to take Debian's package"
done

# One run at a time; whoever waited finds it made.
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
[ ! -e "$cache/.complete" ] || answer
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
: >"$work/status"

apt() {
    apt-get -q -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
say "fetching Debian's package"
if ! (apt update && cd "$work" && apt download wabt) >"$work/log" 2>&1; then
    # Without the mirror's address: what is wrong is said beside it.
    tail -n 5 "$work/log" | sed 's#://[^/ ]*#://...#g; s# \[IP: [^]]*\]##' >&2
    die "the package cannot be fetched"
fi
dpkg-deb -x "$work"/wabt_*.deb "$cache"
"$cache/usr/bin/wasm2c" --version >/dev/null || die "the package does not work here"
touch "$cache/.complete"
answer

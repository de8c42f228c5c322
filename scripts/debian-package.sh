#!/bin/sh
# Makes sure that a package of Debian's is there, of which a program is wanted:
#
#   scripts/debian-package.sh wabt wasm2c
#
# Its only line on stdout is the folder in which there are bin/, lib/ and whatever else the package has. It comes
# from the mirror that apt is set up with, and is unpacked into a folder of its own: nothing is installed into the
# system, and the state of apt and dpkg stays as it is. It fetches apt's lists beside, once for each package.
# Libraries of the package's own are found by LD_LIBRARY_PATH; those of others have to be on the machine.
#
# DEBIAN_PACKAGES_DIR (~/.cache/debian-packages) says where they are kept.
set -eu
export LC_ALL=C

package=$1
program=$2
cache=${DEBIAN_PACKAGES_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/debian-packages}/$package
work=$cache/work

say() { printf '%s: %s\n' "$package" "$*" >&2; }
die() { say "$*"; exit 1; }
answer() { echo "$cache/usr"; exit 0; }

[ ! -e "$cache/.complete" ] || answer
for tool in apt-get dpkg-deb flock; do
    command -v $tool >/dev/null || die "$tool is not there to take Debian's package"
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
if ! (apt update && cd "$work" && apt download "$package") >"$work/log" 2>&1; then
    # Without the mirror's address: what is wrong is said beside it.
    tail -n 5 "$work/log" | sed 's#://[^/ ]*#://...#g; s# \[IP: [^]]*\]##' >&2
    die "the package cannot be fetched"
fi
dpkg-deb -x "$work/$package"_*.deb "$cache"
LD_LIBRARY_PATH=$(find "$cache/usr/lib" -name '*.so*' -printf '%h:' 2>/dev/null) \
    "$cache/usr/bin/$program" --version >/dev/null || die "the package does not work here"
touch "$cache/.complete"
answer

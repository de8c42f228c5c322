#!/bin/sh
# Makes sure that Rust code can be compiled for wasm32-wasip2 on this machine.
#
#   cargo $(scripts/wasi-toolchain.sh) build --target wasm32-wasip2
#
# Its only line on stdout is the argument that makes cargo use a toolchain which has the target:
# nothing where the active one has it, else "+wasi". It takes the first of these that works:
#
#   1. the active toolchain;
#   2. the toolchain that an earlier run has made;
#   3. `rustup target add`, except where RUSTUP_AUTO_INSTALL=0 says that rustup shall fetch nothing;
#   4. Debian's packages of rustc, of its std for wasm32 and of clippy, from the mirror that apt is
#      set up with, unpacked into a folder of their own together with the C library they want, and
#      made known to rustup as the toolchain "wasi". Nothing is installed into the system, and the
#      state of apt and dpkg stays as it is. This fetches 190 MB and takes half a minute, once.
#
# Debian's rustc comes without a linker for wasm and without `wasm-component-ld`; those, and cargo,
# are the active rustup toolchain's. Its programs are started through its own dynamic loader,
# because they are built for a newer C library than a stable Debian has.
#
# WASI_TOOLCHAIN_DIR (~/.cache/wasi-toolchain) and WASI_TOOLCHAIN_NAME (wasi) say where it is kept
# and what rustup calls it. WASI_TOOLCHAIN_SUITES ("forky sid") are the Debian suites to look in.
set -eu
export LC_ALL=C

target=wasm32-wasip2
name=${WASI_TOOLCHAIN_NAME:-wasi}
cache=${WASI_TOOLCHAIN_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/wasi-toolchain}
made=$cache/toolchain
work=$cache/work

say() { printf 'wasi-toolchain: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# rustup as the user has it, even where cargo (running a test, say) has pinned its own toolchain.
plain_rustup() { env -u RUSTUP_TOOLCHAIN rustup "$@"; }

# Whether a rustc has the target's std.
has_target() { # RUSTC
    libdir=$("$1" --print target-libdir --target $target 2>/dev/null) || return 1
    ls "$libdir"/libstd-*.rlib >/dev/null 2>&1
}

# Answers with the toolchain made from Debian's packages.
answer_made() {
    linked=$(plain_rustup which --toolchain "$name" rustc 2>/dev/null) || linked=
    if [ "$(readlink -f "$linked")" != "$(readlink -f "$made/bin/rustc")" ]; then
        plain_rustup toolchain link "$name" "$made" >&2
    fi
    echo "+$name"
    exit 0
}

# An apt that believes in an empty machine and keeps everything in $work. The machine's C compiler
# stands for the one that rustc depends on.
setup_apt() { # SUITE
    rm -rf "$work"
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/root"
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    mirror=$(apt-get update --print-uris | sed -n "s#^'\(.*\)/dists/$codename/InRelease'.*#\1#p" | head -n 1)
    [ -n "$mirror" ] || die "apt has no source for Debian $codename on this machine"
    keyring=$(ls /usr/share/keyrings/debian-archive-keyring.* 2>/dev/null | head -n 1)
    echo "deb ${keyring:+[signed-by=$keyring] }$mirror $1 main" >"$work/sources.list"
    cat >"$work/status" <<STATUS
Package: c-compiler-of-this-machine
Status: install ok installed
Maintainer: none
Architecture: $arch
Version: 999
Provides: gcc (= 999), libc-dev (= 999), binutils (= 999)
Description: stands for the one that is there
STATUS
    cat >"$work/apt.conf" <<CONF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
APT::Architectures { "$arch"; };
APT::Default-Release "";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Cache "$work/cache";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$work";
Dir::State::status "$work/status";
CONF
}

fetch() {
    apt-get -q -c "$work/apt.conf" update &&
        apt-get -q -c "$work/apt.conf" install -y --download-only \
            rustc libstd-rust-dev-wasm32 rust-clippy
}

unpack() {
    printf '%s\0' "$work"/cache/archives/*.deb |
        xargs -0 -n 1 -P "$(nproc)" sh -c 'dpkg-deb -x "$1" "$0"' "$work/root"
    usr=$work/root/usr
    rm -rf "$usr/share" "$usr/lib/rustlib/wasm32-unknown-unknown"
    mkdir -p "$usr/libexec"
    for program in rustc rustdoc clippy-driver cargo-clippy; do
        mv "$usr/bin/$program" "$usr/libexec/"
        cat >"$usr/bin/$program" <<WRAPPER
#!/bin/sh
lib='$made/lib/$triplet'
exec "\$lib/$loader" --library-path "\$lib" --argv0 "\$0" '$made/libexec/$program' "\$@"
WRAPPER
        chmod +x "$usr/bin/$program"
    done
    # cargo-clippy looks for its driver beside the program that the kernel runs: the loader.
    ln -s ../../bin/clippy-driver "$usr/lib/$triplet/clippy-driver"
    ln -s "$active/bin/cargo" "$usr/bin/cargo"
    rm -rf "$usr/lib/rustlib/$host/bin"
    ln -s "$active/lib/rustlib/$host/bin" "$usr/lib/rustlib/$host/bin"
    rm -rf "$made"
    mv "$usr" "$made"
}

# Whether it compiles a program to a component: version 13 of the binary format, layer 1.
works() {
    echo 'fn main() { println!("hello"); }' >"$work/hello.rs"
    "$made/bin/rustc" --target $target -o "$work/hello.wasm" "$work/hello.rs" >&2 &&
        [ "$(od -An -tx1 -N8 "$work/hello.wasm")" = " 00 61 73 6d 0d 00 01 00" ]
}

if has_target rustc; then exit 0; fi
command -v rustup >/dev/null ||
    die "this rustc cannot compile for $target: install rustup, or your distribution's std for it"
if [ -e "$made/.complete" ] && has_target "$made/bin/rustc"; then answer_made; fi
if [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ]; then
    if rustup target add $target >&2 && has_target rustc; then exit 0; fi
    say "rustup could not fetch $target; trying Debian's packages"
fi
for program in apt-get dpkg-deb flock od; do
    command -v $program >/dev/null ||
        die "no toolchain has $target, and $program is not there to take Debian's packages:" \
            "run \`rustup target add $target\`"
done

active=$(plain_rustup run "$(plain_rustup default | cut -d ' ' -f 1)" rustc --print sysroot)
host=$(rustc -vV | sed -n 's/^host: //p')
arch=$(dpkg --print-architecture)
case $arch in
amd64) triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
arm64) triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
*) die "no toolchain has $target, and Debian's is arranged for amd64 and arm64 only, not $arch" ;;
esac
[ -x "$active/lib/rustlib/$host/bin/wasm-component-ld" ] ||
    die "the default toolchain, $active, has no wasm-component-ld: \`rustup default stable\`"

# One run at a time; whoever waited finds it made.
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [ -e "$made/.complete" ] && has_target "$made/bin/rustc"; then answer_made; fi
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

for suite in ${WASI_TOOLCHAIN_SUITES:-forky sid}; do
    say "fetching Debian's rustc with std for $target (suite $suite)"
    setup_apt "$suite"
    if fetch >"$work/log" 2>&1 && unpack && works; then
        touch "$made/.complete"
        say "$("$made/bin/rustc" --version) is in $made"
        answer_made
    fi
    # Without the mirror's address: what is wrong is said beside it.
    tail -n 5 "$work/log" | sed 's#://[^/ ]*#://...#g; s# \[IP: [^]]*\]##' >&2
    say "the packages of $suite do not work here"
done
die "no toolchain for $target could be set up; where rustup may fetch it: rustup target add $target"

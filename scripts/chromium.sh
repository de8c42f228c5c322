#!/bin/sh
# Prints the path of a Chromium, and installs Debian's where there is none.
#
#   scripts/chromium.sh
#
# CHROMIUM names one to use instead.
set -eu

find_one() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}

find_one && exit
{
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || {
        echo "chromium.sh: there is no Chromium; install one, or name one with CHROMIUM" >&2
        exit 1
    }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
} >&2
find_one

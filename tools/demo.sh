#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/demo.sh [FILE] [--picture FILE]

Installs what is missing (root or sudo), builds the demo (in build/demo of this checkout) and runs it: it counts the
words of FILE in hash tables and reports how these grow, shrink and perform. FILE is a text of any kind; without it, the
word list of Debian'\''s package wamerican. --picture writes a picture of the ring, an SVG file; nothing else is written.
The exit status is the demo'\''s: 0, or 2 if a file cannot be used.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac

# Standard output is the demo's alone, so that it can be piped.
"$root/tools/setup.sh" build demo || exit
[ -x "$root/build/demo/examples/demo" ] || echo "Building the demo in build/demo" >&2
"$root/tools/build.sh" "$root/build/demo" demo -DCMAKE_BUILD_TYPE=Release -DPERTURB_BUILD_TESTS=OFF \
  -DPERTURB_BUILD_BENCH=OFF || exit
exec "$root/build/demo/examples/demo" "$@"

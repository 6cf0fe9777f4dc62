#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh DIRECTORY TARGET CMAKE_ARGUMENT...: configures this checkout in DIRECTORY and builds TARGET there, quietly:
# what CMake and the compiler say is shown only if they fail.
root=$(cd "$(dirname "$0")/.." && pwd) || exit
directory=$1 target=$2
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake -S "$root" -B "$directory" -G Ninja "$@" && cmake --build "$directory" --target "$target"; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

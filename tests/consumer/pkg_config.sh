#!/bin/sh
# SPDX-License-Identifier: MIT
# pkg_config.sh CXX PREFIX SOURCE PROGRAM: what is installed in PREFIX is usable through pkg-config, and links nothing.
set -eu
cxx=$1 prefix=$2 source=$3 program=$4
export PKG_CONFIG_PATH="$prefix/share/pkgconfig"

libs=$(pkg-config --libs perturb)
if [ -n "$(printf %s "$libs" | tr -d ' ')" ]; then
  echo "pkg-config --libs perturb should be empty, but is: $libs"
  exit 1
fi
# The flags are words of their own.
"$cxx" -std=c++20 $(pkg-config --cflags perturb) "$source" -o "$program"
"$program"

# Another version, and a machine without xxHash.
refused() {
  text=$1
  shift
  if message=$(env "$@" 2>&1) || ! printf '%s\n' "$message" | grep -qF -- "$text"; then
    echo "$* should have failed, saying: $text"
    printf '%s\n' "$message"
    exit 1
  fi
}
refused "'perturb >= 99'" pkg-config --print-errors 'perturb >= 99'
refused libxxhash PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$PKG_CONFIG_PATH" pkg-config --cflags perturb

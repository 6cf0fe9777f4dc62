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

#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: one_message.sh COMPILER INCLUDE_DIRECTORY HEADER...
# Below C++20 the compiler says what perturb needs, and nothing else, whichever header is included.
compiler=$1
include=$2
shift 2
output=$(mktemp) || exit
trap 'rm -f "$output"' EXIT

# expect_one_message STANDARD HEADER
expect_one_message() {
  if "$compiler" "-std=$1" "-I$include" -fsyntax-only -x c++ -include "$2" /dev/null 2>"$output"; then
    echo "$2 compiles as $1"
    exit 1
  fi
  if [ "$(grep -c 'error: ' "$output")" != 1 ] || ! grep -q 'error: .*perturb needs C++20' "$output"; then
    echo "$2 as $1:"
    cat "$output"
    exit 1
  fi
}

for header; do
  [ "$header" = perturb/version.hpp ] || expect_one_message c++17 "$header"
done
expect_one_message c++11 perturb/perturb.hpp
expect_one_message c++14 perturb/perturb.hpp

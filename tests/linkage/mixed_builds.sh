#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: mixed_builds.sh COMPILER INCLUDE_DIRECTORY
# Object files built with different switches of perturb must not link into one program; with the same ones they must.
compiler=$1
include=$2
sources=$(dirname "$0")/mixed
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT

# build NAME SWITCH...: the two object files provider-NAME.o and user-NAME.o.
build() {
  name=$1
  shift
  for unit in provider user; do
    "$compiler" -std=c++20 "-I$include" "$@" -c "$sources/$unit.cpp" -o "$work/$unit-$name.o" || exit
  done
}
build plain
build checked -DPERTURB_CHECKED=1
build nosimd -DPERTURB_NO_SIMD=1
build noexceptions -fno-exceptions
build debuglibrary -D_GLIBCXX_DEBUG
build all -DPERTURB_CHECKED=1 -DPERTURB_NO_SIMD=1 -fno-exceptions
builds='plain checked nosimd noexceptions debuglibrary all'

for one in $builds; do
  for other in $builds; do
    if "$compiler" "$work/provider-$one.o" "$work/user-$other.o" -o "$work/program" 2>"$work/errors"; then
      linked=yes
      "$work/program" || exit
    else
      linked=no
    fi
    [ $one = $other ] && expected=yes || expected=no
    if [ $linked != $expected ]; then
      echo "provider built $one, user built $other: linked is $linked, expected is $expected"
      cat "$work/errors"
      exit 1
    fi
  done
done

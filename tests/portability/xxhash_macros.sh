#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: xxhash_macros.sh COMPILER FLAG...
# A program may include <xxhash.h> before perturb, with the macros that xxHash knows, and after it. It then works, or
# there is one message that says what to do.
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT

# build MACRO[=VALUE]... -- COMMAND...: the program that includes <xxhash.h> below these macros, and then perturb.
build() {
  : >"$work/program.cpp"
  while [ "$1" != -- ]; do
    echo "#define $1" | tr = ' ' >>"$work/program.cpp"
    shift
  done
  shift
  cat >>"$work/program.cpp" <<'SOURCE'
#include <xxhash.h>
#include <perturb/hash/xxhash.hpp>
#include <xxhash.h>
int main() {
  namespace hashing = perturb::detail::hashing;
  hashing::Xxh3Stream stream(0);
  stream.update("abc", 3);
  return stream.digest() == 0x78af5f94892f3950 && hashing::xxh3("abc", 3, 0) == 0x78af5f94892f3950 &&
                 hashing::xxh64("abc", 3, 0) == 0x44bc2cf5ad770999 && hashing::xxh32("abc", 3, 0) == 0x32d153ff &&
                 XXH32("abc", 3, 0) == 0x32d153ff
             ? 0
             : 1;
}
SOURCE
  "$@" -std=c++20 "$work/program.cpp" -o "$work/program" >"$work/output" 2>&1
}

# works MACRO... -- COMMAND...
works() {
  if ! build "$@" || ! "$work/program"; then
    echo "<xxhash.h> before, as in: $*"
    cat "$work/output"
    exit 1
  fi
}
# is_refused MACRO... -- COMMAND...
is_refused() {
  if build "$@" || [ "$(grep -c 'error: ' "$work/output")" != 1 ] ||
    ! grep -q 'include perturb before the xxhash.h' "$work/output"; then
    echo "<xxhash.h> before, as in: $*"
    cat "$work/output"
    exit 1
  fi
}

implementation='XXH_STATIC_LINKING_ONLY XXH_IMPLEMENTATION'
works -- "$@"
works $implementation -- "$@"
works XXH_NAMESPACE=users_ $implementation -- "$@"
for macro in XXH_INLINE_ALL XXH_PRIVATE_API XXH_STATIC_LINKING_ONLY XXH_NAMESPACE=users_ XXH_NO_XXH3 XXH_NO_LONG_LONG \
  XXH_NO_STREAM XXH_NO_INLINE_HINTS=1 XXH_VECTOR=0 XXH_FORCE_MEMORY_ACCESS=3; do
  works $macro -- "$@"
done
works XXH_VECTOR=0 XXH_NO_INLINE_HINTS=1 XXH_INLINE_ALL -- "$@"
for without in XXH_NO_XXH3 XXH_NO_LONG_LONG; do
  is_refused XXH_INLINE_ALL $without -- "$@"
  is_refused $implementation $without -- "$@"
done
# On the command line they hold for perturb's own inclusion.
for switch in -DXXH_IMPLEMENTATION -DXXH_NO_XXH3 -DXXH_NO_LONG_LONG -DXXH_INLINE_ALL; do
  works XXH_STATIC_LINKING_ONLY -- "$@" $switch
done

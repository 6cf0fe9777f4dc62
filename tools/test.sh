#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/test.sh [ARGUMENT...]

Installs what is missing (root or sudo), then builds and runs every test in every variant:

  dev               g++, the SIMD groups of this machine; and the tests that are the same for all variants
  nosimd            g++, the portable groups (PERTURB_NO_SIMD=1)
  clang-asan-ubsan  clang++, under the address and undefined behaviour sanitizers

Each is a preset that can be built by itself: cmake --preset dev && cmake --build --preset dev && ctest --preset dev.
The arguments are handed to ctest, for instance -R HashTable. Environment: JOBS, how many jobs to run at once.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
variants='dev nosimd clang-asan-ubsan'
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac
jobs=${JOBS:-$(nproc)}

cd "$root" || exit
tools/setup.sh build demo ring test docs shards || exit
for variant in $variants; do
  echo "== Building $variant"
  cmake --preset "$variant" >/dev/null || exit
  cmake --build --preset "$variant" -j "$jobs" -- --quiet || exit
done

# One run of CTest over the test lists of all build trees, so that there is one summary.
for variant in $variants; do
  echo "subdirs($variant)"
done >build/CTestTestfile.cmake
exec ctest --test-dir build -j "$jobs" --progress --output-on-failure "$@"

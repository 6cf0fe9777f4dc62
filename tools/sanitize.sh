#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/sanitize.sh [TOOL...]

Runs all unit, property and contract tests under tools that find what tests alone do not. What is missing is installed
(root or sudo). TOOL is any of

  asan-ubsan     g++, AddressSanitizer and UndefinedBehaviorSanitizer
  tsan           g++, ThreadSanitizer
  glibcxx-debug  the checks of libstdc++ in its containers and iterators, and GoogleTest built with them
  valgrind       memcheck; slow tests (properties, large tables) are left out
  short          the short forms that tools/test.sh runs too: MemorySanitizer with libc++, valgrind, threads, cppcheck

or all of them, which is the default. Each takes 5 to 20 minutes of 2 cores. clang++ with AddressSanitizer and
UndefinedBehaviorSanitizer is a variant of tools/test.sh. Environment: JOBS, how many jobs to run at once.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
jobs=${JOBS:-$(nproc)}
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac
[ $# -gt 0 ] || set -- asan-ubsan tsan glibcxx-debug valgrind short
for tool; do
  case $tool in
  asan-ubsan | tsan | glibcxx-debug | valgrind | short) ;;
  *)
    echo "tools/sanitize.sh: '$tool' is not known; try --help" >&2
    exit 1
    ;;
  esac
done

cd "$root" || exit
tools/setup.sh build test gtest-source || exit

# build PRESET TARGET
build() {
  cmake --preset "$1" >/dev/null && cmake --build --preset "$1" -j "$jobs" --target "$2" -- --quiet
}
# run PRESET CTEST_ARGUMENT...
run() {
  preset=$1
  shift
  ctest --preset "$preset" -j "$jobs" --progress "$@"
}

failed=
for tool; do
  echo "== $tool"
  case $tool in
  asan-ubsan | tsan | glibcxx-debug)
    build "$tool" perturb_unit_tests && run "$tool" -L 'unit|property|contract|golden' -E 'demo|example'
    ;;
  valgrind)
    build dev perturb_unit_tests && (
      for room in hash ring_operations profiles contract faults portable; do
        valgrind -q --error-exitcode=1 "build/dev/tests/perturb_${room}_tests" --gtest_brief=1 || exit
      done
    )
    ;;
  short) build dev all && run dev -R '^sanitizers|cppcheck|tidy|without_exceptions' ;;
  esac || failed="$failed $tool"
done
[ -z "$failed" ] || { echo "Failed:$failed" && exit 1; }

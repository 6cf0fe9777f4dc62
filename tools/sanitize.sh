#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/sanitize.sh [--all] [TOOL...]

Runs tests under tools that find what tests alone do not. What is missing is installed (root or sudo). TOOL is any of

  asan-ubsan     g++, AddressSanitizer and UndefinedBehaviorSanitizer
  tsan           g++, ThreadSanitizer
  glibcxx-debug  the checks of libstdc++ in its containers and iterators, and GoogleTest built with them
  valgrind       memcheck; left out are slow tests, and those of long double, which valgrind takes for a double
  short          the short forms that tools/test.sh runs too: MemorySanitizer with libc++, valgrind, threads, cppcheck

or all of them, which is the default. The tests are those that tools/cross.sh runs (the room platform of
tests/sources.cmake), of tsan the ones with threads; --all: every unit, property and contract test, which takes 15 minutes
of 2 cores for each of the first three. clang++ with AddressSanitizer and UndefinedBehaviorSanitizer runs most in
tools/test.sh. Environment: JOBS, how many jobs to run at once.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
jobs=${JOBS:-$(nproc)}
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac
all=
if [ "${1-}" = --all ]; then
  all=1
  shift
fi
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

# build PRESET TARGET...
build() {
  preset=$1
  shift
  cmake --preset "$preset" >/dev/null && cmake --build --preset "$preset" -j "$jobs" --target "$@" -- --quiet
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
    if [ -n "$all" ]; then
      build "$tool" perturb_unit_tests && run "$tool" -L 'unit|property|contract|golden' -E 'demo|example'
    else
      filter='*'
      [ "$tool" != tsan ] || filter='*Thread*:*Concurrent*:SharedRing*:Migration*:HugePage*'
      build "$tool" perturb_platform_tests &&
        "build/$tool/tests/perturb_platform_tests" --gtest_brief=1 "--gtest_filter=$filter"
    fi
    ;;
  valgrind)
    build dev perturb_platform_tests &&
      slow='*Thread*:*Concurrent*:HashTableGrowth*:DirectIndex*:OrderedPythonOrder*:HugePage*:LayoutPatch*' &&
      long_double='HashStateFloats.LongOnes*:FloatingHashes.OfLongDoubles*' &&
      valgrind -q --error-exitcode=1 build/dev/tests/perturb_platform_tests --gtest_brief=1 \
        "--gtest_filter=-$slow:$long_double"
    ;;
  short)
    build dev perturb_without_exceptions_tests perturb_checked_library_tests perturb_thread_tests perturb_memory_tests &&
      run dev -R '^sanitizers|cppcheck|tidy|without_exceptions'
    ;;
  esac || failed="$failed $tool"
done
[ -z "$failed" ] || { echo "Failed:$failed" && exit 1; }

#!/bin/bash
# SPDX-License-Identifier: MIT
usage='usage: tools/coverage.sh [ROOM...]

Measures which lines and branches of include/ the tests run: builds them in build/coverage with the coverage of clang,
runs them, and prints a table for each header and the sum; every line that is never run, and every branch that goes one
way only, is in build/coverage/missed.txt. docs/security.md gives the reasons of those that stay. ROOM is table, ring, …
as in tests/sources.cmake; default: all. A line or branch of a template counts as run if one instantiation runs it.

Exit code 1 if fewer than 99 % of the lines or 95 % of the branches are run (all rooms only).
Environment: JOBS, how many jobs to run at once.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac
cd "$root" || exit
tools/setup.sh build test coverage || exit
tree=build/coverage
flags='-fprofile-instr-generate -fcoverage-mapping'
cmake -S . -B $tree -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
  -DCMAKE_CXX_FLAGS="$flags" -DPERTURB_BUILD_BENCH=OFF -DPERTURB_BUILD_EXAMPLES=OFF -DPERTURB_TEST_HOUSE=OFF >/dev/null || exit

rooms=("$@")
if [ $# -eq 0 ]; then
  mapfile -t rooms < <(ninja -C $tree -t targets all | sed -n 's/^perturb_\(.*\)_tests: phony$/\1/p' | grep -v linkage)
fi
exports=()
rm -f $tree/*.profraw
for room in "${rooms[@]}"; do
  echo "== $room" >&2
  cmake --build $tree --target "perturb_${room}_tests" -j "${JOBS:-$(nproc)}" -- --quiet || exit
  program=$tree/tests/perturb_${room}_tests
  # A death test ends its child, which then writes nothing.
  LLVM_PROFILE_FILE=$tree/$room-%p.profraw "$program" --gtest_brief=1 >"$tree/$room.log" 2>&1 ||
    echo "tools/coverage.sh: tests of $room fail, see $tree/$room.log" >&2
  llvm-profdata-19 merge -sparse $tree/"$room"-*.profraw -o "$tree/$room.profdata" || exit
  llvm-cov-19 export "$program" -instr-profile="$tree/$room.profdata" "$root/include" -skip-functions \
    >"$tree/$room.json" 2>/dev/null || exit
  exports+=("$tree/$room.json")
done
python3 tools/coverage_table.py "$root/include/perturb/" "${exports[@]}" >$tree/missed.txt
result=$?
sed -n '/^-- headers/,$p' $tree/missed.txt
[ $# -gt 0 ] || exit $result

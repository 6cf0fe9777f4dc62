#!/bin/bash
# SPDX-License-Identifier: MIT
usage='usage: tools/coverage.sh [ROOM...]

Measures which lines and branches of include/ the tests run: builds them in build/coverage with the coverage of clang,
runs them, and prints a table for each header and the sum; every line that is never run, and every branch that goes one
way only, is in build/coverage/missed.txt. docs/security.md gives the reasons of those that stay. ROOM is table, ring…
as in tests/sources.cmake; default: all.

A line or branch of a template counts as run if one instantiation runs it. An abort in a death test counts, since the
counters lie in a file that parent and child share. What the preprocessor leaves out here and conditions that the
compiler knows are not counted; functions that only the compiler evaluates are, as never run.

Exit code 1 if a test fails, or if fewer than 99 % of the lines or 95 % of the branches are run (all rooms only).
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
flags='-Qunused-arguments -fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation'
cmake -S . -B $tree -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
  -DCMAKE_CXX_FLAGS="$flags" -DPERTURB_BUILD_BENCH=OFF -DPERTURB_BUILD_EXAMPLES=OFF >/dev/null || exit

rooms=("$@")
if [ $# -eq 0 ]; then
  # Each room has one program. The two units of linkage are about the linker alone.
  mapfile -t rooms < <(ninja -C $tree -t targets all | sed -n 's|^tests/perturb_\(.*\)_tests: CXX_EXECUTABLE.*|\1|p' |
    grep -v -x linkage)
fi
programs=("${rooms[@]/%/_tests}")
cmake --build $tree --target "${programs[@]/#/perturb_}" -j "${JOBS:-$(nproc)}" -- --quiet || exit
exports=()
result=0
for room in "${rooms[@]}"; do
  echo "== $room" >&2
  program=$tree/tests/perturb_${room}_tests
  rm -f $tree/"$room"-*.profraw
  # %c: the counters are mapped from the file, so a child that ends in a death test has counted.
  if ! LLVM_PROFILE_FILE="$tree/$room-%m%c.profraw" "$program" --gtest_brief=1 >"$tree/$room.log" 2>&1; then
    echo "tools/coverage.sh: tests of $room fail, see $tree/$room.log" >&2
    result=1
  fi
  llvm-profdata-19 merge -sparse $tree/"$room"-*.profraw -o "$tree/$room.profdata" || exit
  llvm-cov-19 export "$program" -instr-profile="$tree/$room.profdata" "$root/include" -skip-functions \
    >"$tree/$room.json" 2>/dev/null || exit
  # The export does not tell a condition that the compiler knows from one that is never evaluated; the listing does.
  llvm-cov-19 show "$program" -instr-profile="$tree/$room.profdata" "$root/include" -show-branches=count 2>/dev/null |
    grep -E '^/|Folded' >"$tree/$room.folded"
  exports+=("$tree/$room.json")
done
for checked in 0 1; do
  clang++-19 -std=c++20 -E -I"$root/include" -DPERTURB_CHECKED=$checked $tree/tests/headers/all_headers.hpp || exit
done >$tree/all_headers.ii
python3 tools/coverage_table.py "$root/include/perturb/" $tree/all_headers.ii "${exports[@]}" >$tree/missed.txt
enough=$?
sed -n '/^-- headers/,$p' $tree/missed.txt
[ $# -gt 0 ] || [ $enough -eq 0 ] || result=1
exit $result

#!/bin/bash
# SPDX-License-Identifier: MIT
usage='usage: tools/fuzz.sh [MINUTES] [TARGET...]

Fuzzes the library for MINUTES in all (default 10), the time shared evenly among the targets, one after another:

  hash_table hash_set      operations on tables, some of which run out of memory or throw
  ordered_table            the same on ordered tables, and what is about the order
  hash_ring sharded_table  changes of nodes and entries, likewise
  images                   bytes as snapshots of rings and as migration plans
  profiles                 options and server lists of every profile

Inputs that reach something new are kept in build/fuzz/corpus/TARGET and used by the next run. Shows a line of progress.
When an input fails, the target ends, and its input and the message are shown; the exit code is 1. To see it again:

  build/clang-asan-ubsan/tests/fuzz/perturb_TARGET_fuzz INPUT

Environment: SEED, to repeat a run (default: a new one, which is printed).'

targets='hash_table hash_set ordered_table hash_ring sharded_table images profiles'
root=$(cd "$(dirname "$0")/.." && pwd) || exit
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac
minutes=10
if [[ ${1-} =~ ^[0-9]+$ ]]; then
  minutes=$1
  shift
fi
[ $# -eq 0 ] || targets=$*
for target in $targets; do
  if [ ! -f "$root/tests/fuzz/${target}_fuzz.cpp" ]; then
    echo "tools/fuzz.sh: there is no target '$target'; try --help" >&2
    exit 1
  fi
done
number=$(wc -w <<<"$targets")
seconds=$((minutes * 60 / number))
if [ "$seconds" -lt 1 ]; then
  echo "tools/fuzz.sh: MINUTES must be a positive number; try --help" >&2
  exit 1
fi
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}

cd "$root" || exit
tools/setup.sh build test || exit
echo "Building the fuzz targets" >&2
cmake --preset clang-asan-ubsan >/dev/null || exit
for target in $targets; do
  cmake --build --preset clang-asan-ubsan --target "perturb_${target}_fuzz" -- --quiet || exit
done

# What libFuzzer reported last: "#12345 NEW cov: 678 ft: 910 corp: 11/22Kb ..."
last_report() {
  sed -n 's|^#\([0-9]*\).* cov: \([0-9]*\) .* corp: \([0-9]*\).*|\1 runs, \2 edges covered, \3 inputs kept|p' "$1" | tail -1
}

mkdir -p build/fuzz
failed=0
place=0
echo "Seed $seed, $seconds seconds for each of $number targets" >&2
for target in $targets; do
  place=$((place + 1))
  log=build/fuzz/$target.log
  mkdir -p "build/fuzz/corpus/$target"
  build/clang-asan-ubsan/tests/fuzz/perturb_"${target}"_fuzz -max_total_time="$seconds" -len_control=0 -max_len=512 -seed="$seed" \
    -timeout=60 -artifact_prefix="build/fuzz/$target-" "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" \
    >"$log" 2>&1 &
  fuzzer=$!
  trap 'kill $fuzzer 2>/dev/null; exit 130' INT TERM
  start=$SECONDS
  while kill -0 $fuzzer 2>/dev/null; do
    sleep 1
    [ -t 2 ] && printf '\r\033[K%s (%d of %d), %d of %d s: %s' "$target" "$place" "$number" $((SECONDS - start)) \
      "$seconds" "$(last_report "$log")" >&2
  done
  [ -t 2 ] && printf '\r\033[K' >&2
  if wait $fuzzer; then
    echo "$target: no fault in $(last_report "$log")"
  else
    failed=1
    echo "$target: FAILED"
    grep -E 'not true|ERROR|runtime error|Test unit written' "$log" | head -5
    echo "The whole report is in $log"
  fi
done
exit $failed

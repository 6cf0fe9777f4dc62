#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/bench.sh [ARGUMENT...]
       tools/bench.sh compare [ARGUMENT...]
       tools/bench.sh report [-o PAGE] [RESULTS.json...]

Installs what is missing (root or sudo), builds the benchmarks in Release and runs them.

The first form runs HashTable beside std::unordered_map. The arguments are Google Benchmark'\''s, for instance
--benchmark_filter=FindHit, --benchmark_repetitions=5, or --benchmark_format=json.

The second compares HashTable with the hash tables that Debian has, all in one process and in turns: single tables of
1 600 to 1.5 million elements, which takes hours, or with --quick a few sizes, which takes a minute. Its own --help
names the rest: small tables, memory, growth policies, each table with its own hash. tools/plot_bench.py draws what
--json FILE writes. Environment: PERTURB_PEERS, a folder with newer tables (include/, lib/); CXXFLAGS, for instance
-march=x86-64-v3: both count when build/bench is made for the first time.

The third writes one HTML page to look at results of the second: hover to read values, choose workload, keys and tables. By
default it is build/bench.html, with the results in docs/bench.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
program=perturb_bench what=bench directory=$root/build/bench/bench
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
report)
  shift
  page=$root/build/bench.html
  if [ "${1-}" = -o ]; then
    page=${2:?"tools/bench.sh report -o needs a file"}
    shift 2
  fi
  [ $# -gt 0 ] || set -- "$root"/docs/bench/*.json
  "$root/tools/setup.sh" report && "$root/tools/docs/npm.sh" "$root/build/docs/npm" || exit
  exec "$root/tools/docs/report.py" --npm "$root/build/docs/npm" -o "$page" -- "$@"
  ;;
compare)
  shift
  program=perturb_compare what=compare directory=$root/build/bench/bench/compare
  set -- --commit "$(git -C "$root" describe --always --dirty 2>/dev/null)" "$@"
  ;;
esac

"$root/tools/setup.sh" build $what || exit
[ -x "$directory/$program" ] || echo "Building $program in build/bench; this takes minutes" >&2
"$root/tools/build.sh" "$root/build/bench" "$program" -DCMAKE_BUILD_TYPE=Release -DPERTURB_BUILD_TESTS=OFF \
  -DPERTURB_BUILD_EXAMPLES=OFF ${PERTURB_PEERS:+"-DPERTURB_PEERS=$PERTURB_PEERS"} || exit
exec "$directory/$program" "$@"

#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/shards_stress.sh [KILLS] [SEED]

Kills redis_shards, and servers, while it adds and removes a server of live Redis servers that programs read and write,
KILLS times (100) at random moments; goes on each time, and checks that every key is on its owner, once, with its type,
value and expiry, and that the readers saw every write. tools/test.sh runs a short form. The servers listen on 127.0.0.1
alone, keep their files in a private directory, and end with the script.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
esac
kills=${1:-100}
seed=${2:-$(date +%s)}

cd "$root" || exit
tools/setup.sh build test shards || exit
cmake --preset dev >/dev/null || exit
cmake --build --preset dev --target redis_shards perturb_traffic -- --quiet || exit
exec python3 tests/shards/redis_shards_test.py build/dev/examples/redis_shards build/dev/tests/shards/perturb_traffic \
  killed_mover killed_anything killed_destination --kills "$kills" --seed "$seed"

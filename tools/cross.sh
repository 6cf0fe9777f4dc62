#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/cross.sh [--golden | --all] [PLATFORM...]

Builds tests for other machines, compilers and standard libraries, and runs them here: by qemu, by wine, or as they are.
What is missing is installed on Debian and Ubuntu (root or sudo), about 100 MB for each platform. PLATFORM is any of

  aarch64   64 bits, little-endian, NEON            s390x     64 bits, big-endian
  riscv64   64 bits, little-endian                  ppc64     64 bits, big-endian
  i686      32 bits x86 without SSE2                i686-sse2 the same with SSE2
  armhf     32 bits, little-endian
  windows   x86-64, MinGW-w64 under wine
  libc++    clang++-19 with libc++
  g++-11 g++-12 clang++-13 clang++-14 clang++-15 clang++-16 clang++-19

or all of them, which is the default. What is run of the tests (tests/sources.cmake lists it):

            what depends on the machine, the compiler or the standard library: hashes, groups and sizes of tables, bytes
            of snapshots, plans and journals, floating point, profiles; 1 to 4 minutes of 2 cores each
  --all     all but those of this source tree, of its packages, and of what must not compile: 15 to 25 minutes
  --golden  only hashes, the order of tables, placements and snapshots, which must be the same everywhere: a minute

Build trees are build/cross/PLATFORM. Environment: JOBS, how many jobs to run at once.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
jobs=${JOBS:-$(nproc)}
room=platform
platforms=
while [ $# -gt 0 ]; do
  case $1 in
  -h | --help)
    echo "$usage"
    exit
    ;;
  --golden) room=portable ;;
  --all) room= ;;
  -*)
    echo "tools/cross.sh: '$1' is not known; try --help" >&2
    exit 1
    ;;
  *) platforms="$platforms $1" ;;
  esac
  shift
done
[ -n "$platforms" ] || platforms='aarch64 s390x riscv64 ppc64 i686 i686-sse2 armhf windows libc++
  g++-11 g++-12 clang++-13 clang++-14 clang++-15 clang++-16 clang++-19'

cd "$root" || exit
mkdir -p build/cross/xxhash

# configure PLATFORM CMAKE_ARGUMENT...
configure() {
  directory=build/cross/$1
  shift
  # The header of xxHash alone: the rest of its folder is this machine's.
  cmake -S . -B "$directory" -G Ninja -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS_DEBUG=$optimization" \
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DPERTURB_BUILD_BENCH=OFF -DPERTURB_BUILD_EXAMPLES=OFF -DPERTURB_TEST_HOUSE=OFF \
    -DPERTURB_BUILD_GTEST_FROM=/usr/src/googletest "-DxxHash_INCLUDE_DIR=$root/build/cross/xxhash" "$@"
}
# configure_linux PLATFORM TRIPLET EMULATOR [FLAGS]: linked statically, so that nothing of the machine is needed.
configure_linux() {
  configure "$1" -DCMAKE_SYSTEM_NAME=Linux "-DCMAKE_SYSTEM_PROCESSOR=${2%%-*}" "-DCMAKE_C_COMPILER=$2-gcc" \
    "-DCMAKE_CXX_COMPILER=$2-g++" "-DCMAKE_CROSSCOMPILING_EMULATOR=$3" -DCMAKE_EXE_LINKER_FLAGS=-static \
    "-DCMAKE_CXX_FLAGS=$4"
}
# configure_compiler PLATFORM C++_COMPILER [FLAGS]
configure_compiler() {
  c_compiler=$(echo "$2" | sed 's/^g++/gcc/; s/^clang++/clang/')
  configure "$1" "-DCMAKE_C_COMPILER=$c_compiler" "-DCMAKE_CXX_COMPILER=$2" "-DCMAKE_CXX_FLAGS=$3"
}

# test_platform PLATFORM
test_platform() {
  tools/setup.sh build gtest-source "cross-$1" || return
  cp -p /usr/include/xxhash.h build/cross/xxhash/ || return
  # Compilers take half the time without optimization, but emulators and the linker for Windows thrice.
  case $room-$1 in
  platform-i686* | platform-*++*) optimization='-O0 -g0' ;;
  *) optimization='-O1 -g0' ;;
  esac
  log=build/cross/$1.log
  case $1 in
  aarch64 | s390x | riscv64) configure_linux "$1" "$1-linux-gnu" "qemu-$1" ;;
  ppc64) configure_linux "$1" powerpc64-linux-gnu qemu-ppc64 ;;
  i686) configure_linux "$1" i686-linux-gnu '' ;;
  i686-sse2) configure_linux "$1" i686-linux-gnu '' '-msse2 -mfpmath=sse' ;;
  armhf) configure_linux "$1" arm-linux-gnueabihf qemu-arm -Wno-psabi ;;  # notes on g++ before 7, by the hundred
  windows)
    configure "$1" -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc-posix \
      -DCMAKE_CXX_COMPILER=x86_64-w64-mingw32-g++-posix -DCMAKE_EXE_LINKER_FLAGS=-static \
      -DCMAKE_CROSSCOMPILING_EMULATOR=/usr/lib/wine/wine64
    ;;
  libc++) configure_compiler "$1" clang++-19 -stdlib=libc++ ;;
  g++-* | clang++-*) configure_compiler "$1" "$1" ;;
  esac >"$log" 2>&1 || { cat "$log" && return 1; }
  # Wine keeps what it sets up in the build tree, and says nothing of its own.
  export WINEPREFIX="$root/build/cross/$1/wine" WINEDEBUG=-all
  if [ -n "$room" ]; then
    cmake --build "build/cross/$1" -j "$jobs" --target "perturb_${room}_tests" -- --quiet -k 0 || return
    run_shards "$1"
  else
    cmake --build "build/cross/$1" -j "$jobs" --target perturb_unit_tests -- --quiet -k 0 || return
    ctest --test-dir "build/cross/$1" -j "$jobs" --progress --output-on-failure -L 'unit|property|contract|golden' \
      -E compile_fail
  fi
}
# run_shards PLATFORM: each job runs its share of the tests in one process, since a process costs more under emulators.
run_shards() {
  emulator=$(sed -n 's/^CMAKE_CROSSCOMPILING_EMULATOR:.*=//p' "build/cross/$1/CMakeCache.txt")
  # qemu cannot start the program anew, as death tests in a fresh process do.
  filter=
  case $emulator in *qemu*) filter=--gtest_filter=-HugePageAllocatorDeathTest.* ;; esac
  program=$(ls "build/cross/$1/tests/perturb_${room}_tests" "build/cross/$1/tests/perturb_${room}_tests.exe" 2>/dev/null)
  pids=
  for shard in $(seq 0 $((jobs - 1))); do
    GTEST_TOTAL_SHARDS=$jobs GTEST_SHARD_INDEX=$shard $emulator "$program" --gtest_brief=1 $filter \
      >"build/cross/$1-$shard.log" 2>&1 &
    pids="$pids $!"
  done
  result=0
  for pid in $pids; do wait "$pid" || result=1; done
  for shard in $(seq 0 $((jobs - 1))); do
    if [ "$result" -eq 0 ]; then tail -n 2 "build/cross/$1-$shard.log"; else cat "build/cross/$1-$shard.log"; fi
  done
  return "$result"
}

for platform in $platforms; do
  case $platform in
  aarch64 | s390x | riscv64 | ppc64 | i686 | i686-sse2 | armhf | windows | libc++ | g++-1[12] | clang++-1[34569]) ;;
  *)
    echo "tools/cross.sh: no platform '$platform'; try --help" >&2
    exit 1
    ;;
  esac
done
passed=
failed=
for platform in $platforms; do
  echo "== $platform"
  if test_platform "$platform"; then passed="$passed $platform"; else failed="$failed $platform"; fi
done
echo "Passed:${passed:- none}"
[ -z "$failed" ] || { echo "Failed:$failed" && exit 1; }

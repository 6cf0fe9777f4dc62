#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/setup.sh WHAT...

Installs what perturb needs and is missing, on Debian and Ubuntu, as root or through sudo. If nothing is missing, it
prints and changes nothing. WHAT is any of

  build   compiler, CMake, Ninja and xxHash: enough to use perturb
  demo    CLI11, and the word list that tools/demo.sh reads
  ring    what perturb-ring is built with: CLI11, nlohmann-json, yaml-cpp
  bench   Google Benchmark
  compare hash tables to compare with, and what perturb_compare reads and writes with
  report  npm, for tools/bench.sh report
  docs    Doxygen with a theme, npm, Chromium, and clang 19 with what it needs for WebAssembly
  shards  hiredis, libmemcached, and the servers of Redis and memcached: for the examples in front of live servers
  test    GoogleTest, g++ 11, clang 19 and its tools, cross compilers for AArch64 and s390x, qemu, valgrind,
          and what the profiles are compared with: libmemcached, twemproxy, nginx, HAProxy, uhashring
  gtest-source    the source of GoogleTest, for other platforms and switches
  cross-PLATFORM  the compiler and emulator of a platform of tools/cross.sh
  coverage LLVM 19, for tools/coverage.sh'

missing=

# have_command COMMAND PACKAGE, have_file FILE PACKAGE: notes PACKAGE as missing if COMMAND or FILE does not exist.
have_command() {
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
have_file() {
  for file in $1; do
    [ -e "$file" ] && return
  done
  missing="$missing $2"
}

[ $# -gt 0 ] || set -- --help
for what; do
  case $what in
  build)
    have_command g++ g++
    have_command cmake cmake
    have_command ninja ninja-build
    have_file '/usr/include/xxhash.h /usr/local/include/xxhash.h' libxxhash-dev
    ;;
  demo)
    have_file '/usr/include/CLI/CLI.hpp /usr/local/include/CLI/CLI.hpp' libcli11-dev
    have_file /usr/share/dict/american-english wamerican
    ;;
  bench)
    have_file '/usr/include/benchmark/benchmark.h /usr/local/include/benchmark/benchmark.h' libbenchmark-dev
    ;;
  compare)
    have_file /usr/include/CLI/CLI.hpp libcli11-dev
    have_file /usr/include/nlohmann/json.hpp nlohmann-json3-dev
    have_file /usr/include/boost/unordered/unordered_flat_map.hpp libboost1.81-dev
    have_file /usr/include/absl/container/flat_hash_map.h libabsl-dev
    have_file /usr/include/tsl/robin_map.h robin-map-dev
    ;;
  test)
    have_file '/usr/include/gtest/gtest.h /usr/local/include/gtest/gtest.h' libgtest-dev
    have_file '/usr/include/gmock/gmock.h /usr/local/include/gmock/gmock.h' libgmock-dev
    have_file /usr/src/googletest/googletest/src/gtest-all.cc googletest
    have_file /usr/include/nlohmann/json.hpp nlohmann-json3-dev
    have_command python3 python3
    have_command pkg-config pkgconf
    have_command clang++-19 clang-19
    have_file '/usr/lib/llvm-19/lib/clang/19/lib/*/libclang_rt.asan*.a' libclang-rt-19-dev
    have_command clang-format-19 clang-format-19
    have_command clang-tidy-19 clang-tidy-19
    have_command aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
    have_command s390x-linux-gnu-g++ g++-s390x-linux-gnu
    have_command qemu-aarch64 qemu-user
    have_command g++-11 g++-11
    have_command valgrind valgrind
    have_command gdb gdb
    have_file /usr/include/fmt/ranges.h libfmt-dev
    have_file /usr/include/cereal/cereal.hpp libcereal-dev
    have_file /usr/include/boost/archive/text_oarchive.hpp libboost-serialization1.81-dev
    have_file /usr/include/boost/unordered/unordered_flat_map.hpp libboost1.81-dev
    have_file /usr/include/absl/container/flat_hash_map.h libabsl-dev
    have_command lldb-19 lldb-19
    have_command cppcheck cppcheck
    have_file /usr/lib/llvm-19/include/c++/v1/vector libc++-19-dev
    have_file '/usr/lib/*/libc++abi.so' libc++abi-19-dev
    # The programs that the ring's profiles are compared with.
    have_file '/usr/lib/*/libmemcached.so.11 /usr/local/lib/libmemcached.so.11' libmemcached11
    have_command nutcracker nutcracker
    have_command nginx nginx-light
    have_command haproxy haproxy
    have_file /usr/lib/python3/dist-packages/uhashring python3-uhashring
    ;;
  report)
    have_command python3 python3
    have_command npm npm
    ;;
  docs)
    have_command python3 python3
    have_command doxygen doxygen
    have_file /usr/share/doxygen-awesome-css/doxygen-awesome.css doxygen-awesome-css
    have_file /usr/lib/python3/dist-packages/clang/cindex.py python3-clang-19
    have_command npm npm
    have_command chromium chromium
    have_command clang++-19 clang-19
    have_command wasm-ld-19 lld-19
    have_file /usr/include/nlohmann/json.hpp nlohmann-json3-dev
    have_file /usr/lib/wasm32-wasi/libc.a wasi-libc
    have_file /usr/lib/llvm-19/lib/wasm32-wasi/libc++.a libc++-19-dev-wasm32
    have_file /usr/lib/llvm-19/lib/wasm32-wasi/libc++abi.a libc++abi-19-dev-wasm32
    have_file '/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a /usr/lib/llvm-19/lib/clang/19/lib/wasm32*/libclang_rt.builtins.a' libclang-rt-19-dev-wasm32
    ;;
  shards)
    have_file /usr/include/CLI/CLI.hpp libcli11-dev
    have_file /usr/include/nlohmann/json.hpp nlohmann-json3-dev
    have_command pkg-config pkgconf
    have_file /usr/include/hiredis/hiredis.h libhiredis-dev
    have_file /usr/include/libmemcached-1.0/memcached.h libmemcached-dev
    have_command redis-server redis-server
    have_command redis-benchmark redis-tools
    have_command memcached memcached
    ;;
  ring)
    have_file '/usr/include/CLI/CLI.hpp /usr/local/include/CLI/CLI.hpp' libcli11-dev
    have_file '/usr/include/nlohmann/json.hpp /usr/local/include/nlohmann/json.hpp' nlohmann-json3-dev
    have_file '/usr/include/yaml-cpp/yaml.h /usr/local/include/yaml-cpp/yaml.h' libyaml-cpp-dev
    ;;
  gtest-source)
    have_file /usr/src/googletest/googletest/src/gtest-all.cc googletest
    ;;
  cross-aarch64 | cross-s390x | cross-riscv64)
    have_command "${what#cross-}-linux-gnu-g++" "g++-${what#cross-}-linux-gnu"
    have_command "qemu-${what#cross-}" qemu-user
    ;;
  cross-ppc64)
    have_command powerpc64-linux-gnu-g++ g++-powerpc64-linux-gnu
    have_command qemu-ppc64 qemu-user
    ;;
  cross-armhf)
    have_command arm-linux-gnueabihf-g++ g++-arm-linux-gnueabihf
    have_command qemu-arm qemu-user
    ;;
  cross-i686 | cross-i686-sse2)
    have_command i686-linux-gnu-g++ g++-i686-linux-gnu
    ;;
  cross-windows)
    have_command x86_64-w64-mingw32-g++-posix g++-mingw-w64-x86-64-posix
    have_file /usr/lib/wine/wine64 wine64
    ;;
  cross-libc++)
    have_command clang++-19 clang-19
    have_file /usr/lib/llvm-19/include/c++/v1/vector libc++-19-dev
    have_file '/usr/lib/*/libc++abi.so' libc++abi-19-dev
    ;;
  cross-g++-* | cross-clang++-*)
    have_command "${what#cross-}" "$(echo "${what#cross-}" | sed 's/clang++/clang/')"
    ;;
  coverage)
    have_command clang++-19 clang-19
    have_command llvm-cov-19 llvm-19
    ;;
  -h | --help)
    echo "$usage"
    exit
    ;;
  *)
    echo "tools/setup.sh: '$what' is not known; try --help" >&2
    exit 1
    ;;
  esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "tools/setup.sh: there is no apt here; if the build fails, install what Debian calls$missing" >&2
  exit 0
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
  as_root=sudo
  if ! command -v sudo >/dev/null 2>&1; then
    echo "tools/setup.sh: as root, run: apt-get install$missing" >&2
    exit 1
  fi
fi

echo "Installing$missing" >&2
log=$(mktemp)
trap 'rm -f "$log"; [ -z "$policy" ] || $as_root rm -f "$policy"' EXIT
# The tests start the servers that they need themselves; policy-rc.d keeps their packages from starting services.
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then
  policy=
else
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null && $as_root chmod +x "$policy"
fi
install() {
  # $missing without quotes: each word is a package.
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1
}
# The package lists may be absent or too old; they are fetched only then.
if ! install; then
  if ! { $as_root apt-get update >"$log" 2>&1 && install; }; then
    cat "$log" >&2
    echo "tools/setup.sh: apt-get could not install$missing" >&2
    exit 1
  fi
fi

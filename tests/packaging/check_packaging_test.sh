#!/bin/sh
# SPDX-License-Identifier: MIT
# check_packaging_test.sh PYTHON ROOT FOLDER: tools/check_packaging.py sees each disagreement that is made in a copy.
set -eu
python=$1 root=$2 folder=$3

rm -rf "$folder"
mkdir -p "$folder"
(cd "$root" && tar -cf - CMakeLists.txt CITATION.cff CHANGELOG.md cmake packaging docs/install.md \
  include/perturb/version.hpp include/perturb/hash/xxhash.hpp) | tar -xf - -C "$folder"
cd "$folder"

# sees TEXT FILE COMMAND: after sed COMMAND on FILE the checker says TEXT and fails.
sees() {
  cp "$2" before
  sed -i "$3" "$2"
  if cmp -s "$2" before; then
    echo "sed $3 changes nothing in $2"
    exit 1
  fi
  if message=$("$python" "$root/tools/check_packaging.py" "$folder") || ! printf '%s\n' "$message" | grep -qF "$1"; then
    echo "After sed $3 on $2 it should have said: $1"
    printf '%s\n' "$message"
    exit 1
  fi
  mv before "$2"
}
"$python" "$root/tools/check_packaging.py" "$folder" >/dev/null
port=packaging/vcpkg/perturb
sees '99.0 in vcpkg' $port/vcpkg.json 's/"version": "[^"]*"/"version": "99.0"/'
sees '99.0 in citation' CITATION.cff 's/^version: .*/version: 99.0/'
sees '9.9 in page' docs/install.md 's/find_package(perturb [0-9.]*/find_package(perturb 9.9/'
sees 'the version is 99.' include/perturb/version.hpp 's/VERSION_MAJOR [0-9]*/VERSION_MAJOR 99/'
sees 'the description' $port/vcpkg.json 's/Header-only/Fast/'
sees 'the licence is MIT in CMake, but Zlib in conan' packaging/conan/conanfile.py 's/license = "MIT"/license = "Zlib"/'
sees '17 in conan' packaging/conan/conanfile.py 's/min_cppstd(self, 20)/min_cppstd(self, 17)/'
sees 'the oldest xxHash is 0.8 in CMake, but 0.7 in conan' packaging/conan/conanfile.py 's/>=0.8 />=0.7 /'
sees '0.9 in vcpkg' $port/vcpkg.json 's/"0.8.0"/"0.9.0"/'
sees '0.9 in debian' cmake/install.cmake 's/libxxhash-dev (>= 0.8)/libxxhash-dev (>= 0.9)/'
sees '0.8.2 in headers' include/perturb/hash/xxhash.hpp 's/XXH_VERSION_NUMBER < 800/XXH_VERSION_NUMBER < 802/'
sees 'PERTURB_BUILD_BENCH is False in CMake, but not set in vcpkg' $port/portfile.cmake 's/-DPERTURB_BUILD_BENCH=OFF//'
sees 'PERTURB_BUILD_DOCS is False in CMake, but not set in conan' CMakeLists.txt \
  's/^option(PERTURB_BUILD_BENCH/option(PERTURB_BUILD_DOCS "" ON)\n&/'
sees 'vcpkg sets PERTURB_BUILD_TEST, which is no option' $port/portfile.cmake 's/BUILD_TESTS=/BUILD_TEST=/'

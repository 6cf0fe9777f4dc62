#!/bin/sh
# SPDX-License-Identifier: MIT
# conan.sh ROOT FOLDER: makes the Conan package and runs its test, which is the quick start. Skipped (77) without
# Conan 2, which Debian does not have. xxHash comes from this machine, so that nothing is downloaded.
set -eu
root=$1 folder=$2

case $(conan --version 2>/dev/null) in
*' 2.'*) ;;
*)
  echo "Not run: there is no Conan 2 here"
  exit 77
  ;;
esac
rm -rf "$folder"
mkdir -p "$folder/xxhash"
export CONAN_HOME="$folder/home"
cat >"$folder/xxhash/conanfile.py" <<'RECIPE'
from conan import ConanFile
from conan.tools.files import copy


class XxHash(ConanFile):
    name, version, package_type = "xxhash", "0.8.1", "header-library"

    def package(self):
        copy(self, "xxhash.h", src="/usr/include", dst=self.package_folder + "/include")

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "xxHash")
        self.cpp_info.set_property("cmake_target_name", "xxHash::xxhash")
RECIPE
conan profile detect --exist-ok >/dev/null 2>&1
conan create "$folder/xxhash" --no-remote >"$folder/log" 2>&1 || { cat "$folder/log" && exit 1; }
# In a copy, because Conan builds the test beside its recipe.
mkdir "$folder/copy"
(cd "$root" && tar -cf - CMakeLists.txt LICENSE cmake extras include modules packaging \
  examples/quickstart.cpp) | tar -xf - -C "$folder/copy"
conan create "$folder/copy/packaging/conan" --no-remote -s compiler.cppstd=20 >"$folder/log" 2>&1 ||
  { cat "$folder/log" && exit 1; }
grep -A 1 '^Alan: 41' "$folder/log"

if conan create "$folder/copy/packaging/conan" --no-remote -s compiler.cppstd=17 >"$folder/log" 2>&1 ||
  ! grep -q 'lower than the required C++ standard (20)' "$folder/log"; then
  echo "C++17 should be refused"
  cat "$folder/log"
  exit 1
fi

#!/bin/sh
# SPDX-License-Identifier: MIT
# module.sh ROOT CLANG++ PREFIX FOLDER: a program imports the module that is installed in PREFIX.
set -eu
root=$1 cxx=$2 prefix=$3 folder=$4

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
compile="$cxx -std=c++20 -Wall -Wextra -Werror -I$prefix/include"
# The words of $compile are arguments.
$compile --precompile "$prefix/share/perturb/modules/perturb.cppm" -o perturb.pcm

sed 's,#include <perturb/[a-z_]*\.hpp>,import perturb;,' "$root/examples/quickstart.cpp" >program.cpp
grep -q '^import perturb;$' program.cpp
$cxx -std=c++20 -Wall -Wextra -Werror -fmodule-file=perturb=perturb.pcm program.cpp perturb.pcm -o program
./program
$compile -DPERTURB_TEST_MODULE -fmodule-file=perturb=perturb.pcm -fsyntax-only "$root/tests/headers/public_names.cpp"
# A program may include headers of the same copy as well.
printf '#include <perturb/hash_table.hpp>\nimport perturb;\nperturb::HashTable<int, int> table;\n' >both.cpp
$compile -fmodule-file=perturb=perturb.pcm -fsyntax-only both.cpp

#!/bin/sh
# SPDX-License-Identifier: MIT
# messages.sh ROOT CXX FOLDER: what a program gets told, once, that has the headers but not all that they need.
set -eu
root=$1 cxx=$2 folder=$3

rm -rf "$folder"
mkdir -p "$folder/system" "$folder/old"
cd "$folder"
"$root/tools/amalgamate.sh" "$folder/single"
echo '#include <perturb/hash_table.hpp>' >include_folder.cpp
echo '#include <perturb_tables.hpp>' >single_header.cpp
cat >old/xxhash.h <<'HEADER'
#define XXH_VERSION_NUMBER 704
HEADER
# The folders of the system's headers, with one more in the place of each: the same without xxhash.h.
echo | "$cxx" -E -v -x c++ - 2>&1 >/dev/null | sed -n '/#include <\.\.\.>/,/^End/s/^ //p' >folders
number=0 without=-nostdinc
while read -r system; do
  number=$((number + 1))
  if [ -e "$system/xxhash.h" ]; then
    mkdir "system/$number"
    ln -s "$system"/* "system/$number"
    rm "system/$number/xxhash.h"
    system=$folder/system/$number
  fi
  without="$without -isystem $system"
done <folders

# refused TEXT ARGUMENT...: no source compiles with the arguments; TEXT is in the one error of each.
refused() {
  text=$1
  shift
  for source in include_folder.cpp single_header.cpp; do
    if "$cxx" "-I$root/include" -Isingle "$@" -fsyntax-only "$source" >errors 2>&1; then
      echo "$source compiles with $*"
      exit 1
    fi
    if [ "$(grep -c 'error: ' errors)" -ne 1 ] || ! grep 'error: ' errors | grep -qF "$text"; then
      echo "$source with $* should have one error that says: $text"
      cat errors
      exit 1
    fi
  done
}
refused 'perturb needs C++20: compile with -std=c++20' -std=c++17
refused 'perturb needs xxHash 0.8.0 or later' -std=c++20 -Iold
# Each word is an argument.
refused 'perturb needs the header xxhash.h of xxHash 0.8.0 or later (Debian and Ubuntu: apt install libxxhash-dev)' \
  -std=c++20 $without

#!/bin/sh
# SPDX-License-Identifier: MIT
# single_headers.sh ROOT CXX FOLDER: programs copy a single header of perturb and have nothing else of it.
set -eu
root=$1 cxx=$2 folder=$3

rm -rf "$folder"
mkdir -p "$folder/program"
"$root/tools/amalgamate.sh" "$folder/plain"
xxhash=$(echo '#include <xxhash.h>' | "$cxx" -M -x c++ - | tr ' ' '\n' | grep -m 1 'xxhash\.h$')
"$root/tools/amalgamate.sh" --xxhash "$xxhash" "$folder/with_xxhash"
cd "$folder/program"

# refused TEXT ARGUMENT...: the script says TEXT, and fails.
refused() {
  text=$1
  shift
  if "$root/tools/amalgamate.sh" "$@" >output 2>&1 || ! grep -qF -- "$text" output; then
    echo "tools/amalgamate.sh $* should fail, saying: $text"
    cat output
    exit 1
  fi
}
"$root/tools/amalgamate.sh" --help | grep -q '^usage'
refused 'one folder is needed'
refused 'one folder is needed' one two
refused 'one folder is needed' --unknown
refused "'/nonexistent/xxhash.h' is none" --xxhash /nonexistent/xxhash.h folder

# what FILE TEXT: the head of FILE contains TEXT.
says() {
  head -n 80 "$1" | grep -qF -- "$2" || {
    echo "the head of $1 does not say: $2"
    exit 1
  }
}
for header in ../*/perturb_tables.hpp ../*/perturb_all.hpp; do
  says "$header" "perturb $(sed -n 's/^#define PERTURB_VERSION_MAJOR //p' "$root/include/perturb/version.hpp")."
  says "$header" 'Permission is hereby granted, free of charge'
  says "$header" 'WITHOUT WARRANTY OF ANY KIND'
done
says ../with_xxhash/perturb_all.hpp 'SPDX-License-Identifier: MIT AND BSD-2-Clause'
grep -qF 'Redistributions in binary form must reproduce' ../with_xxhash/perturb_tables.hpp
if grep -n '^#.*<xxhash\.h>' ../with_xxhash/*; then
  echo "These look for the xxhash.h that they contain."
  exit 1
fi

# The header of tables has all that docs/api.md lists below "Tables" and "Hashing".
parts=$(sed -n -e '/^## /h' -e '/^### /{G;s/^### `<\(.*\)>`\n## \(Tables\|Hashing\)$/\1/p;}' "$root/docs/api.md")
for part in $parts; do
  grep -qx "// ---- $part" ../plain/perturb_tables.hpp || {
    echo "perturb_tables.hpp lacks $part"
    exit 1
  }
done

# run EXAMPLE HEADER PLACE: compiles the example with HEADER in the place of its own, without xxhash.h in PLACE
# with_xxhash, and runs it.
run() {
  sed "s,<perturb/[a-z_]*\.hpp>,<$2>," "$root/examples/$1.cpp" >program.cpp
  "$cxx" -std=c++20 -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror -I"../$3" -MD program.cpp -o program
  unwanted='perturb/'
  [ "$3" = plain ] || unwanted='perturb/|/xxhash\.h'
  if tr ' ' '\n' <program.d | grep -E "$unwanted"; then
    echo "That is what $1 with $3/$2 reads besides."
    exit 1
  fi
  ./program
}
run quickstart perturb_tables.hpp plain
run quickstart perturb_tables.hpp with_xxhash
run ring_quickstart perturb_all.hpp plain
"$cxx" -std=c++20 -DPERTURB_TEST_SINGLE_HEADER -I../plain -fsyntax-only "$root/tests/headers/public_names.cpp"

# Two copies in one program are one error.
both() {
  printf '#include <%s>\n#include <%s>\n' "$1" "$2" >both.cpp
  if "$cxx" -std=c++20 -I../plain "-I$root/include" -fsyntax-only both.cpp 2>errors; then
    echo "$1 and $2 should not compile together"
    exit 1
  fi
  if [ "$(grep -c 'error: ' errors)" -ne 1 ] || ! grep -q 'included from two places' errors; then
    cat errors
    exit 1
  fi
}
both perturb_tables.hpp perturb_all.hpp
both perturb_tables.hpp perturb/hash_set.hpp
both perturb/hash_table.hpp perturb_all.hpp

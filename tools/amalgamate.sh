#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/amalgamate.sh [--xxhash FILE] FOLDER

Writes single headers into FOLDER, which is made if it does not exist:

  perturb_tables.hpp   hash tables, sets and hashers
  perturb_all.hpp      everything: tables, rings and the profiles of other programs'\'' rings

Each can be copied alone into a project, and needs <xxhash.h> as perturb does. A program includes one of them and
nothing else of perturb. --xxhash copies FILE, an xxhash.h of xxHash 0.8.0 or later, with its licence into them, so that
they need nothing.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
xxhash=
case ${1-} in
-h | --help)
  echo "$usage"
  exit
  ;;
--xxhash)
  xxhash=${2-}
  if ! grep -q 'define XXH_VERSION_MAJOR' "$xxhash" 2>/dev/null; then
    echo "tools/amalgamate.sh: --xxhash needs the file xxhash.h of xxHash, and '$xxhash' is none" >&2
    exit 1
  fi
  shift 2
  ;;
esac
case $#:${1-} in
1:-* | 0:* | [2-9]*)
  echo "tools/amalgamate.sh: one folder is needed; try --help" >&2
  exit 1
  ;;
esac
folder=$1

# number PART: a part of the version.
number() {
  sed -n "s/^#define PERTURB_VERSION_$1 //p" "$root/include/perturb/version.hpp"
}
version=$(number MAJOR).$(number MINOR).$(number PATCH)

# Reads a header and writes it with each header of perturb in the place of the first #include that names it. An #include
# of another header is written once, unless it is between #if and #endif.
program='
function fail(text) {
  print "tools/amalgamate.sh: " text > "/dev/stderr"
  failed = 1
  exit 1
}
function expand(name, file,   line, part, result, depth) {
  file = root "/include/" name
  print "\n// ---- " name
  depth = 0
  while ((result = (getline line < file)) > 0) {
    if (line ~ /^#pragma once/ || line ~ /^\/\/ SPDX-License-Identifier: MIT$/) continue
    if (line ~ /^#if/) depth++
    if (line ~ /^#endif/) depth--
    if (xxhash != "") sub(/__has_include\(<xxhash\.h>\)/, "1", line)
    if (line !~ /^#include </) {
      print line
      continue
    }
    part = line
    sub(/^#include </, "", part)
    sub(/>.*/, "", part)
    if (part ~ /^perturb\/[a-z0-9_\/]*\.hpp$/) {
      if (part in seen) continue
      if (depth > 0) fail(file " includes " part " between #if and #endif")
      seen[part] = 1
      expand(part)
    } else if (part == "xxhash.h" && xxhash != "") {
      while ((result = (getline line < xxhash)) > 0) print line
      if (result < 0) fail("cannot read " xxhash)
      print "\n// ---- " name ", continued"
    } else if (depth > 0) {
      print line
    } else if (!(part in seen)) {
      seen[part] = 1
      print line
    }
  }
  if (result < 0) fail("cannot read " file)
  close(file)
}
BEGIN {
  while ((getline line < (root "/LICENSE")) > 0) licence = licence "// " line "\n"
  gsub(/\/\/ \n/, "//\n", licence)
  print "// perturb " version ": " title
  print "// One header, made of many by tools/amalgamate.sh: report faults and change things there, not here."
  print "//\n// SPDX-License-Identifier: " (xxhash == "" ? "MIT" : "MIT AND BSD-2-Clause")
  print "//\n" licence "#pragma once"
  count = split(headers, list, " ")
  for (i = 1; i <= count; i++)
    if (!(list[i] in seen)) {
      seen[list[i]] = 1
      expand(list[i])
    }
}
END { exit failed }
'

# single NAME TITLE HEADER...
single() {
  name=$1 title=$2
  shift 2
  awk -v root="$root" -v version="$version" -v xxhash="$xxhash" -v title="$title" -v headers="$*" "$program" \
    >"$folder/$name.part" && cat -s "$folder/$name.part" >"$folder/$name" && rm "$folder/$name.part"
}

mkdir -p "$folder" || exit
tables='perturb/hash_table.hpp perturb/hash_set.hpp perturb/ordered_hash_table.hpp perturb/ordered_hash_set.hpp
perturb/pmr.hpp perturb/huge_pages.hpp perturb/md5_hash.hpp perturb/table/probe_sequence.hpp perturb/version.hpp'
# Lines of lists are words here.
single perturb_tables.hpp 'hash tables, sets and hashers' $tables || exit
single perturb_all.hpp 'hash tables, a consistent-hash ring, and the rings of other programs' $tables \
  perturb/perturb.hpp perturb/profiles.hpp || exit

#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: shared_objects.sh COMPILER INCLUDE_DIRECTORY [FLAG...]
# Tables that are made in one shared object must be usable in another and in the program, however these are built:
# with symbols that are shared, hidden, or bound to the object itself; linked or loaded.
compiler=$1
include=$2
shift 2
sources=$(dirname "$0")
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT

compile() {
  "$compiler" -std=c++20 -O1 "-I$include" "$@" || exit
}
for visibility in default hidden; do
  compile -fPIC -fvisibility=$visibility -DPERTURB_TEST_API=perturb_left_api "$@" -c "$sources/library.cpp" \
    -o "$work/left-$visibility.o"
  # The other one differs in the name alone.
  objcopy --redefine-sym perturb_left_api=perturb_right_api "$work/left-$visibility.o" "$work/right-$visibility.o" || exit
  for side in left right; do
    "$compiler" "$@" -shared "$work/$side-$visibility.o" -o "$work/lib$side-$visibility.so" || exit
    "$compiler" "$@" -shared -Wl,-Bsymbolic "$work/$side-$visibility.o" -o "$work/lib$side-$visibility-symbolic.so" || exit
  done
done
compile "$@" -c "$sources/program.cpp" -o "$work/program.o"

failed=0
check() {
  name=$1
  shift
  "$@" || { echo "failed ($?): $name"; failed=1; }
}
for left in default hidden default-symbolic hidden-symbolic; do
  for right in default hidden default-symbolic; do
    "$compiler" "$@" "$work/program.o" -Wl,--no-as-needed "-L$work" -lleft-$left -lright-$right "-Wl,-rpath,$work" -ldl \
      -o "$work/linked" || exit
    check "linked, left is $left, right is $right" "$work/linked"
  done
done
"$compiler" "$@" "$work/program.o" -ldl -o "$work/loading" || exit
for left in default hidden default-symbolic hidden-symbolic; do
  check "loaded, left is $left, right is default" "$work/loading" "$work/libleft-$left.so" "$work/libright-default.so"
done
exit $failed

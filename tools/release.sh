#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/release.sh [--dry-run] [--skip-tests] VERSION

Walks through the release of VERSION, which include/perturb/version.hpp names already:

  1. checks that nothing is uncommitted, that the version is the same everywhere, that CHANGELOG.md has the section
     "## VERSION (YYYY-MM-DD)" at its top, and that there is no tag vVERSION
  2. runs tools/test.sh
  3. makes in out/release/: the source archive, from it the Debian package and the single headers, and SHA256SUMS
  4. makes the tag vVERSION
  5. says what is left to do by hand

It publishes nothing. --dry-run reports everything that 1 finds, makes the files, and leaves out 2 and 4. --skip-tests
leaves out 2. The exit status is 1 if something is not ready.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
dry_run= skip_tests= version=
for argument; do
  case $argument in
  -h | --help)
    echo "$usage"
    exit
    ;;
  --dry-run) dry_run=yes ;;
  --skip-tests) skip_tests=yes ;;
  -* | '')
    echo "tools/release.sh: '$argument' is not known; try --help" >&2
    exit 1
    ;;
  *)
    if [ -n "$version" ]; then
      echo "tools/release.sh: one version is needed; try --help" >&2
      exit 1
    fi
    version=$argument
    ;;
  esac
done
if [ -z "$version" ]; then
  echo "tools/release.sh: a version is needed; try --help" >&2
  exit 1
fi
cd "$root" || exit
name=perturb-$version
release=$root/out/release
work=$root/out/release.work

step() { echo "== $*"; }
ready=yes
# not_ready TEXT: something is missing. A dry run goes on and reports the rest.
not_ready() {
  echo "not ready: $*" >&2
  ready=no
}
stop_unless_ready() {
  [ $ready = yes ] || [ -n "$dry_run" ] || exit 1
}
failed() {
  echo "tools/release.sh: $*" >&2
  exit 1
}

step "1. Is everything ready?"
git rev-parse --git-dir >/dev/null || exit
[ -z "$(git status --porcelain)" ] || not_ready "there are changes that are not committed: see git status"
number() { sed -n "s/^#define PERTURB_VERSION_$1 //p" include/perturb/version.hpp; }
written=$(number MAJOR).$(number MINOR).$(number PATCH)
[ "$written" = "$version" ] || not_ready "include/perturb/version.hpp says $written"
disagreement=$(python3 tools/check_packaging.py) || not_ready "$disagreement"
heading=$(grep -m 1 '^## ' CHANGELOG.md)
case $heading in
"## $version ("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]")") ;;
*) not_ready "CHANGELOG.md begins with '$heading', not with '## $version (YYYY-MM-DD)'" ;;
esac
if git rev-parse -q --verify "refs/tags/v$version" >/dev/null; then
  not_ready "there is a tag v$version already"
fi
stop_unless_ready

step "2. Tests"
if [ -n "$dry_run$skip_tests" ]; then
  echo "left out"
else
  tools/test.sh || failed "the tests failed"
fi

step "3. Files in out/release"
rm -rf "$release" "$work"
mkdir -p "$release" "$work" || exit
git archive --format=tar --prefix="$name/" HEAD >"$work/$name.tar" || exit
# -n leaves the time out, so that the same commit gives the same archive.
gzip -9n <"$work/$name.tar" >"$release/$name.tar.gz" && tar -xf "$work/$name.tar" -C "$work" || exit
log=$work/log
# The package has the time of the commit as well.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
make_package() {
  cmake -S "$work/$name" -B "$work/build" -DPERTURB_BUILD_TESTS=OFF -DPERTURB_BUILD_BENCH=OFF \
    -DPERTURB_BUILD_EXAMPLES=OFF &&
    cpack --config "$work/build/CPackConfig.cmake" -G DEB -B "$work/deb"
}
if ! make_package >"$log" 2>&1; then
  cat "$log" >&2
  failed "the Debian package could not be made"
fi
mv "$work/deb"/*.deb "$release" && "$work/$name/tools/amalgamate.sh" "$release" || exit
rm -rf "$work"
(cd "$release" && sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS . && cat SHA256SUMS) || exit

step "4. Tag"
if [ -n "$dry_run" ]; then
  echo "left out: git tag -a v$version -m 'perturb $version'"
else
  git tag -a "v$version" -m "perturb $version" || exit
  echo "v$version"
fi

step "5. By hand"
cat <<BY_HAND
- git push origin v$version, and publish the files of out/release with the section of CHANGELOG.md as the text
- vcpkg and Conan: send packaging/vcpkg/perturb and packaging/conan to their registries, with the address and the
  checksum of $name.tar.gz as the source
- begin the next version: the numbers in include/perturb/version.hpp, the others that tools/check_packaging.py then
  names, and a section "## Unreleased (VERSION)" at the top of CHANGELOG.md
BY_HAND
[ $ready = yes ]

#!/bin/sh
# SPDX-License-Identifier: MIT
# release.sh ROOT FOLDER: tools/release.sh on a copy of this checkout that is ready for the release, and made unready in
# each way in turn.
set -eu
root=$1 copy=$2/copy out=$2/output work=$2

rm -rf "$2"
mkdir -p "$copy"
cd "$root"
# What is here and not ignored, with changes that are not committed.
git ls-files --cached --others --exclude-standard | while read -r file; do
  [ ! -e "$file" ] || echo "$file"
done | tar -cf - -T - | tar -xf - -C "$copy"
cd "$copy"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init -q -b main .
git config user.name tester
git config user.email tester@example.org
git config core.autocrlf false
version=$(sed -n 's/^version: //p' CITATION.cff)
sed -i "s/^## Unreleased ($version)/## $version (2026-01-02)/" CHANGELOG.md
git add -A
git commit -qm 'a checkout that is ready'

fail() {
  echo "$*"
  cat "$out"
  exit 1
}
# refused TEXT ARGUMENT...: the script ends with an error that says TEXT, and has made no tag.
refused() {
  text=$1
  shift
  if tools/release.sh "$@" >"$out" 2>&1; then
    fail "It should have been refused: $text"
  fi
  grep -qF -- "$text" "$out" || fail "It did not say: $text"
  [ -z "$(git tag)" ] || fail "There is a tag after: $text"
}

refused 'a version is needed'
refused "'--wet-run' is not known" --wet-run "$version"
refused "version.hpp says $version" --skip-tests 99.0.0
echo change >>README.md
refused 'not committed' --skip-tests "$version"
git checkout -q README.md
sed -i "s/^version: .*/version: 99.0.0/" CITATION.cff
git commit -qam 'another version in one place'
refused '99.0.0 in citation' --skip-tests "$version"
git reset -q --hard HEAD~
sed -i "s/^## $version .*/## Unreleased ($version)/" CHANGELOG.md
git commit -qam 'no section of the version'
refused "not with '## $version (YYYY-MM-DD)'" --skip-tests "$version"
git reset -q --hard HEAD~

printf '#!/bin/sh\nexit 1\n' >tools/test.sh
git commit -qam 'tests that fail'
refused 'the tests failed' "$version"
git reset -q --hard HEAD~

tools/release.sh --help | grep -q '^usage' || fail "no help"
tools/release.sh --dry-run "$version" >"$out" 2>&1 || fail "The dry run failed"
[ -z "$(git tag)" ] || fail "The dry run made a tag"
grep -q "left out: git tag -a v$version" "$out" || fail "The dry run does not say which tag it leaves out"
for file in "perturb-$version.tar.gz" "libperturb-dev_${version}_all.deb" perturb_all.hpp perturb_tables.hpp; do
  grep -q "  $file\$" out/release/SHA256SUMS || fail "no checksum of $file"
done
(cd out/release && sha256sum -c --quiet SHA256SUMS) || fail "wrong checksums"
[ "$(wc -l <out/release/SHA256SUMS)" -eq 4 ] || fail "other files than expected"
head -1 out/release/perturb_all.hpp | grep -q "perturb $version:" || fail "another version in the single header"

# The same commit gives the same files, and the release itself a tag.
cp out/release/SHA256SUMS "$work/first"
tools/release.sh --skip-tests "$version" >"$out" 2>&1 || fail "The release failed"
diff "$work/first" out/release/SHA256SUMS || fail "Two runs made different files"
[ "$(git tag)" = "v$version" ] || fail "There is no tag v$version"
if tools/release.sh --skip-tests "$version" >"$out" 2>&1 || ! grep -q "there is a tag v$version" "$out"; then
  fail "A second release should be refused"
fi

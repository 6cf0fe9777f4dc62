#!/bin/sh
# SPDX-License-Identifier: MIT
# deb.sh CPACK BUILD_DIR FOLDER VERSION: makes the Debian package, looks at what it says, and unpacks it in FOLDER.
set -eu
cpack=$1 build=$2 folder=$3 version=$4

rm -rf "$folder"
mkdir -p "$folder/made"
"$cpack" --config "$build/CPackConfig.cmake" -G DEB -B "$folder/made"
deb=$folder/made/libperturb-dev_${version}_all.deb
dpkg-deb --field "$deb" Package Architecture Section Depends >"$folder/fields"
cat >"$folder/wanted" <<FIELDS
Package: libperturb-dev
Architecture: all
Section: libdevel
Depends: libxxhash-dev (>= 0.8)
FIELDS
sort "$folder/wanted" >"$folder/wanted.sorted"
sort "$folder/fields" | diff - "$folder/wanted.sorted"
dpkg-deb --extract "$deb" "$folder/root"
# Debian's own checks, where they are installed.
if command -v lintian >/dev/null; then
  lintian --fail-on error,warning "$deb"
fi

# perturb-ring has a package of its own, if it was built.
for deb in "$folder"/made/perturb-ring_*.deb; do
  [ -e "$deb" ] || continue
  [ "$(dpkg-deb --field "$deb" Package)" = perturb-ring ]
  dpkg-deb --field "$deb" Depends | grep -q libc6
  dpkg-deb --extract "$deb" "$folder/ring"
  "$folder/ring/usr/bin/perturb-ring" --version | grep -qF "$version"
  [ "$(find "$folder/ring" -type f | wc -l)" -eq 2 ] # and its licence
done

#!/bin/sh
# SPDX-License-Identifier: MIT
# single_headers_option.sh ROOT CMAKE CPACK CXX FOLDER: with PERTURB_INSTALL_SINGLE_HEADERS the installation and the
# Debian package have the single headers, as they are at the time of installing.
set -eu
root=$1 cmake=$2 cpack=$3 cxx=$4 folder=$5

rm -rf "$folder"
"$cmake" -S "$root" -B "$folder/build" "-DCMAKE_CXX_COMPILER=$cxx" -DPERTURB_INSTALL_SINGLE_HEADERS=ON \
  -DPERTURB_BUILD_TESTS=OFF -DPERTURB_BUILD_BENCH=OFF -DPERTURB_BUILD_EXAMPLES=OFF >/dev/null
DESTDIR=$folder/staged "$cmake" --install "$folder/build" --prefix /usr >/dev/null
"$root/tools/amalgamate.sh" "$folder/expected"
diff -r "$folder/expected" "$folder/staged/usr/share/perturb/single"

command -v dpkg-deb >/dev/null || exit 0
"$cpack" --config "$folder/build/CPackConfig.cmake" -G DEB -B "$folder/deb" >/dev/null
dpkg-deb --extract "$folder"/deb/*.deb "$folder/root"
diff -r "$folder/expected" "$folder/root/usr/share/perturb/single"

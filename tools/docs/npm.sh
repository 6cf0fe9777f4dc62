#!/bin/sh
# SPDX-License-Identifier: MIT
# npm.sh FOLDER: installs the packages of docs/site/package.json there, unless they are.
package=$(cd "$(dirname "$0")/../../docs/site" && pwd)/package.json
cmp -s "$package" "$1/installed.json" && exit
mkdir -p "$1" && cp "$package" "$1/package.json" || exit
if ! npm install --prefix "$1" --no-audit --no-fund --ignore-scripts --no-package-lock >"$1/npm.log" 2>&1; then
  cat "$1/npm.log" >&2
  exit 1
fi
cp "$package" "$1/installed.json"

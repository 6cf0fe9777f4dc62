#!/bin/sh
# SPDX-License-Identifier: MIT
usage='usage: tools/docs.sh [--check] [FOLDER]

Makes the documentation site, build/docs/html or FOLDER: the reference of the public names, the pages of docs/, the
benchmarks to look at and a ring to play with. Open its index.html; it needs no server and no network.

Installs what is missing: Debian packages (root or sudo), npm packages in build/docs/npm. It fails if a comment or a page
has a fault, or if a link is dead. --check also opens the pages in a headless Chromium and clicks.'

root=$(cd "$(dirname "$0")/.." && pwd) || exit
check=
work=$root/build/docs
for argument; do
  case $argument in
  -h | --help)
    echo "$usage"
    exit
    ;;
  --check) check=1 ;;
  -*)
    echo "tools/docs.sh: '$argument' is not known; try --help" >&2
    exit 1
    ;;
  *) site=$argument ;;
  esac
done
site=${site:-$work/html}
tools=$root/tools/docs

"$root/tools/setup.sh" build docs || exit
"$tools/npm.sh" "$work/npm" || exit

mkdir -p "$work" || exit
cd "$work" || exit
rm -rf pages reference extra html
/usr/bin/python3 "$tools/reference.py" reference || exit
python3 "$tools/pages.py" . || exit

# Doxygen's own layout and header, with the site's tabs and scripts.
doxygen -l default.xml && doxygen -w html header.html footer.html default.css || exit
python3 "$tools/frame.py" default.xml header.html || exit
version=$(sed -n 's/^#define PERTURB_VERSION_\(MAJOR\|MINOR\|PATCH\) //p' "$root/include/perturb/version.hpp" | paste -s -d .)
if ! PERTURB_ROOT=$root PERTURB_VERSION=$version doxygen "$root/docs/site/Doxyfile" 2>doxygen.log || [ -s doxygen.log ]; then
  cat doxygen.log >&2
  exit 1
fi
cp -r extra/. html/
# The theme turns the colours of this frame round for dark pages; its ground shall be that of the page.
echo 'html, body.SRPage { background: transparent !important; }' >>html/search/search.css
"$tools/report.py" --npm npm --home index.html -o html/benchmarks.html "$root"/docs/bench/*.json || exit
"$tools/ring.sh" "$work/ring" html/ring-play.html || exit
"$tools/check_links.py" html || exit
[ -z "$check" ] || NODE_PATH=$work/npm/node_modules node "$root/tests/site/click.js" html || exit
if [ "$site" != "$work/html" ]; then
  mkdir -p "$site" && cp -r html/. "$site/" || exit
fi
echo "$site/index.html"

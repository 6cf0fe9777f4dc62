#!/bin/sh
# SPDX-License-Identifier: MIT
# install_component.sh CMAKE BUILD_DIR PREFIX VERSION: installs perturb-ring and nothing else, and runs it.
set -eu
rm -rf "$3"
"$1" --install "$2" --prefix "$3" --component perturb-ring
[ "$(cd "$3" && find . -type f | sort | tr '\n' ' ')" = './bin/perturb-ring ./share/doc/perturb-ring/copyright ' ]
[ "$("$3/bin/perturb-ring" --version)" = "perturb-ring $4" ]

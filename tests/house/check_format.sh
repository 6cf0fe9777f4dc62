#!/bin/sh
# SPDX-License-Identifier: MIT
# check_format.sh CLANG_FORMAT ROOT: every C++ source below ROOT is as clang-format would write it.
cd "$2" && find include apps tests examples bench docs \( -name '*.hpp' -o -name '*.cpp' \) -exec "$1" --dry-run -Werror {} +

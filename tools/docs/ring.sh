#!/bin/sh
# SPDX-License-Identifier: MIT
# ring.sh FOLDER PAGE: compiles docs/site/ring.cpp to WebAssembly in FOLDER, and writes docs/site/ring.html with it in it.
root=$(cd "$(dirname "$0")/../.." && pwd) || exit
mkdir -p "$1/include" || exit
# Alone, so that no other header of this machine is found.
for header in /usr/include/xxhash.h /usr/local/include/xxhash.h; do
  [ ! -e "$header" ] || ln -sf "$header" "$1/include/"
done
exports=
for function in text_of add_node remove_node set_weight set_up set_placement look_up free; do
  exports="$exports -Wl,--export=$function"
done
# emscripten 3.1.6 has a standard library that is too old (no std::bit_cast); clang 19 with libc++ for WASI has all.
# shellcheck disable=SC2086
clang++-19 --target=wasm32-wasi -mexec-model=reactor -std=c++20 -Os -fno-exceptions -Wall -Wextra -Werror \
  -I"$root/include" -isystem "$1/include" "$root/docs/site/ring.cpp" -o "$1/ring.wasm" -Wl,--strip-all $exports || exit
python3 - "$root/docs/site/ring.html" "$1/ring.wasm" "$2" <<'PYTHON'
import base64, pathlib, sys
page, module, output = map(pathlib.Path, sys.argv[1:])
text = page.read_text(encoding="utf-8").replace("/* ring.wasm */", base64.b64encode(module.read_bytes()).decode(), 1)
output.write_text(text, encoding="utf-8")
PYTHON

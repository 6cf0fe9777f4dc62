#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Copies examples into README.md: the C++ block after a line `<!-- examples/FILE -->` becomes that file, less its licence line.

usage: sync_snippets.py [--check]      (--check: change nothing, fail if a block differs)
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent
BLOCK = re.compile(r"(<!-- (examples/\S+) -->\n```cpp\n)(.*?)(```\n)", re.DOTALL)


def snippet(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("// SPDX-"))


def main():
    readme = ROOT / "README.md"
    before = readme.read_text(encoding="utf-8")
    after, count = BLOCK.subn(lambda match: match[1] + snippet(match[2]) + match[4], before)
    if count == 0:
        print("README.md: no block after a line `<!-- examples/... -->`")
        return 1
    if "--check" in sys.argv[1:]:
        if after != before:
            print("README.md differs from the examples: run tools/sync_snippets.py")
            return 1
    elif after != before:
        readme.write_text(after, encoding="utf-8")
    print(f"README.md: {count} block(s) equal to the examples")
    return 0


if __name__ == "__main__":
    sys.exit(main())

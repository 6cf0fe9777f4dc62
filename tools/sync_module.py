#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the exports of modules/perturb.cppm: every name that docs/api.md lists below a header that it includes.

Headers that neither <perturb/perturb.hpp> nor <perturb/profiles.hpp> includes, such as those that need another library,
are not part of the module. Macros cannot be exported."""

import argparse
import pathlib
import re
import sys

from check_api import listed

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXPORTS = "export namespace perturb {\n"


def included(include, text):
    """The headers of perturb that the text includes, and those that they include."""
    found, todo = set(), [text]
    while todo:
        for header in re.findall(r"(?m)^#include <(perturb/[a-z0-9_/]+\.hpp)>", todo.pop()):
            if header not in found:
                found.add(header)
                todo.append((include / header).read_text(encoding="utf-8"))
    return found


def exports(pairs):
    """The text of the exports for (header, name) pairs, one block for each namespace and header."""
    spaces = {}
    for header, name in pairs:
        blocks = spaces.setdefault(name.rpartition("::")[0], {})
        blocks.setdefault(header, []).append(name)
    text, done = EXPORTS, set()
    for space, blocks in spaces.items():
        text += f"\nnamespace {space} {{\n" if space else ""
        for header, names in blocks.items():
            # An overload set such as erase_if is listed below several headers.
            new = [name for name in names if name not in done]
            done.update(new)
            text += f"\n// <perturb/{header}>\n" + "".join(f"using perturb::{name};\n" for name in new) if new else ""
        text += f"\n}}  // namespace {space}\n" if space else ""
    return text + "\n}  // namespace perturb\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if the exports differ")
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=ROOT, help="the checkout (default: this one)")
    arguments = parser.parse_args()
    module = arguments.root / "modules" / "perturb.cppm"
    before = module.read_text(encoding="utf-8")
    if before.count(EXPORTS) != 1:
        sys.exit(f"{module}: needs the line `{EXPORTS.strip()}` once")
    pairs, faults = listed(arguments.root / "docs" / "api.md")
    if faults:
        sys.exit("\n".join(faults))
    headers = included(arguments.root / "include", before)
    wanted = [(header, name) for header, name in pairs if f"perturb/{header}" in headers and "PERTURB_" not in name]
    after = before[: before.index(EXPORTS)] + exports(wanted)
    if after == before:
        print(f"{module}: exports all {len({name for _, name in wanted})} public names")
        return 0
    if not arguments.check:
        module.write_text(after, encoding="utf-8")
        return 0
    print(f"{module} differs from docs/api.md: run tools/sync_module.py")
    for sign, ours, theirs in (("is missing", after, before), ("is no public name", before, after)):
        for line in ours.splitlines():
            if line.startswith("using ") and line not in theirs.splitlines():
                print(f"  {line} {sign}")
    return 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that a hand-written list of files names every file of a folder, and no other.

usage: check_lists.py FOLDER SUFFIX FILE...      (the files relative to FOLDER)
"""

import pathlib
import sys


def main():
    folder, suffix, listed = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*" + suffix)}
    faults = [f"{folder / name}: not listed, so it is never built" for name in sorted(there - set(listed))]
    faults += [f"{folder / name}: listed, but it does not exist" for name in sorted(set(listed) - there)]
    faults += [f"{folder / name}: listed twice" for name in sorted(set(listed)) if listed.count(name) > 1]
    if not there:
        faults.append(f"{folder}: nothing there ends in {suffix}")
    print("\n".join(faults) if faults else f"{folder}: {len(there)} files, all listed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the files which comments and pages cite are there.

usage: check_citations.py [DIR]      (default: this checkout)

Looks at the comments of C++ sources, at `#` comments of CMake, shell and Python files, and at Markdown pages. A citation
is a name that ends like a file of this project (.hpp, .cpp, .md, .py, .sh, .cmake), or a path that begins with a folder
of it (tests/...). It may be cut on the left: ring/token.hpp, token.hpp. CHECKOUT/ is the checkout in
commands. Other programs' files are named in OTHERS.

Not looked at: URLs, docstrings, links to a section of a page, names with placeholders (`tests/*_test.cpp`), and what
lies in folders named bad_*, which the tests of these checks read.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ("apps", "bench", "cmake", "docs", "examples", "extras", "include", "modules", "packaging", "tests", "tools")
# Files of other programs, and files that exist only where perturb is built or used.
OTHERS = {
    "/etc/gdb/gdbinit.d/perturb.py",
    "/usr/share/perturb/perturb_gdb.py",
    "/usr/share/perturb/perturb_lldb.py",
    "boost/unordered/unordered_flat_map.hpp",
    "MurmurHash2.cpp",
    "MurmurHash3.cpp",
    "hasher.cpp",
    "include/haproxy/intops.h",
    "program.cpp",
    "perturb_all.hpp",
    "perturb_tables.hpp",
    "ring.py",
    "ring_ketama.py",
    "ring_meta.py",
    "src/brpc/policy/consistent_hashing_load_balancer.cpp",
}

CPP_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|(//[^\n]*|/\*.*?\*/)', re.DOTALL)
HASH_COMMENT = re.compile(r"(?:^|\s)(#[^\n]*)", re.MULTILINE)
URL = re.compile(r"\w+://\S+|www\.\S+")
NAME = r"[A-Za-z0-9_.\-/]"
CITATION = re.compile(
    rf"(?<![A-Za-z0-9_.\-/*}}>])({NAME}*\.(?:hpp|cpp|md|py|sh|cmake)(?:\.in)?\b|(?:{'|'.join(SOURCES)})/{NAME}*)(?![*<{{$%])"
)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def prose(path, text):
    """The text of a file with everything blanked that is not prose, so that all lines keep their numbers."""
    if path.suffix == ".md":
        return URL.sub(lambda match: blank(match[0]), text)
    pattern = CPP_COMMENT if path.suffix in (".hpp", ".cpp") else HASH_COMMENT
    kept, end = [], 0
    for match in pattern.finditer(text):
        if match[1] is not None:
            kept += [blank(text[end : match.start(1)]), match[1]]
            end = match.end(1)
    return URL.sub(lambda match: blank(match[0]), "".join(kept) + blank(text[end:]))


def files_of(root):
    """The project's files, without what is built or is no text."""
    for path in sorted(root.iterdir()):
        if path.is_file():
            yield path
        elif path.name in SOURCES:
            files = (file for file in sorted(path.rglob("*")) if file.is_file())
            yield from (file for file in files if not any(part.startswith("bad_") for part in file.relative_to(root).parts))


def check(root):
    files = list(files_of(root))
    there = set()  # every file and folder, whole and cut on the left
    for path in files:
        parts = path.relative_to(root).parts
        for end in range(1, len(parts) + 1):
            there.update("/".join(parts[begin:end]) for begin in range(end))
    faults, count = [], 0
    for path in files:
        if path.suffix not in (".hpp", ".cpp", ".md", ".py", ".sh", ".cmake") and path.name != "CMakeLists.txt":
            continue
        for number, line in enumerate(prose(path, path.read_text(encoding="utf-8")).split("\n"), 1):
            for match in CITATION.finditer(line):
                cited = match[1].rstrip("./-").removeprefix("CHECKOUT/")
                relative = (path.parent / cited).resolve()
                count += 1
                if cited not in there and cited not in OTHERS and not relative.exists():
                    faults.append(f"{path.relative_to(root)}:{number}: cites {cited}, which is not there")
    if not count:
        faults.append(f"{root}: no citations found")
    return faults, count


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    faults, count = check(root)
    print("\n".join(faults) if faults else f"{root}: all {count} files that are cited are there")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

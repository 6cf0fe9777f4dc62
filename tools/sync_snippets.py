#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Copies examples and their output into README.md and the pages of docs/.

usage: sync_snippets.py [--check] [FOLDER]      (--check: change nothing, fail if a block differs)

The block of code after a line `<!-- FILE -->` becomes that file, less its licence line and its comment `@file`. FILE is
in examples/ or in tests/examples/. After `<!-- FILE: name -->` it becomes the part of the file between two lines
`// [name]`; after `<!-- FILE: 3-5 -->` the lines 3 to 5.

It is an error if a file or a part does not exist, or if a part of a file in examples/guides/ is on no page.
"""

import pathlib
import re
import sys
import textwrap

BLOCK = re.compile(r"(<!-- ((?:tests/)?examples/[\w./]+)(?:: ([^\n]+?))? -->\n```\w*\n)(.*?)(```\n)", re.DOTALL)
MARK = re.compile(r"^[ \t]*// \[(.*)\]\n", re.MULTILINE)


def part_of(text, part):
    if lines := re.fullmatch(r"(\d+)(?:-(\d+))?", part):
        first, last = int(lines[1]), int(lines[2] or lines[1])
        chosen = text.splitlines(keepends=True)[first - 1 : last]
        return textwrap.dedent("".join(chosen)) if len(chosen) == last - first + 1 else None
    pieces = re.split(rf"^[ \t]*// \[{re.escape(part)}\]\n", text, flags=re.MULTILINE)
    return textwrap.dedent(MARK.sub("", pieces[1])) if len(pieces) == 3 else None


def snippet(root, name, part):
    """The text of a block, or None if there is no such file or part."""
    file = root / name
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    if part:
        return part_of(text, part)
    return MARK.sub("", re.sub(r"^(?:// SPDX-[^\n]*\n|/// @file[^\n]*\n(?:///[^\n]*\n)*)", "", text, flags=re.MULTILINE))


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    check = len(arguments) < len(sys.argv) - 1
    root = pathlib.Path(arguments[0]).resolve() if arguments else pathlib.Path(__file__).resolve().parent.parent
    problems, blocks, shown = [], 0, set()
    for page in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        if not page.is_file():
            continue
        name = page.relative_to(root)

        def replaced(match, name=name):
            text = snippet(root, match[2], match[3])
            if text is None:
                problems.append(f"{name}: there is no {match[2]}" + (f" with a part '{match[3]}'" if match[3] else ""))
                return match[0]
            shown.add((match[2], match[3]))
            return match[1] + text + match[5]

        before = page.read_text(encoding="utf-8")
        after, count = BLOCK.subn(replaced, before)
        blocks += count
        if count != len(re.findall(r"<!-- (?:tests/)?examples/", before)):
            problems.append(f"{name}: a line `<!-- examples/... -->` has no block of code after it")
        if after != before and check:
            problems.append(f"{name} differs from the examples: run tools/sync_snippets.py")
        elif after != before:
            page.write_text(after, encoding="utf-8")
    for file in sorted((root / "examples/guides").glob("*.cpp")):
        name = str(file.relative_to(root))
        for part in sorted(set(MARK.findall(file.read_text(encoding="utf-8")))):
            if (name, part) not in shown and (name, None) not in shown:
                problems.append(f"{name}: the part '{part}' is on no page")
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{blocks} blocks are equal to the examples")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

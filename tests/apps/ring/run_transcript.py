#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the commands of a transcript and compares what they print with what stands there.

usage: run_transcript.py FILE PROGRAM [--update]

A command is a line that begins with "$ ", by sh, in an empty directory in which PROGRAM is found by its name. What
follows up to the next command or an empty line before one is what it must print on both outputs; a last line
"(exit status N)" is the status if it is not 0. In a Markdown page only blocks of ```console are read, and a block
```json after a line "<!-- NAME -->" is the file NAME. A command "$ cat > NAME" is followed by the content of that file,
up to a line "EOF". --update writes what is printed into FILE."""

import pathlib
import subprocess
import sys
import tempfile


def run(command, directory, program):
    path = f"{program.parent}:/usr/sbin:/usr/bin:/bin"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=directory,
        env={"PATH": path, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines + ([f"(exit status {done.returncode})"] if done.returncode else [])


def blocks(lines, is_page):
    """(begin, end) of the parts that have commands, and (name, begin, end) of those that are files."""
    if not is_page:
        return [(0, len(lines))], []
    commands, files, at = [], [], 0
    while at < len(lines):
        if lines[at].startswith("```"):
            end = lines.index("```", at + 1)
            before = lines[at - 1].strip() if at else ""
            if lines[at] == "```console":
                commands.append((at + 1, end))
            elif before.startswith("<!-- ") and before.endswith(" -->"):
                files.append((before[5:-4], at + 1, end))
            at = end
        at += 1
    return commands, files


def main():
    path, program = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    lines = path.read_text(encoding="utf-8").splitlines()
    commands, files = blocks(lines, path.suffix == ".md")
    failures, count, new = 0, 0, list(lines)
    replaced = []  # (begin, end, printed)
    with tempfile.TemporaryDirectory(prefix="perturb-ring-test-") as directory:
        for name, begin, end in files:
            pathlib.Path(directory, name).write_text("\n".join(lines[begin:end]) + "\n", encoding="utf-8")
        for first, last in commands:
            at = first
            while at < last:
                if not lines[at].startswith("$ "):
                    at += 1
                    continue
                command = lines[at][2:]
                at += 1
                if command.startswith("cat > "):
                    end = lines.index("EOF", at)
                    content = "\n".join(lines[at:end]) + "\n"
                    pathlib.Path(directory, command[6:]).write_text(content, encoding="utf-8")
                    at = end + 1
                    continue
                while command.endswith("\\"):
                    command = command[:-1] + lines[at].removeprefix("> ")
                    at += 1
                end = at
                while end < last and not lines[end].startswith(("$ ", "# ")):
                    end += 1
                while end > at and lines[end - 1] == "":
                    end -= 1
                printed = run(command, directory, program)
                # Within a block, an empty line can only be told from the space before the next command by what is printed.
                if printed and printed[-1] == "":
                    printed.pop()
                count += 1
                replaced.append((at, end, printed))
                if printed != lines[at:end]:
                    failures += 1
                    print(f"{path}:{at}: $ {command}")
                    print("  must print\n    " + "\n    ".join(lines[at:end]))
                    print("  prints\n    " + "\n    ".join(printed))
                at = end
    if "--update" in sys.argv:
        for begin, end, printed in reversed(replaced):
            new[begin:end] = printed
        path.write_text("\n".join(new) + "\n", encoding="utf-8")
        return
    if not count:
        sys.exit(f"{path}: there is no command in it")
    print(f"{path.name}: {count} commands, {failures} differ")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

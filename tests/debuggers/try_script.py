#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program in a debugger with perturb's script, and compares what it shows with what a file says.

usage: try_script.py [--update] DEBUGGER SCRIPT PROGRAM EXPECTED

The program stops in stop_here. EXPECTED has the names of variables in namespace subjects (with `*` before a pointer to
look at what it points to), each followed by the indented lines that must be shown. --update writes what was shown into EXPECTED.
"""

import os
import pathlib
import re
import subprocess
import sys

SECONDS = 60  # a script that walks through damaged memory for ever is stopped
SHOWN = 5  # children


def gdb_command(gdb, script, program, variables):
    lines = ["set confirm off", "set width 0", f"set print elements {2 * SHOWN}"]  # keys and values count
    lines += [f"source {script}", "break stop_here", "run"]
    for name, expression in variables:
        lines += [f"echo \\n@{name}\\n", f"output {expression}"]
    arguments = [argument for line in lines for argument in ("-ex", line)]
    return [gdb, "-batch", "-nx", *arguments, program]


def lldb_command(lldb, script, program, variables):
    lines = [f"settings set target.max-children-count {SHOWN}", f"command script import {script}"]
    lines += ["breakpoint set -n stop_here", "run"]
    for name, expression in variables:
        lines += [f"script print('@{name}')", f"target variable {expression}"]
    arguments = [argument for line in lines for argument in ("-o", line)]
    return [lldb, "--batch", "--no-lldbinit", *arguments, "--", program]


def shown(output, names):
    """What was shown for each name, as a list of lines."""
    result, name = {}, None
    for line in output.splitlines():
        if line[:1] == "@" and line[1:] in names:
            name = line[1:]
            result[name] = []
        elif name is not None and not re.match(r"\(lldb\)|\*\*\* Some of|error: .* DW_TAG|$", line):
            result[name].append(re.sub(r"^\(.*\) \*?subjects::\S+ = ", "", line))
    return result


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    debugger, script, program, page = arguments
    page = pathlib.Path(page)
    expected, name = {}, None
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            expected[name].append(line[2:])
        else:
            name = line
            expected[name] = []
    variables = [(name, re.sub(r"(\w+)", r"subjects::\1", name, count=1)) for name in expected]
    command = gdb_command if "gdb" in pathlib.Path(debugger).name else lldb_command
    run = subprocess.run(
        command(debugger, script, program, variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        check=False,
    )
    if re.search(r"ptrace: Operation not permitted|personality set failed", run.stdout):
        print("Not run: programs may not be debugged here")
        return 0
    actual = shown(run.stdout, expected)
    if "--update" in sys.argv[1:]:
        page.write_text("".join(line + "\n" for name in expected for line in [name, *("  " + x for x in actual[name])]))
        return 0
    faults = [
        f"{name}: shown is\n  " + "\n  ".join(actual.get(name, ["nothing"])) + "\ninstead of\n  " + "\n  ".join(lines)
        for name, lines in expected.items()
        if actual.get(name) != lines
    ]
    if run.returncode != 0 or faults:
        print("\n".join(faults[:3])[:3000], run.stdout[-3000:], sep="\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

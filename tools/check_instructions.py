#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the instructions and the visited groups of fixed operations with the committed figures.

Needs no clock, so it gives the same result on a busy machine. The figures differ with the compiler and the C library:
where there are none for these, it prints that and exits with 77 (skipped). They are in
bench/instruction_counts/figures.json; after an intended change, --update replaces those of the given compiler and this
C library."""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIGURES = ROOT / "bench" / "instruction_counts" / "figures.json"
TOLERANCE = 0.03
SKIPPED = 77
# The C library chooses its memory functions by processor and cache: with these settings, the same ones everywhere.
PLAIN_C_LIBRARY = (
    "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-BMI2,-ERMS,-FSRM,-RTM,-SSSE3,-SSE4_1,-SSE4_2"
    ":glibc.cpu.x86_non_temporal_threshold=0x10000000"
)


def measure(program):
    """Two dictionaries: instructions by operation, groups visited by table."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no", f"--callgrind-out-file={out}", program],
            env={**os.environ, "GLIBC_TUNABLES": PLAIN_C_LIBRARY},
            capture_output=True,
            text=True,
        )
        if run.returncode != 0:
            sys.exit(f"{program} failed under valgrind:\n{run.stderr}")
        instructions = {}
        for dump in pathlib.Path(folder).glob("out.*"):
            text = dump.read_text()
            name = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.MULTILINE)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
            if name and total:
                instructions[name[1]] = int(total[1])
    probes = {name: int(number) for name, number in (line.split() for line in run.stdout.splitlines())}
    if not instructions or not probes:
        sys.exit(f"{program} gave no figures")
    return instructions, probes


def compare(kind, expected, found):
    """Prints every figure; returns a line for each that is off."""
    complaints = []
    for name in sorted(expected.keys() | found.keys()):
        if name not in expected or name not in found:
            where = "measured, but not in the figures" if name in found else "in the figures, but not measured"
            complaints.append(f"{kind} {name}: {where}")
            continue
        change = found[name] / expected[name] - 1.0
        print(f"{kind:12} {name:40} {expected[name]:>10} {found[name]:>10} {change:+7.2%}")
        if abs(change) > TOLERANCE:
            verdict = "worse" if change > 0 else "better: update the figures"
            complaints.append(f"{kind} {name}: {expected[name]} -> {found[name]} ({change:+.1%}, {verdict})")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built bench/instruction_counts")
    parser.add_argument("--compiler", required=True, help="the compiler of the program: the key of its figures")
    parser.add_argument("--update", action="store_true", help="write the figures instead of comparing with them")
    arguments = parser.parse_args()

    builder = ", ".join([arguments.compiler, " ".join(platform.libc_ver())])
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {"probes": {}, "instructions": {}}
    if not arguments.update and builder not in figures["instructions"]:
        print(f"Skipped: there are no figures for '{builder}', only for", *figures["instructions"], sep="\n  ")
        return SKIPPED
    instructions, probes = measure(arguments.program)
    if arguments.update:
        figures["instructions"][builder] = instructions
        figures["probes"] = probes
        FIGURES.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")
        print(f"Wrote {FIGURES.relative_to(ROOT)}")
        return 0

    complaints = compare("instructions", figures["instructions"][builder], instructions)
    complaints += compare("probes", figures["probes"], probes)
    if complaints:
        print(
            f"\nOff by more than {TOLERANCE:.0%}. If that is intended, run this again with --update and commit the figures.",
            *complaints,
            sep="\n  ",
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Changes one operator, constant or condition of a header at a time, and reports the changes that no test notices.

usage: mutate.py [--sample N] [--seed S] [--jobs N] [--list] [FOLDER_OR_HEADER...]

Default: table hash ring (folders of include/perturb). Of all changes, --sample takes N at random. For each, the tests
of the header's room are compiled against the changed header and run one after another, the likeliest first, until one
fails: the change is then "killed". A change that does not compile says nothing and is not counted; a static_assert that
fails kills, though. The rest survive: either a test is missing, or the change has no effect that can be observed
(docs/security.md lists those, with the reason). Exit code 1 if fewer than 95 % of the changes are killed.

Everything goes to build/mutate; results.txt there has one line for each change. Needs g++, clang++-19 and GoogleTest.
A change takes from 10 seconds to minutes: a sample of 200 takes about an hour on two cores.
"""

import argparse
import concurrent.futures
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include/perturb"
TESTS = ROOT / "tests"
WORK = ROOT / "build/mutate"

# Operators have spaces around them and template brackets have none: clang-format sees to it.
SWAPS = {
    "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"],
    "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "^": ["&"],
    "&&": ["||"], "||": ["&&"], "+=": ["-="], "-=": ["+="], "^=": ["|="], ">>=": ["<<="], "|=": ["^="],
}
OPERATOR = re.compile(r"(?<= )(" + "|".join(sorted(map(re.escape, SWAPS), key=len, reverse=True)) + r")(?= |$)")
STEP = re.compile(r"\+\+|--")
NUMBER = re.compile(r"(?<![\w.'])(0x[0-9A-Fa-f]+|\d+)(?=[uUlL]*(?![\w.']))")
CONDITION = re.compile(r"\b(?:if|while) \((?!constexpr)")
BOOLEAN = re.compile(r"\b(true|false)\b(?=;| :|\)|,)")
# Lines that decide nothing at run time, or only in builds with checks.
SKIPPED = re.compile(r"^\s*(#|//|using |template|static_assert|requires|concept|friend|namespace|PERTURB_ASSERT)"
                     r"|prefetch|likely|noexcept\(")

# The tests of a room, the likeliest to notice first; the test of the header itself goes before them.
ROOMS = {
    "table": ["fuzz/hash_table_fuzz.cpp", "table/hash_table_growth_test.cpp", "table/hash_table_fault_test.cpp",
              "table/batch_test.cpp", "table/stats_test.cpp", "table/iterator_test.cpp", "table/views_test.cpp",
              "faults/sparse_drain_test.cpp", "faults/reentrant_elements_test.cpp", "faults/element_moves_test.cpp",
              "faults/large_elements_test.cpp", "faults/reserve_test.cpp", "faults/copies_test.cpp",
              "faults/allocation_test.cpp", "limits/limits_test.cpp", "hostile/iteration_order_test.cpp",
              "table/checked_death_test.cpp", "faults/reentrant_checked_death_test.cpp",
              "table/hash_table_property_test.cpp", "contract/dict_members_test.cpp",
              "contract/hash_table_contract_test.cpp", "contract/hash_set_contract_test.cpp",
              "contract/hash_table_contract_allocators_test.cpp"],
    "hash": ["hashers_test.cpp", "hash_state_test.cpp", "hash/mix_test.cpp", "profiles/golden_test.cpp",
             "faults/key_hashing_test.cpp", "faults/key_types_test.cpp"],
    "ring": ["ring/ring_changes_test.cpp", "hash_ring_test.cpp", "migration_plan_test.cpp", "ring/snapshot_test.cpp",
             "ring/ring_traps_test.cpp", "balanced_tokens_test.cpp", "ring/strong_guarantee_test.cpp",
             "fuzz/hash_ring_fuzz.cpp", "fuzz/images_fuzz.cpp", "bounded_assigner_test.cpp", "shared_ring_test.cpp",
             "textbook_test.cpp", "svg_test.cpp", "ring/no_allocation_test.cpp", "faults/data_ring_test.cpp",
             "limits/limits_test.cpp", "sharded_table_test.cpp", "profiles/golden_test.cpp",
             "ring/checked_ring_death_test.cpp"],
}


def code_of(line):
    """The line with strings, characters and its comment blanked."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\.)\'', lambda m: "\0" * len(m.group()), line)
    return line.split("//")[0]


def compiled_lines(path):
    """The lines of a header, from 0, that the preprocessor leaves on this machine."""
    text = subprocess.run(["g++", "-std=gnu++20", "-w", "-E", f"-I{ROOT / 'include'}", "-x", "c++", str(path)], cwd=ROOT,
                          stdout=subprocess.PIPE, check=True).stdout.decode(errors="replace")
    lines, number, is_here = set(), 0, False
    for line in text.splitlines():
        marker = re.match(r'# (\d+) "(.*?)"', line)
        if marker:
            number, is_here = int(marker.group(1)) - 1, marker.group(2) == str(path)
            continue
        if is_here and line.strip():
            lines.add(number)
        number += 1
    return lines


def changes_in(path):
    """(line, column, old, new) of every change of a header."""
    found = []
    in_assert = 0
    compiled = compiled_lines(path)
    for number, line in enumerate(path.read_text().splitlines()):
        if number not in compiled:
            continue
        code = code_of(line)
        if in_assert or re.match(r"\s*(static_assert|PERTURB_ASSERT)\(", code):
            in_assert += code.count("(") - code.count(")")
            continue
        if SKIPPED.search(code):
            continue
        for match in OPERATOR.finditer(code):
            if match.group() in "&*" and code[match.start() - 2:match.start() - 1] in "<(,":
                continue
            found += [(number, match.start(), match.group(), new) for new in SWAPS[match.group()]]
        for match in STEP.finditer(code):
            if "operator" not in code:
                found.append((number, match.start(), match.group(), "--" if match.group() == "++" else "++"))
        for match in NUMBER.finditer(code):
            if re.search(r"[<,] ?$", code[:match.start()]) and "<" in code[:match.start()] and "(" not in code:
                continue  # an argument of a template
            value = int(match.group(), 0)
            found.append((number, match.start(), match.group(), str(value + 1)))
        for match in CONDITION.finditer(code):
            depth, end = 0, None
            for i in range(match.end() - 1, len(code)):
                depth += {"(": 1, ")": -1}.get(code[i], 0)
                if depth == 0:
                    end = i
                    break
            if end is not None:
                inner = line[match.end():end]
                found.append((number, match.end(), inner, f"!({inner})"))
        for match in BOOLEAN.finditer(code):
            found.append((number, match.start(), match.group(), "false" if match.group() == "true" else "true"))
    return found


def run(command, seconds):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, cwd=WORK,
                              stdin=subprocess.DEVNULL, check=False)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return None, "timeout"


def tests_of(header):
    room = header.relative_to(INCLUDE).parts[0]
    own = header.relative_to(INCLUDE).with_suffix("").as_posix() + "_test.cpp"
    names = [own] + [name for name in ROOMS.get(room, ROOMS["table"] + ROOMS["ring"]) if name != own]
    return [name for name in names if (TESTS / name).exists()]


def passes(test, include, program):
    """"passes", "fails", "refused" by a static_assert or test, or "invalid": it does not compile."""
    source = TESTS / test
    libraries = ["-lgtest", "-lgtest_main", "-lgmock", "-lpthread"]
    if test.startswith("fuzz/"):
        compiler, libraries = ["clang++-19", "-std=c++20", "-O0", "-fsanitize=fuzzer"], []
        arguments = ["-runs=0", "-verbosity=0", str(TESTS / "fuzz/corpus" / source.stem.removesuffix("_fuzz"))]
    else:
        compiler, arguments = ["g++", "-std=gnu++20", "-O0"], ["--gtest_brief=1", "--gtest_fail_fast"]
    defines = ['-DPERTURB_GOLDEN_DIRECTORY="' + str(TESTS / "golden") + '"']
    code, text = run([*compiler, "-w", f"-I{include}", f"-I{TESTS}", *defines, str(source), "-o", str(program),
                      *libraries], 600)
    if code != 0:
        return "refused" if "static assertion failed" in text or "static_assert" in text else "invalid"
    code, _ = run([str(program), *arguments], 120)
    return "passes" if code == 0 else "fails"


class Baseline:
    """Which tests pass with the headers as they are; each is tried once. Others would kill every change."""

    def __init__(self):
        self.lock = threading.Lock()
        self.verdicts = {}

    def is_sound(self, test):
        with self.lock:
            if test not in self.verdicts:
                self.verdicts[test] = passes(test, ROOT / "include", WORK / "baseline") == "passes"
                if not self.verdicts[test]:
                    print(f"{test} does not pass with the headers as they are and is left out", flush=True)
            return self.verdicts[test]


BASELINE = Baseline()


def try_change(number, header, change):
    """What becomes of a change: (verdict, by which test)."""
    line, column, old, new = change
    place = WORK / str(number)
    shutil.copytree(ROOT / "include", place / "include")
    lines = header.read_text().splitlines(keepends=True)
    text = lines[line]
    lines[line] = text[:column] + new + text[column + len(old):]
    (place / "include/perturb" / header.relative_to(INCLUDE)).write_text("".join(lines))
    try:
        for i, test in enumerate(filter(BASELINE.is_sound, tests_of(header))):
            verdict = passes(test, place / "include", place / "program")
            if verdict == "invalid" and i == 0:
                return "invalid", test
            if verdict != "passes":
                return "killed", test
        return "survived", ""
    finally:
        shutil.rmtree(place)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", default=["table", "hash", "ring"], metavar="FOLDER_OR_HEADER")
    parser.add_argument("--sample", type=int, metavar="N", help="take N changes at random (default: all)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the sample (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="changes to try at once (default: 2)")
    parser.add_argument("--list", action="store_true", help="show the changes and try none")
    options = parser.parse_args()

    headers = []
    for place in options.places:
        path = INCLUDE / place
        headers += sorted(path.glob("*.hpp")) if path.is_dir() else [path]
        if not path.exists():
            sys.exit(f"mutate.py: there is no {path}")
    work = [(header, change) for header in headers for change in changes_in(header)]
    if options.sample is not None:
        work = random.Random(options.seed).sample(work, min(options.sample, len(work)))
    if options.list:
        for header, (line, column, old, new) in work:
            print(f"{header.relative_to(INCLUDE)}:{line + 1}:{column + 1}: {old} -> {new}")
        print(f"{len(work)} changes")
        return 0

    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    counts = {"killed": 0, "survived": 0, "invalid": 0}
    with open(WORK / "results.txt", "w", encoding="utf-8", buffering=1) as results, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        futures = {pool.submit(try_change, i, *one): one for i, one in enumerate(work)}
        for future in concurrent.futures.as_completed(futures):
            header, (line, column, old, new) = futures[future]
            verdict, test = future.result()
            counts[verdict] += 1
            text = (f"{verdict}: {header.relative_to(INCLUDE)}:{line + 1}:{column + 1}: {old} -> {new}"
                    + (f" ({test})" if test else ""))
            results.write(text + "\n")
            if verdict == "survived":
                print("\r" + text, flush=True)
            if sys.stderr.isatty():
                print(f"\r{sum(counts.values())} of {len(work)}: {counts['killed']} killed, "
                      f"{counts['survived']} survived, {counts['invalid']} do not compile", end="", file=sys.stderr)
    counted = counts["killed"] + counts["survived"]
    share = 100.0 if counted == 0 else 100.0 * counts["killed"] / counted
    print(f"{counted} changes of {len(work)} compile; {counts['killed']} killed ({share:.1f} %), "
          f"{counts['survived']} survived")
    return 0 if share >= 95.0 else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Changes one operator, constant or condition of a header at a time, and reports the changes that no test notices.

usage: mutate.py [--sample N] [--seed S] [--jobs N] [--patience S] [--tests N] [--list] [FOLDER_OR_HEADER...]
       mutate.py --again RESULTS [--sanitize] ...

Default: table hash ring ordered facade (folders of include/perturb); --sample takes N changes of each at random. The
tests of the header's room that include it are compiled against the changed header and run one after another, the
likeliest first, until one fails: the change is then "killed". A change that does not compile, or only takes the other
one of two equal numbers, says nothing and is not counted; a static_assert that fails kills, though, as does a test that
takes ten times as long as before, or more than 8 GiB. The rest survive: either a test is missing, or the change has no
effect that can be observed (docs/security.md lists those, with the reason). Exit code 1 if fewer than 95 % of the
changes are killed.

Everything goes to build/mutate; results.txt there has one line for each change. Needs clang++-19 and GoogleTest. A
killed change takes a few seconds, one that survives some minutes. --again takes a copy of results.txt and tries what
survived in it: when tests have been added, or with --sanitize, as the presets with sanitizers would.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
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

# The tests of a room, cheap ones that notice much first; the test of the header itself goes before them.
ROOMS = {
    "table": ["hash_table_test.cpp", "table/small_tables_test.cpp", "table/groups_looked_at_test.cpp",
              "table/iterator_test.cpp", "table/stats_test.cpp",
              "fuzz/hash_table_fuzz.cpp", "table/batch_test.cpp", "faults/copies_test.cpp",
              "table/checked_death_test.cpp", "faults/reserve_test.cpp", "table/growth_steps_test.cpp",
              "table/hash_table_growth_test.cpp",
              "faults/sparse_drain_test.cpp", "faults/element_moves_test.cpp", "limits/limits_test.cpp",
              "faults/reentrant_elements_test.cpp", "table/*_test.cpp", "growth_test.cpp",
              "hostile/iteration_order_test.cpp", "facade/*_test.cpp", "fuzz/hash_set_fuzz.cpp", "faults/*_test.cpp",
              "contract/*_test.cpp", "ordered/*_test.cpp"],
    "ordered": ["fuzz/ordered_table_fuzz.cpp", "ordered/ordered_memory_test.cpp",
                "ordered/ordered_property_test.cpp", "ordered/*_test.cpp", "limits/limits_test.cpp",
                "contract/ordered_contract_test.cpp", "faults/*_test.cpp", "contract/deduction_test.cpp",
                "contract/noexcept_test.cpp"],
    "facade": ["hash_table_test.cpp", "facade/*_test.cpp", "contract/dict_members_test.cpp", "fuzz/hash_table_fuzz.cpp",
               "fuzz/ordered_table_fuzz.cpp", "contract/hash_table_contract_test.cpp", "contract/*_test.cpp",
               "faults/*_test.cpp", "table/*_test.cpp", "limits/*_test.cpp"],
    "hash": ["hashers_test.cpp", "hash_state_test.cpp", "hash/*_test.cpp", "profiles/golden_test.cpp",
             "portability/portable_results_test.cpp", "faults/key_*_test.cpp", "hostile/colliding_keys_test.cpp",
             "profiles/*_test.cpp", "ring/ring_traps_test.cpp"],
    "ring": ["ring/arcs_test.cpp", "ring/balance_test.cpp", "ring/failover_test.cpp", "hash_ring_test.cpp",
             "ring/snapshot_test.cpp", "ring/warnings_test.cpp", "bounded_assigner_test.cpp", "migration_plan_test.cpp",
             "ring/ring_changes_test.cpp", "ring_types_test.cpp", "balanced_tokens_test.cpp", "shared_ring_test.cpp",
             "svg_test.cpp", "textbook_test.cpp", "fuzz/images_fuzz.cpp", "fuzz/hash_ring_fuzz.cpp",
             "ring/*_test.cpp", "virtual_nodes_test.cpp", "sharded/*_test.cpp", "sharded_table_test.cpp",
             "profiles/golden_test.cpp", "portability/portable_results_test.cpp", "profiles/server_ring_test.cpp",
             "faults/data_ring_test.cpp", "limits/*_test.cpp", "concurrent_read_test.cpp", "faults/fast_math_test.cpp"],
    "sharded": ["sharded/*_test.cpp", "sharded_table_test.cpp", "fuzz/sharded_table_fuzz.cpp",
                "faults/data_ring_test.cpp"],
    "profiles": ["profiles/golden_test.cpp", "profiles/*_test.cpp", "fuzz/profiles_fuzz.cpp", "ring/*_test.cpp"],
}
# What nearly every test includes, without perturb's headers, which a test may change by macros.
PRECOMPILED = ["gmock/gmock.h", "gtest/gtest.h", "algorithm", "array", "atomic", "map", "memory_resource", "random",
               "set", "span", "string", "thread", "unordered_map", "vector"]
# A crash is a crash: libFuzzer's report of it may hang, where the heap is damaged.
FUZZ = ["-runs=0", "-verbosity=0", *(f"-handle_{signal}=0" for signal in ("abrt", "bus", "fpe", "ill", "segv"))]
COMPILE = ["clang++-19", "-std=gnu++20", "-O0", "-w"]
SANITIZED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
MEMORY = 8 << 30
# Code that no test here can notice: what only prefetches, and what other machines run.
PREFETCHING = re.compile(r"(\s*)[\w\[][^=(]* prefetch\w*\(.*\{$")
LITTLE_ENDIAN = re.compile(r"(\s*)if constexpr \(std::endian::native == std::endian::little\) \{$")
# Where it makes no difference which of two equal numbers is taken: `a < b ? a : b` and `if (a < b) a = b;`.
EITHER = re.compile(r"(?<![\w.:>)\]])([\w.:>-]+(?:\(\))?) [<>]=? ([\w.:>-]+(?:\(\))?) \? (?:\1 : \2|\2 : \1)(?=[;,)])"
                    r"|if \((\S+) [<>]=? (.+)\) (?:\3 = \4|\4 = \3);")


def unnoticed_lines(lines):
    """The numbers of the lines of such code, from 0."""
    found = set()
    until, otherwise = None, None  # the line that ends it; the one after which what other machines run begins
    for number, line in enumerate(lines):
        if until is not None:
            found.add(number)
            until = None if line == until else until
        elif line == otherwise:
            until, otherwise = line.replace("} else {", "}"), None
        elif match := PREFETCHING.match(line):
            found.add(number)
            until = match.group(1) + "}"
        elif match := LITTLE_ENDIAN.match(line):
            otherwise = match.group(1) + "} else {"
    return found


def code_of(line):
    """The line with strings, characters and its comment blanked."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\.)\'', lambda m: "\0" * len(m.group()), line)
    return line.split("//")[0]


def compiled_lines(path):
    """The lines of a header, from 0, that the preprocessor leaves on this machine."""
    text = subprocess.run([*COMPILE, "-E", f"-I{ROOT / 'include'}", "-x", "c++", str(path)], cwd=ROOT,
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
    lines = path.read_text().splitlines()
    considered = compiled_lines(path) - unnoticed_lines(lines)
    for number, line in enumerate(lines):
        if number not in considered:
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


def run(command, seconds, limits=()):
    """The exit code, what was printed, and the seconds of processor time."""
    with tempfile.TemporaryFile() as printed:
        with subprocess.Popen(["timeout", str(seconds), *limits, *command], stdout=printed, stderr=subprocess.STDOUT,
                              cwd=WORK, stdin=subprocess.DEVNULL) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        return child.returncode, printed.read().decode(errors="replace"), usage.ru_utime + usage.ru_stime


def is_fuzz(test):
    return test.startswith("fuzz/")


def compiled(test, include, program):
    """Whether a test compiles, with the headers in the folders before those of the project; what is said; the seconds."""
    source = TESTS / test
    if is_fuzz(test):
        options, libraries = ["-fsanitize=fuzzer"], []
    else:
        options = ["-include-pch", str(WORK / "std.pch"), '-DPERTURB_GOLDEN_DIRECTORY="' + str(TESTS / "golden") + '"']
        libraries = ["-lgtest", "-lgtest_main", "-lgmock", "-lpthread"]
    folders = [f"-I{folder}" for folder in (*include, ROOT / "include", TESTS)]
    code, text, seconds = run([*COMPILE, *options, *folders, "-MD", "-MF", f"{program}.d", str(source),
                               "-o", str(program), *libraries], 3600)
    return code == 0, text, seconds


def passes(test, program, cpu_seconds):
    """Whether it does, and the seconds."""
    corpus = TESTS / "fuzz/corpus" / pathlib.Path(test).stem.removesuffix("_fuzz")
    arguments = [*FUZZ, str(corpus)] if is_fuzz(test) else ["--gtest_brief=1", "--gtest_fail_fast"]
    limits = ["prlimit", f"--cpu={cpu_seconds}", "--core=0"]
    if SANITIZED[0] not in COMPILE:  # the address sanitizer reserves terabytes
        limits.append(f"--as={MEMORY}")
    code, _, seconds = run([str(program), *arguments], 60 * cpu_seconds, limits)
    return code == 0, seconds


class Baseline:
    """What each test includes and how long it runs, with the headers as they are. Each is tried once, when needed.

    A test that fails then is left out: it would kill every change.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.known = {}  # by test, in the future: (perturb's headers in it, seconds), or None
        self.patience, self.most_tests = 0.0, 0

    def prepare(self, patience, most_tests):
        self.patience, self.most_tests = patience, most_tests
        header = WORK / "std.hpp"
        header.write_text("".join(f"#include <{name}>\n" for name in PRECOMPILED))
        subprocess.run([*COMPILE, "-x", "c++-header", str(header), "-o", str(WORK / "std.pch")], check=True)

    def of(self, test):
        with self.lock:
            future = self.known.get(test)
            is_mine = future is None
            if is_mine:
                future = self.known[test] = concurrent.futures.Future()
        if is_mine:
            future.set_result(self.measured(test))
        return future.result()

    def measured(self, test):
        program = WORK / ("baseline-" + test.replace("/", "-"))
        if not compiled(test, (), program)[0]:
            print(f"{test} does not compile with the headers as they are and is left out", flush=True)
            return None
        is_sound, seconds = passes(test, program, 600)
        program.unlink()
        if not is_sound or seconds > self.patience:
            print(f"{test} {'takes too long' if is_sound else 'fails with the headers as they are'} and is left out",
                  flush=True)
            return None
        names = re.findall(re.escape(str(INCLUDE)) + r"/(\S+)", pathlib.Path(f"{program}.d").read_text())
        return set(names), seconds


BASELINE = Baseline()


def tests_of(header):
    """The tests to try for a header, the likeliest to notice first, and the processor time that each may take."""
    name = header.relative_to(INCLUDE)
    patterns = [name.with_suffix("").as_posix() + "_test.cpp",
                *ROOMS.get(name.parts[0], ROOMS["table"] + ROOMS["ring"] + ROOMS["profiles"])]
    found = dict.fromkeys(path.relative_to(TESTS).as_posix() for pattern in patterns
                          for path in sorted(TESTS.glob(pattern)))
    tried = 0
    for test in found:
        if tried == BASELINE.most_tests:
            return
        baseline = BASELINE.of(test)
        if baseline is not None and name.as_posix() in baseline[0]:
            tried += 1
            yield test, 10 + int(10 * baseline[1])


def is_either(header, change):
    """Whether a change only takes the other one of two equal numbers, or only tells the optimizer something."""
    line, column, old, new = change
    code = header.read_text().splitlines()[line]
    if "PERTURB_ASSUME" in code:
        return True
    return {old, new} in ({"<", "<="}, {">", ">="}) and any(
        match.start() <= column < match.end() for match in EITHER.finditer(code))


def try_change(number, header, change):
    """What becomes of a change: (verdict, by which test)."""
    if is_either(header, change):
        return "equal", ""
    line, column, old, new = change
    place = WORK / str(number)
    changed = place / "include/perturb" / header.relative_to(INCLUDE)
    changed.parent.mkdir(parents=True)
    lines = header.read_text().splitlines(keepends=True)
    text = lines[line]
    lines[line] = text[:column] + new + text[column + len(old):]
    changed.write_text("".join(lines))
    try:
        for test, cpu_seconds in tests_of(header):
            compiles, text, _ = compiled(test, (place / "include",), place / "program")
            if not compiles:
                return "killed" if "static assertion failed" in text else "invalid", test
            if not passes(test, place / "program", cpu_seconds)[0]:
                return "killed", test
        return "survived", ""
    finally:
        shutil.rmtree(place)


def survivors_in(results):
    """The changes that survived, of those in a copy of results.txt."""
    found = []
    for match in re.finditer(r"^survived: (\S+?):(\d+):(\d+): (.*) -> (.*)$", results.read_text(), re.MULTILINE):
        name, line, column, old, new = match.groups()
        found.append((INCLUDE / name, (int(line) - 1, int(column) - 1, old, new)))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", default=["table", "hash", "ring", "ordered", "facade"],
                        metavar="FOLDER_OR_HEADER")
    parser.add_argument("--sample", type=int, metavar="N",
                        help="of each folder or header take N changes at random (default: all)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the sample (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="changes to try at once (default: 2)")
    parser.add_argument("--patience", type=float, default=60, metavar="S",
                        help="leave out tests that run for longer, in seconds of processor time (default: 60)")
    parser.add_argument("--tests", type=int, default=sys.maxsize, metavar="N",
                        help="try no more than N tests for a change (default: all)")
    parser.add_argument("--list", action="store_true", help="show the changes and try none")
    parser.add_argument("--again", type=pathlib.Path, metavar="RESULTS",
                        help="try what survived in a copy of results.txt, whatever its folder")
    parser.add_argument("--sanitize", action="store_true", help="compile with the address and UB sanitizers")
    options = parser.parse_args()
    if options.sanitize:
        COMPILE.extend(SANITIZED)

    work = [] if options.again is None else survivors_in(options.again)
    for place in options.places if options.again is None else []:
        path = INCLUDE / place
        if not path.exists():
            sys.exit(f"mutate.py: there is no {path}")
        here = sorted(path.glob("*.hpp")) if path.is_dir() else [path]
        changes = [(header, change) for header in here for change in changes_in(header)]
        if options.sample is not None:
            changes = random.Random(options.seed).sample(changes, min(options.sample, len(changes)))
        work += changes
    if options.list:
        for header, (line, column, old, new) in work:
            print(f"{header.relative_to(INCLUDE)}:{line + 1}:{column + 1}: {old} -> {new}")
        print(f"{len(work)} changes")
        return 0

    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    BASELINE.prepare(options.patience, options.tests)
    counts = {"killed": 0, "survived": 0, "invalid": 0, "equal": 0}
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
                      f"{counts['survived']} survived, {counts['invalid'] + counts['equal']} do not count", end="",
                      file=sys.stderr)
    counted = counts["killed"] + counts["survived"]
    share = 100.0 if counted == 0 else 100.0 * counts["killed"] / counted
    print(f"{counted} changes of {len(work)} count; {counts['killed']} killed ({share:.1f} %), "
          f"{counts['survived']} survived")
    return 0 if share >= 95.0 else 1


if __name__ == "__main__":
    sys.exit(main())

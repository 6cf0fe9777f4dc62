#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What it costs to include a header of perturb, beside the hash tables of others: lines, compile time, code.

Prints a table in Markdown, or with --update writes it into docs/compile-cost.md. For each public header:
  lines    of the preprocessed source that includes it alone (g++ -E -P: no blank lines and no line markers)
  include  processor time to compile that source, with the compiler's own start and exit
  use      the same with one instantiation: a typical program for the header, below in PROGRAMS
  code     bytes of .text* that the instantiation makes at -O2 (g++ -c, no linking)
Times are the least of several runs. Headers of others are measured where they are found; those in the folder PEERS
(include/ with boost/, absl/, ankerl/, indivi/, tsl/) come before the system's.

With --check it measures no time: it is an error if <perturb/hash_table.hpp> has more preprocessed lines than
<boost/unordered/unordered_flat_map.hpp>. Where Boost is not installed it exits with 77 (skipped)."""

import argparse
import pathlib
import platform
import re
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "compile-cost.md"
BEGIN, END = "<!-- tools/compile_cost.py -->\n", "<!-- end -->\n"
SKIPPED = 77
OUR_BUDGET, BOOST = "perturb/hash_table.hpp", "boost/unordered/unordered_flat_map.hpp"

MAP = "std::size_t use({0}& t, std::uint64_t k) {{ t[k] = k; t.emplace(k + 1, k); t.erase(k + 2); return t.count(k); }}"
SET = "std::size_t use({0}& t, std::uint64_t k) {{ t.insert(k); t.erase(k + 2); return t.count(k); }}"
U64 = "std::uint64_t"
# The hash tables of others, and what one of them stores.
PEERS = {
    "unordered_map": MAP.format(f"std::unordered_map<{U64}, {U64}>"),
    BOOST: MAP.format(f"boost::unordered_flat_map<{U64}, {U64}>"),
    "absl/container/flat_hash_map.h": MAP.format(f"absl::flat_hash_map<{U64}, {U64}>"),
    "ankerl/unordered_dense.h": MAP.format(f"ankerl::unordered_dense::map<{U64}, {U64}>"),
    "indivi/flat_umap.h": MAP.format(f"indivi::flat_umap<{U64}, {U64}>"),
    "tsl/robin_map.h": MAP.format(f"tsl::robin_map<{U64}, {U64}>"),
}
# Where a peer's version is written.
VERSIONS = {
    BOOST: ("boost/version.hpp", "BOOST_LIB_VERSION"),
    "absl/container/flat_hash_map.h": ("absl/base/config.h", "ABSL_LTS_RELEASE_VERSION"),
    "ankerl/unordered_dense.h": (
        "ankerl/unordered_dense.h",
        " ".join(f"ANKERL_UNORDERED_DENSE_VERSION_{part}" for part in ("MAJOR", "MINOR", "PATCH")),
    ),
}
RING = "const std::string& use(perturb::HashRing<std::string>& r) { r.add_node(\"a\"); return r.owner(\"key\"); }"
SHARDED = "perturb::ShardedTable<std::string, int, std::string>"
# What is instantiated for headers whose main class can be used by itself.
PROGRAMS = {
    "perturb/hash_table.hpp": MAP.format(f"perturb::HashTable<{U64}, {U64}>"),
    "perturb/hash_set.hpp": SET.format(f"perturb::HashSet<{U64}>"),
    "perturb/ordered_hash_table.hpp": MAP.format(f"perturb::OrderedHashTable<{U64}, {U64}>"),
    "perturb/ordered_hash_set.hpp": SET.format(f"perturb::OrderedHashSet<{U64}>"),
    "perturb/pmr.hpp": MAP.format(f"perturb::pmr::HashTable<{U64}, {U64}>"),
    "perturb/hashers.hpp": "std::uint64_t use(std::string_view s) { return perturb::XxHash<>()(s); }",
    "perturb/hash_ring.hpp": RING,
    "perturb/sharded_table.hpp": f'void use({SHARDED}& t) {{ t.add_node("a"); t.set("key", 1); t.erase("key"); }}',
    "perturb/svg.hpp": "void use(perturb::HashRing<std::string>& r, std::ostream& out) { perturb::write_svg(r, out); }",
    "perturb/perturb.hpp": MAP.format(f"perturb::HashTable<{U64}, {U64}>"),
    "perturb/profiles/ketama.hpp": 'void use(perturb::profiles::KetamaRing& r) { r.add_server({.host = "a"}); }',
}


def public_headers():
    """The headers that docs/api.md lists, and those that include all of them."""
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"(?m)^#+ .*`<(perturb/[^>]+)>`", page)
    return list(dict.fromkeys(listed + ["perturb/perturb.hpp", "perturb/profiles.hpp"]))


class Compiler:
    def __init__(self, command, peers, folder):
        self.command = [command, "-std=c++20", "-O2", "-w", f"-I{ROOT / 'include'}"]
        if peers:
            self.command += ["-isystem", str(peers / "include")]
        self.source, self.object = folder / "source.cpp", folder / "source.o"

    def run(self, text, *arguments):
        """The output of the compiler for a source, or None if that fails."""
        self.source.write_text(text)
        done = subprocess.run([*self.command, *arguments, str(self.source)], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else None

    def lines(self, header):
        out = self.run(f"#include <{header}>\n", "-E", "-P")
        return None if out is None else out.count("\n")

    def seconds(self, text):
        """Processor time to compile a source, or None if that fails."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if self.run(text, "-c", "-o", str(self.object)) is None:
            return None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def code(self):
        """Bytes of the sections .text* of the last object."""
        out = subprocess.run(["size", "-A", str(self.object)], capture_output=True, text=True, check=True).stdout
        return sum(int(line.split()[1]) for line in out.splitlines() if line.startswith(".text"))

    def peer_version(self, header):
        """The version of a peer, or nothing if it does not say."""
        if header not in VERSIONS:
            return ""
        where, macros = VERSIONS[header]
        last = (self.run(f"#include <{where}>\n{macros}\n", "-E", "-P") or "").strip().rpartition("\n")[2]
        return "" if "_VERSION" in last else " " + ".".join(re.findall(r"\d+", last))

    def version(self):
        return subprocess.run([self.command[0], "--version"], capture_output=True, text=True).stdout.splitlines()[0]


class Cost:
    """What one header costs: lines, code, and the least times so far."""

    def __init__(self, compiler, header, program):
        self.compiler, self.name = compiler, f"`<{header}>`{compiler.peer_version(header)}"
        self.include = f"#include <{header}>\n"
        self.program = program and f"{self.include}#include <cstdint>\n{program}\n"
        self.lines = compiler.lines(header)
        self.include_times, self.use_times, self.code = [], [], None

    def measure(self):
        self.include_times.append(self.compiler.seconds(self.include))
        if self.program:
            seconds = self.compiler.seconds(self.program)
            if seconds is None:
                sys.exit(f"this program does not compile:\n{self.program}")
            self.use_times.append(seconds)
            self.code = self.compiler.code()

    def row(self):
        use = [f"{min(self.use_times):.2f}", spaced(self.code)] if self.program else ["", ""]
        return [self.name, spaced(self.lines), f"{min(self.include_times):.2f}", *use]


def spaced(number):
    return f"{number:,}".replace(",", " ")


def table(compiler, runs, only):
    """The table in Markdown. The headers are compiled in turn, so that a busy minute meets all of them alike."""
    costs = []
    for header, program in [*PEERS.items(), *((name, PROGRAMS.get(name)) for name in public_headers())]:
        if only and header not in only:
            continue
        cost = Cost(compiler, header, program)
        if cost.lines is not None:
            costs.append(cost)
        elif header not in PEERS:
            print(f"<{header}> is left out: it does not compile here", file=sys.stderr)
    for run in range(runs):
        print(f"\r\033[Krun {run + 1} of {runs}", end="", file=sys.stderr) if sys.stderr.isatty() else None
        for cost in costs:
            cost.measure()
    print("\r\033[K", end="", file=sys.stderr) if sys.stderr.isatty() else None
    rows = [["header", "lines", "include, s", "use, s", "code, bytes"], ["---"] + ["---:"] * 4]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows + [cost.row() for cost in costs])


def check(compiler):
    boost, ours = compiler.lines(BOOST), compiler.lines(OUR_BUDGET)
    if ours is None:
        sys.exit(f"<{OUR_BUDGET}> cannot be preprocessed")
    if boost is None:
        print(f"Not compared: <{BOOST}> is not installed (Debian: apt install libboost1.81-dev)")
        return SKIPPED
    print(f"<{OUR_BUDGET}> has {ours} preprocessed lines, Boost's flat map {boost}")
    if ours > boost:
        print("That is too many. g++ -H shows which header includes what.")
    return 1 if ours > boost else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="g++", help="the command (default: g++)")
    parser.add_argument("--peers", type=pathlib.Path, help="a folder with newer tables of others")
    parser.add_argument("--runs", type=int, default=5, help="compilations for each time (default: 5)")
    parser.add_argument("--only", action="append", metavar="HEADER", help="only this one; may be given again")
    parser.add_argument("--update", action="store_true", help=f"write the table into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--check", action="store_true", help="only compare the lines with Boost's")
    arguments = parser.parse_args()
    if arguments.update and arguments.only:
        parser.error("--update writes the whole table")
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(arguments.compiler, arguments.peers, pathlib.Path(folder))
        if arguments.check:
            return check(compiler)
        made = f"{compiler.version()} on {platform.machine()}, the least of {arguments.runs} runs.\n\n"
        made += table(compiler, arguments.runs, arguments.only)
    if not arguments.update:
        print(made, end="")
        return 0
    page = PAGE.read_text(encoding="utf-8")
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        sys.exit(f"{PAGE}: needs the lines {BEGIN.strip()} and {END.strip()} once each")
    begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    PAGE.write_text(f"{page[:begin]}\n{made}\n{page[end:]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

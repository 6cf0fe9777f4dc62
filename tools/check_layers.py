#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the headers below DIR (default: include/ of this checkout): who may include whom, and the house rules.

usage: check_layers.py [DIR]
"""

import pathlib
import re
import sys

MAX_LINES = 500
XXHASH_INCLUDER = "hash/xxhash.hpp"
FORBIDDEN_STD = {"functional", "iostream", "random", "ranges", "regex"}
# Costly std headers that are the last resort on systems without a better way.
FALLBACKS = {("hash/os_seed.hpp", "random")}

# The room of a header in include/perturb/ itself; other headers are in the room of their folder.
ROOM_OF = {
    "config.hpp": "base",
    "errors.hpp": "base",
    "fwd.hpp": "base",
    "growth.hpp": "base",
    "huge_pages.hpp": "base",
    "move_report.hpp": "base",
    "std_parts.hpp": "base",
    "table_stats.hpp": "base",
    "version.hpp": "base",
    "hash_state.hpp": "hashers",
    "hashers.hpp": "hashers",
    "md5_hash.hpp": "hashers",
    "hash_table.hpp": "tables",
    "hash_set.hpp": "tables",
    "ordered_hash_set.hpp": "ordered tables",
    "ordered_hash_table.hpp": "ordered tables",
    "pmr.hpp": "tables of memory resources",
    "node_traits.hpp": "ring types",
    "placement.hpp": "ring types",
    "preference_list.hpp": "ring types",
    "ring_members.hpp": "ring types",
    "ring_types.hpp": "ring types",
    "balanced_tokens.hpp": "placements",
    "virtual_nodes.hpp": "placements",
    "hash_ring.hpp": "rings",
    "migration_plan.hpp": "above rings",
    "migration_journal.hpp": "migration interface",
    "migration_ranges.hpp": "above rings",
    "file_journal.hpp": "migrations",
    "migration.hpp": "migrations",
    "shared_ring.hpp": "above rings",
    "svg.hpp": "above rings",
    "bounded_assigner.hpp": "both",
    "sharded_table.hpp": "both",
    "textbook.hpp": "both",
    "ostream.hpp": "interoperation",
    "format.hpp": "interoperation",
    "fmt.hpp": "interoperation",
    "json.hpp": "interoperation",
    "profiles.hpp": "umbrella of profiles",
    "perturb.hpp": "umbrella",
}

# Which rooms a room may include besides itself. Table and ring meet in `sharded` and `both` and nowhere else.
BELOW_TABLES = {"base", "hash", "hashers", "table", "facade"}
BELOW_RINGS = {"base", "hash", "hashers", "ring types", "ring", "placements"}
MAY_INCLUDE = {
    "base": set(),
    "hash": {"base"},
    "hashers": {"base", "hash"},
    "table": {"base", "hash", "hashers"},
    "facade": {"base", "hash", "hashers", "table"},
    "tables": BELOW_TABLES,
    "ordered": {"base", "hash", "hashers", "table"},
    "ordered tables": BELOW_TABLES | {"ordered"},
    "tables of memory resources": BELOW_TABLES | {"tables", "ordered tables"},
    "ring types": {"base"},
    "ring": {"base", "hash", "hashers", "ring types"},
    "placements": {"base", "hash", "hashers", "ring types", "ring"},
    "rings": BELOW_RINGS,
    "above rings": BELOW_RINGS | {"rings"},
    "migration interface": {"base"},
    "migration": {"base", "hash", "migration interface"},
    "migrations": {"base", "hash", "migration interface", "migration", "above rings"},
    "sharded": BELOW_TABLES | BELOW_RINGS | {"tables", "rings"},
    "both": BELOW_TABLES | BELOW_RINGS | {"tables", "rings", "sharded"},
    "profiles": BELOW_RINGS | {"rings"},
    # Opt-in: neither the umbrella nor anything else includes them.
    "interop": {"base", "hash", "hashers", "ring types", "profiles"},
    "interoperation": BELOW_TABLES | {"tables", "ordered tables", "interop"},
    "umbrella of profiles": {"profiles"},
    "umbrella": BELOW_TABLES
    | BELOW_RINGS
    | {"tables", "ordered tables", "tables of memory resources", "rings", "above rings", "migrations", "both"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(name):
    folder, _, _ = name.rpartition("/")
    return folder if folder else ROOM_OF.get(name)


def check(root):
    faults = []
    graph = {}
    for path in sorted((root / "perturb").rglob("*")):
        if path.is_dir():
            continue
        name = path.relative_to(root / "perturb").as_posix()
        room = room_of(name)
        if path.suffix != ".hpp":
            faults.append(f"{path}: headers are named *.hpp")
        if room not in MAY_INCLUDE:
            faults.append(f"{path}: no room for it: say in ROOM_OF and MAY_INCLUDE of check_layers.py what it may include")
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        graph[name] = []
        if lines[:1] != ["// SPDX-License-Identifier: MIT"]:
            faults.append(f"{path}:1: the first line must be `// SPDX-License-Identifier: MIT`")
        if not any(line.startswith("/// @file ") for line in lines[:3]):
            faults.append(f"{path}:2: `/// @file` and what the file is for must follow the licence")
        if "#pragma once" not in lines:
            faults.append(f"{path}: `#pragma once` is missing")
        if len(lines) > MAX_LINES:
            faults.append(f"{path}: {len(lines)} lines, more than {MAX_LINES}: split it by reason to change")
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            where = f"{path}:{number}"
            quote, target = match.groups()
            if quote == '"':
                faults.append(f'{where}: write <perturb/...> instead of "{target}"')
            elif target == "xxhash.h":
                if name != XXHASH_INCLUDER:
                    faults.append(f"{where}: only {XXHASH_INCLUDER} includes <xxhash.h>")
            elif target.startswith("perturb/"):
                included = target.removeprefix("perturb/")
                graph[name].append(included)
                other = room_of(included)
                if not (root / target).is_file():
                    faults.append(f"{where}: <{target}> does not exist")
                elif other != room and other not in MAY_INCLUDE[room]:
                    faults.append(f"{where}: {name} ({room}) must not include {included} ({other})")
            elif target in FORBIDDEN_STD and (name, target) not in FALLBACKS:
                faults.append(f"{where}: <{target}> costs every user too much to compile")
    if not graph:
        faults.append(f"{root}: no headers in perturb/")
    if "perturb.hpp" in graph:  # the whole library and not a part of it
        faults += stale_rooms(graph)
    return faults + cycles(graph)


def stale_rooms(graph):
    """One fault for each entry of ROOM_OF without its header, and for each room of MAY_INCLUDE without a header."""
    faults = [f"check_layers.py: ROOM_OF names {name}, which does not exist" for name in ROOM_OF if name not in graph]
    rooms = {room_of(name) for name in graph}
    named = set(MAY_INCLUDE).union(*MAY_INCLUDE.values())
    return faults + [f"check_layers.py: the room `{room}` has no header" for room in sorted(named - rooms)]


def cycles(graph):
    """One fault for each header from which a chain of includes comes back to itself."""
    done, faults = set(), []

    def visit(name, chain):
        if name in chain:
            faults.append("a cycle of includes: " + " -> ".join(chain[chain.index(name) :] + [name]))
        elif name not in done:
            for included in graph.get(name, []):
                visit(included, chain + [name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return faults


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "include"
    faults = check(root)
    print("\n".join(faults) if faults else f"{root}: the layers hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

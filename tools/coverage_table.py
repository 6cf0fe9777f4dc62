#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints what of a folder the tests never ran: lines and branches, then a table of the files and the sum.

usage: coverage_table.py FOLDER PREPROCESSED EXPORT...

FOLDER ends in /; PREPROCESSED is the output of the preprocessor for all its files, from which it is known what code is
for other platforms; each EXPORT is a file .json of llvm-cov export, for one program. Beside it lies a file .folded with
the conditions that the compiler knows, from llvm-cov show.

Exit code 1 if fewer than 99 % of the lines or 95 % of the branches were run.
"""

import collections
import json
import pathlib
import re
import sys

LINES, BRANCHES = 99.0, 95.0
# Of a function that a program never calls llvm-cov knows only where it begins and ends. What is no code in it, besides
# what the preprocessor removes:
NO_CODE = re.compile(r"\s*(#|//|$|[{}\s;)]*$|\}?\s*(else )?if constexpr|\} else \{$|typename |requires |private:$)")


def executed_lines(segments):
    """Of each line that has code, whether it ran: as llvm-cov show counts them."""
    lines = {}
    by_line = collections.defaultdict(list)
    for segment in segments:
        by_line[segment[0]].append(segment)
    wrapped = None  # the segment that reaches into the line
    last = max(by_line, default=0)
    for line in range(min(by_line, default=0), last + 1):
        starts = [s for s in by_line[line] if s[3] and s[4] and not s[5]]  # has a count, begins a region, is no gap
        counts = [s[2] for s in starts]
        if wrapped is not None and wrapped[3]:
            counts.append(wrapped[2])
        begins_skipped = by_line[line] and not by_line[line][0][3] and by_line[line][0][4]
        if counts and not begins_skipped and (starts or (wrapped and wrapped[3])):
            lines[line] = max(counts) > 0
        if by_line[line]:
            wrapped = by_line[line][-1]
    return lines


def branches(entries):
    """Of each place of a condition, whether it was ever true, and ever false."""
    ways = {}
    for line, column, _, _, true_count, false_count, *_ in entries:
        was_true, was_false = ways.get((line, column), (False, False))
        ways[line, column] = (was_true or true_count > 0, was_false or false_count > 0)
    return ways


def compiled_lines(preprocessed):
    """For each file the lines that the preprocessor leaves."""
    lines = collections.defaultdict(set)
    name, number = "", 0
    for line in pathlib.Path(preprocessed).read_text(errors="replace").splitlines():
        marker = re.match(r'# (\d+) "(.*?)"', line)
        if marker:
            number, name = int(marker.group(1)), marker.group(2)
            continue
        if line.strip():
            lines[name].add(number)
        number += 1
    return lines


def folded(listing):
    """For each file the places of conditions that the compiler knows."""
    places = collections.defaultdict(set)
    name = ""
    for line in pathlib.Path(listing).read_text().splitlines():
        place = re.search(r"Branch \((\d+):(\d+)\)", line)
        if place:
            places[name].add((int(place.group(1)), int(place.group(2))))
        else:
            name = line.rstrip(":")
    return places


def percent(part, whole):
    return 100.0 if whole == 0 else 100.0 * part / whole


def read(exports, folder):
    """For each file below the folder its lines and branches, put together from all programs."""
    lines, ways = collections.defaultdict(dict), collections.defaultdict(dict)
    known_to_compiler = collections.defaultdict(set)
    for export in exports:
        for name, places in folded(pathlib.Path(export).with_suffix(".folded")).items():
            known_to_compiler[name] |= places
        for file in json.loads(pathlib.Path(export).read_text())["data"][0]["files"]:
            name = file["filename"]
            if not name.startswith(folder):
                continue
            for line, ran in executed_lines(file["segments"]).items():
                lines[name][line] = lines[name].get(line, False) or ran
            for place, (was_true, was_false) in branches(file["branches"]).items():
                known = ways[name].get(place, (False, False))
                ways[name][place] = (known[0] or was_true, known[1] or was_false)
    for name, places in known_to_compiler.items():
        for place in places:
            if ways[name].get(place) == (False, False):
                del ways[name][place]
    return lines, ways


def main():
    folder = sys.argv[1]
    compiled = compiled_lines(sys.argv[2])
    all_lines, all_ways = read(sys.argv[3:], folder)
    rows = []
    for path in sorted(all_lines):
        name = path[len(folder):]
        text = pathlib.Path(path).read_text().splitlines()
        lines = {line: ran for line, ran in all_lines[path].items()
                 if ran or (line in compiled[path] and not NO_CODE.match(text[line - 1]))}
        ways = all_ways[path]
        for line, ran in sorted(lines.items()):
            if not ran:
                print(f"{name}:{line}: never run: {text[line - 1].strip()}")
        for (line, column), (was_true, was_false) in sorted(ways.items()):
            if not was_true or not was_false:
                way = "evaluated" if not was_true and not was_false else "true" if not was_true else "false"
                print(f"{name}:{line}:{column}: never {way}: {text[line - 1].strip()}")
        rows.append((name, sum(lines.values()), len(lines), sum(map(sum, ways.values())), 2 * len(ways)))
    print("-- headers")
    rows.append(("all", *(sum(row[i] for row in rows) for i in range(1, 5))))
    width = max(len(row[0]) for row in rows)
    for name, run, lines, taken, ways in rows:
        print(f"{name:{width}}  lines {run:5}/{lines:<5} {percent(run, lines):6.2f} %   "
              f"branches {taken:5}/{ways:<5} {percent(taken, ways):6.2f} %")
    _, run, lines, taken, ways = rows[-1]
    return 0 if percent(run, lines) >= LINES and percent(taken, ways) >= BRANCHES else 1


if __name__ == "__main__":
    sys.exit(main())

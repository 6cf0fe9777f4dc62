#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws what perturb_compare measured, one SVG for each type, kind of keys and hash:

    ...-<workload>.svg               the time of an operation (median, its quartiles as a band) over the number of
                                     elements, HashTable beside its peers
    ...-memory.svg, -small-memory.svg   the bytes an element, likewise
    ...-overview.svg                 the geometric mean of all workloads on a single table, over the number of elements
    ...-small-overview.svg           the same for the workloads on small tables
    ...-policies-<any of these>.svg  HashTable with each growth policy, where policies were measured

Thin vertical lines are the sizes at which HashTable grows by its default policy; dashed ones are where its memory
outgrows a cache. Where another flat table is faster than perturb by more than a tenth, perturb's point has a ring.

    perturb_compare --sizes readme --json results.json
    tools/plot_bench.py results.json plots/
    tools/plot_bench.py results.json plots/ --only overview --only memory"""

import argparse
import collections
import json
import math
import pathlib
import re
import sys

try:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import matplotlib.ticker
except ImportError:
    sys.exit("plot_bench.py needs Matplotlib. Debian: apt install python3-matplotlib")

OURS = "perturb"
COLOURS = {
    "perturb": "#d62728",
    "boost-flat": "#1f77b4",
    "absl-flat": "#2ca02c",
    "robin-map": "#9467bd",
    "indivi-w": "#17becf",
    "indivi-u": "#7fb8c9",
    "unordered-dense": "#ff7f0e",
    "std-unordered": "#7f7f7f",
}
POLICY_COLOURS = ["#1f77b4", "#2ca02c", "#ff7f0e", "#9467bd", "#17becf", "#7f7f7f"]
# Up to here it grows by 4, beyond by 2.
LARGE_TABLE = 50_000


def growth_steps(least, most):
    """The sizes beyond which a capacity of growth::Dict is more than 3/4 full."""
    capacity = 8
    while capacity * 3 // 4 < most:
        size = capacity * 3 // 4
        if size >= least:
            yield size
        capacity *= 4 if size <= LARGE_TABLE else 2


def bytes_of_table(entry):
    """What a table takes, as malloc hands it out; nothing if malloc did not tell."""
    if "malloc_bytes" not in entry:
        return None
    return entry["object_bytes"] + entry["malloc_bytes"] / entry["tables"]


def cache_marks(document, kind, least, most):
    """(name, size) of the caches that HashTable's memory outgrows between two sizes, from its measured memory."""
    held = sorted(
        (entry["size"], bytes_of_table(entry))
        for entry in document.get("memory") or []
        if (entry["type"], entry["keys"]) == kind[:2]
        and entry["table"] == OURS
        and entry["tables"] == 1
        and bytes_of_table(entry)
    )
    for name, cache in document["context"]["caches"].items():
        beyond = [size for size, held_bytes in held if held_bytes > cache]
        if beyond and least < beyond[0] <= most and any(held_bytes <= cache for _, held_bytes in held):
            yield name, beyond[0]


def version_of(table):
    return f"{table['name']} {table['version']}".strip()


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


class Picture:
    """One picture: for each table a line of (value, least, most) by size."""

    def __init__(self, kind, name, unit, is_small):
        self.kind = kind
        self.name = name
        self.unit = unit
        self.is_small = is_small
        self.lines = collections.defaultdict(dict)

    def add(self, table, size, value, least=None, most=None):
        self.lines[table][size] = (value, least or value, most or value)

    def of_tables(self, names):
        result = Picture(self.kind, self.name, self.unit, self.is_small)
        result.lines = {name: line for name, line in self.lines.items() if name in names}
        return result

    def mark_losses(self, axes, flat_peers):
        peers = [self.lines[name] for name in flat_peers if name in self.lines]
        behind = [
            (size, point[0])
            for size, point in self.lines.get(OURS, {}).items()
            if any(size in peer and point[0] > 1.1 * peer[size][0] for peer in peers)
        ]
        if behind:
            axes.scatter(
                *zip(*behind),
                s=70,
                facecolors="none",
                edgecolors="black",
                linewidths=0.8,
                zorder=4,
                label="a flat peer is better by > 10 %",
            )

    def draw(self, document, tables, path):
        context = document["context"]
        figure, axes = plt.subplots(figsize=(9, 5.2))
        sizes = sorted({size for line in self.lines.values() for size in line})
        for step in growth_steps(sizes[0], sizes[-1]):
            axes.axvline(step, color="#d62728", linewidth=0.6, alpha=0.35)
        if not self.is_small:
            for name, size in cache_marks(document, self.kind, sizes[0], sizes[-1]):
                axes.axvline(size, color="black", linewidth=0.8, linestyle="--", alpha=0.5)
                axes.text(size, 0.99, f" {name}", transform=axes.get_xaxis_transform(), va="top", fontsize=8)
        policy_colours = iter(POLICY_COLOURS)
        for table in tables:
            points = sorted(self.lines.get(table["name"], {}).items())
            if not points:
                continue
            xs = [size for size, _ in points]
            colour = COLOURS.get(table["name"]) or next(policy_colours)
            is_ours = table["name"] == OURS
            axes.plot(
                xs,
                [point[0] for _, point in points],
                marker="o",
                markersize=3.5 if is_ours else 2,
                linewidth=2.2 if is_ours else 1.1,
                color=colour,
                label=version_of(table) + (" (default policy)" if is_ours and has_policies(tables) else ""),
                # Above its peers, below its other policies, which may coincide with it.
                zorder=2 if not is_ours else 1 if has_policies(tables) else 3,
            )
            axes.fill_between(
                xs,
                [point[1] for _, point in points],
                [point[2] for _, point in points],
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
        self.mark_losses(axes, [t["name"] for t in tables if t["kind"] == "flat" and t["role"] == "peer"])
        axes.set_xscale("log")
        values = [point[0] for line in self.lines.values() for point in line.values()]
        if max(values) > 20 * min(values):
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        else:
            axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(matplotlib.ticker.EngFormatter(sep=""))
        axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
        axes.set_xlabel("elements" + (" of each table" if self.is_small else "") + " (red lines: where HashTable grows)")
        axes.set_ylabel(self.unit)
        title = f"{self.name}: {self.kind[0]}, {self.kind[1]} keys"
        axes.set_title(title + (f", {self.kind[2]} hash" if len(self.kind) > 2 else ""))
        axes.grid(True, which="major", linewidth=0.3)
        axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
        notes = [context["processor"], f"{context['compiler']} {context['flags']}"]
        if context["commit"]:
            notes.append(f"commit {context['commit']}")
        figure.text(0.01, 0.01, "; ".join(notes), fontsize=7, color="#555555")
        figure.tight_layout(rect=(0, 0.025, 1, 1))
        # Without the date, so that the same results make the same file.
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)


def has_policies(tables):
    return any(table["role"] == "policy" for table in tables)


def time_pictures(measurements):
    """A picture for each kind and workload, and the overviews, which take the sizes that every workload has."""
    pictures = {}
    overviews = collections.defaultdict(lambda: collections.defaultdict(dict))
    workloads = collections.defaultdict(set)
    for m in measurements:
        if not math.isfinite(m["median_ns"]):
            continue
        kind = (m["type"], m["keys"], m["hash"])
        is_small = m["workload"].startswith("small-")
        is_of_tables = is_small and "find" not in m["workload"]
        unit = "nanoseconds a table" if is_of_tables else "nanoseconds an operation"
        picture = pictures.setdefault((kind, m["workload"]), Picture(kind, m["workload"], unit, is_small))
        picture.add(m["table"], m["size"], m["median_ns"], m["quartile1_ns"], m["quartile3_ns"])
        workloads[kind, is_small].add(m["workload"])
        overviews[kind, is_small][m["table"], m["size"]][m["workload"]] = m["median_ns"]
    for (kind, is_small), points in overviews.items():
        if len(workloads[kind, is_small]) < 2:
            continue
        name = "small-overview" if is_small else "overview"
        count = len(workloads[kind, is_small])
        picture = Picture(kind, name, f"nanoseconds, geometric mean of {count} workloads", is_small)
        for (table, size), values in points.items():
            if len(values) == count:
                picture.add(table, size, geometric_mean(values.values()))
        pictures[kind, name] = picture
    return list(pictures.values())


def memory_pictures(entries):
    pictures = {}
    for entry in entries:
        taken = bytes_of_table(entry)
        if taken is None:
            continue
        kind = (entry["type"], entry["keys"])
        is_small = entry["tables"] > 1
        name = "small-memory" if is_small else "memory"
        unit = "bytes an element, without the keys' characters"
        picture = pictures.setdefault((kind, name), Picture(kind, name, unit, is_small))
        picture.add(entry["table"], entry["size"], taken / entry["size"])
    return list(pictures.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path, help="what perturb_compare --json wrote")
    parser.add_argument("folder", type=pathlib.Path, help="where to put the pictures")
    parser.add_argument(
        "--only", action="append", help="draw only this one: a workload, overview, memory, ...; may be repeated"
    )
    arguments = parser.parse_args()
    try:
        document = json.loads(arguments.results.read_text())
        pictures = time_pictures(document.get("measurements") or []) + memory_pictures(document.get("memory") or [])
        tables = document["tables"]
        roles = {table["name"]: table["role"] for table in tables}
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"plot_bench.py: {arguments.results} does not hold results of perturb_compare: {error}")
    known = {picture.name for picture in pictures}
    for name in arguments.only or []:
        if name not in known:
            sys.exit(f"plot_bench.py: {arguments.results} has no '{name}', only {', '.join(sorted(known))}")

    matplotlib.rcParams["svg.hashsalt"] = "perturb"
    matplotlib.rcParams["font.size"] = 10
    arguments.folder.mkdir(parents=True, exist_ok=True)
    # The second perturb::HashTable shows the noise in the report; in a picture it would only hide the first.
    groups = {"": {"ours", "peer"}, "policies-": {"ours", "policy"}}
    for prefix, shown in groups.items():
        names = {name for name, role in roles.items() if role in shown}
        if names <= {OURS}:
            continue
        for picture in pictures:
            if arguments.only and picture.name not in arguments.only:
                continue
            part = picture.of_tables(names)
            if not part.lines:
                continue
            name = "-".join([*picture.kind, prefix + picture.name])
            path = arguments.folder / (re.sub(r"[^a-z0-9]+", "-", name) + ".svg")
            part.draw(document, [table for table in tables if table["name"] in names], path)
            print(path)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws what perturb_compare measured: one SVG for each type, kind of keys and workload.

The number of elements runs along a logarithmic axis, the time of an operation (median, with its quartiles as a band)
upwards. Thin vertical lines are the steps at which HashTable's capacity grows by 4; dashed ones are where its memory
outgrows a cache. Where another flat table is faster than perturb by more than a tenth, perturb's point has a ring.

    perturb_compare --sizes 1000..100000/40 --keys random --json results.json
    tools/plot_bench.py results.json plots/"""

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
# The second perturb::HashTable shows the noise in the report; in a picture it would only hide the first.
HIDDEN = {"perturb-again"}
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


def growth_steps(least, most):
    """The sizes beyond which a capacity of 8 * 4^k is more than 3/4 full."""
    capacity = 8
    while capacity * 3 // 4 < most:
        if capacity * 3 // 4 >= least:
            yield capacity * 3 // 4
        capacity *= 4


def cache_marks(document, kind, least, most):
    """(name, size) of the caches that HashTable's memory outgrows between two sizes, from its measured memory."""
    held = sorted(
        (entry["size"], entry["held_bytes"])
        for entry in document.get("memory") or []
        if (entry["type"], entry["keys"]) == kind and entry["table"] == OURS and "held_bytes" in entry
    )
    for name, cache in document["context"]["caches"].items():
        beyond = [size for size, held_bytes in held if held_bytes > cache]
        if beyond and least < beyond[0] <= most and any(held_bytes <= cache for _, held_bytes in held):
            yield name, beyond[0]


def version_of(table):
    return f"{table['name']} {table['version']}".strip()


def draw(document, kind, workload, tables, series, path):
    """`series`: the measurements of each table, by size."""
    context = document["context"]
    figure, axes = plt.subplots(figsize=(9, 5.2))
    sizes = sorted(series[OURS]) if OURS in series else sorted(next(iter(series.values())))
    for step in growth_steps(sizes[0], sizes[-1]):
        axes.axvline(step, color="#d62728", linewidth=0.6, alpha=0.35)
    for name, size in cache_marks(document, kind, sizes[0], sizes[-1]):
        axes.axvline(size, color="black", linewidth=0.8, linestyle="--", alpha=0.5)
        axes.text(size, 0.99, f" {name}", transform=axes.get_xaxis_transform(), va="top", fontsize=8)
    for table in tables:
        points = sorted(series.get(table["name"], {}).items())
        if not points:
            continue
        xs = [size for size, _ in points]
        colour = COLOURS.get(table["name"])
        is_ours = table["name"] == OURS
        axes.plot(
            xs,
            [point["median_ns"] for _, point in points],
            marker="o",
            markersize=3.5 if is_ours else 2,
            linewidth=2.2 if is_ours else 1.1,
            color=colour,
            label=version_of(table),
            zorder=3 if is_ours else 2,
        )
        axes.fill_between(
            xs,
            [point["quartile1_ns"] for _, point in points],
            [point["quartile3_ns"] for _, point in points],
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
    flat = [t["name"] for t in tables if t["kind"] == "flat" and t["name"] != OURS and t["name"] in series]
    behind = [
        (size, point["median_ns"])
        for size, point in series.get(OURS, {}).items()
        if any(point["median_ns"] > 1.1 * series[name][size]["median_ns"] for name in flat if size in series[name])
    ]
    if behind:
        axes.scatter(
            *zip(*behind),
            s=70,
            facecolors="none",
            edgecolors="black",
            linewidths=0.8,
            zorder=4,
            label="a flat peer is faster by > 10 %",
        )
    axes.set_xscale("log")
    values = [point["median_ns"] for points in series.values() for point in points.values()]
    if max(values) > 20 * min(values):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    else:
        axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(matplotlib.ticker.EngFormatter(sep=""))
    axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
    axes.set_xlabel("elements (lines: where HashTable grows)")
    axes.set_ylabel("nanoseconds an operation")
    axes.set_title(f"{workload}: {kind[0]}, {kind[1]} keys")
    axes.grid(True, which="major", linewidth=0.3)
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    notes = [context["processor"], f"{context['compiler']} {context['flags']}", f"{context['hash']} hash"]
    if context["commit"]:
        notes.append(f"commit {context['commit']}")
    figure.text(0.01, 0.01, "; ".join(notes), fontsize=7, color="#555555")
    figure.tight_layout(rect=(0, 0.025, 1, 1))
    # Without the date, so that the same results make the same file.
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path, help="what perturb_compare --json wrote")
    parser.add_argument("folder", type=pathlib.Path, help="where to put the pictures")
    parser.add_argument("--workload", action="append", help="draw only this one; may be repeated")
    arguments = parser.parse_args()
    try:
        document = json.loads(arguments.results.read_text())
        measurements = document["measurements"] or []
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"plot_bench.py: {arguments.results} does not hold results of perturb_compare: {error}")

    matplotlib.rcParams["svg.hashsalt"] = "perturb"
    matplotlib.rcParams["font.size"] = 10
    pictures = collections.defaultdict(lambda: collections.defaultdict(dict))
    for measurement in measurements:
        if measurement["table"] in HIDDEN or not math.isfinite(measurement["median_ns"]):
            continue
        picture = pictures[(measurement["type"], measurement["keys"]), measurement["workload"]]
        picture[measurement["table"]][measurement["size"]] = measurement
    arguments.folder.mkdir(parents=True, exist_ok=True)
    tables = [table for table in document["tables"] if table["name"] not in HIDDEN]
    for (kind, workload), series in pictures.items():
        if arguments.workload and workload not in arguments.workload:
            continue
        name = re.sub(r"[^a-z0-9]+", "-", "-".join([*kind, workload])) + ".svg"
        draw(document, kind, workload, tables, series, arguments.folder / name)
        print(arguments.folder / name)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws how even rings are, from what perturb_balance_curve computed.

    perturb_balance_curve docs/ring
    tools/plot_ring.py docs/ring/balance.csv docs/ring/balance.svg"""

import collections
import csv
import sys

try:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import matplotlib.ticker
except ImportError:
    sys.exit("plot_ring.py needs Matplotlib. Debian: apt install python3-matplotlib")

STYLES = {"VirtualNodes": "-", "BalancedTokens": "--"}
COLOURS = {5: "#1f77b4", 20: "#2ca02c", 100: "#d62728"}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lines = collections.defaultdict(list)
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for measure in ("peak", "peak_after_loss"):
                lines[measure, row["placement"], int(row["nodes"])].append((int(row["points"]), float(row[measure])))

    matplotlib.rcParams["svg.hashsalt"] = "perturb"
    figure, panels = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
    titles = {"peak": "all nodes are there", "peak_after_loss": "after the loss of a node, the worst of up to 20"}
    for panel, (measure, title) in zip(panels, titles.items()):
        for placement, style in STYLES.items():
            for nodes, colour in COLOURS.items():
                points = sorted(lines[measure, placement, nodes])
                panel.plot(*zip(*points), style, color=colour, marker=".", label=f"{placement}, {nodes} nodes")
        panel.set_xscale("log", base=2)
        panel.xaxis.set_major_formatter(matplotlib.ticker.ScalarFormatter())
        panel.set_xticks([8, 16, 32, 64, 128, 256, 512])
        panel.set_ylim(0.98, 2.0)
        panel.grid(True, alpha=0.3)
        panel.set_title(title, fontsize=10)
        panel.set_xlabel("points a node")
    panels[0].set_ylabel("largest share / mean share")
    panels[1].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(sys.argv[2], metadata={"Date": None})


if __name__ == "__main__":
    main()

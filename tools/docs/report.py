#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes one HTML page, with all that it needs inside, that shows results of perturb_compare.

usage: report.py --npm FOLDER -o PAGE RESULTS.json...      FOLDER: where uPlot is installed (tools/docs/npm.sh)

Results of several files are shown together; of equal measurements the last one counts. The page is docs/site/report.html
with the data and uPlot in it. With --home NAME it links to that page of the site.
"""

import argparse
import json
import math
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def mean_of_workloads(workloads, sizes):
    """A workload that is the geometric mean of the others, where all are measured."""
    tables = set.intersection(*(set(lines) for lines in workloads.values()))
    result = {}
    for table in sorted(tables):
        columns = []
        for column in range(3):
            values = [[lines[table][column][i] for lines in workloads.values()] for i in range(len(sizes))]
            columns.append([rounded(geometric_mean(v)) if all(v) else None for v in values])
        result[table] = columns
    return result


def rounded(value):
    return None if value is None or not math.isfinite(value) else float(f"{value:.4g}")


def kinds_of(document):
    """{(type, keys, hash): {"sizes", "workloads", "bytes", "context"}} of one file."""
    context = document["context"]
    told = "; ".join(
        [context["processor"], f"{context['compiler']} {context['flags']}"]
        + [f"version {context['commit']}"] * bool(context.get("commit"))
        + [f"{context['date']}", context["command"]]
    )
    measured = {}
    for m in document.get("measurements") or []:
        kind = measured.setdefault((m["type"], m["keys"], m["hash"], m["workload"].startswith("small-")), {})
        values = [rounded(m[f]) for f in ("median_ns", "quartile1_ns", "quartile3_ns")]
        kind.setdefault(m["workload"], {}).setdefault(m["table"], {})[m["size"]] = values
    memory = {}
    for m in document.get("memory") or []:
        taken = m.get("malloc_bytes", m.get("held_bytes"))
        if taken is not None:
            value = rounded((m["object_bytes"] + taken / m["tables"]) / m["size"])
            memory.setdefault((m["type"], m["keys"], m["tables"] > 1), {}).setdefault(m["table"], {})[m["size"]] = value
    kinds = {}
    for key, workloads in measured.items():
        type_name, keys, hash_name, small = key
        bytes_by_table = memory.get((type_name, keys, small), {})
        sizes = sorted({s for lines in workloads.values() for line in lines.values() for s in line})

        def columns(line):
            return [[line.get(s, (None,) * 3)[i] for s in sizes] for i in range(3)]

        shown = {w: {t: columns(line) for t, line in lines.items()} for w, lines in workloads.items()}
        if len(shown) > 1:
            shown = {f"all: mean of {len(shown)} workloads": mean_of_workloads(shown, sizes), **shown}
        kinds[key] = {
            "name": "-".join([type_name, keys, hash_name] + ["small"] * small),
            "title": f"{type_name.replace('-', ' → ')}, {keys} keys, {hash_name} hash" + (", small tables" if small else ""),
            "sizes": sizes,
            "workloads": shown,
            "bytes": {t: [[line.get(s) for s in sizes]] for t, line in bytes_by_table.items()},
            "context": told,
        }
    return kinds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path, nargs="+")
    parser.add_argument("--npm", type=pathlib.Path, required=True)
    parser.add_argument("--home")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    kinds, tables = {}, {}
    for path in arguments.results:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            kinds |= kinds_of(document)
            # The second perturb::HashTable, which shows the noise, would only hide the first.
            for table in document["tables"]:
                if table["role"] in ("ours", "peer", "policy"):
                    title = f"{table['name']} {table['version']}".strip()
                    tables[table["name"]] = {"name": table["name"], "title": title, "kind": table["kind"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            sys.exit(f"report.py: {path} does not hold results of perturb_compare: {error!r}")
    if not kinds:
        sys.exit("report.py: there are no measurements of time in these results")
    # What was measured at most sizes is shown first.
    shown = sorted(kinds.values(), key=lambda kind: -len(kind["sizes"]))
    text = json.dumps({"tables": list(tables.values()), "kinds": shown}, separators=(",", ":"))
    dist = arguments.npm / "node_modules/uplot/dist"
    library = (dist / "uPlot.iife.min.js").read_text(encoding="utf-8")
    style = (dist / "uPlot.min.css").read_text(encoding="utf-8")
    page = (ROOT / "docs/site/report.html").read_text(encoding="utf-8")
    home = f'<a href="{arguments.home}">perturb</a>' if arguments.home else ""
    for place, content in [
        ("<!-- uPlot -->", f"<style>{style}</style>\n<script>{library}</script>"),
        ("<!-- home -->", home),
        ("/* data */", text.replace("</", "<\\/")),
    ]:
        page = page.replace(place, content, 1)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(page, encoding="utf-8")
    print(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())

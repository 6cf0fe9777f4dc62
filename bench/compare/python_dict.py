#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times Python's dict in the workloads of perturb_compare, for scale: prints JSON.

A time is that of a loop in Python, without that of the same loop that does nothing.
"""

import argparse
import json
import platform
import random
import string
import sys
import time

AT_LEAST = 1 << 14  # operations that are timed at once


def clock(loop, *arguments):
    start = time.thread_time_ns()
    loop(*arguments)
    return time.thread_time_ns() - start


def nothing(keys):
    for _ in keys:
        pass


def insert(table, keys):
    for key in keys:
        table[key] = key


def erase(table, keys):
    for key in keys:
        del table[key]


def find(table, keys):
    get = table.get
    for key in keys:
        get(key)


def chain(table, key, count):
    for _ in range(count):
        key = table[key]


def churn(table, pairs):
    for going, coming in pairs:
        del table[going]
        table[coming] = coming


def pairs_of(keys, absent, random_):
    inside, outside = list(keys), list(absent)
    for _ in keys:
        i, j = random_.randrange(len(inside)), random_.randrange(len(outside))
        yield inside[i], outside[j]
        inside[i], outside[j] = outside[j], inside[i]


def run(workload, keys, absent, random_):
    """Nanoseconds an operation; None if dict has nothing like it."""
    table = dict(zip(keys, keys))
    queries = random_.sample(keys, len(keys))
    if workload == "build+destroy":
        return clock(lambda: insert({}, keys)) - clock(nothing, keys)
    if workload == "churn":
        pairs = list(pairs_of(keys, absent, random_))
        return clock(churn, table, pairs) - clock(nothing, pairs)
    if workload == "drain":
        return clock(erase, table, queries) - clock(nothing, queries)
    if workload == "find-hit":
        return clock(find, table, queries) - clock(nothing, queries)
    if workload == "find-hit-chained":
        table = dict(zip(queries, queries[1:] + queries[:1]))
        return clock(chain, table, queries[0], len(keys)) - clock(nothing, queries)
    if workload == "find-miss":
        return clock(find, table, absent) - clock(nothing, absent)
    if workload == "find-mix":
        mixed = [random_.choice(pair) for pair in zip(queries, absent)]
        return clock(find, table, mixed) - clock(nothing, mixed)
    if workload == "iterate":
        return clock(nothing, table.values())
    if workload == "iterate-sparse":
        left = len(keys) - len(keys) // 10 * 9
        erase(table, queries[left:])
        return clock(nothing, table.values()) * len(keys) // left
    if workload == "copy":
        return clock(table.copy)
    if workload == "clear+refill":
        return clock(lambda: (table.clear(), insert(table, keys))) - clock(nothing, keys)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("type", choices=["u64-u64", "string-u64"])
    parser.add_argument("rounds", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("workloads", type=lambda text: text.split(","), help="names as perturb_compare has them")
    parser.add_argument("sizes", type=lambda text: [int(size) for size in text.split(",")])
    options = parser.parse_args()
    random_ = random.Random(options.seed)

    def key():
        if options.type == "u64-u64":
            return random_.getrandbits(64)
        return "".join(random_.choices(string.ascii_lowercase, k=random_.randint(8, 40)))

    measurements, memory = [], []
    for size in options.sizes:
        keys, absent = ([key() for _ in range(size)] for _ in range(2))
        memory.append({"size": size, "bytes": sys.getsizeof(dict(zip(keys, keys)))})
        repeats = max(1, AT_LEAST // size)
        for workload in options.workloads:
            times = [
                [run(workload, keys, absent, random_) for _ in range(repeats)] for _ in range(options.rounds)
            ]
            if times[0][0] is not None:
                each = [sum(some) / repeats / size for some in times]
                measurements.append({"workload": workload, "size": size, "nanoseconds": each})
    print(json.dumps({"version": platform.python_version(), "measurements": measurements, "memory": memory}))


if __name__ == "__main__":
    main()

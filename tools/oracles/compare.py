#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks a real program and its profile for the same keys, and fails if any server differs.

usage: compare.py ORACLE ASK [--seed=N] [--rounds=N] [--keys=N]

ORACLE is one of the modules beside this file, ASK the program ask_profile that the tests build. Each round has a server
list, weights, options and keys of its own, which follow from the seed. Says "Not run" if the program is not
installed.
"""

import importlib
import random
import subprocess
import sys

sys.dont_write_bytecode = True  # so that the checkout stays clean

import common  # noqa: E402


def ask_profile(command, name, cases):
    lines = [f"program {name} live"]
    for number, (options, servers, keys) in enumerate(cases):
        lines.append(common.list_text(str(number), servers))
        lines.append("keys")
        lines += ["key " + common.key_text(key) for key in keys]
        lines.append(common.case_text(options, str(number)))
    result = subprocess.run([command], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{command} failed: {result.stderr}")
    return result.stdout.splitlines()


def main():
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    settings = dict(word[2:].split("=") for word in sys.argv[1:] if word.startswith("--"))
    if len(arguments) != 2:
        sys.exit(__doc__)
    name, command = arguments
    oracle = importlib.import_module(name)
    if oracle.missing():
        print(f"Not run. Debian: apt install {' '.join(oracle.missing())}")
        return
    rng = random.Random(int(settings.get("seed", 1)))
    make_key = getattr(oracle, "random_key", lambda rng: common.random_key(rng, common.HEADER_BYTES))
    cases = []
    for _ in range(int(settings.get("rounds", 20))):
        options, servers = oracle.random_case(rng)
        cases.append((options, servers, [make_key(rng) for _ in range(int(settings.get("keys", 1000)))]))
    chosen_by_profile = ask_profile(command, oracle.NAME, cases)

    compared = differing = 0
    for (options, servers, keys), ours in zip(cases, chosen_by_profile, strict=True):
        owners = oracle.ask(options, servers, keys)
        width = 1 if len(servers) <= 64 else 2
        theirs = "owners " + common.owners_text(owners, len(servers))
        for i, key in enumerate(keys):
            at = len("owners ") + i * width
            if owners[i] is None:
                continue
            compared += 1
            if ours[at : at + width] != theirs[at : at + width]:
                differing += 1
                if differing <= 5:
                    print(f"{name} {options}, {len(servers)} servers: {common.key_text(key)}")
                    print(f"  is on {servers[owners[i]]}; the profile says {ours[at:at + width]}")
    print(f"{name} {oracle.version()}: {len(cases)} server lists, {compared} keys compared, {differing} differ")
    sys.exit(1 if differing or not compared else 0)


if __name__ == "__main__":
    main()

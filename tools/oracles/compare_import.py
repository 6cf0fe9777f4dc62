#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives random configurations to a real program and to `perturb-ring import`, and fails if any key has another server.

usage: compare_import.py PROGRAM PERTURB_RING [--seed=N] [--rounds=N] [--keys=N]

PROGRAM is nginx, haproxy, twemproxy or libmemcached. Says "Not run" if it is not installed."""

import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # so that the checkout stays clean

import common  # noqa: E402
import import_cases  # noqa: E402


def owners(perturb_ring, program, case, keys):
    """What perturb-ring says: for the configuration as a ring, and for the JSON that it makes of it."""
    with tempfile.TemporaryDirectory(prefix="perturb-import-") as directory:
        source = case.text if program == "libmemcached" else import_cases.write(case, directory)
        name = ["--name", case.name] if case.name else []
        command = [perturb_ring, "import", program, *name, "--output", f"{directory}/ring.json", source]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            return None, made.stderr
        with open(f"{directory}/keys", "wb") as file:
            file.write(b"".join(key + b"\0" for key in keys))
        asked = subprocess.run(
            [perturb_ring, "owner", "--ring", f"{directory}/ring.json", "--keys", f"{directory}/keys", "--zero"],
            capture_output=True,
            check=True,
        )
    lines = asked.stdout
    result = []
    for key in keys:  # a key may have tabs and newlines itself
        assert lines.startswith(key + b"\t"), (key, lines[:100])
        owner, _, lines = lines[len(key) + 1 :].partition(b"\n")
        result.append(owner.decode("latin-1"))
    return result, made.stderr


def is_refused_for_order(program, error):
    """libmemcached rings that no profile describes."""
    return program == "libmemcached" and "--HASH comes behind" in error


def main():
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    settings = dict(word[2:].split("=") for word in sys.argv[1:] if word.startswith("--"))
    if len(arguments) != 2:
        sys.exit(__doc__)
    program, perturb_ring = arguments
    if import_cases.missing(program):
        print(f"Not run. Debian: apt install {' '.join(import_cases.missing(program))}")
        return
    rng = random.Random(int(settings.get("seed", 1)))
    alphabet = common.HEADER_BYTES if program in ("nginx", "haproxy") else bytes(range(1, 256))
    compared = differing = refused = 0
    rounds = int(settings.get("rounds", 10))
    for _ in range(rounds):
        case = getattr(import_cases, program)(rng)
        keys = [common.random_key(rng, alphabet) for _ in range(int(settings.get("keys", 200)))]
        ours, error = owners(perturb_ring, program, case, keys)
        if ours is None and is_refused_for_order(program, error):
            refused += 1
            continue
        if ours is None:
            print(f"{error}of\n{case.text}\n{case.files}")
            differing += 1
            continue
        theirs = case.ask(keys)
        wrong = [(k, a, b) for k, a, b in zip(keys, ours, theirs) if b is not None and a != b]
        compared += sum(owner is not None for owner in theirs)
        differing += len(wrong)
        if wrong:
            print(f"{len(wrong)} keys differ, the first {wrong[0]} (key, perturb-ring, {program}), of\n{case.text}\n{case.files}")
    print(f"import {program}: {rounds} configurations, {refused} of which have no profile; {compared} keys compared, {differing} differ")
    sys.exit(1 if differing or not compared else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks perturb-ring for the owners that real programs chose, which lie in tests/golden.

usage: golden_owners.py PERTURB_RING"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # so that the checkout stays clean

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "oracles"))

import common  # noqa: E402

PROGRAMS = ["libmemcached", "twemproxy", "nginx", "haproxy", "haproxy_hash_key", "ketama", "uhashring"]


def server_of(text):
    fields = text.split("|") + [""] * 4
    server = {"host": fields[0], "port": int(fields[1] or 0), "weight": int(fields[2] or 1), "name": fields[3]}
    return {**server, "id": int(fields[4] or 0)}


def label_of(server):
    if server["name"] or not server["port"]:
        return server["name"] or server["host"]
    host = server["host"]
    return f"{f'[{host}]' if ':' in host and host[0] != '[' else host}:{server['port']}"


def ring_of(program, options, servers):
    profile = program.split("_")[0]
    given = {name: int(value) if value.isdigit() and name in ("vnodes", "replicas") else value for name, value in options.items()}
    if given.pop("hash_fn", "meta") != "meta":
        profile = "uhashring-ketama"
    if "avalanche" in given:
        given["avalanche"] = given["avalanche"] == "1"
    return {"profile": profile, "options": given, "servers": servers}


def cases(path, keys):
    servers, options = {}, None
    for line in path.read_text(encoding="ascii").splitlines():
        word, _, rest = line.partition(" ")
        if word == "list":
            name, *texts = rest.split(" ")
            servers[name] = [server_of(text) for text in texts]
        elif word == "keys":
            keys = []
        elif word == "key":
            keys.append(common.key_of_text(rest))
        elif word == "case":
            options = dict(option.split("=", 1) for option in rest.split(" "))
        elif word == "owners":
            yield {**options}, servers[options["list"]], keys, rest


def main():
    program_path = sys.argv[1]
    lines = (ROOT / "tests/golden/keys.txt").read_text(encoding="ascii").splitlines()
    all_keys = [common.key_of_text(line[4:]) for line in lines if line.startswith("key")]
    compared = differing = 0
    with tempfile.TemporaryDirectory(prefix="perturb-golden-") as directory:
        ring_path, keys_path = f"{directory}/ring.json", f"{directory}/keys"
        for program in PROGRAMS:
            for options, servers, keys, owners in cases(ROOT / f"tests/golden/{program}.txt", list(all_keys)):
                # A key with a zero byte cannot be told from two.
                asked = [i for i, key in enumerate(keys) if b"\0" not in key]
                del options["list"]
                with open(ring_path, "w", encoding="utf-8") as file:
                    json.dump(ring_of(program, options, servers), file)
                pathlib.Path(keys_path).write_bytes(b"".join(keys[i] + b"\0" for i in asked))
                command = [program_path, "owner", "--ring", ring_path, "--keys", keys_path, "--zero", "--json"]
                done = subprocess.run(command, capture_output=True, check=False)
                if done.returncode:
                    sys.exit(f"{program} {options}: {done.stderr.decode()}")
                width = 1 if len(servers) <= 64 else 2
                for i, answer in zip(asked, json.loads(done.stdout), strict=True):
                    expected = owners[i * width : (i + 1) * width]
                    if "-" in expected:
                        continue
                    place = 0
                    for digit in expected:
                        place = 64 * place + common.DIGITS.index(digit)
                    compared += 1
                    if answer["owner"] != label_of(servers[place]):
                        differing += 1
                        print(f"{program} {options}: {keys[i]!r} is on {servers[place]}, not on {answer['owner']}")
    print(f"{compared} owners compared, {differing} differ")
    sys.exit(1 if differing or not compared else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/: the servers that the real programs choose, against which the tests compare the profiles.

usage: golden.py keys            writes tests/golden/keys.txt, the keys that all programs are asked for
       golden.py ORACLE...       asks each program, by one of the modules beside this file, and writes a file for each

Programs are asked on the loopback interface, in private directories, and stopped afterwards.
"""

import importlib
import pathlib
import random
import sys
import zlib

sys.dont_write_bytecode = True  # so that the checkout stays clean

import common  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"


def keys_past_the_last_point():
    """Keys whose hashes are nearly 2^32, so that they wrap around to the first point: one for each hash by search."""
    import libmemcached

    lib = libmemcached.library()
    names = [name for name in libmemcached.HASHES if name != libmemcached.NOT_IN_DEBIANS_BUILD]
    codes = {name: libmemcached.HASHES.index(name) for name in names}
    best = {}
    for number in range(200000):
        key = b"wrap:%d" % number
        for name in names:
            value = lib.memcached_generate_hash_value(key, len(key), codes[name]) % 2**32
            best[name] = max(best.get(name, (0, b"")), (value, key))
        best["crc32"] = max(best.get("crc32", (0, b"")), (zlib.crc32(key), key))
    return sorted({key for _, key in best.values()}) + [b"VDEAAAAA"]


def make_keys():
    rng = random.Random(20240501)
    keys = [b""] + [bytes([letter]) for letter in b"abcdefghijklmnopqrstuvwxyz0123456789"]
    keys += [b"user:%d" % number for number in range(250)]
    keys += [b"/images/%08x.jpg" % rng.getrandbits(32) for _ in range(150)]
    keys += [common.random_key(rng, common.HEADER_BYTES)[:80] for _ in range(250)]
    keys += [bytes(rng.randrange(128, 256) for _ in range(rng.randint(1, 20))) for _ in range(150)]
    keys += [f"schl\u00fcssel:{number}".encode() for number in range(20)]
    keys += [bytes(rng.randrange(256) for _ in range(rng.randint(1, 20))) for _ in range(60)]
    keys += [b"{user:%d}.%s" % (number, word) for number in range(10) for word in (b"name", b"mail")]
    keys += [b"a{}b", b"a{b", b"a}b", b"}a{b}", b"{{a}}", b"{a}{b}", b"a{b}", b"{", b"{}", b"a{b}c}"]
    keys += [b"blank in the middle", b"tab\there", b"line\r\nend", b"zero\0byte"]
    keys += [bytes(rng.choice(common.HEADER_BYTES) for _ in range(length)) for length in (250, 251, 1000, 4000)]
    keys += keys_past_the_last_point()
    return list(dict.fromkeys(keys))


def write_golden(name):
    oracle = importlib.import_module(name)
    if oracle.missing():
        sys.exit(f"golden.py: {name} is not installed. Debian: apt install {' '.join(oracle.missing())}")
    keys = [common.key_of_text(line.split(" ")[1]) for line in (GOLDEN / "keys.txt").read_text().splitlines()]
    lines, names_of_lists = [], {}
    for options, servers in oracle.golden_cases():
        if tuple(servers) not in names_of_lists:
            names_of_lists[tuple(servers)] = f"{len(names_of_lists)}"
            lines.append(common.list_text(names_of_lists[tuple(servers)], servers))
        lines.append(common.case_text(options, names_of_lists[tuple(servers)]))
        lines.append("owners " + common.owners_text(oracle.ask(options, servers, keys), len(servers)))
    head = [f"program {oracle.NAME} {oracle.version()}", f"made-by tools/oracles/golden.py {name}"]
    (GOLDEN / f"{oracle.NAME}.txt").write_text("\n".join(head + lines) + "\n")


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        if name == "keys":
            (GOLDEN / "keys.txt").write_text("".join(f"key {common.key_text(key)}\n" for key in make_keys()))
        else:
            write_golden(name)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""Asks uhashring, in this process."""

import importlib.metadata
import importlib.util
import sys

import common
from common import Server

NAME = "uhashring"

# Where Debian installs it, which is not on the path of a Python of another origin.
sys.path.append("/usr/lib/python3/dist-packages")


def missing():
    return [] if importlib.util.find_spec("uhashring") else ["python3-uhashring"]


def version():
    return importlib.metadata.version("uhashring")


def name_of(server):
    return server.name or (f"{server.host}:{server.port}" if server.port else server.host)


def text_of_key(key):
    """A Python string of which uhashring hashes these bytes, or None."""
    try:
        return key.decode("utf-8")
    except UnicodeDecodeError:
        return None


def ask(options, servers, keys):
    from uhashring import HashRing

    settings = {"hash_fn": "ketama"} if options["hash_fn"] == "ketama" else {}
    for name in ("vnodes", "replicas"):
        if name in options:
            settings[name] = int(options[name])
    ring = HashRing(nodes={name_of(server): server.weight for server in servers}, **settings)
    place_of = {name_of(server): place for place, server in enumerate(servers)}
    texts = [text_of_key(key) for key in keys]
    return [None if text is None else place_of[ring.get_node(text)] for text in texts]


def golden_cases():
    for hash_fn in ("meta", "ketama"):
        for count in (1, 2, 3, 25, 47, 50, 61, 100):
            servers = [Server(f"node-{i}", 0 if count % 2 else 11211) for i in range(count)]
            yield {"hash_fn": hash_fn}, servers
            yield {"hash_fn": hash_fn}, common.with_weights(servers, [1, 2, 1, 3, 10])
    thousand = [Server(f"node-{i}") for i in range(1000)]
    yield {"hash_fn": "meta"}, thousand
    yield {"hash_fn": "ketama"}, thousand
    yield {"hash_fn": "meta", "vnodes": "7"}, servers
    yield {"hash_fn": "ketama", "vnodes": "7", "replicas": "3"}, servers


def random_case(random):
    options = {"hash_fn": random.choice(["meta", "ketama"])}
    if random.random() < 0.3:
        options["vnodes"] = str(random.randint(1, 300))
    if options["hash_fn"] == "ketama" and random.random() < 0.3:
        options["replicas"] = str(random.randint(1, 4))
    names = {f"node-{random.getrandbits(random.choice([8, 32])):x}" for _ in range(random.randint(1, 100))}
    servers = [Server(name, random.choice([0, 11211, 80])) for name in sorted(names)]
    return options, common.random_weights(random, servers, 10)


def random_key(random):
    key = common.random_key(random, common.ANY_BYTE)
    return key if text_of_key(key) is not None else key.decode("latin-1").encode("utf-8")

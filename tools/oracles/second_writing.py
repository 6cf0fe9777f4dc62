# SPDX-License-Identifier: MIT
"""Not an oracle: the rules of Envoy, gRPC and brpc written a second time, from their sources and independently of the
profiles, because these programs are not run here. It finds mistakes in writing the rules down, not a source that was
misread twice."""

import bisect
import ctypes
import ctypes.util
import functools
import hashlib
import math
import struct

import common
from common import Server

NAME = "second_writing"


def missing():
    return [] if ctypes.util.find_library("xxhash") else ["libxxhash0"]


def version():
    return "of the rules"


@functools.cache
def xxhash_library():
    library = ctypes.CDLL(ctypes.util.find_library("xxhash"))
    library.XXH64.restype = ctypes.c_uint64
    return library


def xxh64(data, seed=0):
    return xxhash_library().XXH64(data, ctypes.c_size_t(len(data)), ctypes.c_uint64(seed))


def murmur3(data):
    """MurmurHash3_x86_32 with the seed 0."""

    def turned(x, by):
        return ((x << by) | (x >> (32 - by))) & 0xFFFFFFFF

    def mixed(block):
        return turned(block * 0xCC9E2D51 & 0xFFFFFFFF, 15) * 0x1B873593 & 0xFFFFFFFF

    h = 0
    whole = len(data) // 4 * 4
    for (block,) in struct.iter_unpack("<I", data[:whole]):
        h = (turned(h ^ mixed(block), 13) * 5 + 0xE6546B64) & 0xFFFFFFFF
    h ^= mixed(int.from_bytes(data[whole:], "little")) ^ len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        h = (h ^ h >> shift) * factor & 0xFFFFFFFF
    return h


def murmur2_64a(data, seed):
    """MurmurHash64A."""
    m, mask = 0xC6A4A7935BD1E995, 2**64 - 1
    h = seed ^ (len(data) * m & mask)
    whole = len(data) // 8 * 8
    for (k,) in struct.iter_unpack("<Q", data[:whole]):
        k = k * m & mask
        h = (h ^ ((k ^ k >> 47) * m & mask)) * m & mask
    if data[whole:]:
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & mask
    h = (h ^ h >> 47) * m & mask
    return h ^ h >> 47


def address(server):
    return f"{server.host}:{server.port}".encode()


def relative_ring(texts, weights, minimum, maximum, hash_of):
    """Points of Envoy and gRPC: (hash, place)."""
    parts = [weight / sum(weights) for weight in weights]
    lightest = min(parts)
    scale = min(math.ceil(lightest * minimum) / lightest, float(maximum))
    points, current, target = [], 0.0, 0.0
    for place, text in texts:
        target += scale * parts[place]
        number = 0
        while current < target:
            points.append((hash_of(text + b"_%d" % number), place))
            number += 1
            current += 1
    return sorted(points)


def maglev_table(servers, size):
    total = sum(server.weight for server in servers)
    heaviest = max(server.weight / total for server in servers)
    rows = []
    for text, place in sorted((address(server), place) for place, server in enumerate(servers)):
        skip = xxh64(text, 1) % (size - 1) + 1
        part = servers[place].weight / total
        at = xxh64(text) % size
        rows.append({"place": place, "part": part, "target": 0.0, "at": at, "skip": skip, "next": 0})
    table, filled, turn = [None] * size, 0, 1
    while filled < size:
        for row in rows:
            if filled == size:
                break
            if turn * row["part"] < row["target"]:
                continue
            row["target"] += heaviest
            while table[slot := (row["at"] + row["skip"] * row["next"]) % size] is not None:
                row["next"] += 1
            table[slot] = row["place"]
            row["next"] += 1
            filled += 1
        turn += 1
    return table


def brpc_points(servers, balancer, replicas):
    def order(place):
        octets = [int(octet) for octet in servers[place].host.split(".")]
        return octets[::-1], servers[place].port

    points = []
    for place, server in enumerate(servers):
        for number in range(replicas // 4 if balancer == "c_ketama" else replicas):
            text = address(server) + b"-%d" % number
            if balancer == "c_murmurhash":
                tokens = [murmur3(text)]
            else:
                tokens = struct.unpack("<4I", hashlib.md5(text).digest())[: 4 if balancer == "c_ketama" else 1]
            points += [(token, order(place), place) for token in tokens]
    return [(token, place) for token, _, place in sorted(points)]


def ask(options, servers, keys):
    program = options["program"]
    if program == "maglev":
        table = maglev_table(servers, int(options["size"]))
        return [table[xxh64(key) % len(table)] for key in keys]
    if program == "brpc":
        points = brpc_points(servers, options["balancer"], int(options["replicas"]))
        murmur = options["balancer"] == "c_murmurhash"
        hashes = [murmur3(key) if murmur else struct.unpack("<I", hashlib.md5(key).digest()[:4])[0] for key in keys]
    else:
        texts = [(place, address(server)) for place, server in enumerate(servers)]
        if program == "grpc-go":
            texts.sort(key=lambda text: text[1])
        hash_of = (lambda text: murmur2_64a(text, 0xC70F6907)) if options.get("murmur") == "1" else xxh64
        weights = [server.weight for server in servers]
        points = relative_ring(texts, weights, int(options["minimum"]), int(options["maximum"]), hash_of)
        hashes = [xxh64(key) for key in keys]
    tokens = [token for token, _ in points]
    return [points[bisect.bisect_left(tokens, value) % len(points)][1] for value in hashes]


def random_case(random):
    program = random.choice(["envoy", "maglev", "grpc-core", "grpc-go", "brpc"])
    options = {"program": program}
    if program == "maglev":
        options["size"] = str(random.choice([2, 3, 7, 17, 251, 1009, 65537]))
    elif program == "brpc":
        options["balancer"] = random.choice(["c_murmurhash", "c_md5", "c_ketama"])
        options["replicas"] = str(4 * random.randint(1, 40))
    else:
        minimum = random.randint(1, 3000)
        options["minimum"] = str(minimum)
        options["maximum"] = str(random.randint(minimum, 4096))
        if program == "envoy":
            options["murmur"] = random.choice("01")
    count = random.randint(1, 80)
    hosts = {f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(4)}" for _ in range(count)}
    servers = [Server(host, random.randint(1, 65535)) for host in sorted(hosts)]
    random.shuffle(servers)
    return options, common.random_weights(random, servers, random.choice([2, 10, 1000]))


def random_key(random):
    return common.random_key(random, common.ANY_BYTE)

# SPDX-License-Identifier: MIT
"""Asks libmemcached, in this process: placing keys needs no server and no network."""

import ctypes
import ctypes.util

import common

NAME = "libmemcached"
MODES = ["consistent", "ketama", "weighted", "spy", "spy_unweighted"]
HASHES = ["one_at_a_time", "md5", "crc", "fnv1_64", "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh", "murmur", "jenkins"]
HASHES += ["murmur3"]
NOT_IN_DEBIANS_BUILD = "hsieh"

# memcached_behavior_t, memcached_server_distribution_t
BEHAVIOR_HASH, BEHAVIOR_KETAMA, BEHAVIOR_DISTRIBUTION, BEHAVIOR_KETAMA_WEIGHTED = 2, 3, 9, 16
CONSISTENT, CONSISTENT_KETAMA_SPY = 1, 4


def missing():
    return [] if ctypes.util.find_library("memcached") else ["libmemcached11"]


def library():
    lib = ctypes.CDLL(ctypes.util.find_library("memcached"))
    lib.memcached_create.restype = ctypes.c_void_p
    lib.memcached_lib_version.restype = ctypes.c_char_p
    lib.memcached_server_list_append_with_weight.restype = ctypes.c_void_p
    lib.memcached_generate_hash.restype = ctypes.c_uint32
    return lib


def version():
    return library().memcached_lib_version().decode()


def ask(options, servers, keys):
    lib = library()
    memc = ctypes.c_void_p(lib.memcached_create(None))
    servers_list = ctypes.c_void_p(None)

    def check(result):
        if result != 0:
            raise RuntimeError(f"libmemcached refuses {options}: {result}")

    def behave(behavior, value):
        check(lib.memcached_behavior_set(memc, behavior, ctypes.c_uint64(value)))

    try:
        mode = options["mode"]
        if mode == "consistent":
            behave(BEHAVIOR_DISTRIBUTION, CONSISTENT)
        elif mode == "ketama":
            behave(BEHAVIOR_KETAMA, 1)
        elif mode in ("weighted", "spy"):
            behave(BEHAVIOR_KETAMA_WEIGHTED, 1)
        if mode in ("spy", "spy_unweighted"):
            behave(BEHAVIOR_DISTRIBUTION, CONSISTENT_KETAMA_SPY)
        if "hash" in options:
            behave(BEHAVIOR_HASH, HASHES.index(options["hash"]))
        error = ctypes.c_int()
        for server in servers:
            servers_list = ctypes.c_void_p(
                lib.memcached_server_list_append_with_weight(
                    servers_list,
                    server.host.encode("latin-1"),
                    ctypes.c_uint16(server.port),
                    ctypes.c_uint32(server.weight),
                    ctypes.byref(error),
                )
            )
            check(error.value)
        check(lib.memcached_server_push(memc, servers_list))
        return [lib.memcached_generate_hash(memc, key, ctypes.c_size_t(len(key))) for key in keys]
    finally:
        lib.memcached_server_list_free(servers_list)
        lib.memcached_free(memc)


def addresses(count, port):
    return [common.Server(f"10.0.{i // 250}.{i % 250 + 1}", port) for i in range(count)]


def odd_servers():
    """Unix sockets, names, ports of all kinds."""
    hosts = [("/run/memcached/a.sock", 0), ("/run/memcached/b.sock", 0), ("cache-1.example.com", 11211)]
    hosts += [("cache-1.example.com", 11212), ("CACHE-1.example.com", 11212), ("localhost", 1), ("10.0.0.1", 65535)]
    hosts += [("fd00::1", 11211), ("fd00::1", 2000), ("x", 0)]
    return [common.Server(host, port) for host, port in hosts]


def golden_cases():
    for mode in MODES[:4]:
        for count in (1, 2, 3, 25, 47, 50, 61, 100):
            servers = addresses(count, 11211 if count % 2 else 22122)
            yield {"mode": mode}, servers
            yield {"mode": mode}, common.with_weights(servers, [600, 300, 200, 350, 1000, 800, 950, 100])
        yield {"mode": mode}, odd_servers()
        yield {"mode": mode}, common.with_weights(odd_servers(), [1, 2, 3])
    yield {"mode": "spy_unweighted"}, addresses(25, 11211)
    yield {"mode": "weighted"}, common.with_weights(addresses(3, 11211), [1, 1, 1000])  # two without points
    for name in HASHES:
        if name != NOT_IN_DEBIANS_BUILD:
            yield {"mode": "consistent", "hash": name}, addresses(10, 11211)
            yield {"mode": "weighted", "hash": name}, addresses(10, 11211)


def random_case(random):
    options = {"mode": random.choice(MODES)}
    if random.random() < 0.7:
        options["hash"] = random.choice([name for name in HASHES if name != NOT_IN_DEBIANS_BUILD])
    servers = {}
    for _ in range(random.choice([1, 2, 3, 5, 10, 25, 47, 50, 61, 71, 94, 100, random.randint(1, 100)])):
        host = random.choice(
            [
                f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}",
                f"cache-{random.randrange(1000)}.example.{random.choice(['com', 'org'])}",
                f"/run/{random.getrandbits(40):x}.sock",
                "n" * random.randint(1, 200) + str(random.randrange(1000)),
            ]
        )
        port = 0 if host[0] == "/" else random.choice([11211, 11211, random.randint(1, 65535)])
        servers[host, port] = common.Server(host, port)
    return options, random_weights_of(random, list(servers.values()))


def random_weights_of(random, servers):
    return common.random_weights(random, servers, random.choice([2, 10, 1000, 4000000]))


def random_key(random):
    return common.random_key(random, common.ANY_BYTE)

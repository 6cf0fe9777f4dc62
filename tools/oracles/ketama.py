# SPDX-License-Identifier: MIT
"""Asks libketama, in this process. Debian has no package of it: build it from github.com/RJ/ketama, in libketama/, by
`gcc -O2 -w -fPIC -shared -o libketama.so ketama.c md5.c -lm`, and set KETAMA_LIBRARY to its path."""

import ctypes
import os

import common
from common import Server

NAME = "ketama"
IPC_RMID = 0


class Point(ctypes.Structure):
    _fields_ = [("point", ctypes.c_uint), ("address", ctypes.c_char * 22)]


def missing():
    return [] if os.environ.get("KETAMA_LIBRARY") else ["(libketama, see tools/oracles/ketama.py)"]


def version():
    return "RJ/ketama-18cf9a7"


def text_of(server):
    return f"{server.host}:{server.port}" if server.port else server.host


def ask(options, servers, keys):
    lib = ctypes.CDLL(os.environ["KETAMA_LIBRARY"])
    lib.ketama_get_server.restype = ctypes.POINTER(Point)
    libc = ctypes.CDLL(None)
    place_of = {text_of(server).encode(): place for place, server in enumerate(servers)}
    ring = ctypes.c_void_p()
    with common.Sandbox() as sandbox:
        path = sandbox.write("servers", "".join(f"{text_of(server)}\t{server.weight}\n" for server in servers)).encode()
        try:
            if lib.ketama_roll(ctypes.byref(ring), path) != 1:
                raise RuntimeError("libketama refuses the servers")
            return [place_of[lib.ketama_get_server(key, ring)[0].address] for key in keys]
        finally:  # the ring lies in shared memory, and a semaphore guards it
            ipc_key = libc.ftok(path, ord("R"))
            libc.shmctl(libc.shmget(ipc_key, ctypes.c_size_t(0), 0), IPC_RMID, None)
            libc.semctl(libc.semget(ipc_key, 0, 0), 0, IPC_RMID)


def golden_cases():
    for count in (1, 2, 3, 25, 47, 50, 61, 100):
        servers = [Server(f"10.0.{i // 250}.{i % 250 + 1}", 11211 if count % 2 else 22122) for i in range(count)]
        yield {}, servers
        yield {}, common.with_weights(servers, [600, 300, 200, 350, 1000, 800, 950, 100])
    yield {}, [Server("cache-a", 0, 2), Server("cache-b.example", 1, 3), Server("255.255.255.255", 65535, 1)]


def random_case(random):
    servers = {}
    for _ in range(random.choice([1, 2, 3, 5, 10, 25, 50, 61, 100, random.randint(1, 110)])):
        host = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
        servers[host] = Server(host, random.choice([0, 11211, random.randint(1, 65535)]))
    return {}, common.random_weights(random, list(servers.values()), random.choice([2, 10, 1000, 4000000]))


def random_key(random):
    return common.random_key(random, common.ANY_BYTE)

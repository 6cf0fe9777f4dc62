# SPDX-License-Identifier: MIT
"""Asks HAProxy: `balance hdr(x-key)` with `hash-type consistent`. All servers are one listener of HAProxy's own, which
returns the name of the chosen server."""

import dataclasses
import shutil
import subprocess

import common
from common import Server

NAME = "haproxy"
FUNCTIONS = ["sdbm", "djb2", "wt6", "crc32"]


def missing():
    return [] if shutil.which("haproxy") else ["haproxy"]


def version():
    return subprocess.run(["haproxy", "-v"], capture_output=True, text=True, check=True).stdout.split()[2]


CONFIGURATION = """global
  nbthread 1
  maxconn 200
  tune.bufsize 65536
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend asked
  bind 127.0.0.1:{0}
  default_backend servers
backend servers
  balance hdr(x-key)
  hash-type consistent {1}
  http-send-name-header x-server
{2}
frontend answers
  bind 127.0.0.1:{3}
  http-request return status 200 hdr X-Peer %[req.hdr(x-server)]
"""


def ask(options, servers, keys):
    port, answering = common.free_port(), common.free_port()
    hash_type = options.get("function", "") + (" avalanche" if options.get("avalanche") == "1" else "")
    lines = "\n".join(
        f"  server s{place} 127.0.0.1:{answering} weight {server.weight}" + (f" id {server.id}" if server.id else "")
        for place, server in enumerate(servers)
    )
    can_ask = [common.is_header_value(key) for key in keys]
    with common.Sandbox() as sandbox:
        path = sandbox.write("haproxy.cfg", CONFIGURATION.format(port, hash_type, lines, answering))
        sandbox.start("haproxy", "-db", "-f", path)
        with sandbox.connect(port) as connection:
            names = iter(common.ask_http(connection, [k for k, yes in zip(keys, can_ask) if yes], "X-Peer"))
        return [int(next(names)[1:]) if yes else None for yes in can_ask]


def golden_cases():
    for count in (1, 2, 3, 25, 47, 50, 61, 100, 1000):
        servers = [Server(f"10.0.{i // 250}.{i % 250 + 1}", 11211 if count % 2 else 8080) for i in range(count)]
        yield {}, servers
        yield {}, common.with_weights(servers, [1, 2, 256, 3, 100] if count < 1000 else [1, 2])
    ids = [1, 2, 3, 4, 7, 1000, 2147483647, 65537, 1048576]  # the last and the second wrap to points of others
    yield {}, [dataclasses.replace(server, id=id) for server, id in zip(servers, ids)]
    ids = [0, 3, 0, 1, 0, 0, 12, 0, 0]
    for function in FUNCTIONS:
        for avalanche in ("0", "1"):
            mixed = [dataclasses.replace(server, id=id) for server, id in zip(servers, ids)]
            yield {"function": function, "avalanche": avalanche}, common.with_weights(mixed, [10, 20, 5])


def random_case(random):
    options = {}
    if random.random() < 0.6:
        options = {"function": random.choice(FUNCTIONS), "avalanche": random.choice("01")}
    count = random.choice([1, 2, 3, 5, 10, 25, 50, 100, 300, random.randint(1, 200)])
    ids = [0] * count
    if random.random() < 0.6:
        ids = random.sample(range(1, random.choice([2 * count, 10000, 2**31 - 1]) + 1), count)
        ids = [id if random.random() < 0.7 else 0 for id in ids]
    servers = [Server(f"10.0.{i // 250}.{i % 250}", 80, id=id) for i, id in enumerate(ids)]
    return options, common.random_weights(random, servers, random.choice([2, 10, 256]))

# SPDX-License-Identifier: MIT
"""Asks HAProxy 3.0 or later, for `hash-key`, with which points are computed from addresses. Debian 12 has an older
version: build it from github.com/haproxy/haproxy by `make TARGET=linux-glibc`, and set HAPROXY to the program's path. No
server listens: HAProxy says in its error response which one it tried."""

import dataclasses
import os
import subprocess

import common
from common import Server

NAME = "haproxy_hash_key"
HASH_KEYS = ["id", "addr", "addr-port", "id32", "guid"]


def missing():
    return [] if os.environ.get("HAPROXY") else ["(haproxy from 3.0 on, see tools/oracles/haproxy_hash_key.py)"]


def version():
    return subprocess.run([os.environ["HAPROXY"], "-v"], capture_output=True, text=True, check=True).stdout.split()[2]


CONFIGURATION = """global
  nbthread 1
  maxconn 200
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  retries 0
frontend asked
  bind 127.0.0.1:{0}
  default_backend servers
  http-after-response set-header X-Peer %s
backend servers
  balance hdr(x-key)
  hash-type consistent
{1}
"""


def line_of(place, server, hash_key):
    words = [f"  server s{place} {server.host}:{server.port} weight {server.weight} hash-key {hash_key}"]
    if server.id:
        words.append(f"id {server.id}")
    if hash_key == "guid" and server.name:
        words.append(f"guid {server.name}")
    return " ".join(words)


def ask(options, servers, keys):
    port = common.free_port()
    lines = "\n".join(line_of(place, server, options["hash_key"]) for place, server in enumerate(servers))
    can_ask = [common.is_header_value(key) and len(key) < 3000 for key in keys]
    with common.Sandbox() as sandbox:
        path = sandbox.write("haproxy.cfg", CONFIGURATION.format(port, lines))
        sandbox.start(os.environ["HAPROXY"], "-db", "-f", path)
        with sandbox.connect(port) as connection:
            names = iter(common.ask_http(connection, [k for k, yes in zip(keys, can_ask) if yes], "X-Peer"))
        return [int(next(names)[1:]) if yes else None for yes in can_ask]


def golden_cases():
    servers = [Server(f"127.1.0.{i + 1}", 1 + i % 3, name=f"guid-{i}", id=(i * 7919) % 100003 + 1) for i in range(20)]
    servers += [Server(f"[::ffff:127.1.1.{i}]", 1, name=f"six-{i}") for i in range(1, 5)]
    for hash_key in HASH_KEYS:
        yield {"hash_key": hash_key}, servers
        yield {"hash_key": hash_key}, common.with_weights(servers, [1, 20, 3])
    yield {"hash_key": "guid"}, [dataclasses.replace(server, name="") for server in servers]


def random_case(random):
    servers = {}
    for _ in range(random.randint(1, 60)):
        host = f"127.{random.randint(1, 255)}.{random.randrange(256)}.{random.randint(1, 254)}"
        if random.random() < 0.3:
            host = f"[::ffff:{host}]"
        port = common.silent_port(random)
        name = f"g{random.getrandbits(40):x}" if random.random() < 0.7 else ""
        servers[host, port] = Server(host, port, name=name, id=random.choice([0, random.randint(1, 2**31 - 1)]))
    listed = common.random_weights(random, list(servers.values()), random.choice([2, 10, 256]))
    return {"hash_key": random.choice(HASH_KEYS)}, listed

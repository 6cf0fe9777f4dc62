# SPDX-License-Identifier: MIT
"""Asks nginx: `hash $http_x_key consistent` over servers that do not listen; nginx says which one it tried."""

import shutil
import subprocess

import common
from common import Server

NAME = "nginx"


def missing():
    return [] if shutil.which("nginx") else ["nginx-light"]


def version():
    return subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr.split("/")[1].strip()


def text_of(server):
    return f"{server.host}:{server.port}" if server.port else server.host


def peer_of(server):
    """What $upstream_addr says for a server."""
    if server.host.lower().startswith("unix:"):
        return server.host
    host = common.numeric_address(server.host)
    return f"{host}:{server.port or 80}"


CONFIGURATION = """daemon off; master_process off; pid {0}/pid; error_log {0}/error.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/fastcgi;
  uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;
  large_client_header_buffers 4 32k; keepalive_requests 1000000; variables_hash_max_size 2048;
  upstream servers {{
    hash $http_x_key consistent;
{1}
  }}
  server {{
    listen 127.0.0.1:{2};
    location / {{ proxy_pass http://servers; proxy_next_upstream off; add_header X-Peer $upstream_addr always; }}
  }}
}}
"""


def ask(options, servers, keys):
    port = common.free_port()
    lines = "\n".join(f"    server {text_of(server)} weight={server.weight} max_fails=0;" for server in servers)
    place_of = {peer_of(server): place for place, server in enumerate(servers)}
    can_ask = [common.is_header_value(key) for key in keys]
    with common.Sandbox() as sandbox:
        path = sandbox.write("nginx.conf", CONFIGURATION.format(sandbox.directory, lines, port))
        sandbox.start("nginx", "-p", sandbox.directory, "-e", sandbox.path("error.log"), "-c", path)
        with sandbox.connect(port) as connection:
            peers = iter(common.ask_http(connection, [k for k, yes in zip(keys, can_ask) if yes], "X-Peer"))
        return [place_of[next(peers)] if yes else None for yes in can_ask]


def golden_cases():
    for count in (1, 2, 3, 25, 47, 50, 61, 100, 1000):
        servers = [Server(f"127.1.{i // 250}.{i % 250 + 1}", 11211 if count % 2 else 8080) for i in range(count)]
        yield {}, servers
        yield {}, common.with_weights(servers, [1, 2, 1, 3, 10] if count < 1000 else [1, 2])
    odd = [Server("unix:/run/perturb-a.sock"), Server("UNIX:/run/perturb-b.sock"), Server("127.1.0.1")]
    odd += [Server("127.1.0.1", 8080), Server("127.1.2", 8080), Server("0x7f.1.3", 11211), Server("[::1]", 1)]
    yield {}, odd
    yield {}, common.with_weights(odd, [5, 1])


def random_case(random):
    servers = {}
    for _ in range(random.choice([1, 2, 3, 5, 10, 25, 50, 100, 300, random.randint(1, 200)])):
        host = random.choice(
            [
                f"127.{random.randint(1, 255)}.{random.randrange(256)}.{random.randint(1, 254)}",
                f"127.{random.randint(1, 255)}.{random.randint(1, 65000)}",  # an old way to write an address: a name
                f"0x7f{random.getrandbits(24) | 65536:06x}",
                f"unix:/run/perturb-{random.getrandbits(40):x}.sock",
            ]
        )
        port = 0 if host[0] == "u" else random.choice([0, 80, 8080, common.silent_port(random)])
        server = Server(host, port)
        servers[peer_of(server)] = server
    heaviest = 100 if len(servers) < 50 else 10
    return {}, common.random_weights(random, list(servers.values()), heaviest)

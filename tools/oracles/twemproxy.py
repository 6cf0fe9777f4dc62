# SPDX-License-Identifier: MIT
"""Asks twemproxy (nutcracker), with servers that speak enough of Redis' protocol to return their index."""

import pathlib
import resource
import selectors
import shutil
import socket
import subprocess
import threading

import common
from common import Server

NAME = "twemproxy"
HASHES = ["one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64", "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh"]
HASHES += ["murmur", "jenkins"]


def missing():
    return [] if shutil.which("nutcracker") else ["nutcracker"]


def version():
    text = subprocess.run(["nutcracker", "-V"], capture_output=True, text=True, check=True).stderr
    return text.split()[2].removeprefix("nutcracker-")


class Answerers:
    """Listens at the address of every server and answers each GET with the server's place in the list."""

    def __init__(self, servers):
        # A thousand servers need two thousand sockets here and one thousand in twemproxy.
        hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard_limit, 16384), hard_limit))
        self.selector = selectors.DefaultSelector()
        self.end_reader, self.end_writer = socket.socketpair()
        self.selector.register(self.end_reader, selectors.EVENT_READ, None)
        self.paths = [server.host for server in servers if server.host.startswith("/")]
        for place, server in enumerate(servers):
            is_path = server.host.startswith("/")
            listener = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
            if not is_path:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(server.host if is_path else (common.numeric_address(server.host), server.port))
            listener.listen()
            self.selector.register(listener, selectors.EVENT_READ, (place, None))
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end_writer.close()
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()
        for path in self.paths:
            pathlib.Path(path).unlink(missing_ok=True)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    return
                place, received = key.data
                if received is None:
                    connection, _ = key.fileobj.accept()
                    if connection.family == socket.AF_INET:
                        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.selector.register(connection, selectors.EVENT_READ, (place, bytearray()))
                    continue
                data = key.fileobj.recv(65536)
                if not data:
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()
                    continue
                received += data
                count = 0
                while take_request(received):
                    count += 1
                key.fileobj.sendall(count * (b"$%d\r\n%d\r\n" % (len(str(place)), place)))


def take_request(received):
    """Takes one whole request, "*2 $3 GET $n key", off the bytes; false if it is not yet there."""
    at = 0
    for _ in range(2):
        at = received.find(b"$", at)
        line_end = received.find(b"\r\n", at)
        if at < 0 or line_end < 0:
            return False
        at = line_end + 2 + int(received[at + 1 : line_end]) + 2
    if at > len(received):
        return False
    del received[:at]
    return True


CONFIGURATION = """servers:
  listen: 127.0.0.1:{0}
  hash: {1}
{2}  distribution: ketama
  redis: true
  servers:
{3}
"""


def line_of(server):
    address = server.host if server.host.startswith("/") else f"{server.host}:{server.port}"
    return f"   - {address}:{server.weight}" + (f" {server.name}" if server.name else "")


def can_ask(key):
    return 0 < len(key) < 4096


def ask(options, servers, keys):
    port, stats_port = common.free_port(), common.free_port()
    tag = f'  hash_tag: "{options["hash_tag"]}"\n' if "hash_tag" in options else ""
    lines = "\n".join(line_of(server) for server in servers)
    text = CONFIGURATION.format(port, options.get("hash", "fnv1a_64"), tag, lines)
    with Answerers(servers), common.Sandbox() as sandbox:
        path = sandbox.write("nutcracker.yml", text)
        sandbox.start("nutcracker", "-c", path, "-s", str(stats_port), "-a", "127.0.0.1", "-v", "4")
        places = []
        with sandbox.connect(port) as connection:
            stream = connection.makefile("rb")
            asked = [key for key in keys if can_ask(key)]
            for start in range(0, len(asked), 50):
                batch = asked[start : start + 50]
                connection.sendall(b"".join(b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n" % (len(key), key) for key in batch))
                for _ in batch:
                    head = stream.readline()
                    if not head.startswith(b"$"):
                        raise RuntimeError(f"twemproxy answers {head!r}")
                    places.append(int(stream.readline()))
        answers = iter(places)
        return [next(answers) if can_ask(key) else None for key in keys]


def golden_cases():
    for count in (1, 2, 3, 25, 47, 50, 61, 100, 1000):
        servers = [Server(f"127.1.{i // 250}.{i % 250 + 1}", 11211 if count % 2 else 22122) for i in range(count)]
        named = [Server(server.host, server.port, name=f"cache-{i}") for i, server in enumerate(servers)]
        yield {}, servers
        if count == 1000:
            break
        yield {"hash": "murmur"}, common.with_weights(servers, [600, 300, 200, 350, 1000, 800, 950, 100])
        yield {"hash": "md5"}, common.with_weights(named, [1, 2, 3])
    mixed = [Server(f"127.1.0.{i + 1}", 22122) for i in range(4)]
    mixed += [Server("127.1.9.1", 11211), Server("127.1.2307", 11211), Server("/tmp/perturb-oracle-a")]
    mixed += [Server("/tmp/perturb-oracle-b", name="b"), Server("127.1.9.4", 7000, name="127.1.9.4:7001")]
    for name in HASHES:
        yield {"hash": name}, mixed
        yield {"hash": name, "hash_tag": "{}"}, mixed
    yield {"hash": "md5", "hash_tag": "{{"}, mixed


def random_case(random):
    options = {}
    if random.random() < 0.8:
        options["hash"] = random.choice(HASHES)
    if random.random() < 0.4:
        options["hash_tag"] = random.choice(["{}", "[]", "::", "aa", "ab"])
    servers, names = {}, set()
    for _ in range(random.choice([1, 2, 3, 5, 10, 25, 47, 50, 61, 100, random.randint(1, 150)])):
        host = random.choice(
            [
                f"127.{random.randint(1, 255)}.{random.randrange(256)}.{random.randint(1, 254)}",
                f"127.{random.randint(1, 255)}.{random.randint(1, 65000)}",  # an old way to write an address: a name
                f"/tmp/perturb-oracle-{random.getrandbits(40):x}",
            ]
        )
        port = 0 if host[0] == "/" else random.choice([11211, common.silent_port(random)])
        name = random.choice(["", f"n{random.getrandbits(random.choice([8, 40])):x}"])
        server = Server(host, port, name=name)
        key = name or (host if port == 11211 else f"{host}:{port}")
        address = host if host[0] == "/" else (common.numeric_address(host), port)
        if key not in names and address not in servers:
            names.add(key)
            servers[address] = server
    return options, common.random_weights(random, list(servers.values()), random.choice([2, 10, 1000]))


def random_key(random):
    key = common.random_key(random, common.ANY_BYTE)
    if random.random() < 0.3:
        tag = random.choice(["{}", "[]", "::", "aa", "ab"]).encode()
        inner = common.random_key(random, common.ANY_BYTE)[: random.choice([0, 1, 5, 30])]
        key = key[:20] + tag[:1] + inner + tag[1:] + key[20:40]
    return key

# SPDX-License-Identifier: MIT
"""What the oracles share: servers, keys, random cases, and the text form that the tests read.

An oracle is a module with
  NAME                                 the name of the golden file, and of the profile in the tests
  missing()                            the Debian packages that are not installed
  version()                            of the program that will be asked
  ask(options, servers, keys)          for each key the place of the chosen server in the list, or None where the
                                       program cannot be asked for this key
  golden_cases()                       (options, servers) pairs for the golden file
  random_case(random)                  one such pair for a comparison
  random_key(random)                   optional: a key that the program can be asked for

The text form, one item a line, words separated by blanks:
  list NAME SERVER...                  a server is host|port|weight|name|id, empty fields at the end left out
  keys                                 begins another list of keys
  key TEXT                             % and bytes that are not printed as %XX
  case OPTION=VALUE... list=NAME       a question
  owners TEXT                          its answer: a digit of base 64 for each key (two where the list has more than
                                       64 servers), '-' for a key that was not asked
"""

import dataclasses
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"


@dataclasses.dataclass(frozen=True)
class Server:
    host: str
    port: int = 0
    weight: int = 1
    name: str = ""
    id: int = 0

    def text(self):
        fields = [self.host, str(self.port), str(self.weight), self.name, str(self.id or "")]
        return re.sub(r"\|+$", "", "|".join(fields))


def key_text(key):
    return "".join(chr(byte) if 33 <= byte <= 126 and byte != 37 else f"%{byte:02X}" for byte in key)


def key_of_text(text):
    return re.sub(rb"%([0-9A-F]{2})", lambda match: bytes([int(match[1], 16)]), text.encode("ascii"))


def owners_text(owners, server_count):
    if server_count <= 64:
        return "".join("-" if owner is None else DIGITS[owner] for owner in owners)
    return "".join("--" if owner is None else DIGITS[owner // 64] + DIGITS[owner % 64] for owner in owners)


def case_text(options, list_name):
    return " ".join(["case"] + [f"{name}={value}" for name, value in options.items()] + [f"list={list_name}"])


def list_text(list_name, servers):
    return " ".join(["list", list_name] + [server.text() for server in servers])


def with_weights(servers, weights):
    """The servers with these weights in turn."""
    return [dataclasses.replace(server, weight=weights[i % len(weights)]) for i, server in enumerate(servers)]


def random_weights(random, servers, heaviest):
    """Equal weights of one, equal weights, or mixed ones."""
    kind = random.randrange(3)
    equal = random.randint(1, heaviest)
    weights = [1 if kind == 0 else equal if kind == 1 else random.randint(1, heaviest) for _ in servers]
    return with_weights(servers, weights)


def random_key(random, alphabet):
    """Keys of all lengths, with more short ones, in the style of keys people use or of any bytes of the alphabet."""
    kind = random.randrange(4)
    if kind == 0:
        return f"user:{random.randrange(10**random.randint(1, 9))}".encode()
    if kind == 1:
        return f"{random.choice(['session', 'page', 'img'])}/{random.getrandbits(64):x}".encode()
    length = random.choice([1, 2, 3, 4, 7, 8, 12, 13, 16, 31, 64, 200, random.randint(1, 900)])
    return bytes(random.choice(alphabet) for _ in range(length))


ANY_BYTE = bytes(range(256))
HEADER_BYTES = bytes(byte for byte in range(33, 256) if byte not in b",\x7f")  # one value of an HTTP header


def is_header_value(key):
    return 0 < len(key) <= 8000 and all(byte in HEADER_BYTES for byte in key)


class Sandbox:
    """A private directory, and a program in it that is stopped at the end whatever happens."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="perturb-oracle-")
        self.process = None
        return self

    def __exit__(self, *_):
        if self.process is not None:
            for ask_to_end in (self.process.terminate, self.process.kill):
                ask_to_end()
                try:
                    self.process.wait(5)
                    break
                except subprocess.TimeoutExpired:
                    continue
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name), "wb") as file:
            file.write(text.encode("latin-1"))
        return self.path(name)

    def start(self, *command):
        log = open(self.path("log"), "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory)
        log.close()

    def connect(self, port):
        """A connection to 127.0.0.1, once the program listens there."""
        for _ in range(200):
            try:
                connection = socket.create_connection(("127.0.0.1", port), 20)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        with open(self.path("log"), "rb") as log:
            raise RuntimeError("the program does not listen:\n" + log.read().decode("latin-1")[-2000:])


def free_port():
    """A port of 127.0.0.1 at which nobody listened a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask_http(connection, keys, answer_header):
    """The value of a header of the answer to a GET for each key, which goes as the header X-Key; pipelined."""
    answers = []
    stream = connection.makefile("rb")
    for start in range(0, len(keys), 50):
        batch = keys[start : start + 50]
        connection.sendall(b"".join(b"GET / HTTP/1.1\r\nHost: h\r\nX-Key: " + key + b"\r\n\r\n" for key in batch))
        for _ in batch:
            answer, length = None, 0
            status = stream.readline()
            if not status.startswith(b"HTTP/1.1 "):
                raise RuntimeError(f"no answer but {status!r}")
            while (line := stream.readline().rstrip(b"\r\n")) != b"":
                name, _, value = line.partition(b": ")
                if name.lower() == answer_header.lower().encode():
                    answer = value.decode("latin-1")
                if name.lower() == b"content-length":
                    length = int(value)
            stream.read(length)
            answers.append(answer)
    return answers


def numeric_address(host):
    """The address that a host of digits, in any of the old ways to write one, stands for."""
    return host if host.startswith("[") else socket.inet_ntoa(socket.inet_aton(host))


def silent_port(random):
    """A port at which nobody on this machine listens."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    busy = {int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A"}
    while (port := random.randint(1, 65535)) in busy:
        pass
    return port

# SPDX-License-Identifier: MIT
"""A ring of real Redis servers for the scenarios of redis_shards_test.py, and what it should hold."""

import os
import signal
import subprocess
import time

from servers import Redis, die_with_parent

KEYS = 100_000


class given:
    """The arguments of the test."""

    program = traffic = ""
    kills = 8


class Shards:
    """Servers, the program, and what the servers should hold."""

    def __init__(self, directory, count=3, options=()):
        self.directory = directory
        self.options = options
        self.journal = os.path.join(directory, "journal")
        self.servers = []
        self.traffic = []
        self.began = 0
        for _ in range(count):
            self.start()

    def start(self, *options):
        self.servers.append(Redis(self.directory, *self.options, *options))
        return self.servers[-1]

    def close(self):
        for process in self.traffic:
            process.kill()
            process.wait()
        for server in self.servers:
            server.stop()

    def command(self, *arguments, members=None):
        command = [given.program, "--journal", self.journal, "--disk-wait-ms", "0", "--timeout-ms", "5000"]
        for server in members or self.servers[:3]:
            command += ["--server", server.name]
        return [*command, *arguments]

    def run(self, *arguments, status=0, members=None):
        done = subprocess.run(self.command(*arguments, members=members), capture_output=True, text=True, timeout=300)
        if done.returncode != status:
            raise AssertionError(f"{arguments[:3]} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def refuse(self, *arguments, says, members=None):
        """The program must refuse this in one message, and change no key."""
        before = self.where()
        said = self.run(*arguments, status=2, members=members)
        assert said.count("\n") == 1 and says in said, f"{arguments[:3]} says: {said}"
        assert self.where() == before, f"{arguments[:3]} moved keys"

    def load(self, count, size=50):
        path = os.path.join(self.directory, "keys")
        with open(path, "w", encoding="ascii") as out:
            for i in range(count):
                out.write(f"key:{i}\t{'v' * size}{i}" + (f"\t{100000 + i}\n" if i % 50 == 0 else "\n"))
        self.run("load", path)
        for command in (
            ["list", "RPUSH", "list", "a", "b", "a"],
            ["set", "SADD", "set", *map(str, range(300))],
            ["hash", "HSET", "hash", *[str(i) for i in range(1000)]],
            ["zset", "ZADD", "zset", "1.5", "a", "-2", "b"],
            ["stream", "XADD", "stream", "1-1", "field", "value"],
            ["bits", "SETBIT", "bits", "70000", "1"],
            ["short", "SETEX", "short", "1", "gone before the end"],
        ):
            self.run("write", *command)
        self.expected = self.list()

    def list(self):
        """Key -> type, digest and expiry; each on its owner only, or this fails."""
        path = os.path.join(self.directory, "list")
        self.run("verify", "--list", path)
        with open(path, encoding="latin-1") as lines:
            found = dict(line.rstrip("\n").rsplit("\t", 1) for line in lines)
        return {key: value for key, value in found.items() if not key.startswith("traffic") and key != "short"}

    def where(self):
        """Server -> its keys, by the servers' own account."""
        return {server.name: server.keys() for server in self.servers if server.process.poll() is None}

    def begin_traffic(self, count=1, timeout_ms=5000):
        for _ in range(count):
            self.began += 1  # keys of its own for each, since it knows nothing of those before
            command = [given.traffic, f"traffic{self.began}", str(timeout_ms), *[server.name for server in self.servers[:3]]]
            self.traffic.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent))
        time.sleep(0.2)

    def end_traffic(self):
        for process in self.traffic:
            process.send_signal(signal.SIGTERM)
        for process in self.traffic:
            said = process.communicate(timeout=120)[0]
            print("   ", said.strip())
            assert process.returncode == 0, "readers saw what they must not see"
        self.traffic = []

    def check(self):
        found = self.list()
        lost = [key for key in self.expected if key not in found]
        changed = [key for key in self.expected if key in found and found[key] != self.expected[key]]
        risen = [key for key in found if key not in self.expected]
        assert not (lost or changed or risen), f"lost {lost[:5]}, changed {changed[:5]}, from the dead {risen[:5]}"

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""memcached_cache against real memcached servers: before and after a server is added, and after one goes down.

usage: memcached_cache_test.py MEMCACHED_CACHE
"""

import os
import signal
import subprocess
import sys

from servers import Memcached, Redis, free_port, private_directory


def main():
    program = sys.argv[1]

    def run(*arguments, status=0):
        done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)
        assert done.returncode == status, f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    servers = []
    try:
        for _ in range(4):
            servers.append(Memcached())
        names = [server.name for server in servers]
        weighted = [f"{name}/{weight}" for name, weight in zip(names, (1, 2, 3, 1))]
        settings = [("consistent", names, ()), ("ketama", names, ()), ("weighted", names, ()), ("weighted", weighted, ())]
        settings += [("consistent", names, ("--hash", hash_)) for hash_ in ("md5", "fnv1a_64", "murmur3", "jenkins")]
        for i, (mode, listed, more) in enumerate(settings):
            more = ("--mode", mode, "--keys", "400", *more)
            print(mode, *more[4:])
            run(*more, "--prefix", f"{i}-before-", *listed[:3])
            said = run(*more, "--earlier", f"{i}-before-", "--prefix", f"{i}-after-", *listed)
            print(said, end="")
            found = int(said.split("earlier keys: ")[1].split()[0])
            # That hash puts keys which differ in their last digits next to each other: all may move, or none.
            assert found > 150 or "fnv1a_64" in more, "most keys must stay where they are"
        gone = servers[1]
        gone.stop()
        for i, (mode, listed, more) in enumerate(settings):
            said = run("--mode", mode, "--keys", "400", *more, "--earlier", f"{i}-after-", "--prefix", f"{i}-down-", *listed)
            print(mode, *more)
            print(said, end="")
            assert f"{gone.name} does not answer" in said or "fnv1a_64" in more
        assert "no server answers" in run(f"127.0.0.1:{free_port()}", status=2)
        assert "is no server" in run("nonsense", status=2)
        with private_directory() as directory:
            redis = Redis(directory)
            servers.append(redis)
            assert "not as a memcached server does" in run(names[0], redis.name, status=2)
        assert "does not resolve" in run(names[0], "no-such-host.invalid:11211", status=2)
        for prefix in ("a b", "x" * 241, "a\n"):
            assert "begins no key of memcached" in run(names[0], "--prefix", prefix, status=2)
        # One that is silent is waited for no longer than was said. libmemcached itself goes on asking it.
        os.kill(servers[2].process.pid, signal.SIGSTOP)
        said = run("--timeout-ms", "20", "--keys", "30", names[0], names[2], status=1)
        assert f"{names[2]} does not answer" in said, said
        assert "is listed twice" in run(names[0], names[0], status=2)
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""redis_shards against real Redis servers.

usage: redis_shards_test.py REDIS_SHARDS TRAFFIC SCENARIO... [--kills N] [--seed N]

SCENARIO is one of those below, or `all`. The servers listen on 127.0.0.1 and end with this program.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

from changes import CHANGES
from servers import Memcached, Redis, die_with_parent, private_directory
from shards import KEYS, Shards, given


def add_and_remove(shards):
    """A load of 100 000 keys; a server is added and another removed while programs read and write."""
    shards.load(KEYS)
    before = shards.where()
    joining = shards.start()
    shards.begin_traffic(2)
    said = shards.run("add", joining.name)
    print("   ", said.strip())
    shards.end_traffic()
    shards.check()
    # Exactly the keys whose owner has changed have moved, all of them to the new server.
    own = lambda keys: {key for key in keys if not key.startswith(b"traffic")}
    after = shards.where()
    moved = own(after[joining.name])
    assert 0.2 < len(moved) / KEYS < 0.3
    for server in shards.servers[:3]:
        assert own(before[server.name]) - own(after[server.name]) <= moved
        assert own(after[server.name]) <= own(before[server.name])
    leaving = shards.servers[0]
    shards.begin_traffic(2)
    print("   ", shards.run("remove", leaving.name).strip())
    shards.end_traffic()
    assert not leaving.keys()
    shards.check()
    status = shards.run("status", "--json")
    assert leaving.name not in status and '"moving": false' in status
    assert not os.path.exists(shards.journal)


def some_change(is_adding, joining):
    """An add or remove, or what may follow one that was interrupted."""
    return random.choices([("add" if is_adding else "remove", joining.name), ("abort",), ("resume",)], (6, 1, 1))[0]


def killed_mover(shards):
    """The program that moves is killed again and again at any moment, and goes on or goes back."""
    shards.load(20000)
    joining = shards.start()
    shards.begin_traffic()
    kills = 0
    is_adding = True
    while kills < given.kills:
        change = some_change(is_adding, joining)
        process = subprocess.Popen(shards.command("--batch", "150", *change), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
        try:
            time.sleep(random.random() ** 2 * 0.7)
            process.kill()
            said = process.communicate()[0]
        finally:
            process.kill()
        # It may have been done before it was killed, this time or the last.
        if (process.returncode == 0 and len(change) == 2) or b"in the ring" in said:
            is_adding = not is_adding
        if process.returncode != -signal.SIGKILL:
            refusals = (b"in the ring", b"moving already", b"nothing to abort", b"say abort again")
            assert process.returncode == 0 or any(refusal in said for refusal in refusals), said
            continue
        kills += 1
        if kills % 7 == 0:
            os.remove(shards.journal) if os.path.exists(shards.journal) else None  # lost with the machine
    end_moves(shards)
    shards.end_traffic()
    shards.check()


def end_moves(shards):
    """Whatever was interrupted is ended."""
    if b"say abort again" in subprocess.run(shards.command("resume"), capture_output=True).stderr:
        shards.run("abort")
    assert "No keys are moving" in shards.run("resume")


def killed_anything(shards):
    """The program, and servers, old and new, are killed at any moment; servers come back with their append-only files."""
    shards.load(20000)
    joining = shards.start()
    shards.begin_traffic(timeout_ms=500)
    kills = 0
    is_adding = True
    while kills < given.kills:
        change = some_change(is_adding, joining)
        process = subprocess.Popen(shards.command("--batch", "150", *change), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
        try:
            time.sleep(random.random() ** 2 * 0.7)
            if random.random() < 0.7:
                random.choice(shards.servers).restart()
                kills += 1
            if random.random() < 0.5:
                process.kill()
                kills += 1
            said = process.communicate(timeout=60)[0]
        finally:
            process.kill()
        if (process.returncode == 0 and len(change) == 2) or b"in the ring" in said:
            is_adding = not is_adding
        if process.returncode != 0:
            assert process.returncode == -signal.SIGKILL or (process.returncode == 2 and said.count(b"\n") == 1), said
    end_moves(shards)
    shards.end_traffic()
    shards.check()


def killed_destination(shards):
    """The server that gets keys is killed, started again with its append-only file, and the move goes on."""
    shards.load(20000)
    joining = shards.start()
    shards.begin_traffic(timeout_ms=500)
    for round_ in range(3):
        process = subprocess.Popen(shards.command("--batch", "100", "add", joining.name), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent)
        time.sleep(0.1 + 0.15 * round_)
        joining.kill()
        said = process.communicate(timeout=60)[0]
        joining.start()
        if process.returncode == 0:
            break
        assert process.returncode == 2 and said.count("\n") == 1, said
        print("   ", said.strip())
    print("   ", shards.run("resume").strip())
    shards.end_traffic()
    shards.check()
    # A source is killed as well.
    process = subprocess.Popen(shards.command("--batch", "100", "remove", joining.name), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent)
    time.sleep(0.3)
    joining.restart()
    process.communicate(timeout=60)
    shards.run("resume")
    shards.check()


# With everysec, while an fsync() runs, Redis confirms writes before it has written them: kill -9 loses some, with
# or without a move.
killed_anything.options = killed_destination.options = ("--appendfsync", "no")


def lost_destination(shards):
    """The server that gets keys comes back without its data: before it owns any it gets them again, afterwards that is
    said."""
    shards.load(20000)
    joining = shards.start()

    def is_released():
        return any(b"released" in server("HVALS", "perturb:ring") for server in shards.servers[:3])

    def interrupt(is_time):
        process = subprocess.Popen(shards.command("--batch", "20", "add", joining.name), preexec_fn=die_with_parent)
        while not is_time():
            time.sleep(0.001)
        process.kill()
        process.wait()

    interrupt(lambda: joining("DBSIZE") > 100)
    assert not is_released()
    joining.lose_data()
    shards.run("resume")
    shards.check()
    shards.run("remove", joining.name)
    shards.check()
    interrupt(is_released)
    joining.lose_data()
    shards.refuse("resume", says="was started again without its data")
    shards.refuse("add", joining.name, says="was started again without its data")
    shards.refuse("abort", says="was started again without its data")


def full_destination(shards):
    """A server without room is refused before anything moves; one that fills up on the way too, and the source keeps
    everything."""
    shards.load(20000, size=400)
    small = shards.start("--maxmemory", "2mb")
    shards.refuse("add", small.name, says="has not enough memory")
    small("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru")
    shards.refuse("add", small.name, says="evicts keys")
    small("CONFIG", "SET", "maxmemory-policy", "noeviction")
    sources = {server.name: server.keys() for server in shards.servers[:3]}

    def fill():
        while not small("DBSIZE") > 300:
            time.sleep(0.001)
        small("CONFIG", "SET", "maxmemory", "1mb")

    thread = threading.Thread(target=fill)
    thread.start()
    said = shards.run("--batch", "50", "add", small.name, status=2)
    thread.join()
    assert said.count("\n") == 1 and "is full (maxmemory)" in said, said
    assert {server.name: server.keys() for server in shards.servers[:3]} == sources
    said = shards.run("resume", status=2)
    assert "is full (maxmemory)" in said, said
    shards.run("abort")
    assert not small.keys()
    shards.check()
    small("CONFIG", "SET", "maxmemory", "100mb")
    shards.run("add", small.name)
    shards.check()


def rivals(shards):
    """Two programs add different servers at the same moment: one of them is refused, and the other is not disturbed."""
    shards.load(1000)
    for _ in range(4):
        pair = [shards.start(), shards.start()]
        running = []
        for server in pair:
            command = shards.command("--journal", f"{shards.journal}-{server.port}", "add", server.name)
            running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                            preexec_fn=die_with_parent))
        said = [process.communicate(timeout=120)[0] for process in running]
        assert 0 in [process.returncode for process in running], said
        for server, process in zip(pair, running):
            if process.returncode == 0:
                shards.run("remove", server.name)
            shards.servers.remove(server)
            server.stop()
        shards.check()


def bad_input(shards):
    """Whatever is wrong: one message, exit status 2, and nothing has moved."""
    shards.load(2000)
    empty = shards.start()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent_name = f"127.0.0.1:{silent.getsockname()[1]}"
        shards.refuse("--timeout-ms", "100", "add", silent_name, says=f"{silent_name} did not answer within 100 ms")
    shards.refuse("add", silent_name, says="cannot be reached: Connection refused")
    shards.refuse("add", "no-such-host.invalid:6379", says="cannot be reached: ")
    for address in ("nonsense", "host:", ":1", "host:70000", "host:x"):
        shards.refuse("add", address, says="is no address of a server")
    memcached = Memcached()
    try:
        shards.refuse("add", memcached.name, says="answers, but not as a Redis server does")
    finally:
        memcached.stop()
    shards.refuse("add", shards.servers[0].name, says="is in the ring already")
    shards.refuse("add", f"localhost:{shards.servers[0].port}", says="are the same server")
    shards.refuse("remove", empty.name, says="is not in the ring")
    empty("SET", "somebody's", "key")
    shards.refuse("add", empty.name, says="holds 1 keys already")
    empty("FLUSHALL")

    # A server stops answering in the middle of it.
    os.kill(shards.servers[1].process.pid, signal.SIGSTOP)
    said = shards.run("--timeout-ms", "200", "add", empty.name, status=2)
    os.kill(shards.servers[1].process.pid, signal.SIGCONT)
    assert said.count("\n") == 1 and "did not answer within 200 ms" in said, said
    assert not empty.keys()

    # An interrupted change is not taken for another one.
    process = subprocess.Popen(shards.command("--batch", "1", "add", empty.name), preexec_fn=die_with_parent)
    while not empty.keys():
        time.sleep(0.005)
    process.kill()
    process.wait()
    shards.refuse("add", empty.name, "--weight", "2", says="keys are moving already")
    shards.run("abort")

    # Output that nobody can read; a connection must not take the place of the standard output.
    with open("/dev/full", "w") as full:
        done = subprocess.run(shards.command("status"), stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and done.stderr.endswith("the standard output cannot be written\n"), done
    shards.run("put", "order", "PING\n" * 5000 + "FLUSHALL\n" + "PING\n" * 5000)
    before = shards.where()
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *shards.command("get", "order")], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and done.stderr.endswith("the standard output cannot be written\n"), done
    assert shards.where() == before

    # Keys of any bytes are compared.
    shards.run("put", "two\nlines\\\t", "value")
    path = os.path.join(shards.directory, "listed")
    shards.run("verify", "--list", path)
    shards.run("verify", "--same-as", path)
    shards.run("put", "two\nlines\\\t", "another")
    assert "two\\nlines\\\\\\t was string" in shards.run("verify", "--same-as", path, status=1)
    shards.run("put", "order", "two")

    # Passwords.
    shards.refuse("--password", "secret", "add", empty.name, says="has no password, but one is given")
    empty("CONFIG", "SET", "requirepass", "secret")
    shards.refuse("add", empty.name, says="wants a password")
    for server in shards.servers[:3]:
        server("CONFIG", "SET", "requirepass", "secret")
    shards.refuse("--password", "wrong", "add", empty.name, says="does not accept the password")
    for server in shards.servers:
        server("CONFIG", "SET", "requirepass", "")

    # Another ring, and its journal.
    others = [Redis(shards.directory), Redis(shards.directory)]
    shards.servers += others
    process = subprocess.run(shards.command("status", members=others), capture_output=True, check=True)
    shards.refuse("add", others[0].name, says="belongs to another ring")
    shards.refuse("status", members=[shards.servers[0], others[0]], says="belongs to another ring")
    shards.run("load", os.path.join(shards.directory, "keys"), members=others)
    other = shards.start()
    process = subprocess.Popen(shards.command("--batch", "1", "add", other.name, members=others),
                               preexec_fn=die_with_parent)
    while not other.keys():
        time.sleep(0.005)
    said = shards.run("add", empty.name, status=2)
    assert said.count("\n") == 1 and "another process has it open" in said and not empty.keys(), said
    process.kill()
    process.wait()
    shards.refuse("add", empty.name, says="belongs to another migration")
    with open(shards.journal, "r+b") as journal:
        journal.seek(20)
        journal.write(b"\xff")
    shards.refuse("add", empty.name, says="is damaged at byte")
    with open(shards.journal, "w", encoding="ascii") as journal:
        journal.write("a letter to my aunt")
    shards.refuse("add", empty.name, says="it is a file of something else")
    os.remove(shards.journal)
    shards.refuse("--journal", "/no/such/directory/j", "add", empty.name, says="cannot be opened")
    for server in (*others, other):
        server.stop()

    # Configurations.
    path = os.path.join(shards.directory, "config.json")
    run = lambda: subprocess.run([given.program, "--config", path, "status"], capture_output=True, text=True)
    for text, says in (
        (None, "No such file"),
        ("{", "parse error at line"),
        ("[1]", "it must be an object"),
        ('{"servers": 7}', "'servers' has the wrong type"),
        ('{"servers": ["a:1"], "colour": "red"}', "has 'colour', which is not known"),
        ('{"servers": ["a:1", "a:1"]}', "is listed twice"),
        ('{"servers": []}', "no servers are given"),
        ('{"servers": ["a:1"], "timeout_ms": "soon"}', "'timeout_ms' has the wrong type"),
        ('{"servers": [{"address": "a:1", "weight": -1}]}', "the weight of a:1"),
        ('{"servers": [{"address": "a:1", "wieght": 2}]}', "has a server with 'wieght', which is not known"),
        ('{"servers": [["a:1"]]}', "'servers' has the wrong type"),
        ('{"servers": ["a:1"], "timeout_ms": 4294967297}', "timeout_ms must be in 1...3600000"),
        ('{"servers": ["a:1"], "timeout_ms": 1.5}', "'timeout_ms' has the wrong type"),
        ('{"servers": ["a:1"], "batch": -1}', "batch must be in 1...5000"),
        ('{"servers": ["a:1"], "user": "somebody"}', "a user is given without a password"),
    ):
        if text is not None:
            with open(path, "w", encoding="ascii") as out:
                out.write(text)
        done = run()
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and says in done.stderr, (text, done)
    done = subprocess.run([given.program, "--config", shards.directory, "status"], capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.endswith(f"{shards.directory} cannot be read: Is a directory\n"), done
    # A good one is kept up to date.
    with open(path, "w", encoding="ascii") as out:
        out.write('{"servers": [%s], "disk_wait_ms": 0, "journal": "%s"}'
                  % (", ".join(f'"{server.name}"' for server in shards.servers[:3]), shards.journal))
    subprocess.run([given.program, "--config", path, "add", empty.name], check=True, stdout=subprocess.DEVNULL)
    with open(path, encoding="ascii") as config:
        assert empty.name in config.read()

    # A server that comes back without its data is not taken for an empty one.
    shards.servers[1].lose_data()
    shards.refuse("status", says="does not know the ring")


SCENARIOS = {f.__name__: f for f in (add_and_remove, killed_mover, killed_anything, killed_destination, lost_destination, full_destination, rivals, bad_input, *CHANGES)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("traffic")
    parser.add_argument("scenario", nargs="+", choices=[*SCENARIOS, "all"])
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    given.program, given.traffic, given.kills = options.program, options.traffic, options.kills
    seed = options.seed if options.seed is not None else random.randrange(1 << 30)
    random.seed(seed)
    names = list(SCENARIOS) if "all" in options.scenario else options.scenario
    for name in names:
        print(f"{name} (seed {seed}): {SCENARIOS[name].__doc__}", flush=True)
        begin = time.time()
        with private_directory() as directory:
            shards = Shards(directory, options=getattr(SCENARIOS[name], "options", ()))
            try:
                SCENARIOS[name](shards)
            finally:
                shards.close()
        print(f"    passed in {time.time() - begin:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

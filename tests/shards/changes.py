# SPDX-License-Identifier: MIT
"""Scenarios of redis_shards_test.py in which something else happens at the same moment: the ring changes under a load, a
change is taken back, several programs set up the same servers, servers answer slowly."""

import os
import random
import signal
import socket
import subprocess
import threading
import time

from servers import die_with_parent


def begin(shards, *arguments, **more):
    return subprocess.Popen(shards.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            preexec_fn=die_with_parent, **more)


def load_under_change(shards):
    """The ring changes in the middle of a load: what was planned with the old ring lands nowhere else."""
    joining = shards.start()
    keys = 3000

    def lines(value, count=keys):
        return "".join(f"key:{i}\t{value}{i}" + ("\t9999\n" if i % 40 == 0 else "\n") for i in range(count))

    def check(value):
        shards.run("verify")
        found = {}
        for server in shards.servers:
            here = [key for key in server.keys() if key.startswith(b"key:")]
            found.update(zip(here, server("MGET", *here)) if here else ())
            assert b"key:40" not in here or server("TTL", "key:40") > 9000
        assert found == {b"key:%d" % i: b"%s%d" % (value, i) for i in range(keys)}, "a key lacks its last value"

    # Batches are ready to be sent when the ring changes, or it changes before the first line is read.
    for early in (lines("old") + lines("older", keys // 2), ""):
        for change in ("add", "remove"):
            process = begin(shards, "load", "-", stdin=subprocess.PIPE)
            process.stdin.write(early)
            process.stdin.flush()
            while early and sum(server("DBSIZE") for server in shards.servers) < keys // 2:
                time.sleep(0.002)
            while not all(server("CLIENT", "LIST").count(b"\n") > 1 for server in shards.servers[:3]):
                time.sleep(0.002)
            shards.run(change, joining.name)
            said = process.communicate(lines("new"))[0]
            assert process.returncode == 0, said
            check(b"new")
    # It changes all the time.
    process = begin(shards, "load", "-", stdin=subprocess.PIPE)
    thread = threading.Thread(target=lambda: [shards.run(change, joining.name) for change in ("add", "remove")])
    thread.start()
    while thread.is_alive():
        process.stdin.write(lines("again"))
        process.stdin.flush()
    said = process.communicate(lines("last"))[0]
    assert process.returncode == 0, said
    check(b"last")


def aborted(shards):
    """An abort moves back what has passed, itself killed and gone on with, under traffic."""
    shards.load(4000)
    before = shards.where()
    joining = shards.start()
    shards.begin_traffic()

    def interrupt(change, moved, state=b"released"):
        back = {"add": "remove", "remove": "add"}[change]
        for _ in range(10):
            process = begin(shards, "--batch", "40", change, moved.name)
            while process.poll() is None and not any(state in s("HVALS", "perturb:ring") for s in shards.servers):
                pass
            process.kill()
            said = process.communicate()
            assert process.returncode in (0, -signal.SIGKILL), said
            if state != b"released" or '"moving": true' in shards.run("status", "--json"):
                return
            # On a busy machine it has moved all keys before it was killed.
            shards.run(back, moved.name)
        raise AssertionError(f"{change} has ended before it was killed, ten times")

    for change, server in (("add", joining), ("remove", shards.servers[0])):
        interrupt(change, server)
        assert "The ring is as it was: 3 servers" in shards.run("abort")
        shards.check()
        interrupt(change, server)
        for _ in range(2):
            process = begin(shards, "--batch", "40", "abort")
            time.sleep(random.random() * 0.1)
            process.kill()
            process.communicate()
        if '"moving": true' in shards.run("status", "--json"):
            shards.run("abort")
        assert '"moving": false' in shards.run("status", "--json")
        shards.check()
    # Killed before the others have heard of it: what it keeps cannot pass any more.
    interrupt("add", joining, b"sending")
    for server in shards.servers[:3]:
        fields = server("HGETALL", "perturb:ring")
        if b"sending" in fields:
            server("HSET", "perturb:ring", fields[fields.index(b"sending") - 1], "kept")
    said = shards.run("resume", status=2)
    assert said.endswith("an abort was interrupted before it could begin: say abort again\n"), said
    shards.run("abort")
    # The journal of a change that was ended elsewhere is in nobody's way.
    interrupt("add", joining, b"sending")
    shards.run("--journal", shards.journal + "-2", "resume")
    assert os.path.exists(shards.journal)
    shards.run("remove", joining.name)
    shards.end_traffic()
    shards.check()
    own = lambda keys: {key for key in keys if not key.startswith(b"traffic")}
    after = shards.where()
    assert all(own(after[name]) == own(before[name]) for name in before), "keys are not where they were"
    # A server that keys go back to has others already: without its data it is not taken for an empty one.
    leaving = shards.servers[0]
    interrupt("remove", leaving)
    process = begin(shards, "--batch", "1", "abort")
    while b'"kept"' not in leaving("HGET", "perturb:ring", "state"):
        assert process.poll() is None, process.communicate()
    process.kill()
    process.communicate()
    leaving.lose_data()
    shards.refuse("resume", says=f"{leaving.name} does not know the ring that it belongs to")


def first_use(shards):
    """Several programs set up the same servers at once with different lists, and die in between: one ring comes of it."""
    a, b, c = shards.servers
    lists = [[a, b], [b, c], [c, a], [a, b, c]]
    outcomes = set()
    for round_ in range(15):
        for server in shards.servers:
            server("FLUSHALL")
        members = random.sample(lists, 3)
        running = []
        for listed in members:
            command = shards.command("put", "key", "value", members=listed)
            running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                            preexec_fn=die_with_parent))
        if round_ % 5 != 0:
            time.sleep(random.random() * 0.02)
            for process in random.sample(running, 2):
                process.kill()
        said = [process.communicate(timeout=60)[0] for process in running]
        rings = set()
        for listed in members:
            for is_again in (False, True):
                done = subprocess.run(shards.command("status", "--json", members=listed), capture_output=True, text=True)
                if done.returncode == 0:
                    rings.add(tuple(server.name for server in shards.servers if server.name in done.stdout))
                    break
                # At most once: then the ring is there, and each of its servers leads to it.
                assert "another program has set up a ring of" in done.stderr and not is_again, (said, done.stderr)
        assert len(rings) == 1, (said, rings)
        outcomes |= {process.returncode for process in running}
        for process, text in zip(running, said):
            assert process.returncode in (0, -signal.SIGKILL) or "another program has set up a ring of" in text, text
    assert 0 in outcomes
    # What a program that died has left of a ring that came to nothing is in nobody's way.
    for server in shards.servers:
        server("FLUSHALL")
    state = '{"ring":"9-9","servers":[["%s",1.0],["%s",1.0]]}' % (a.name, c.name)
    c("HSET", "perturb:ring", "ring", "9-9", "epoch", "1", "state", state)
    shards.run("put", "key", "value", members=[a, b])
    shards.run("add", c.name)
    shards.run("verify")


def answers(replies, pause=0.0):
    """A server that answers each connection's requests with these, byte by byte if there is a pause. Gives its name."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()

    def serve():
        while True:
            connection = listening.accept()[0]
            try:
                for reply in replies:
                    connection.recv(65536)
                    for i in range(len(reply) if pause else 1):
                        connection.sendall(reply[i : i + 1] if pause else reply)
                        time.sleep(pause)
                connection.recv(65536)
            except OSError:
                pass
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"127.0.0.1:{listening.getsockname()[1]}"


def strange_servers(shards):
    """Servers that send their replies byte by byte, or are too old: one message each."""
    shards.run("put", "key", "value")
    info = lambda version: b"# Server\r\nredis_version:%s\r\nrun_id:1\r\nredis_mode:standalone\r\nrole:master\r\n" % version
    bulk = lambda text: b"$%d\r\n%s\r\n" % (len(text), text)
    for version in (b"6.2.14", b"2.8.0"):
        old = answers([b"+PONG\r\n", bulk(info(version))])
        shards.refuse("add", old, says=f"{old} has version {version.decode()}, and 7.0 or later is needed")
    nameless = answers([b"+PONG\r\n", bulk(b"version:1\r\n")])
    shards.refuse("add", nameless, says=f"{nameless} answers, but not as a Redis server does")
    forbidden = answers([b"+PONG\r\n", b"-NOPERM this user has no permissions to run the 'info' command\r\n"])
    shards.refuse("add", forbidden, says=f"{forbidden} refuses INFO: NOPERM")
    # Each byte comes long before the time-out, the whole reply after it: it would take 5 s.
    for replies in ([b"+" + b"P" * 500 + b"\r\n"], [b"+PONG\r\n", bulk(info(b"7.0.0") + b"x" * 400)]):
        slow = answers(replies, pause=0.01)
        shards.refuse("--timeout-ms", "300", "add", slow, says=f"{slow} did not answer within 300 ms")


def large_values(shards):
    """A step of a move holds no more values in memory than was said."""
    value = "v" * 1_000_000
    command = shards.command("load", "-")
    subprocess.run(command, input="".join(f"key:{i}\t{value}\n" for i in range(40)), text=True, check=True,
                   stdout=subprocess.DEVNULL)
    shards.run("write", "list", "RPUSH", "list", *["x" * 50000] * 40)
    shards.expected = shards.list()
    joining = shards.start()
    process = subprocess.Popen(shards.command("--batch-mb", "1", "add", joining.name), stdout=subprocess.DEVNULL,
                               preexec_fn=die_with_parent)
    usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(usage[1])
    assert process.returncode == 0
    assert joining("DBSIZE") > 3
    assert usage[2].ru_maxrss < 24_000, f"{usage[2].ru_maxrss} KB of memory"
    shards.check()


CHANGES = (load_under_change, aborted, first_use, strange_servers, large_values)

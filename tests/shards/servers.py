# SPDX-License-Identifier: MIT
"""Real Redis and memcached servers for tests: on 127.0.0.1, on free ports, in a private directory, and stopped in the
end whatever happens: they are children that the kernel kills when this process dies."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """A Redis server and a connection to it."""

    def __init__(self, directory, *options):
        self.options = options
        self.process = None
        self.socket = None
        for last in (False, False, False, True):
            self.port = free_port()
            self.name = f"127.0.0.1:{self.port}"
            self.directory = os.path.join(directory, str(self.port))
            os.makedirs(self.directory, exist_ok=True)
            try:
                self.start()
                return
            except RuntimeError:  # somebody else may have taken the port
                self.stop()
                if last:
                    raise

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.directory]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--logfile", "log"]
        command += ["--enable-debug-command", "yes", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self.wait_until_ready()

    def wait_until_ready(self):
        for _ in range(1000):
            try:
                self.connect()
                is_own = b"process_id:%d\r" % self.process.pid in self("INFO", "server")
                if is_own and self("PING") == "PONG":  # and not LOADING
                    return
            except (OSError, TypeError):  # not there, or not ready
                pass
            if self.process.poll() is not None:
                raise RuntimeError(f"redis-server on port {self.port} ended: see {self.directory}/log")
            time.sleep(0.01)
        raise RuntimeError(f"redis-server on port {self.port} is not ready")

    def connect(self):
        if self.socket:
            self.socket.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.input = self.socket.makefile("rb")

    def __call__(self, *command):
        """The reply to a command; an error is a RuntimeError in the reply's place."""
        parts = [part if isinstance(part, bytes) else str(part).encode() for part in command]
        wire = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        self.socket.sendall(wire)
        return self.reply()

    def reply(self):
        line = self.input.readline()
        if not line:
            raise OSError("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else self.input.read(size + 2)[:-2]
        return None if int(rest) < 0 else [self.reply() for _ in range(int(rest))]

    def keys(self):
        """The keys of users, without the one of the tests that expires meanwhile."""
        return {key for key in self("KEYS", "*") if not key.startswith(b"perturb:") and key != b"short"}

    def kill(self):
        self.process.kill()
        self.process.wait()

    def lose_data(self):
        """As a server without an append-only file after a crash."""
        self.kill()
        shutil.rmtree(self.directory)
        os.makedirs(self.directory)
        self.start()

    def restart(self):
        self.kill()
        self.start()

    def stop(self):
        if self.socket:
            self.socket.close()
        if self.process:
            self.process.kill()
            self.process.wait()


class Memcached:
    """A memcached server."""

    def __init__(self):
        for last in (False, False, False, True):
            try:
                self.start()
                return
            except RuntimeError:  # somebody else may have taken the port
                self.stop()
                if last:
                    raise

    def start(self):
        self.port = free_port()
        self.name = f"127.0.0.1:{self.port}"
        command = ["memcached", "-l", "127.0.0.1", "-p", str(self.port), "-U", "0", "-m", "32", "-t", "1"]
        if os.getuid() == 0:
            command += ["-u", "root"]
        self.process = subprocess.Popen(command, preexec_fn=die_with_parent)
        for _ in range(1000):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                probe.sendall(b"stats\r\n")
                if b"STAT pid %d\r" % self.process.pid in probe.recv(65536):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError("memcached is not ready")

    def stop(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def private_directory():
    directory = tempfile.mkdtemp(prefix="perturb-shards-")
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)

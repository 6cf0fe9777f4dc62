# SPDX-License-Identifier: MIT
"""Random configurations of other programs, written in many of the ways that their grammars allow, and what the live
program chooses by each: for compare_import.py.

For each program there is a function `NAME(random)` that returns a Case; its `ask(keys)` gives the name by which
perturb-ring calls the chosen server, or None where the program cannot be asked for that key."""

import ctypes
import dataclasses
import os
import typing

import common
import haproxy as haproxy_oracle
import libmemcached as libmemcached_oracle
import nginx as nginx_oracle
import twemproxy as twemproxy_oracle


@dataclasses.dataclass
class Case:
    text: str  # the configuration, or the option string
    name: str  # of the upstream, the backend or the pool
    ask: typing.Callable
    files: dict = dataclasses.field(default_factory=dict)  # that it includes


def missing(program):
    return {
        "nginx": nginx_oracle,
        "haproxy": haproxy_oracle,
        "twemproxy": twemproxy_oracle,
        "libmemcached": libmemcached_oracle,
    }[program].missing()


def space(random):
    return random.choice([" ", "  ", "\t", " \t "])


# ---- nginx ----------------------------------------------------------------------------------------------------------


def nginx_word(random, word):
    """A word as it is, in quotes, or with characters that need no backslash behind one."""
    kind = random.randrange(6)
    if kind == 0:
        return f'"{word}"'
    if kind == 1:
        return f"'{word}'"
    return word


def nginx_lines(random, servers):
    lines = []
    for host, port, weight, is_down in servers:
        parameters = [f"weight={weight}"] if weight != 1 or random.random() < 0.3 else []
        parameters += ["down"] if is_down else []
        parameters += random.sample(["max_fails=0", "fail_timeout=7s", "max_conns=0"], random.randrange(3))
        random.shuffle(parameters)
        if "max_fails=0" not in parameters:
            parameters.append("max_fails=0")
        words = ["server", nginx_word(random, f"{host}:{port}" if port else host), *parameters]
        lines.append((space(random) if random.random() < 0.8 else "\n  ").join(words) + random.choice([";", " ;", "\n;"]))
        if random.random() < 0.2:
            lines.append(random.choice(["# server 9.9.9.9; }", "#{", "#"]))
    return lines


def nginx(random):
    listed, seen = [], set()
    for _ in range(random.choice([1, 2, 3, 7, 20])):
        kind = random.randrange(4)
        host = (
            f"127.{random.randint(1, 255)}.{random.randrange(256)}.{random.randint(1, 254)}"
            if kind < 2
            else f"127.{random.randint(1, 255)}.{random.randint(1, 65000)}"
            if kind == 2
            else f"unix:/run/perturb-{random.getrandbits(40):x}.sock"
        )
        port = 0 if host[0] == "u" else random.choice([0, 8080, common.silent_port(random)])
        peer = nginx_oracle.peer_of(common.Server(host, port))
        if peer in seen:
            continue
        seen.add(peer)
        listed.append((host, port, random.choice([1, 1, 2, 5, 30]), random.random() < 0.1))
    # nginx looks at twenty points and then takes the servers in turn: with few points down, that never happens.
    if 3 * sum(weight for *_, weight, down in listed if down) > sum(weight for *_, weight, down in listed if not down):
        listed = [(*server[:3], False) for server in listed]
    written = list(listed)
    if random.random() < 0.4:  # a line twice, with another weight
        host, port, _, down = random.choice(listed)
        written.insert(random.randrange(len(written) + 1), (host, port, 1 if down else random.choice([1, 9]), down))
    lines = nginx_lines(random, written)
    variable = random.choice(["$http_x_key", "${http_x_key}"])
    if random.random() < 0.1:
        lines.append("keepalive 2;")
    method = f"hash {nginx_word(random, variable)}{space(random)}consistent;"
    lines.insert(random.randrange(len(lines) + 1), method)
    files = {}
    if random.random() < 0.4 and len(lines) > 2:
        cut = random.randrange(len(lines))
        files["more-servers.inc"] = "\n".join(lines[cut:]) + "\n"
        lines = lines[:cut] + ["include more-*.inc;" if random.random() < 0.5 else 'include "more-servers.inc";']
    others = "  upstream other { server 127.0.0.1:9; ip_hash; }\n" if random.random() < 0.5 else ""
    upstream = f"  upstream {nginx_word(random, 'servers')}{random.choice([' ', ''])}" + "{\n" + "\n".join(lines) + "\n  }\n"
    text = CONFIGURATION.replace("@UPSTREAMS@", others + upstream)
    names = {
        nginx_oracle.peer_of(common.Server(host, port)): f"{host}:{port}" if port else host for host, port, *_ in listed
    }

    def ask(keys):
        port = common.free_port()
        can_ask = [common.is_header_value(key) for key in keys]
        with common.Sandbox() as sandbox:
            for name, content in files.items():
                sandbox.write(name, content)
            path = sandbox.write("nginx.conf", text.replace("@DIR@", sandbox.directory).replace("@PORT@", str(port)))
            sandbox.start("nginx", "-p", sandbox.directory, "-e", sandbox.path("error.log"), "-c", path)
            with sandbox.connect(port) as connection:
                peers = iter(common.ask_http(connection, [k for k, yes in zip(keys, can_ask) if yes], "X-Peer"))
            return [names[next(peers)] if yes else None for yes in can_ask]

    return Case(text, "servers", ask, files)


CONFIGURATION = """daemon off; master_process off; pid @DIR@/pid; error_log @DIR@/error.log crit;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path @DIR@/body; proxy_temp_path @DIR@/proxy; fastcgi_temp_path @DIR@/fastcgi;
  uwsgi_temp_path @DIR@/uwsgi; scgi_temp_path @DIR@/scgi;
  large_client_header_buffers 4 32k; keepalive_requests 1000000; variables_hash_max_size 2048;
  map $http_x_other $mapped { default "a;b{"; '~*\\.(css|js)$' 1; }
@UPSTREAMS@
  server {
    listen 127.0.0.1:@PORT@;
    location ~ "^/x{1,3}$" { return 204; }
    location / { proxy_pass http://servers; proxy_next_upstream off; add_header X-Peer $upstream_addr always; }
  }
}
"""


# ---- HAProxy --------------------------------------------------------------------------------------------------------


def haproxy_word(random, word):
    kind = random.randrange(6)
    if kind == 0:
        return f'"{word}"'
    if kind == 1:
        return f"'{word}'"
    if kind == 2:
        return word[0] + '"' + word[1:] + '"'
    if kind == 3:
        return f"\\x{ord(word[0]):02x}" + word[1:]
    return word


def haproxy(random):
    """The servers are all one listener of HAProxy's own, which returns the name of the chosen one."""
    lines = []
    weight = None
    names = []
    used_ids = set()
    for number in range(random.choice([1, 2, 3, 8, 25])):
        if random.random() < 0.2:
            weight = random.choice([1, 5, 100])
            lines.append(f"  default-server weight {weight}{random.choice(['', ' inter 2s', ' maxconn 1000 # weight 3'])}")
        if random.random() < 0.15:
            count = random.randint(1, 3)
            lines.append(f"  server-template t{number}x {random.choice([str(count), f'1-{count}'])} 127.0.0.1:@ANSWERING@")
            names += [f"t{number}x{i + 1}" for i in range(count)]
            continue
        words = ["server", haproxy_word(random, f"srv{number}"), "127.0.0.1:@ANSWERING@"]
        parameters = []
        if random.random() < 0.5:
            parameters.append(f"weight {haproxy_word(random, str(random.choice([1, 2, 10, 256])))}")
        elif random.random() < 0.2:
            parameters.append(random.choice(['weight "$HEAVY"', 'weight "${LIGHT}"', 'weight "${GONE-3}"']))
        if random.random() < 0.3:
            identity = random.choice([number + 1, random.randint(1, 60), random.randint(1, 2**31 - 1)])
            if identity not in used_ids:
                used_ids.add(identity)
                parameters.append(f"id {identity}")
        parameters += random.sample(["maxconn 2000", "cookie weight", "no-check", "slowstart 1ms", "error-limit 7"], 2)
        odd = random.randrange(12)
        if odd == 0 and number:
            parameters.append("disabled")
        elif odd == 1 and number:
            parameters.append("backup")
        elif odd == 2 and number:
            parameters.append("weight 0")
        random.shuffle(parameters)
        lines.append("  " + space(random).join(words + parameters) + random.choice(["", "  # weight 9", " "]))
        names.append(f"srv{number}")
    function = random.choice(["", "sdbm", "djb2", "wt6", "crc32"])
    avalanche = " avalanche" if function and random.random() < 0.5 else ""
    settings = ["  balance hdr(x-key)", f"  hash-type{space(random)}{haproxy_word(random, 'consistent')} {function}{avalanche}"]
    in_defaults = random.random() < 0.3
    if not in_defaults:
        lines.insert(random.randrange(len(lines) + 1), settings[0])
        lines.insert(random.randrange(len(lines) + 1), settings[1])
    named = random.random() < 0.5
    text = HAPROXY.replace("@DEFAULTS@", "\n".join(settings if in_defaults else []))
    text = text.replace("@FROM@", "from base" if named else "").replace("@SERVERS@", "\n".join(lines))

    def ask(keys):
        port, answering = common.free_port(), common.free_port()
        can_ask = [common.is_header_value(key) for key in keys]
        with common.Sandbox() as sandbox:
            filled = text.replace("@PORT@", str(port)).replace("@ANSWERING@", str(answering))
            sandbox.start("haproxy", "-db", "-f", sandbox.write("haproxy.cfg", filled))
            with sandbox.connect(port) as connection:
                answers = iter(common.ask_http(connection, [k for k, yes in zip(keys, can_ask) if yes], "X-Peer"))
            return [next(answers) if yes else None for yes in can_ask]

    return Case(text, "servers", ask)


HAPROXY = """global
  nbthread 1
  maxconn 200
  tune.bufsize 65536
  setenv HEAVY 99
  presetenv HEAVY 1
  presetenv LIGHT 2
  setenv GONE 50
  unsetenv GONE
defaults base
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
@DEFAULTS@
frontend asked
  bind 127.0.0.1:@PORT@
  default_backend servers
backend servers @FROM@
  http-send-name-header x-server
@SERVERS@
frontend answers
  bind 127.0.0.1:@ANSWERING@
  http-request return status 200 hdr X-Peer %[req.hdr(x-server)]
"""


# ---- twemproxy ------------------------------------------------------------------------------------------------------


def twemproxy(random):
    options, servers = twemproxy_oracle.random_case(random)
    servers = servers[:30]
    quote = lambda text: random.choice([text, f'"{text}"', f"'{text}'"])  # noqa: E731
    directives = [f"  hash: {quote(options['hash'])}"] if "hash" in options else []
    directives += [f"  hash_tag: \"{options['hash_tag']}\""] if "hash_tag" in options else []
    directives += ["  distribution: ketama"] if random.random() < 0.6 else []
    directives += ["  redis: true", "  listen: 127.0.0.1:@PORT@", "  timeout: 20000"]
    indent = random.choice(["  ", "   ", "    "])
    lines = [f"{indent}- {quote(twemproxy_oracle.line_of(server).removeprefix('   - '))}" + random.choice(["", "  # 9"]) for server in servers]
    directives.append("\n".join(["  servers:", *lines]))
    random.shuffle(directives)
    pool = "\n".join(["cache:", *directives]) + "\n"
    others = "other:\n  listen: 127.0.0.1:@OTHER@\n  distribution: modula\n  servers:\n  - 127.0.0.1:9:1\n"
    text = random.choice([pool, others + pool, pool + "# a comment\n\n" + others])

    def label(server):
        if server.name:
            return server.name
        return f"{server.host}:{server.port}" if server.port else server.host

    def ask(keys):
        port, other, stats = common.free_port(), common.free_port(), common.free_port()
        asked = [key for key in keys if twemproxy_oracle.can_ask(key)]
        places = []
        with twemproxy_oracle.Answerers(servers), common.Sandbox() as sandbox:
            path = sandbox.write("nutcracker.yml", text.replace("@PORT@", str(port)).replace("@OTHER@", str(other)))
            sandbox.start("nutcracker", "-c", path, "-s", str(stats), "-a", "127.0.0.1", "-v", "4")
            with sandbox.connect(port) as connection:
                stream = connection.makefile("rb")
                for start in range(0, len(asked), 50):
                    batch = asked[start : start + 50]
                    connection.sendall(b"".join(b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n" % (len(k), k) for k in batch))
                    for _ in batch:
                        stream.readline()
                        places.append(int(stream.readline()))
        answers = iter(places)
        return [label(servers[next(answers)]) if twemproxy_oracle.can_ask(key) else None for key in keys]

    return Case(text, "cache", ask)


# ---- libmemcached ---------------------------------------------------------------------------------------------------


def libmemcached(random):
    hosts, servers = set(), []
    for _ in range(random.choice([1, 2, 3, 10, 40])):
        host = random.choice(
            [f"10.0.{random.randrange(9)}.{random.randrange(256)}", f"cache-{random.randrange(99)}.example.com", "/"]
        )
        host = f"/run/m{random.getrandbits(20):x}.sock" if host == "/" else host
        port = 0 if host[0] == "/" else random.choice([0, 11211, random.randint(1, 65535)])
        label = host if host[0] == "/" else f"{host}:{port or 11211}"
        if label in hosts:
            continue
        hosts.add(label)
        weight = random.choice(["", "", "/?1", "/?2", f"/?{random.randint(1, 9999)}"])
        servers.append((label, f'--SOCKET="{host}"{weight}' if host[0] == "/" else f"--SERVER={host}{f':{port}' if port else ''}{weight}"))
    words = [word for _, word in servers]
    case = random.choice([str, str.lower, str.upper])
    distribution = random.choice(["consistent", "CONSISTENT", "consistent,MD5"])
    words.insert(random.choice([0, 0, 0, random.randrange(len(words) + 1)]), f"--DISTRIBUTION={distribution}")
    if random.random() < 0.6:
        words.insert(random.randrange(len(words) + 1), f"--HASH={case(random.choice(HASHES))}")
    if random.random() < 0.3:
        words.insert(random.randrange(len(words) + 1), "--SORT-HOSTS")
    for word in random.sample(["--VERIFY-KEY", "--TCP-NODELAY", "--POLL-TIMEOUT=7", "--BUFFER-REQUESTS"], 2):
        words.insert(random.randrange(len(words) + 1), word)
    text = " ".join(words)

    def ask(keys):
        lib = libmemcached_oracle.library()
        lib.memcached.restype = ctypes.c_void_p
        lib.memcached_server_instance_by_position.restype = ctypes.c_void_p
        lib.memcached_server_name.restype = ctypes.c_char_p
        lib.memcached_server_port.restype = ctypes.c_uint16
        memc = ctypes.c_void_p(lib.memcached(text.encode(), ctypes.c_size_t(len(text))))
        if not memc:
            raise RuntimeError(f"libmemcached refuses {text}")
        try:
            names = []
            for place in range(len(servers)):
                server = ctypes.c_void_p(lib.memcached_server_instance_by_position(memc, ctypes.c_uint32(place)))
                host = lib.memcached_server_name(server).decode()
                names.append(host if host[0] == "/" else f"{host}:{lib.memcached_server_port(server)}")
            return [names[lib.memcached_generate_hash(memc, key, ctypes.c_size_t(len(key)))] for key in keys]
        finally:
            lib.memcached_free(memc)

    return Case(text, "", ask)


HASHES = ["MD5", "CRC", "FNV1_64", "FNV1A_64", "FNV1_32", "FNV1A_32", "MURMUR", "JENKINS"]


def write(case, directory):
    """The configuration and what it includes, in a directory; the path of the configuration."""
    for name, content in case.files.items():
        with open(os.path.join(directory, name), "w", encoding="latin-1") as file:
            file.write(content)
    path = os.path.join(directory, "configuration")
    text = case.text.replace("@PORT@", "1").replace("@OTHER@", "2").replace("@ANSWERING@", "3").replace("@DIR@", directory)
    with open(path, "w", encoding="latin-1") as file:
        file.write(text)
    return path

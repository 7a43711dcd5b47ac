"""Requests that cost a server much more than they cost who sends them, and what they cost a process."""
import contextlib
import json
import os
import pathlib
import socket
import sqlite3
import struct

ROOT_FIELDS = 50  # as many as a document may have


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid, peak=False):
    name = "VmHWM:" if peak else "VmRSS:"
    for line in pathlib.Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise AssertionError("no such line")


class Caused:
    """What a process used between two moments."""

    def __init__(self, pid):
        self.pid, self.cpu, self.memory = pid, cpu_seconds(pid), resident_bytes(pid)

    def cpu_seconds(self):
        return cpu_seconds(self.pid) - self.cpu

    def memory_bytes(self):
        """At the most, beyond what there was."""
        return resident_bytes(self.pid, peak=True) - self.memory


def body_of(query, variables=None):
    return json.dumps({"query": query, "variables": variables}).encode()


def amplified(alias_bytes, roots=ROOT_FIELDS):
    """One alias, a key of each of some hundred items, of each of the roots."""
    fields = " ".join(f"p{i}: plugins {{ options {{ ...F }} }}" for i in range(roots))
    return f"{{ {fields} }} fragment F on PluginOption {{ {'a' * alias_bytes}: name }}"


def heavy(aliases=95):
    """An answer near the limit on bytes, by names that are as long as they may be."""
    names = " ".join(f"{'b' * 250}{i:04}: name" for i in range(aliases))
    return f"{{ plugins {{ options {{ {names} }} }} }}"


def conflicting(fields=690):
    """Each field conflicts with each other one."""
    return "{ runs {" + " ".join(f"x: totalCount{i}" if i % 2 else "x: nodes" for i in range(fields)) + "} }"


def post_head(host, body, more=""):
    return (f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{more}"
            f"Content-Length: {len(body)}\r\n\r\n").encode()


def connect_from(address, port):
    """From an address of this machine's own, as another client."""
    connection = socket.socket()
    connection.settimeout(60)
    connection.bind((address, 0))
    connection.connect(("127.0.0.1", port))
    return connection


def reading(run, fields=ROOT_FIELDS):
    """Asks the state as often as one operation may."""
    return "{" + " ".join(f"a{i}: run(id: \"{run}\") {{ ...R }}" for i in range(fields)) + "} fragment R on Run { id source failures { nodes { key } } }"


def text_frame(text):
    """A text of any length, as a client's frame."""
    data, mask = text.encode(), os.urandom(4)
    if len(data) < 126:
        head = struct.pack("!BB", 0x81, 0x80 | len(data))
    elif len(data) < 1 << 16:
        head = struct.pack("!BBH", 0x81, 0x80 | 126, len(data))
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | 127, len(data))
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


def subscribe_frame(operation, query):
    return text_frame(json.dumps({"type": "subscribe", "id": operation, "payload": {"query": query}}))


def complete_frame(operation):
    return text_frame(json.dumps({"type": "complete", "id": operation}))


def reset(connection):
    """Ends it without a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def add_failures(state, count):
    """To the one run of a state: rows, as if so many items had failed."""
    with contextlib.closing(sqlite3.connect(state)) as database, database:
        columns = [(name, kind) for _, name, kind, *_ in database.execute("pragma table_info(failure)") if name != "id"]
        values = [1 if name == "run" else 0 if kind == "integer" else "x" * 100 for name, kind in columns]
        names, places = ",".join(name for name, _ in columns), ",".join("?" * len(columns))
        database.executemany(f"insert into failure ({names}) values ({places})", [values] * count)


def reset_rapidly(websocket, query, rounds=10, operations=50):
    """Begins operations, and stops them as soon as they have begun."""
    for i in range(rounds):
        names = [f"{i}.{j}" for j in range(operations)]
        websocket.sendall(b"".join(subscribe_frame(name, query) for name in names))
        websocket.sendall(text_frame('{"type":"ping"}'))
        while b"pong" not in websocket.recv(1 << 20):
            continue
        websocket.sendall(b"".join(complete_frame(name) for name in names))

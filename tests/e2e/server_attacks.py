"""Requests that cost a server much more than they cost who sends them, and what they cost a process."""
import json
import os
import pathlib
import socket

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


def conflicting(fields=1400):
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

"""A hub under attack: 50 sockets that mean it no good, and what those beside them notice."""
import multiprocessing
import pathlib
import socket
import sys
import tempfile
import threading
import time

from .api import Hub
from .measure import ROOT

sys.path.insert(0, str(ROOT / "tests/e2e"))
import server_attacks as attacks  # noqa: E402

SOCKETS_OF_A_KIND = 10
ADDRESSES = [f"127.0.1.{i}" for i in range(1, 6)]  # of the attackers: five clients
WELL_BEHAVED = "127.0.0.2"
BEARERS = {}  # each address with a token of its own: a client is who has signed in
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def websocket(address, port):
    connection = attacks.connect_from(address, port)
    connection.sendall(b"GET /graphql HTTP/1.1\r\nHost: localhost\r\n" + BEARERS[address].encode() + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
    connection.recv(4096)
    connection.sendall(attacks.text_frame('{"type":"connection_init"}'))
    return connection


def large_answers(address, port, stop):
    """Asks for the largest answers, and reads them."""
    body = attacks.body_of(attacks.heavy())
    with attacks.connect_from(address, port) as connection:
        while not stop.is_set():
            connection.sendall(attacks.post_head("localhost", body, BEARERS[address]) + body)
            connection.recv(1 << 20)


def unread_answers(address, port, stop):
    body = attacks.body_of(attacks.heavy())
    with attacks.connect_from(address, port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while not stop.is_set():
            connection.sendall(attacks.post_head("localhost", body, BEARERS[address]) + body)
            stop.wait(1)


def hard_documents(address, port, stop):
    number = 0
    with attacks.connect_from(address, port) as connection:
        while not stop.is_set():
            number += 1
            body = attacks.body_of(attacks.conflicting() + f"# {address} {number}")
            connection.sendall(attacks.post_head("localhost", body, BEARERS[address]) + body)
            connection.recv(1 << 20)


def stopped_operations(address, port, stop):
    with websocket(address, port) as connection:
        while not stop.is_set():
            attacks.reset_rapidly(connection, attacks.reading("none"), rounds=1)


def unfinished_bodies(address, port, stop):
    with attacks.connect_from(address, port) as connection:
        connection.sendall(b"POST /graphql HTTP/1.1\r\nHost: localhost\r\n" + BEARERS[address].encode() + b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n" + b" " * 900_000)
        while not stop.is_set():
            stop.wait(1)
            connection.sendall(b" ")


KINDS = (large_answers, unread_answers, hard_documents, stopped_operations, unfinished_bodies)


def attack(kind, address, port, stop):
    """Again whenever the hub ends the connection."""
    while not stop.is_set():
        try:
            kind(address, port, stop)
        except OSError:
            stop.wait(0.05)


def attack_all(port, bearers, ended):
    """All sockets, in a process of their own: the measurement must not wait for Python's lock."""
    BEARERS.update(bearers)
    threads = [threading.Thread(target=attack, args=(kind, ADDRESSES[i % len(ADDRESSES)], port, ended), daemon=True)
               for kind in KINDS for i in range(SOCKETS_OF_A_KIND)]
    for thread in threads:
        thread.start()
    ended.wait()


def milliseconds(address, port, request):
    began = time.monotonic()
    with attacks.connect_from(address, port) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    return (time.monotonic() - began) * 1000


def percentile(values, which):
    return sorted(values)[min(len(values) - 1, len(values) * which // 100)]


def one_round(seconds):
    with tempfile.TemporaryDirectory(prefix="dth-bench.") as directory:
        hub = Hub(pathlib.Path(directory))
        port, pid, stop = int(hub.url.rsplit(":", 1)[1]), hub.process.pid, multiprocessing.Event()
        BEARERS.update({address: f"Authorization: Bearer {hub.token()}\r\n" for address in (*ADDRESSES, WELL_BEHAVED)})
        body = attacks.body_of("{ hub { version } runs(first: 20) { nodes { id } } }")
        ask = attacks.post_head("localhost", body, BEARERS[WELL_BEHAVED] + "Connection: close\r\n") + body
        attackers = multiprocessing.Process(target=attack_all, args=(port, dict(BEARERS), stop), daemon=True)
        caused = attacks.Caused(pid)
        health, answers = [], []
        try:
            attackers.start()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                health.append(milliseconds("127.0.0.1", port, HEALTH))
                answers.append(milliseconds(WELL_BEHAVED, port, ask))
                time.sleep(0.02)
            cpu, peak = caused.cpu_seconds(), attacks.resident_bytes(pid, peak=True)
        finally:
            began = time.monotonic()
            hub.stop()
            stopped = time.monotonic() - began
            stop.set()
            attackers.terminate()
            attackers.join(10)
        return {"health p50": percentile(health, 50), "health p99": percentile(health, 99), "health max": max(health), "answer p99": percentile(answers, 99),
                "resident MiB": peak / (1 << 20), "cpu s": cpu, "stop s": stopped}


def run_attack(quick):
    seconds, rounds = (5, 1) if quick else (20, 3)
    outcomes = [one_round(seconds) for _ in range(rounds)]
    print(f"50 sockets of {len(ADDRESSES)} clients attack for {seconds} s; best of {rounds}")
    for name, goal in (("health p50", ""), ("health p99", "<= 100 ms"), ("health max", ""), ("answer p99", "<= 1,000 ms"), ("resident MiB", "<= 256 MiB and what it is idle"),
                       ("cpu s", ""), ("stop s", "<= 10 s")):
        print(f"{name:14} {min(outcome[name] for outcome in outcomes):10.1f}   {goal}")
    return 0

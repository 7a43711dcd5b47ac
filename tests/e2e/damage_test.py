"""Bytes that change on the way: a proxy alters an object's content, and the copy must be whole all the same."""
import socket
import threading
import unittest

from dth import EndToEndTest
from s3_client import content

MARK, DAMAGED = b"-the bytes that a proxy alters-", b"-the bytes that a proxy Alters-"


class DamagingProxy:
    """Passes TCP connections on; alters MARK in what goes up (to the server) or comes down, so many times."""

    def __init__(self, endpoint, direction, times):
        host, port = endpoint.removeprefix("http://").split(":")
        self.target, self.direction, self.left, self.altered = (host, int(port)), direction, times, 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            for direction, pair in (("up", (client, server)), ("down", (server, client))):
                threading.Thread(target=self.pass_on, args=(direction, *pair), daemon=True).start()

    def alter(self, data):
        with self.lock:
            if MARK in data and self.left > 0:
                self.left -= 1
                self.altered += 1
                return data.replace(MARK, DAMAGED, 1)
        return data

    def pass_on(self, direction, source, target):
        try:
            while data := source.recv(1 << 20):
                target.sendall(self.alter(data) if direction == self.direction else data)
        except OSError:
            pass
        for end, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
            try:
                end.shutdown(how)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class DamageTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.fill({f"key/{number:02}": content(number, 300) + MARK for number in range(30)})

    def proxy(self, endpoint, direction, times):
        proxy = DamagingProxy(endpoint, direction, times)
        self.addCleanup(proxy.close)
        return proxy

    def check_whole(self, outcome, proxy, times):
        self.assertEqual(proxy.altered, times)
        self.assertEqual(outcome.summary["copied"], 30)
        self.assertEqual(outcome.summary["proof"]["NONE"], 0)
        self.assert_counts_add_up(outcome.summary)
        self.assert_same_objects()

    def test_on_the_way_from_the_source(self):
        proxy = self.proxy(self.a.endpoint, "down", 3)
        self.check_whole(self.copy(endpoints=self.endpoints(proxy.endpoint)), proxy, 3)

    def test_on_the_way_to_the_destination(self):
        proxy = self.proxy(self.b.endpoint, "up", 3)
        self.check_whole(self.copy(endpoints=self.endpoints(None, proxy.endpoint)), proxy, 3)

    def test_without_signed_payloads(self):
        proxy = self.proxy(self.b.endpoint, "up", 3)
        self.check_whole(self.copy(None, None, "--unsigned-payload", endpoints=self.endpoints(None, proxy.endpoint)), proxy, 3)

    def test_for_ever(self):
        """What never arrives whole is a failure, never a copy."""
        proxy = self.proxy(self.b.endpoint, "up", 1 << 30)
        outcome = self.copy(endpoints=self.endpoints(None, proxy.endpoint), expect=5)
        self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (0, 30))
        self.assertEqual(self.b.list(self.destination), {})


if __name__ == "__main__":
    unittest.main()

"""What clients do to a hub that mean it no good, or know no better: it answers in words, and goes on."""
import json
import resource
import socket
import time
import urllib.parse

from hub import HubTest, read_frame, text_frame

JSON = {"Content-Type": "application/json"}


class HostileClientTest(HubTest):
    def setUp(self):
        super().setUp()
        self.served = self.hub("--log-format", "json")

    def tearDown(self):
        if self.served.process.poll() is None:
            self.assert_well()
            self.assertEqual(self.served.stop(), 0)
            for line in self.served.log_lines():  # each is JSON, whatever was sent
                self.assertNotIn(line["level"], ("error",), line)
        super().tearDown()

    def assert_well(self):
        self.assertTrue(self.served.ask("{ hub { version } }")["hub"]["version"])

    def error_of(self, query):
        status, answer = self.served.post(query)
        self.assertEqual(status, 200)
        self.assertNotIn("data", answer)
        return answer["errors"][0]

    def test_garbage(self):
        for data in (b"\x00" * 100, b"\xff\xfe" * 5000, b"GET\r\n\r\n", b"\r\n" * 1000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 300,
                     b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                     b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            answer = self.served.raw(data)
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 4") or answer.startswith(b"HTTP/1.1 5"), (data[:40], answer[:100]))

    def test_bodies_that_are_too_long(self):
        status, _, _ = self.served.request("POST", "/graphql", b"x" * ((1 << 20) + 1), JSON)
        self.assertEqual(status, 413)
        head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\n{self.served.bearer()}Content-Type: application/json\r\nContent-Length: 99999999999999\r\n\r\n".encode()
        self.assertTrue(self.served.raw(head).startswith(b"HTTP/1.1 413 "))
        self.assertEqual(self.served.request("POST", "/version", b"x")[0], 405)

    def test_queries_that_are_too_much(self):
        deep = "{ runs { nodes " * 30 + "{ id }" + " } }" * 30
        self.assertIn("depth", self.error_of(deep)["message"])
        self.assertIn("depth", self.error_of("{a" * 200 + "}" * 200)["message"])
        wide = "{ " + " ".join(f"a{i}: __typename" for i in range(3000)) + " }"
        self.assertEqual(self.error_of(wide)["extensions"]["code"], "BAD_USER_INPUT")
        dear = "{ runs(first: 500) { nodes { failures(first: 500) { nodes { key } } } } }"
        self.assertIn("costs", self.error_of(dear)["message"])
        self.assertEqual(self.error_of("{ a " * 20000)["extensions"]["code"], "BAD_USER_INPUT")
        fragments = "{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...a }"
        self.assertTrue(self.error_of(fragments)["message"])
        self.assertIn("levels deep", json.loads(self.served.request("POST", "/graphql", b'{"query": "{a}", "variables": ' + b"[" * 50000, JSON)[2])["errors"][0]["message"])

    def test_heads_that_are_forged(self):
        for path in ("/graphql?query=%0d%0aX-Forged:%201", "/%0d%0aX-Forged:%201", "/..%2f..%2fetc/passwd", "/%00"):
            _, headers, _ = self.served.request("GET", path)
            self.assertNotIn("X-Forged", headers)
        status, headers, _ = self.served.request("GET", "/healthz", headers={"X-Request-Id": "a" * 5000})
        self.assertLess(len(headers.get("X-Request-Id", "")), 200)
        self.assertTrue(self.served.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100000 + b"\r\n\r\n").startswith(b"HTTP/1.1 431 "))

    def test_names_of_others(self):
        for host in ("evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example"):
            status, _, body = self.served.request("POST", "/graphql", b'{"query": "{ hub { version } }"}', {**JSON, "Host": host})
            self.assertEqual(status, 421, host)
            self.assertIn("--host-names", json.loads(body)["errors"][0]["message"])
        for host in ("localhost", "127.0.0.1:1", "[::1]:8080"):
            self.assertEqual(self.served.request("GET", "/healthz", headers={"Host": host})[0], 200, host)
        named = self.hub("--host-names", "hub.example", data=self.directory / "other")
        self.assertEqual(named.request("GET", "/healthz", headers={"Host": "hub.example"})[0], 200)
        self.assertEqual(named.stop(), 0)

    def test_forms_of_other_pages(self):
        body = b'{"query": "mutation { __typename }"}'
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            self.assertEqual(self.served.request("POST", "/graphql", body, {"Content-Type": kind})[0], 415)
        status, headers, _ = self.served.request("OPTIONS", "/graphql", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
        self.assertNotIn("Access-Control-Allow-Origin", headers, "no page of another site is let in")

    def test_the_log_holds_no_query(self):
        self.served.request("GET", "/graphql?" + urllib.parse.urlencode({"query": "{ hub { version } } # hunter2"}))
        self.served.request("POST", "/graphql", b'{"query": "{ hunter2 }"}', JSON)
        self.served.request("GET", "/%0a%22%7d{hunter")
        self.assert_well()
        self.assertNotIn("hunter2", self.served.log)
        self.assertIn("/graphql", self.served.log)

    def test_clients_that_go_away(self):
        for _ in range(20):
            with self.served.connect() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                connection.sendall(f"GET /graphql/stream?query=%7Bhub%7Bversion%7D%7D HTTP/1.1\r\nHost: localhost\r\n{self.served.bearer()}\r\n".encode())
            self.served.raw(f"POST /graphql HTTP/1.1\r\nHost: localhost\r\n{self.served.bearer()}Content-Type: application/json\r\nContent-Length: 100\r\n\r\nabc".encode(), read=False)


class ManySocketsTest(HubTest):
    def test_queries_are_answered_beside_a_thousand_idle_sockets(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, max(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
        hub = self.hub("--log-level", "warning", "--client-connections-max", "2000")
        sockets = []
        try:
            for _ in range(1000):
                sockets.append(hub.websocket())
                sockets[-1].sendall(text_frame('{"type":"connection_init"}'))
            for connection in sockets:
                self.assertEqual(read_frame(connection), '{"type":"connection_ack"}')
            for _ in range(50):
                hub.ask("{ hub { version } }")
            self.assertIn("\ndth_websockets 1000\n", hub.request("GET", "/metrics")[2].decode())
            sockets[500].sendall(text_frame('{"type":"subscribe","id":"1","payload":{"query":"{ hub { version } }"}}'))
            self.assertIn('"type":"next"', read_frame(sockets[500]))
        finally:
            for connection in sockets:
                connection.close()
        deadline = time.monotonic() + 60
        while "\ndth_websockets 0\n" not in hub.request("GET", "/metrics")[2].decode():
            self.assertLess(time.monotonic(), deadline, "sockets whose clients are gone were kept")
            time.sleep(0.05)
        self.assertEqual(hub.stop(), 0)

    def test_connections_are_bounded(self):
        hub = self.hub("--connections-max", "5")
        idle = [hub.connect() for _ in range(5)]
        for connection in idle:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b" 200 ", connection.recv(65536))
        self.assertTrue(hub.raw(b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 503 "))
        self.assertEqual(hub.request("GET", "/healthz")[0], 200, "who looks after it is served")
        for connection in idle:
            connection.close()
        self.assertEqual(hub.stop(), 0)

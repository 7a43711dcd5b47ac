"""What a hub lets clients cost it: bytes, processor time, places. Each test is an attack, and a bound on what it causes."""
import json
import os
import pathlib
import re
import resource
import socket
import subprocess
import time

import server_attacks as attacks
from dth import setting
from hub import HubTest, read_frame

JSON = {"Content-Type": "application/json"}
MIB = 1 << 20
# AddressSanitizer keeps what was freed, 256 MB of it: that is not the hub's memory.
os.environ["ASAN_OPTIONS"] = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=1")))


class BudgetTest(HubTest):
    def serve(self, *options):
        served = self.hub("--log-level", "warning", *options)
        self.addCleanup(served.kill)
        return served

    def make_run(self):
        """The id of a run that the hub will show, with so many failures that reading them takes a while."""
        source = self.directory / "source"
        source.mkdir()
        (source / "object").write_text("text")
        outcome = self.run_dth("copy", f"{source}/", f"{self.directory}/copy/", "--database", f"sqlite:{self.state}", "--quiet")
        self.assertEqual(outcome.code, 0, str(outcome))
        attacks.add_failures(self.state, 1000)
        return next(pathlib.Path(f"{self.state}.ledger").iterdir()).name

    def ask_from(self, served, address):
        """Another client gets its answer, for which the state is read."""
        body = attacks.body_of("{ hub { version } runs(first: 1) { nodes { id } } }")
        with attacks.connect_from(address, served.port) as connection:
            connection.sendall(attacks.post_head("localhost", body, served.bearer(address) + "Connection: close\r\n") + body)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        self.assertIn(b'{"data":{"hub":{"version":', answer)

    def metric(self, served, name):
        text = served.request("GET", "/metrics")[2].decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])

    def until(self, holds, seconds=30):
        deadline = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def assert_well(self, served):
        self.assertEqual(served.request("GET", "/healthz")[0], 200)
        self.assertTrue(served.ask("{ hub { version } }")["hub"]["version"])
        self.assertEqual(served.stop(), 0)


class AnswerBytesTest(BudgetTest):
    def test_an_alias_repeated_for_each_item(self):
        served = self.serve()
        caused = attacks.Caused(served.process.pid)
        for alias_bytes in (120_000, 60_000, 256):
            _, _, answer = served.request("POST", "/graphql", attacks.body_of(attacks.amplified(alias_bytes, 20)), JSON)
            self.assertLess(len(answer), 2000)
            self.assertIn("A name has", json.loads(answer)["errors"][0]["message"])
        self.assertLess(caused.memory_bytes(), 50 * MIB)
        self.assertLess(caused.cpu_seconds(), 2)
        self.assert_well(served)


class StoppedWorkTest(BudgetTest):
    def test_operations_stopped_as_soon_as_they_begin(self):
        run = self.make_run()
        served = self.serve()
        caused = attacks.Caused(served.process.pid)
        with served.websocket() as socket:
            socket.sendall(attacks.text_frame('{"type":"connection_init"}'))
            query = attacks.reading(run)
            attacks.reset_rapidly(socket, query)
            self.ask_from(served, "127.0.0.2")
            self.assertLess(caused.cpu_seconds(), 6, "work that nobody waits for is not done")
        self.assertLess(served.seconds_to_stop(), 10)

    def test_requests_that_are_reset(self):
        body = attacks.body_of(attacks.reading(self.make_run()))
        served = self.serve()
        caused = attacks.Caused(served.process.pid)
        connections = [served.connect() for _ in range(150)]
        for connection in connections:
            connection.sendall(attacks.post_head("localhost", body, served.bearer()) + body)
        self.assertEqual(served.request("GET", "/healthz")[0], 200)
        for connection in connections:
            attacks.reset(connection)
        self.ask_from(served, "127.0.0.2")
        self.assertLess(caused.cpu_seconds(), 6)
        self.assertLess(served.seconds_to_stop(), 10)


class CostTest(BudgetTest):
    def test_a_client_has_so_much_work_in_a_second(self):
        served = self.serve("--client-cost-per-second", "1000")
        answers = [served.request("POST", "/graphql", attacks.body_of(attacks.reading("none")), JSON) for _ in range(40)]
        statuses = [status for status, _, _ in answers]
        self.assertEqual(statuses[0], 200)
        self.assertEqual(statuses[-1], 429)
        self.assertLess(statuses.count(200), 20)
        _, headers, body = answers[-1]
        self.assertGreaterEqual(int(headers["Retry-After"]), 1)
        self.assertEqual(json.loads(body)["errors"][0]["extensions"]["code"], "THROTTLED")
        self.ask_from(served, "127.0.0.2")
        self.assertGreater(self.metric(served, "dth_api_cost_refused_total"), 0)
        self.assertEqual(served.request("GET", "/healthz")[0], 200)

    def test_conflicts_and_refused_documents(self):
        served = self.serve()
        caused = attacks.Caused(served.process.pid)
        for i in range(10):
            _, _, answer = served.request("POST", "/graphql", attacks.body_of(attacks.conflicting() + f"# {i}"), JSON)
            self.assertIn("errors", json.loads(answer))
        self.assertLess(caused.cpu_seconds(), 3)
        self.assert_well(served)

    def test_a_request_is_prepared_once(self):
        served = self.serve()
        for method, path, body in (("GET", "/graphql?query=%7Ba%3Ahub%7Bversion%7D%7D", None), ("GET", "/graphql?query=%7Bb%3Anope%7D", None),
                                   ("POST", "/graphql", b'{"query": "{ c: nope }"}'), ("GET", "/graphql/stream?query=%7Bd%3Anope%7D", None)):
            served.request(method, path, body, JSON if body else {})
        self.assertEqual(self.metric(served, "dth_graphql_documents_prepared_total"), 4)


class MemoryTest(BudgetTest):
    def test_answers_that_nobody_reads(self):
        served = self.serve("--api-memory-max", "16MiB", "--client-cost-per-second", "1000000000")
        body = attacks.body_of(attacks.heavy(60))
        size = len(served.request("POST", "/graphql", body, JSON)[2])
        self.assertGreater(size, MIB)
        caused = attacks.Caused(served.process.pid)
        sockets = []
        for _ in range(60):
            connection = served.connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(attacks.post_head("localhost", body, served.bearer()) + body)
            sockets.append(connection)
        self.until(lambda: self.metric(served, "dth_api_memory_refused_total") > 0)
        self.ask_from(served, "127.0.0.2")
        self.assertLess(caused.memory_bytes(), 80 * MIB)
        self.assertLessEqual(self.metric(served, "dth_api_memory_bytes"), 16 * MIB)
        for connection in sockets:
            connection.close()
        self.until(lambda: self.metric(served, "dth_api_memory_bytes") < MIB)
        self.assert_well(served)

    def test_bodies_that_never_end(self):
        served = self.serve("--api-memory-max", "16MiB")
        caused = attacks.Caused(served.process.pid)
        sockets = []
        for _ in range(100):
            connection = served.connect()
            sockets.append(connection)
            try:
                connection.sendall(f"POST /graphql HTTP/1.1\r\nHost: localhost\r\n{served.bearer()}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n".encode() + b" " * 900_000)
            except OSError:
                pass
        self.until(lambda: self.metric(served, "dth_api_memory_refused_total") > 0)
        self.ask_from(served, "127.0.0.2")
        self.assertLess(caused.memory_bytes(), 60 * MIB)
        for connection in sockets:
            connection.close()
        self.assert_well(served)

    def test_memory_that_cannot_be_had(self):
        """The budget is larger than what the machine gives: operations are refused, the process stays."""
        served = self.serve("--api-memory-max", "4GiB", "--client-cost-per-second", "1000000000")
        pid = served.process.pid
        size = int(pathlib.Path(f"/proc/{pid}/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.prlimit(pid, resource.RLIMIT_AS, (size + 24 * MIB, resource.RLIM_INFINITY))
        body = attacks.body_of(attacks.heavy())
        sockets = []
        for _ in range(30):
            connection = served.connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(attacks.post_head("localhost", body, served.bearer()) + body)
            sockets.append(connection)
        self.until(lambda: served.process.poll() is not None or self.ok(served), 30)
        for connection in sockets:
            connection.close()
        self.assertIsNone(served.process.poll(), served.log)
        self.until(lambda: self.ok(served))
        resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.ask_from(served, "127.0.0.2")

    def ok(self, served):
        try:
            return served.request("GET", "/healthz")[0] == 200
        except OSError:
            return False


class PlacesTest(BudgetTest):
    def test_one_client_leaves_room_for_others(self):
        served = self.serve("--client-connections-max", "10")
        idle = [served.connect() for _ in range(60)]
        self.assertEqual(served.request("GET", "/healthz")[0], 200, "of the same address, too")
        self.assertEqual(served.request("GET", "/version")[0], 503)
        self.ask_from(served, "127.0.0.2")
        for connection in idle:
            connection.close()

    def test_idle_connections_of_a_few_give_way_to_others(self):
        served = self.serve("--connections-max", "12", "--client-connections-max", "6")
        idle = [attacks.connect_from(f"127.0.0.{2 + i % 2}", served.port) for i in range(12)]
        for connection in idle:
            connection.sendall(b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200", connection.recv(4096))
        for address in ("127.0.0.4", "127.0.0.5", "127.0.0.6"):
            self.ask_from(served, address)
        for connection in idle:
            connection.close()

    def test_one_client_leaves_subscriptions_to_others(self):
        served = self.serve("--client-subscriptions-max", "3")
        with served.websocket() as socket:
            socket.sendall(attacks.text_frame('{"type":"connection_init"}'))
            self.assertIn("connection_ack", read_frame(socket))
            for i in range(5):
                socket.sendall(attacks.subscribe_frame(str(i), "subscription { runProgress(id: \"none\") { id } }"))
            answers = [read_frame(socket) for _ in range(5)]
        self.assertTrue(all("error" in answer for answer in answers), answers)


class OtherSitesTest(BudgetTest):
    def test_pages_of_other_sites_execute_nothing(self):
        served = self.serve()
        for path in ("/graphql?query=%7Bhub%7Bversion%7D%7D", "/graphql/stream?query=%7Bhub%7Bversion%7D%7D"):
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
                self.assertEqual(served.request("GET", path, headers=headers)[0], 403, (path, headers))
        self.assertEqual(served.request("POST", "/graphql", b'{"query": "{ hub { version } }"}', {**JSON, "Origin": "https://evil.example"})[0], 403)
        self.assertEqual(self.metric(served, "dth_graphql_documents_prepared_total"), 0)
        self.assertEqual(served.request("GET", "/graphql?query=%7Bhub%7Bversion%7D%7D", headers={"Sec-Fetch-Site": "none"})[0], 200)


class SmallerTest(BudgetTest):
    def test_what_is_echoed_and_logged_is_bounded(self):
        served = self.hub("--log-format", "json")
        self.addCleanup(served.kill)
        _, _, answer = served.request("POST", "/graphql", json.dumps({"query": "{ hub { version } }", "operationName": "x" * 900_000}).encode(), JSON)
        self.assertLess(len(answer), 1000)
        served.raw(b"M" * 8000 + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        served.request("GET", "/" + "p" * 8000)
        self.assertIn("421 Misdirected Request", served.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").decode())
        served.request("GET", "/%E2%80%AE%1b[2J")
        self.assertEqual(served.stop(), 0)
        for line in served.log.splitlines():
            self.assertLess(len(line), 1000)
            self.assertNotIn("\u202e", line)
            self.assertNotIn("\x1b", line)

    def test_only_regular_files_are_settings_and_lists(self):
        fifo = self.directory / "fifo"
        os.mkfifo(fifo)
        for path in (str(fifo), "/dev/zero"):
            done = subprocess.run([setting("DTH_TEST_BINARY"), "config", "check", "--config", path], capture_output=True, text=True, timeout=10, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("not a regular file", done.stderr)
        link = self.directory / "link"
        (self.directory / "settings").write_text("log_level: error\n")
        link.symlink_to(self.directory / "settings")
        for path, given in ((str(link), ""), ("-", "log_level: error\n")):
            done = subprocess.run([setting("DTH_TEST_BINARY"), "config", "check", "--config", path], input=given, capture_output=True, text=True, timeout=10, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("error", done.stdout)

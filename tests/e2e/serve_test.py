"""`dth serve`: starting and stopping, what it refuses, live progress of real runs, certificates, settings."""
import json
import os
import signal
import socket
import sqlite3
import stat
import time

from dth import BenchServer
from fake_s3 import FakeS3
from hub import HubTest


class StartTest(HubTest):
    def test_start_look_and_stop(self):
        hub = self.hub()
        self.assertEqual(stat.S_IMODE(self.data.stat().st_mode), 0o700)
        self.assertEqual(hub.ask("{ hub { host { dataDirectory stateFile } } }")["hub"]["host"], {"dataDirectory": str(self.data), "stateFile": str(self.state)})
        self.assertEqual(hub.request("GET", "/healthz")[0::2], (200, b"ok\n"))
        self.assertEqual(hub.request("GET", "/readyz")[0::2], (200, b"ok\n"))
        self.assertEqual(hub.request("GET", "/readyz?verbose")[2], b"[+] running ok\n[+] state ok\n[+] worker ok\nready\n")
        version = json.loads(hub.request("GET", "/version")[2])["version"]
        self.assertEqual(self.run_dth("--version").stdout, f"dth {version}\n")
        status, headers, page = hub.request("GET", "/")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"<title>Data Transfer Hub</title>", page)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        metrics = hub.request("GET", "/metrics")[2].decode()
        self.assertIn('dth_graphql_operations_total{kind="query",outcome="ok"} 1\n', metrics)
        self.assertIn('dth_http_requests_total{route="/readyz",status="200"} 2\n', metrics)
        self.assertEqual(hub.stop(), 0)
        self.assertIn("stopped", hub.log)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            hub = self.hub()
            hub.process.send_signal(number)
            self.assertEqual(hub.end(), 0)

    def test_streams_and_sockets_end_with_the_hub(self):
        hub = self.hub()
        with hub.websocket() as socket_, hub.connect() as idle:
            started = time.monotonic()
            self.assertEqual(hub.stop(), 0)
            self.assertLess(time.monotonic() - started, 30)
            self.assertEqual(idle.recv(1), b"")
            self.assertEqual(socket_.recv(2)[0], 0x88, "a close frame")

    def test_one_hub_for_a_directory(self):
        hub = self.hub()
        self.assertIn(f"is in use by process {hub.process.pid}", self.refused("--listen", "127.0.0.1:0"))
        hub.kill()
        self.assertEqual(self.hub().stop(), 0)

    def test_default_directory(self):
        environment = self.environment(XDG_STATE_HOME=str(self.directory / "xdg"))
        shown = self.run_dth("config", "check", "-o", "json", environment=environment)
        self.assertEqual(json.loads(shown.stdout)["data_dir"], {"value": str(self.directory / "xdg/dth"), "from": "default"})
        self.assertIn("XDG_STATE_HOME", self.run_dth("config", "check", environment=self.environment(HOME=None)).stderr)


class RefusalTest(HubTest):
    LISTEN = ("--listen", "127.0.0.1:0")

    def test_a_newer_database(self):
        self.hub().stop()
        with sqlite3.connect(self.state) as database:
            database.execute("update meta set value = '999' where name = 'schema_version'")
        self.assertIn("newer version", self.refused(*self.LISTEN))

    def test_another_programs_database(self):
        self.data.mkdir()
        with sqlite3.connect(self.state) as database:
            database.execute("create table theirs (x)")
        self.assertIn("belongs to another program", self.refused(*self.LISTEN))

    def test_a_directory_that_cannot_be(self):
        (self.directory / "file").write_text("")
        message = self.refused(*self.LISTEN, "--data-dir", self.directory / "file" / "data")
        self.assertIn("cannot be made", message)
        self.assertIn("--data-dir", message)

    def test_a_taken_port(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assertIn(str(port), self.refused("--listen", f"127.0.0.1:{port}"))
            self.assertIn(str(port), self.refused(*self.LISTEN, "--metrics-listen", f"127.0.0.1:{port}"))

    def test_certificates_that_are_none(self):
        certificate, key = self.certificate("one")
        other_key = self.certificate("other")[1]
        garbage = self.directory / "garbage.pem"
        garbage.write_text("no certificate")
        for pair in ((self.directory / "none.pem", key), (certificate, self.directory / "none.key"), (garbage, key), (certificate, garbage), (certificate, other_key)):
            message = self.refused(*self.LISTEN, "--tls-certificate", pair[0], "--tls-key", pair[1])
            self.assertTrue(str(pair[0]) in message or str(pair[1]) in message, message)
        self.assertIn("tls_key", self.refused(*self.LISTEN, "--tls-certificate", certificate, expect=2))

    def test_plain_http_for_others(self):
        self.assertIn("insecure_http", self.refused("--listen", "0.0.0.0:0"))
        hub = self.hub("--insecure-http", listen="0.0.0.0:0")
        self.assertEqual(hub.request("GET", "/healthz", headers={"Host": "anything.example"})[0], 200)

    def test_wrong_usage(self):
        self.assertIn("--lisen", self.refused("--lisen", "127.0.0.1:0", expect=2))
        self.assertIn("Did you mean", self.refused("--log-level", "warnin", expect=2))


class SettingsTest(HubTest):
    def check(self, *arguments, environment=None):
        return self.run_dth("config", "check", *arguments, environment=environment)

    def test_what_goes_before_what(self):
        file = self.directory / "hub.yaml"
        file.write_text("log_level: error\nlog_format: json\nlisten: 127.0.0.1:1111\nhost_names: [a.example, b.example]\n")
        environment = self.environment(DTH_LISTEN="127.0.0.1:2222", DTH_LOG_LEVEL="debug")
        outcome = self.check("--config", file, "--log-level", "info", "-o", "json", environment=environment)
        self.assertEqual(outcome.code, 0, str(outcome))
        shown = json.loads(outcome.stdout)
        self.assertEqual(shown["log_level"], {"value": "info", "from": "--log-level"})
        self.assertEqual(shown["listen"], {"value": "127.0.0.1:2222", "from": "DTH_LISTEN"})
        self.assertEqual(shown["log_format"], {"value": "json", "from": f"{file}:2:13"})
        self.assertEqual(shown["host_names"]["value"], "a.example,b.example")
        self.assertEqual(shown["introspection"], {"value": "on", "from": "default"})
        self.assertRegex(self.check("--config", file).stdout, r"(?m)^log_level +error +.*hub.yaml:1:12$")

    def test_problems_have_places(self):
        file = self.directory / "hub.yaml"
        file.write_text("lisen: 127.0.0.1:1\nlog_level: loud\n")
        outcome = self.check("--config", file, environment=self.environment(DTH_CONNECTIONS_MAX="many"))
        self.assertEqual((outcome.code, outcome.stdout), (2, ""))
        self.assertEqual(outcome.stderr.splitlines()[0], f'dth: {file}:1:1: there is no setting "lisen". Did you mean "listen"?')
        self.assertIn(f"{file}:2:12: invalid value \"loud\" for log_level:", outcome.stderr)
        self.assertIn("DTH_CONNECTIONS_MAX: invalid value \"many\" for connections_max:", outcome.stderr)
        self.assertEqual(self.check("--config", self.directory / "none.yaml").code, 2)
        self.refused("--config", file, expect=2)

    def test_they_are_obeyed(self):
        file = self.directory / "hub.yaml"
        file.write_text("listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nrequest_bytes_max: 1000B\ngraphql_depth_max: 3\nlog_format: json\n")
        hub = self.hub("--config", file, listen=None)
        self.assertEqual(hub.request("GET", "/metrics")[0], 404)
        metrics_line = hub.process.stdout.readline().decode()
        port = int(metrics_line.rsplit(":", 1)[1].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        self.assertIn(b"dth_build_info", answer)
        self.assertEqual(hub.request("POST", "/graphql", b"x" * 1001, {"Content-Type": "application/json"})[0], 413)
        self.assertIn("depth", json.dumps(hub.post("{ runs { nodes { counts { copied } } } }")[1]))
        self.assertEqual(hub.stop(), 0)
        lines = hub.log_lines()
        access = [line for line in lines if line["message"] == "request"]
        self.assertEqual([line["status"] for line in access], [404, 413, 200])
        self.assertTrue(all(line["request_id"] for line in access))


class CertificateTest(HubTest):
    def test_a_new_certificate_is_taken_up(self):
        certificate, key = self.certificate("one")
        second, second_key = self.certificate("two")
        third_key = self.certificate("three")[1]
        hub = self.hub("--tls-certificate", certificate, "--tls-key", key)
        self.assertEqual(hub.scheme, "https")
        before, after = self.trusting(certificate), self.trusting(second)
        self.assertTrue(hub.ask("{ hub { version } }", context=before))
        with hub.connect(before) as kept:
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200", kept.recv(65536))
            os.replace(third_key, key)
            hub.process.send_signal(signal.SIGHUP)
            hub.wait_for_log("was not changed")
            self.assertTrue(hub.ask("{ hub { version } }", context=before), "the old one stays")
            os.replace(second, certificate)
            os.replace(second_key, key)
            after = self.trusting(certificate)
            hub.process.send_signal(signal.SIGHUP)
            hub.wait_for_log("were read again")
            self.assertTrue(hub.ask("{ hub { version } }", context=after))
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200", kept.recv(65536), "connections go on with the certificate that they began with")
        self.assertEqual(hub.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")[:12] in (b"", b"HTTP/1.1 400"), True, "plain HTTP is not answered")
        self.assertEqual(hub.stop(), 0)

    def test_the_log_level_is_read_again(self):
        file = self.directory / "hub.yaml"
        file.write_text("log_level: warning\n")
        hub = self.hub("--config", file)
        hub.request("GET", "/healthz")
        file.write_text("log_level: info\n")
        hub.process.send_signal(signal.SIGHUP)
        hub.wait_for_log("read again")
        hub.request("GET", "/readyz")
        self.assertEqual(hub.stop(), 0)
        self.assertIn("path=/readyz", hub.log)
        self.assertNotIn("path=/healthz", hub.log)


class RunsTest(HubTest):
    PROGRESS = "subscription { runProgress(id: \"%s\") { state isOver counts { copied bytes failed } backlog { items } } }"

    def copy_command(self, objects):
        """A copy that takes a while, with the hub's state."""
        source = BenchServer("--delay-ms", "100", "--synthetic", f"from:key/:{objects}:4096")
        destination = BenchServer("--bucket", "into")
        self.addCleanup(source.stop)
        self.addCleanup(destination.stop)
        return self.copy_arguments("s3://from", "s3://into", "--concurrency", "20", endpoints=self.endpoints(source.endpoint, destination.endpoint))

    def first_run(self, hub, running):
        found = []

        def is_there():
            found[:] = hub.ask("{ runs { nodes { id state action source destination } } }")["runs"]["nodes"]
            return bool(found)
        running.wait_until(is_there, "the run was there")
        return found[0]

    def test_progress_of_a_run_in_another_process(self):
        hub = self.hub()
        running = self.start(self.copy_command(600))
        run = self.first_run(hub, running)
        self.assertEqual(run, {"id": run["id"], "state": "RUNNING", "action": "COPY", "source": "s3://from", "destination": "s3://into"})
        seen = [event["data"]["runProgress"] for event in hub.events(self.PROGRESS % run["id"])]
        outcome = running.wait()
        self.assertEqual(outcome.code, 0, str(outcome))
        copied = [int(event["counts"]["copied"]) for event in seen]
        self.assertEqual(copied, sorted(copied))
        self.assertGreater(len(seen), 2, "progress was told while the run went on")
        self.assertTrue(all(event["state"] == "RUNNING" for event in seen[:-1]), seen)
        self.assertEqual(seen[-1], {"state": "SUCCEEDED", "isOver": True, "counts": {"copied": "600", "bytes": str(600 * 4096), "failed": "0"}, "backlog": []})
        self.assertEqual(hub.stop(), 0)

    def test_an_interrupted_run(self):
        hub = self.hub()
        running = self.start(self.copy_command(3000))
        run = self.first_run(hub, running)
        events = hub.events(self.PROGRESS % run["id"])
        while next(events)["data"]["runProgress"]["counts"]["copied"] == "0":
            pass
        running.kill()
        while (last := next(events)["data"]["runProgress"])["state"] == "RUNNING":
            pass
        self.assertEqual((last["state"], last["isOver"]), ("INTERRUPTED", False))
        shown = json.loads(self.run_dth("run", "show", run["id"], *self.database(self.state), "-o", "json").stdout)
        self.assertEqual((shown["state"], shown["copied"]), ("interrupted", int(last["counts"]["copied"])))
        self.assertEqual(hub.stop(), 0)

    def test_failures(self):
        source, destination = FakeS3("aws"), FakeS3("aws")
        for fake, bucket in ((source, "from"), (destination, "into")):
            self.addCleanup(fake.stop)
            fake.add_bucket(bucket)
        for key in ("a", "b", "c"):
            source.add_object("from", key, b"content")
        source.fail("refused", "GetObject", key="b", times=None, status=403, code="AccessDenied")
        arguments = self.copy_arguments("s3://from", "s3://into", "--source-vendor", "aws", "--destination-vendor", "aws",
                                        endpoints=self.endpoints(source.endpoint, destination.endpoint))
        hub = self.hub()
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, 5, str(outcome))
        run = hub.ask("query Q($id: ID!) { run(id: $id) { state counts { copied failed } options { name value }"
                      " failures { nodes { key code message detail step } } } }", {"id": outcome.summary["run"]})["run"]
        self.assertEqual((run["state"], run["counts"]), ("COMPLETED_WITH_FAILURES", {"copied": "2", "failed": "1"}))
        self.assertIn({"name": "source", "value": "s3://from"}, run["options"])
        (failure,) = run["failures"]["nodes"]
        self.assertEqual((failure["key"], failure["code"]), ("b", "PERMISSION_DENIED"))
        self.assertIn("AccessDenied", failure["message"] + failure["detail"])
        told = json.loads(self.run_dth("run", "failures", "latest", *self.database(self.state), "-o", "json").stdout)
        self.assertEqual(told[0]["message"], failure["message"])
        self.assertEqual(hub.stop(), 0)

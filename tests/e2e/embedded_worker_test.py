"""`dth serve` executes runs: what its worker does, and what becomes of it."""
import json
import sqlite3
import time
import unittest

import postgres_server
from dth import BenchServer
from hub import HubTest
from s3_client import Client

OBJECTS, OBJECT_BYTES = 1500, 2048


class EmbeddedWorkerTest(HubTest):
    """The hub's state is the user's own."""

    def setUp(self):
        super().setUp()
        self.data = self.directory / ".local/state/dth"
        self.data.parent.mkdir(parents=True)
        self.state = self.data / "state.db"

    def ledger_options(self):
        return []

    def serve_bucket(self, *options):
        server = BenchServer(*options)
        self.addCleanup(server.stop)
        return server

    def dth(self, *arguments, expect=0):
        outcome = self.run_dth(*arguments, environment=self.environment())
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def json(self, *arguments):
        return json.loads(self.dth(*arguments, "--output", "json").stdout)

    def begin(self, delay=5):
        """A run of some thousand objects that anybody may execute; (id, destination server)."""
        source = self.serve_bucket("--delay-ms", str(delay), "--synthetic", f"from:key/:{OBJECTS}:{OBJECT_BYTES}")
        into = self.serve_bucket("--bucket", "into")
        endpoints = ["--source-endpoint-url", source.endpoint, "--source-addressing", "path",
                     "--destination-endpoint-url", into.endpoint, "--destination-addressing", "path"]
        run = self.dth("copy", "s3://from", "s3://into", *endpoints, "--concurrency", "16", "--detach", *self.ledger_options()).stdout.strip()
        return run, source, into

    def until(self, condition, what, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s in vain until {what}")
            time.sleep(0.02)

    def status(self, run):
        return self.json("run", "show", run)["state"]

    def puts(self, server):
        return server.counts().get("PutObject", 0)

    def check_exact(self, run, source, into):
        shown = self.json("run", "show", run)
        self.assertEqual((shown["state"], shown["selected"], shown["copied"], shown["failed"]), ("succeeded", OBJECTS, OBJECTS, 0), shown)
        self.assertIn("intact", self.dth("ledger", "verify", shown["ledger"]).stdout)
        lines = [json.loads(line)["key"] for line in self.dth("ledger", "show", shown["ledger"]).stdout.splitlines()]
        self.assertEqual((len(lines), len(set(lines))), (OBJECTS, OBJECTS))
        here, there = Client(source.endpoint, *self.key), Client(into.endpoint, *self.key)
        self.addCleanup(here.close)
        self.addCleanup(there.close)
        self.assertEqual(set(there.list("into")), set(lines))
        for key in sorted(lines)[::100]:
            self.assertTrue(here.get("from", key)[1] == there.get("into", key)[1], f"{key} differs")

    def test_runs_are_executed_and_the_api_answers_meanwhile(self):
        hub = self.hub("--worker-lanes", "2")
        workers = self.json("worker", "list")
        self.assertEqual([(worker["kind"], worker["pid"], worker["takes_any"]) for worker in workers], [("hub", hub.process.pid, True)])
        self.assertIn("[+] worker ok", hub.request("GET", "/readyz?verbose")[2].decode())
        run, source, into = self.begin()
        self.until(lambda: self.puts(into) > 50, "objects were copied")
        metrics = hub.request("GET", "/metrics")[2].decode()
        self.assertRegex(metrics, r'dth_jobs\{kind="object_copy/copy",run_kind="object_copy",state="(ready|leased)"\} [1-9]')
        self.assertRegex(metrics, r'dth_worker_jobs\{kind="object_copy/copy"\} [1-9]')
        self.assertRegex(metrics, r'dth_worker_job_slots\{kind="object_copy/copy"\} [1-9]')
        self.assertRegex(metrics, r'dth_worker_busy_seconds_total\{kind="object_copy/copy"\} [0-9.]*[1-9]')
        slowest = 0
        while self.puts(into) < OBJECTS - 200:
            began = time.monotonic()
            hub.ask("{ runs(first: 5) { nodes { id state counts { copied } } } }")
            slowest = max(slowest, time.monotonic() - began)
        self.assertLess(slowest, 2)
        self.until(lambda: self.status(run) == "succeeded", "the run had ended")
        self.check_exact(run, source, into)
        self.assertIn("dth_worker_up 1\n", hub.request("GET", "/metrics")[2].decode())
        self.assertEqual(hub.stop(), 0)
        self.assertEqual(self.json("worker", "list"), [])

    def test_a_killed_hub_loses_nothing(self):
        hub = self.hub("--worker-lanes", "1")
        run, source, into = self.begin()
        for part in (0.2, 0.6):
            self.until(lambda: self.puts(into) >= part * OBJECTS, "objects were copied")
            hub.kill()
            self.assertEqual(self.status(run), "interrupted")
            hub = self.hub("--worker-lanes", "1")
        self.until(lambda: self.status(run) == "succeeded", "the run had ended")
        self.check_exact(run, source, into)
        self.assertEqual(hub.stop(), 0)

    def test_sigterm_hands_back_what_is_in_flight(self):
        hub = self.hub("--worker-lanes", "1")
        run, source, into = self.begin(delay=30)
        self.until(lambda: self.puts(into) > 50, "objects were copied")
        self.assertLess(hub.seconds_to_stop(), 9.5)
        self.assertNotIn("it took too long", hub.log)
        self.assertEqual(self.json("worker", "list"), [], "it has said good-bye")
        self.assertIn(self.status(run), ("interrupted", "succeeded"))
        hub = self.hub("--worker-lanes", "1")
        self.until(lambda: self.status(run) == "succeeded", "the run had ended")
        self.check_exact(run, source, into)
        self.assertEqual(hub.stop(), 0)

    def test_without_a_worker(self):
        hub = self.hub("--no-worker")
        self.assertEqual(self.json("worker", "list"), [])
        self.assertNotIn("worker", hub.request("GET", "/readyz?verbose")[2].decode())
        self.assertNotIn("dth_worker_up", hub.request("GET", "/metrics")[2].decode())
        self.assertEqual(hub.stop(), 0)

    def test_a_worker_that_is_taken_for_dead_begins_again(self):
        hub = self.hub("--worker-lanes", "1")
        first = self.json("worker", "list")[0]["worker"]
        self.forget_worker(first)
        hub.wait_for_log("the worker failed, and begins again after a pause")
        self.until(lambda: [worker["worker"] for worker in self.json("worker", "list")] not in ([], [first]), "another one was registered")
        run, source, into = self.begin(delay=0)
        self.until(lambda: self.status(run) == "succeeded", "the run had ended")
        self.check_exact(run, source, into)
        self.assertEqual(hub.stop(), 0)

    def test_a_drained_worker_says_so(self):
        hub = self.hub("--worker-lanes", "1")
        self.dth("worker", "drain", self.json("worker", "list")[0]["worker"])
        hub.wait_for_log("the worker was drained")
        self.assertEqual(self.json("worker", "list"), [])
        status, _, text = hub.request("GET", "/readyz?verbose")
        self.assertEqual(status, 200)
        self.assertIn("[!] worker: it was drained", text.decode())
        self.assertIn("dth_worker_up 0\n", hub.request("GET", "/metrics")[2].decode())
        self.assertEqual(hub.stop(), 0)

    def forget_worker(self, worker):
        with sqlite3.connect(self.state, timeout=30) as database:
            database.execute("delete from worker where id = ?", (worker,))

    def test_a_signing_key_that_is_not_there(self):
        message = self.refused("--listen", "127.0.0.1:0", "--signing-key", self.directory / "none.pem")
        self.assertIn("--no-worker", message)
        self.assertIn("none.pem", message)


class OnPostgresTest(EmbeddedWorkerTest):
    def setUp(self):
        self.postgres = postgres_server.PostgresServer()
        self.addCleanup(self.postgres.stop)
        super().setUp()

    def environment(self, **changes):
        return super().environment(**({"DTH_DATABASE": self.postgres.url} | changes))

    def ledger_options(self):
        return ["--ledger", str(self.directory / "ledgers")]

    def forget_worker(self, worker):
        self.postgres.sql(f"delete from worker where id = '{worker}'")


if __name__ == "__main__":
    unittest.main()

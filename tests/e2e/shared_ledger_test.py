"""Ledgers that are kept elsewhere than beside the state: in a bucket, or in a directory that several processes share."""
import json
import pathlib
import signal
import subprocess
import unittest

from dth import setting
from fake_s3 import FakeS3
from hostile import HostileTest
from processes_test import ProcessesTest
from s3_client import content

SMALL = {f"o/{number:04}": content(number, 300) for number in range(120)}
OTHER_KEY = {"DTH_LEDGER_ACCESS_KEY_ID": "DTH_TEST_S3_OTHER_ACCESS_KEY_ID",
             "DTH_LEDGER_SECRET_ACCESS_KEY": "DTH_TEST_S3_OTHER_SECRET_ACCESS_KEY"}


class SharedLedgerTest(ProcessesTest):
    def setUp(self):
        super().setUp()
        self.bucket = self.name + "-ledger"
        self.a.make_bucket(self.bucket)
        self.place = f"s3://{self.bucket}/runs/"
        self.at = ["--ledger-endpoint-url", self.a.endpoint, "--ledger-addressing", "path"]

    def environment(self, **changes):
        key = {"DTH_LEDGER_ACCESS_KEY_ID": self.key[0], "DTH_LEDGER_SECRET_ACCESS_KEY": self.key[1]}
        return super().environment(**(key | changes))

    def in_bucket(self):
        return ["--ledger", self.place, *self.at]

    def read_lines(self, ledger, options=()):
        """{key: line}; the ledger has to be intact and signed by this machine."""
        key = self.dth("key", "show").stdout.strip()
        verified = self.dth("ledger", "verify", ledger, *options, "--public-key", "0" * 64, "--public-key", key)
        self.assertIn("authentic", verified.stdout)
        lines = [json.loads(line) for line in self.dth("ledger", "show", ledger, *options).stdout.splitlines()]
        by_key = {line["key"]: line for line in lines}
        self.assertEqual(len(lines), len(by_key), "a key has two lines")
        return by_key

    def stored(self):
        """The keys of the ledger's bucket, behind the place."""
        return [key.removeprefix("runs/") for key in self.a.list(self.bucket)]


class BucketTest(SharedLedgerTest):
    def test_a_ledger_in_a_bucket(self):
        self.fill(SMALL | {"large": content("large", 9 << 20)})
        outcome = self.copy(None, None, *self.in_bucket(), "--multipart-threshold", "8MiB", "--part-size", "5MiB")
        run, ledger = outcome.summary["run"], outcome.summary["ledger"]
        self.assertEqual(ledger, self.place + run)
        self.assertFalse(pathlib.Path(f"{self.state}.ledger").exists())
        self.assertEqual(set(self.read_lines(ledger, self.at)), set(SMALL) | {"large"})
        segments = [key for key in self.stored() if key.endswith(".ndjson.zst")]
        self.assertIn(f"{run}/manifest.json", self.stored())
        self.assertLessEqual(len(segments), 8, segments)
        shown = json.loads(self.dth("run", "show", run, *self.database(self.state), "--output", "json").stdout)
        self.assertEqual(shown["ledger"], ledger)
        exported = self.dth("ledger", "export", ledger, *self.at, "--format", "csv").stdout
        self.assertEqual(len(exported.splitlines()), len(SMALL) + 2)
        few = self.dth("ledger", "show", ledger, *self.at, "--key-prefix", "o/000", "--limit", "3").stdout
        self.assertEqual(len(few.splitlines()), 3)
        # An altered segment is noticed.
        name = f"runs/{segments[0]}"
        body = self.a.get(self.bucket, name)[1]
        self.a.put(self.bucket, name, body[:-1] + bytes([body[-1] ^ 1]))
        self.assertIn("bad: ", self.dth("ledger", "verify", ledger, *self.at, expect=1).stdout)

    def test_the_place_may_come_from_the_environment(self):
        self.fill({"a": b"1"})
        environment = self.environment(DTH_LEDGER=self.place)
        outcome = self.copy(None, None, *self.at, environment=environment)
        self.assertEqual(outcome.summary["ledger"], self.place + outcome.summary["run"])

    def test_the_endpoint_may_come_from_the_environment(self):
        self.fill({"a": b"1"})
        environment = self.environment(AWS_ENDPOINT_URL_S3=self.a.endpoint)
        outcome = self.copy(None, None, "--ledger", self.place, environment=environment)
        self.assertIn("the ledger's endpoint is ", outcome.stderr)
        verified = self.dth("ledger", "verify", outcome.summary["ledger"], environment=environment)
        self.assertIn("intact", verified.stdout)

    def test_failed_items_are_tried_again_into_the_same_place(self):
        self.fill({"a": b"1", "gone": b"2"})
        listed = self.directory / "keys"
        listed.write_text("a\nnot there\n")
        outcome = self.copy(None, None, *self.in_bucket(), "--object-list", listed, expect=5)
        self.a.put(self.source, "not there", b"now")
        again = self.run_dth("run", "retry", outcome.summary["run"], *self.database(self.state), "--output", "json")
        self.assertEqual((again.code, again.summary["copied"]), (0, 1), str(again))
        self.assertEqual(again.summary["ledger"], self.place + again.summary["run"])
        self.assertEqual(set(self.read_lines(again.summary["ledger"], self.at)), {"not there"})

    def test_a_run_goes_on_where_its_ledger_is(self):
        server = self.serve("--delay-ms", "50", "--synthetic", "from:key/:1500:10")
        arguments = ["s3://from", f"s3://{self.destination}", *self.in_bucket()]
        ends = self.endpoints(server.endpoint, self.b.endpoint)
        running = self.start(self.copy_arguments(*arguments, "--concurrency", "16", endpoints=ends))
        running.wait_until(lambda: server.counts().get("GetObject", 0) > 300, "some were read")
        running.signal(signal.SIGKILL)
        running.process.wait()
        other = self.copy(arguments[0], arguments[1], endpoints=ends, expect=2)
        self.assertIn("--ledger was ", other.stderr)
        resumed = self.run_dth("run", "resume", *self.database(self.state), "--output", "json")
        self.assertEqual((resumed.code, resumed.summary["copied"]), (0, 1500), str(resumed))
        self.assertEqual(len(self.read_lines(resumed.summary["ledger"], self.at)), 1500)

    def test_the_next_run_reads_an_earlier_ledger_in_a_bucket(self):
        self.fill(SMALL)
        ledger = self.copy(None, None, *self.in_bucket()).summary["ledger"]
        again = self.copy(None, None, *self.in_bucket(), "--earlier-ledger", ledger, state=self.directory / "other.db")
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, len(SMALL)))
        missing = self.copy(None, None, *self.at, "--earlier-ledger", self.place + "none", state=self.directory / "third.db", expect=2)
        self.assertIn("is not the ledger of a run that is over", missing.stderr)

    def test_a_place_that_cannot_be_written_is_told_before_anything_is_copied(self):
        self.fill({"a": b"1"})
        environment = self.environment(**{name: setting(other) for name, other in OTHER_KEY.items()})
        denied = self.copy(None, None, *self.in_bucket(), environment=environment, expect=1)
        self.assertIn(f"the ledger {self.place[:-1]} cannot be written", denied.stderr)
        wrong = self.copy(None, None, *self.in_bucket(), environment=self.environment(DTH_LEDGER_SECRET_ACCESS_KEY="wrong"), expect=1)
        self.assertIn("cannot be written", wrong.stderr)
        missing = self.copy(None, None, "--ledger", f"s3://{self.name}-none/", *self.at, expect=1)
        self.assertIn(f"{self.name}-none", missing.stderr)
        for command in ("show", "verify", "export"):
            unread = self.dth("ledger", command, f"s3://{self.name}-none/run", *self.at, expect=1)
            self.assertIn("does not exist", unread.stderr)
        file = self.directory / "file"
        file.write_text("")
        no_directory = self.copy(None, None, "--ledger", file / "ledgers", expect=1)
        self.assertIn("the ledger cannot be written: cannot create", no_directory.stderr)
        self.assertEqual(self.b.list(self.destination), {})
        useless = self.copy(None, None, "--ledger", self.directory, "--ledger-region", "mars", expect=2)
        self.assertIn("--ledger-region means nothing here", useless.stderr)
        self.assertEqual(json.loads(self.dth("run", "list", *self.database(self.state), "--output", "json").stdout), [])


class WorkersTest(SharedLedgerTest):
    """Two workers on one state; one of them is killed in the middle."""

    def work_with_a_killing(self, *options):
        server = self.serve("--delay-ms", "20", "--synthetic", "from:key/:3000:10")
        run = self.detach("s3://from", f"s3://{self.destination}/", *self.endpoints(server.endpoint, self.b.endpoint), *options)
        workers = [self.work("--lanes", "1"), self.work("--lanes", "1")]
        self.until(lambda: json.loads(self.dth("run", "show", run, "--output", "json").stdout)["copied"] > 500, "some were copied")
        workers[0].signal(signal.SIGKILL)
        workers[0].process.wait()
        self.until(lambda: json.loads(self.dth("run", "show", run, "--output", "json").stdout)["state"] == "succeeded", "the run had ended")
        self.end_worker(workers[1])
        return json.loads(self.dth("run", "show", run, "--output", "json").stdout)

    def check(self, shown, options=()):
        self.assertEqual((shown["copied"], shown["failed"]), (3000, 0), shown)
        lines = self.read_lines(shown["ledger"], options)
        self.assertEqual(len(lines), 3000)
        self.assertEqual(set(lines), set(self.b.list(self.destination)))

    def test_two_workers_and_one_ledger_in_a_bucket(self):
        shown = self.work_with_a_killing(*self.in_bucket())
        self.assertEqual(shown["ledger"], self.place + shown["run"])
        self.check(shown, self.at)

    def test_two_workers_and_one_ledger_in_a_shared_directory(self):
        shared = self.directory / "shared"
        shown = self.work_with_a_killing("--ledger", shared)
        self.assertEqual(shown["ledger"], f"{shared}/{shown['run']}")
        self.check(shown)
        self.assertFalse(pathlib.Path(f"{self.state}.ledger").exists())


class PlaceGoesAwayTest(HostileTest):
    """A bucket for ledgers that cannot be reached for a while, or does wrong."""

    def setUp(self):
        super().setUp()
        self.fill(SMALL)
        self.ledgers = FakeS3("aws")
        self.addCleanup(self.ledgers.stop)
        self.ledgers.add_bucket("ledgers")
        self.options = ["--ledger", "s3://ledgers/", "--ledger-endpoint-url", self.ledgers.endpoint, "--ledger-addressing", "path"]

    def environment(self, **changes):
        key = {"DTH_LEDGER_ACCESS_KEY_ID": self.key[0], "DTH_LEDGER_SECRET_ACCESS_KEY": self.key[1]}
        return super().environment(**(key | changes))

    def assert_ledger_is_whole(self, outcome):
        verified = self.run_dth("ledger", "verify", outcome.summary["ledger"], *self.options[2:])
        self.assertEqual(verified.code, 0, str(verified))
        self.assertIn(f"{len(SMALL)} lines", verified.stdout)

    def test_it_is_waited_for(self):
        running = self.start(self.copy_arguments(None, None, *self.options, "--concurrency", "8"))
        running.wait_until(lambda: self.into.count("PutObject") > 10, "objects were copied")
        self.ledgers.go_away()
        running.wait_until(lambda: self.into.count("PutObject") >= len(SMALL), "all were copied")
        self.ledgers.come_back()
        outcome = running.wait()
        self.assertEqual((outcome.code, outcome.summary["copied"]), (0, len(SMALL)), str(outcome))
        self.assert_ledger_is_whole(outcome)

    def test_a_store_that_spoils_what_is_written(self):
        self.ledgers.fail("corrupt_stored", "PutObject", after=1)
        outcome = self.copy(None, None, *self.options)
        self.assertEqual(outcome.summary["copied"], len(SMALL), str(outcome))
        self.assert_ledger_is_whole(outcome)

    def test_a_write_whose_answer_was_lost(self):
        self.ledgers.fail("lost_answer", "PutObject", after=1)
        outcome = self.copy(None, None, *self.options)
        self.assert_ledger_is_whole(outcome)
        verified = self.run_dth("ledger", "verify", outcome.summary["ledger"], *self.options[2:])
        self.assertNotIn("do not count", verified.stdout)

    def test_what_is_refused_later_lets_the_run_wait(self):
        self.ledgers.fail("refused", "PutObject", after=1, times=None, status=403, code="AccessDenied")
        refused = self.copy(None, None, *self.options, expect=1)
        self.assertIn("the ledger s3://ledgers cannot be written", refused.stderr)
        self.ledgers.heal()
        outcome = self.copy(None, None, *self.options)
        self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (len(SMALL), 0), str(outcome))
        self.assert_ledger_is_whole(outcome)


class SigningTest(SharedLedgerTest):
    def test_only_who_holds_the_key_closes_runs(self):
        self.fill({"a": b"1"})
        run = self.detach(f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints())
        without = self.work("--lanes", "1", "--signing-key", "none")

        def shown():
            return json.loads(self.dth("run", "show", run, "--output", "json").stdout)
        self.until(lambda: shown()["copied"] == 1 and "waiting" in shown(), "all was copied")
        self.assertEqual(shown()["waiting"]["for"], "signing_key")
        self.assertIn("to be closed by a worker with the signing key", self.dth("run", "show", run).stdout)
        key = self.directory / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
        key.chmod(0o644)
        refused = self.dth("worker", "--signing-key", key, expect=1)
        self.assertIn("chmod 600", refused.stderr)
        key.chmod(0o600)
        holder = self.work("--lanes", "1", "--signing-key", key)
        self.until(lambda: shown()["state"] == "succeeded", "the run was closed")
        for worker in (without, holder):
            self.end_worker(worker)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
        (self.directory / "public.pem").write_text(public)
        self.assertIn("authentic", self.dth("ledger", "verify", shown()["ledger"], "--public-key", self.directory / "public.pem").stdout)


if __name__ == "__main__":
    unittest.main()

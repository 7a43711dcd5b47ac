"""Stores that go away in the middle of a run, and come back or do not; and runs that hide behind others."""
import hashlib
import signal
import sqlite3
import threading
import time
import unittest

from dth import EndToEndTest, free_port
from hostile import HostileTest
from s3_client import content

SMALL = {f"o/{number:04}": content(number, 300) for number in range(1200)}
SIDES = (("source", "from_", "GetObject"), ("destination", "into", "PutObject"))


class StoreGoesAwayTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL)

    def start_and_lose(self, fake, operation, *options):
        """A copy that goes on, while one of its stores is gone."""
        running = self.start(self.copy_arguments(None, None, "--concurrency", "16", *options))
        running.wait_until(lambda: fake.count(operation) > 60, "objects were copied")
        fake.go_away()
        return running

    def assert_all_copied(self, outcome):
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(outcome.summary["failed"], 0, str(outcome))
        self.assertEqual(self.into.bodies(self.destination), SMALL)

    def test_a_store_that_comes_back(self):
        for side, name, operation in SIDES:
            with self.subTest(side):
                self.serve("aws", "aws")
                self.fill(SMALL)
                self.state = self.directory / f"{side}.db"
                fake = getattr(self, name)
                running = self.start_and_lose(fake, operation)
                running.wait_for_words(f"waiting: {side} cannot be reached since ")
                fake.come_back()
                self.assert_all_copied(running.wait())

    def test_a_store_that_stays_away(self):
        for side, name, operation in SIDES:
            with self.subTest(side):
                self.serve("aws", "aws")
                self.fill(SMALL)
                self.state = self.directory / f"{side}.db"
                fake = getattr(self, name)
                outcome = self.start_and_lose(fake, operation, "--unreachable-timeout", "1s").wait()
                self.assertEqual(outcome.code, 3, str(outcome))
                summary = outcome.summary
                self.assertEqual((summary["failed"], summary["interrupted"]), (0, True), str(outcome))
                self.assertIn(f"{side} cannot be reached since ", summary["stopped_because"])
                self.assertIn("the same command resumes the run", outcome.stderr)
                self.assertLess(summary["seconds"], 30)
                # At its first look it waits for nobody.
                began = time.monotonic()
                refused = self.copy(expect=1)
                self.assertLess(time.monotonic() - began, 15)
                self.assertIn(f"the {side} cannot be used", refused.stderr)
                fake.come_back()
                resumed = self.copy()
                self.assertEqual(resumed.summary["run"], summary["run"])
                self.assert_all_copied(resumed)

    def test_of_a_dry_run_nothing_is_resumed(self):
        self.into.fail("meanwhile", "ListObjectsV2", times=1, act=lambda: threading.Thread(target=self.into.go_away, daemon=True).start())
        arguments = self.copy_arguments(None, None, "--dry-run", "--unreachable-timeout", "1s")
        outcome = self.run_dth("sync", *arguments[1:])
        self.assertEqual(outcome.code, 3, str(outcome))
        self.assertIn("Once that is mended, run the same command again", outcome.stderr)
        self.assertNotIn("resume", outcome.stderr)

    def test_a_wait_is_interrupted_like_anything_else(self):
        running = self.start_and_lose(self.into, "PutObject")
        running.wait_for_words("waiting: destination cannot be reached since ")
        began = time.monotonic()
        running.signal(signal.SIGINT)
        outcome = running.wait()
        self.assertEqual(outcome.code, 130, str(outcome))
        self.assertLess(time.monotonic() - began, 8)
        self.assertEqual(outcome.summary["failed"], 0)
        self.into.come_back()
        self.assert_all_copied(self.copy())

    def test_a_store_that_refuses_everything(self):
        """A load balancer that has nothing behind it."""
        running = self.start(self.copy_arguments(None, None, "--concurrency", "16"))
        running.wait_until(lambda: self.into.count("PutObject") > 60, "objects were copied")
        self.into.fail("refused", status=503, code="ServiceUnavailable", times=None)
        running.wait_for_words("waiting: destination cannot be reached since ")
        self.into.heal()
        self.assert_all_copied(running.wait())

    def test_large_objects_wait_as_well(self):
        self.serve("ceph", "ceph")  # of which no checksums are asked for: those take the fake seconds
        objects = {f"large/{number}": content(number, 11 << 20) for number in range(3)}
        self.fill(objects)
        running = self.start(self.copy_arguments(None, None, "--multipart-threshold", "8MiB", "--part-size", "5MiB"))
        running.wait_until(lambda: self.into.count("UploadPart") > 2, "parts were copied")
        self.into.go_away()
        running.wait_for_words("waiting: destination cannot be reached since ")
        self.into.come_back()
        outcome = running.wait()
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assert_copied(outcome, copied=3)


class FirstLookTest(HostileTest):
    def test_a_store_that_is_not_there_is_an_error_at_once(self):
        began = time.monotonic()
        outcome = self.copy(endpoints=self.endpoints(destination=f"http://127.0.0.1:{free_port()}"), expect=1)
        self.assertLess(time.monotonic() - began, 15)
        self.assertIn("the destination cannot be used", outcome.stderr)


class EqualEtagsTest(HostileTest):
    """Two stores that nobody knows."""
    source_profile = destination_profile = "plain"
    objects = {f"o/{number:03}": content(number, 50) for number in range(60)}

    def setUp(self):
        super().setUp()
        for key, body in self.objects.items():
            etag = hashlib.md5(body).hexdigest()
            self.from_.add_object(self.source, key, body, etag=etag)
            self.into.add_object(self.destination, key, body, etag=etag.upper())

    def verify(self, output="json", expect=0):
        arguments = ["verify", f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), *self.database(self.state),
                     "--output", output]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def heads(self):
        return self.from_.count("HeadObject") + self.into.count("HeadObject")

    def test_equal_etags_are_evidence_at_no_request(self):
        outcome = self.verify()
        summary = outcome.summary
        self.assertEqual((summary["matched"], summary["undetermined"], summary["proof"]["EQUAL_ETAGS"]), (60, 0, 60), str(outcome))
        self.assertEqual(self.heads(), 0)
        lines = self.ledger(outcome)
        self.assertEqual({line["proof"] for line in lines}, {"EQUAL_ETAGS"})
        checked = self.run_dth("ledger", "verify", summary["ledger"])
        self.assertEqual(checked.code, 0, str(checked))
        shown = self.verify("table").stdout
        self.assertIn("60 by equal ETags", shown)

    def test_unlike_etags_are_asked_about_and_are_a_difference(self):
        self.into.add_object(self.destination, "o/007", content("other", 50), etag=hashlib.md5(b"other").hexdigest())
        outcome = self.verify(expect=5)
        self.assertEqual((outcome.summary["matched"], outcome.summary["differs"]), (59, 1), str(outcome))
        self.assertEqual(self.heads(), 2)

    def test_unlike_etags_of_an_encrypted_object_prove_nothing(self):
        for bucket in (self.into.buckets[self.destination],):
            bucket.encryption = "aws:kms"
        self.into.add_object(self.destination, "o/007", self.objects["o/007"], etag="0" * 32)
        outcome = self.verify(expect=5)
        self.assertEqual((outcome.summary["matched"], outcome.summary["differs"], outcome.summary["undetermined"]), (59, 0, 1), str(outcome))


class UnfinishedRunTest(EndToEndTest):
    def test_a_run_from_a_wrong_clock_hides_no_unfinished_one(self):
        self.fill({"a": b"1"})
        first = self.copy().summary
        second = self.copy().summary
        # The older one never ended, and the newer one was created while the clock ran a year ahead.
        with sqlite3.connect(self.state) as state:
            state.execute("update run set state = 'running', ended_at = null where id = ?", (first["run"],))
            state.execute("update run set created_at = created_at + 365 * 86400 * 1000000 where id = ?", (second["run"],))
        third = self.copy()
        self.assertEqual(third.summary["run"], first["run"], "the unfinished run goes on")
        self.assertEqual(third.summary["state"], "succeeded")
        fourth = self.copy().summary
        listed = self.run_dth("run", "list", *self.database(self.state), "--output", "json").summary
        self.assertEqual([run["run"] for run in listed], [fourth["run"], second["run"], first["run"]])


if __name__ == "__main__":
    unittest.main()

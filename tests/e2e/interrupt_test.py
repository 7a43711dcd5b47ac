"""Ctrl-C and what follows: the same command goes on where the last one stopped, and everything is counted once."""
import signal
import time
import unittest

from dth import BenchServer, EndToEndTest

OBJECTS = 800
OBJECT_BYTES = 4096


class InterruptTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        # Slow enough that a signal always comes in mid-run.
        self.from_server = self.serve("--delay-ms", "150", "--synthetic", f"from:key/:{OBJECTS}:{OBJECT_BYTES}")
        self.to_server = self.serve("--bucket", "into")

    def serve(self, *options):
        server = BenchServer(*options)
        self.addCleanup(server.stop)
        return server

    def arguments(self, *options, concurrency="20"):
        endpoints = self.endpoints(self.from_server.endpoint, self.to_server.endpoint)
        return self.copy_arguments("s3://from", "s3://into", "--concurrency", concurrency, *options, endpoints=endpoints)

    def puts(self):
        return self.to_server.counts().get("PutObject", 0)

    def interrupt(self, number=signal.SIGINT, after=100):
        """A run that is interrupted once so many objects more were written."""
        before = self.puts()
        running = self.start(self.arguments())
        running.wait_until(lambda: self.puts() >= before + after, "objects were written")
        running.signal(number)
        return running.wait(60)

    def check_whole(self, outcome):
        summary = outcome.summary
        self.assertEqual((outcome.code, summary["state"], summary["interrupted"]), (0, "succeeded", False), str(outcome))
        self.assertEqual((summary["scanned"], summary["copied"], summary["bytes"]), (OBJECTS, OBJECTS, OBJECTS * OBJECT_BYTES))
        self.assert_counts_add_up(summary)
        keys = [line["key"] for line in self.ledger(outcome)]
        self.assertEqual((len(keys), len(set(keys))), (OBJECTS, OBJECTS), "each object has one line in the ledger")

    def test_goes_on_where_it_stopped(self):
        runs = set()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            outcome = self.interrupt(number)
            summary = outcome.summary
            runs.add(summary["run"])
            self.assertEqual((outcome.code, summary["interrupted"]), (130, True), str(outcome))
            self.assertIn("the same command resumes the run", outcome.stderr)
            self.assertEqual(summary["copied"], self.puts(), "what was written is recorded when it ends")
            self.assertLess(summary["copied"], OBJECTS)
        outcome = self.run_dth(*self.arguments())
        self.assertIn("going on with the unfinished run", outcome.stderr)
        self.assertEqual(runs, {outcome.summary["run"]})
        self.check_whole(outcome)
        self.assertEqual(self.puts(), OBJECTS, "nothing was written twice")
        self.assertEqual(self.from_server.counts()["GetObject"], OBJECTS, "nothing was read twice")

    def test_ledger_of_an_unfinished_run(self):
        summary = self.interrupt().summary
        shown = self.run_dth("ledger", "show", summary["ledger"])
        self.assertEqual(shown.code, 2, str(shown))
        self.assertIn("--database", shown.stderr)
        shown = self.run_dth("ledger", "show", summary["ledger"], *self.database(self.state))
        self.assertEqual((shown.code, len(shown.stdout.splitlines())), (0, summary["copied"]), str(shown))

    def test_twice_ends_at_once(self):
        slow = self.serve("--delay-ms", "4000", "--synthetic", "from:key/:40:10")
        arguments = self.copy_arguments("s3://from", "s3://into", endpoints=self.endpoints(slow.endpoint, self.to_server.endpoint))
        running = self.start(arguments)
        running.wait_until(lambda: slow.counts().get("GetObject", 0) > 0, "objects are being read")
        # A signal that comes while another one waits is lost, so it is sent until it was heard twice.
        began = time.monotonic()
        while running.process.poll() is None:
            running.signal(signal.SIGINT)
            time.sleep(0.05)
            self.assertLess(time.monotonic() - began, 3, "it waits for what is in flight in spite of the second Ctrl-C")
        self.assertEqual(running.wait().code, 130)
        outcome = self.run_dth(*arguments)
        self.assertEqual((outcome.code, outcome.summary["copied"]), (0, 40), str(outcome))
        self.assert_counts_add_up(outcome.summary)

    def test_other_options_are_refused(self):
        done = self.interrupt().summary
        refused = self.run_dth(*self.arguments("--part-size", "32MiB"))
        self.assertEqual((refused.code, refused.stdout), (2, ""), str(refused))
        for word in ("--part-size", '"0"', '"32MiB"', "--restart"):
            self.assertIn(word, refused.stderr)
        self.assertEqual(self.puts(), done["copied"], "the refused command wrote nothing")
        self.check_whole(self.run_dth(*self.arguments(concurrency="30")))  # it changes nothing of what is copied

    def test_restart_begins_anew(self):
        first = self.interrupt().summary
        outcome = self.run_dth(*self.arguments("--part-size", "32MiB", "--restart"))
        summary = outcome.summary
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertNotEqual(summary["run"], first["run"])
        self.assertEqual((summary["scanned"], summary["unchanged"], summary["copied"]),
                         (OBJECTS, first["copied"], OBJECTS - first["copied"]))
        self.assert_counts_add_up(summary)
        self.assertEqual(len(self.ledger(outcome)), summary["copied"])


if __name__ == "__main__":
    unittest.main()

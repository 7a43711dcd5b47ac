"""Removals that are resumed, answered twice, or not let in any more; verifications that are not let in any more."""
import unittest

from hostile import HostileTest
from s3_client import content

KEPT = {f"kept/{number}": content(number, 100) for number in range(20)}
EXTRA = {f"extra/{number}": content(number, 100) for number in range(10)}


class MirrorFaultsTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(KEPT)
        for key, body in (KEPT | EXTRA).items():
            self.into.add_object(self.destination, key, body, age_seconds=0)

    def arguments(self, mode="sync", *options):
        return [mode, f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), *self.database(self.state), "--output", "json",
                *options]

    def run_mode(self, mode="sync", *options, expect=0):
        """In a session, of which a HEAD's bare 400 tells no end but by asking something else."""
        self.into.tokens["TESTACCESSKEY"] = "token-of-a-session"
        environment = self.environment(DTH_DESTINATION_SESSION_TOKEN="token-of-a-session")
        outcome = self.run_dth(*self.arguments(mode, *options), environment=environment)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def test_what_the_source_got_back_before_a_resumed_removal_stays(self):
        self.into.fail("no_answer", "DeleteObject", times=None, ending="stall")
        running = self.start(self.arguments())
        running.wait_until(lambda: self.into.count("DeleteObject") >= 10, "removals began")
        running.kill()
        self.into.heal()
        self.from_.add_object(self.source, "extra/3", b"it is back")
        outcome = self.run_mode()
        self.assertEqual((outcome.summary["deleted"], outcome.summary["extra"]), (9, 10), str(outcome))
        self.assertIn("extra/3", self.into.bodies(self.destination))
        line = next(line for line in self.ledger(outcome) if line["key"] == "extra/3")
        self.assertEqual(line["outcome"], "unchanged")
        self.assertIn("the source has the object again", line["error"])
        # The next run copies it as it is now.
        self.assertEqual(self.run_mode().summary["copied"], 1)
        self.assertEqual(self.into.bodies(self.destination), self.from_.bodies(self.source))

    def test_a_deletion_that_was_sent_twice_counts_once(self):
        """The server did it and closed a pooled connection without an answer: the client asks again, and finds nothing."""
        faults = [self.into.fail("lost_answer", "DeleteObject", key=f"extra/{number}", as_="close") for number in (2, 5, 7)]
        outcome = self.run_mode("sync", "--concurrency", "1")
        self.assertEqual([fault.acted for fault in faults], [1, 1, 1])
        self.assertEqual((outcome.summary["deleted"], outcome.summary["deleted_at_source"]), (10, 0), str(outcome))

    def test_an_expired_session_stops_the_removals(self):
        self.into.fail("expired_token", "DeleteObject", after=3, times=None)
        stopped = self.run_mode("sync", "--concurrency", "1", expect=1)
        self.assertIn("ExpiredToken", stopped.stderr)
        self.into.heal()
        outcome = self.run_mode()
        self.assertEqual((outcome.summary["deleted"], outcome.summary["failed"]), (10, 0), str(outcome))
        self.assertEqual(self.into.bodies(self.destination), self.from_.bodies(self.source))

    def test_an_expired_session_stops_a_verification(self):
        for method in ("checksum", "read-back"):
            with self.subTest(method):
                self.state = self.directory / f"{method}.db"
                self.into.fail("expired_token", after=10, times=None)
                stopped = self.run_mode("verify", "--method", method, expect=1)
                self.assertIn("xpired", stopped.stderr)
                self.into.heal()
                outcome = self.run_mode("verify", "--method", method)
                self.assertEqual((outcome.summary["matched"], outcome.summary["failed"]), (20, 0), str(outcome))


if __name__ == "__main__":
    unittest.main()

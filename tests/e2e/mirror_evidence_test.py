"""Mirrors whose listings contradict what the same run saw or did a moment before."""
import unittest

from hostile import HostileTest

KEYS = {f"k/{number}": b"body %d" % number for number in range(10)}


class MirrorEvidenceTest(HostileTest):
    survey = 2  # of the listings of the source, the one that deletions are decided by: the first one is the scan's

    def sync(self, *more, expect=0):
        outcome = self.run_dth("sync", *self.copy_arguments()[1:], "--delete-max-percent", "100", "--lanes", "1", *more)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def test_what_the_run_copied_is_not_extra(self):
        self.fill(KEYS)
        fault = self.from_.fail("entries_left_out", "ListObjectsV2", after=self.survey - 1, keys=("k/4", "k/5"))
        outcome = self.sync(expect=1)
        self.assertEqual((fault.acted, self.into.count("DeleteObject")), (1, 0))
        self.assertIn("the source has k/4 and left it out of a listing", outcome.stderr)
        self.assertEqual(self.into.bodies(self.destination), KEYS)

    def test_what_the_run_found_unchanged_is_not_extra(self):
        self.fill(KEYS)
        for key, body in KEYS.items():
            self.into.add_object(self.destination, key, body)
        self.from_.fail("entries_left_out", "ListObjectsV2", after=self.survey - 1, keys=("k/4",))
        outcome = self.sync("--delete-despite-failures", expect=1)
        self.assertIn("the source has k/4 and left it out of a listing", outcome.stderr)
        self.assertEqual(self.into.bodies(self.destination), KEYS)

    def test_what_was_deleted_meanwhile_is_removed_and_what_was_always_extra_costs_nothing(self):
        self.fill(KEYS)
        for number in range(5):
            self.into.add_object(self.destination, f"extra/{number}", b"e")
        self.from_.fail("meanwhile", "ListObjectsV2", after=self.survey - 1,
                        act=lambda: self.from_.buckets[self.source].objects.pop(b"k/4"))
        outcome = self.sync()
        self.assertEqual((outcome.summary["deleted"], outcome.summary["failed"]), (6, 0), str(outcome))
        self.assertEqual(self.into.bodies(self.destination), self.from_.bodies(self.source))
        # k/4 is asked about when the listings are compared, and right before its deletion.
        self.assertEqual(self.from_.count("ListObjectsV2"), self.survey + 2)

    def test_what_was_copied_has_to_be_listed_in_the_end(self):
        for more in ((), ("--delete-despite-failures",)):
            with self.subTest(more):
                self.serve("aws", "aws")
                self.state = self.directory / f"{len(more)}.db"
                self.fill(KEYS)
                self.into.add_object(self.destination, "old", b"old")
                self.into.fail("dropped", "PutObject", key="k/4", times=None)
                outcome = self.sync(*more, expect=1)
                self.assertIn("it does not list k/4, which this run copied or found there", outcome.stderr)
                self.assertIn("old", self.into.bodies(self.destination))


if __name__ == "__main__":
    unittest.main()

"""Destinations of unknown kind that take two names for one: by their case, or without what stands at their end."""
import re
import unittest

from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content


class FoldedNamesTest(HostileTest):
    destination_profile = "gateway"

    def there(self):
        return {key.decode(): found.body for key, found in self.into.buckets[self.destination].objects.items()}

    def failures(self, outcome):
        return {line["key"]: line["error"] for line in self.ledger(outcome) if line["outcome"] == "failed"}

    def fold(self, how, conditional="ignored"):
        """conditional: does the store check If-None-Match?"""
        self.into.profile = __import__("dataclasses").replace(self.into.profile, conditional_put=conditional)
        self.into.fail("names_changed", times=None, how=how)

    def sync(self, *more, expect):
        outcome = self.run_dth("sync", *self.copy_arguments()[1:], *more)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def test_the_end_of_a_name(self):
        others = {"tail": b"somebody else's only copy", "note": b"another's", "end": b"a third's"}
        for key, body in others.items():
            self.into.add_object(self.destination, key, body)
        self.fill({"tail/": b"source's", "note ": b"n", "end.": b"e", "plain": b"plain", "marker/": b""})
        self.fold(lambda key: key.rstrip(b"/ ."))
        outcome = self.copy(expect=5)
        self.assertEqual({key: self.there()[key] for key in others}, others)
        failures = self.failures(outcome)
        self.assertEqual(set(failures), {"tail/", "note ", "end."}, str(outcome))
        self.assertIn("it answers with tail.", failures["tail/"])

    def test_a_single_object_replaces_no_other(self):
        self.into.add_object(self.destination, "x/read", b"somebody else's only copy")
        self.fill({"x/Read": b"source's"})
        self.fold(lambda key: key.lower())
        outcome = self.copy(f"s3://{self.source}/x/Read", f"s3://{self.destination}/x/Read", expect=5)
        self.assertEqual(self.there(), {"x/read": b"somebody else's only copy"}, str(outcome))
        self.assertIn("Nothing was written", self.failures(outcome)["x/Read"])

    def test_two_names_of_one_run(self):
        self.fill({"tail": b"the real one", "tail/": b"another thing"})
        self.fold(lambda key: key.rstrip(b"/ ."))
        outcome = self.copy(expect=5)
        self.assertEqual((self.there(), set(self.failures(outcome))), ({"tail": b"the real one"}, {"tail/"}))

    def test_lower_case_names_only(self):
        for conditional in ("yes", "ignored"):
            with self.subTest(conditional):
                self.serve("aws", "gateway")
                self.fill({"Readme": b"upper", "readme": b"lower!!", "k": b"k"} | {f"a/{number:03}": b"a" for number in range(100)})
                self.fold(lambda key: key.lower(), conditional)
                for turn in ("first", "second"):
                    outcome = self.copy(state=self.directory / f"{conditional}.db", expect=5)
                    self.assertIn("Readme", self.failures(outcome), str(outcome))
                    if turn == "first":  # whichever is there, the other one does not count as copied
                        self.assertEqual(self.there()["readme"], b"upper", str(outcome))
                        self.assertIn("readme", self.failures(outcome), str(outcome))
                self.assertEqual(self.there()["readme"], b"lower!!")
                self.assertEqual(len(self.there()), 102)

    def copied(self, outcome):
        return {line["key"] for line in self.ledger(outcome) if line["outcome"] == "copied"}

    def test_the_first_object_is_another_ones_name(self):
        self.into.add_object(self.destination, "README", b"somebody else's only copy")
        self.fill({"readme": b"source's"})
        self.into.profile = __import__("dataclasses").replace(self.into.profile, conditional_put="ignored")
        self.into.fail("names_changed", times=None, how=lambda key: key.upper())
        outcome = self.copy(expect=5)
        self.assertEqual((self.there(), set(self.failures(outcome))), ({"README": b"somebody else's only copy"}, {"readme"}))

    def test_names_that_are_kept(self):
        """At most three requests more for the run, and no warning."""
        bodies = {"Readme": b"upper", "readme": b"lower!!", "README": b"capitals"} | {f"a/{number:03}": b"a" for number in range(50)}
        self.fill(bodies)
        outcome = self.copy()
        self.assert_copied(outcome, copied=53)
        self.assertEqual(outcome.summary["warnings"] if "warnings" in outcome.summary else [], [], str(outcome))
        self.assertLessEqual(outcome.summary["requests"]["look"], 5)
        self.assertEqual(self.into.count("PutObject"), 53)
        again = self.copy()
        self.assertEqual((again.summary["unchanged"], again.summary["requests"]["head"]), (53, 0), str(again))

    def test_a_mirror(self):
        self.fill({"Readme": b"source thing", "tail/": b"tail", "k": b"n", "m": b"n"})
        self.into.add_object(self.destination, "old", b"old")
        self.fold(lambda key: key.rstrip(b"/ .").lower())
        before = None
        for more in ((), ("--delete-despite-failures", "--delete-max-percent", "100")):
            self.sync(*more, expect=1)
            self.assertEqual(self.into.count("DeleteObject"), 0)


if __name__ == "__main__":
    unittest.main()

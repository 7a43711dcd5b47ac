"""Stores that list what they say they do not have, and answers to removals that are none."""
import unittest

from hostile import HostileTest

ODD = {"x/../y": "x/", "plain": "", "deep/er/name": "deep/er/", "caf\u00e9/\u304c": "", "a//b": "a/", "12:00": ""}


class GhostTest(HostileTest):
    """The source lists a name and does not take it, neither for the object nor as a prefix."""

    def test_a_name_that_is_listed_and_not_taken_has_not_vanished(self):
        for number, key in enumerate(ODD):
            with self.subTest(key):
                self.serve("plain", "aws")
                self.state = self.directory / f"{number}.db"
                self.fill({key: b"not taken", "other": b"other", "zebra": b"z"})
                for operation in ("GetObject", "HeadObject"):
                    self.from_.fail("refused", operation, key=key, times=None, status=404, code="NoSuchKey")
                self.from_.fail("entries_hidden", times=None, prefix=key)
                outcome = self.copy(expect=5)
                self.assert_outcome(outcome, copied=2, failed=1)
                self.assertIn("the store lists the object and answers that it has no such object", outcome.stderr)

    def test_what_is_gone_has_vanished(self):
        for number, key in enumerate(ODD):
            with self.subTest(key):
                self.serve("plain", "aws")
                self.state = self.directory / f"{number}.db"
                self.fill({key: b"goes", "other": b"other", "zebra": b"z"})
                self.from_.fail("deleted", "GetObject", key=key)
                outcome = self.copy()
                self.assert_outcome(outcome, copied=2, vanished=1)


if __name__ == "__main__":
    unittest.main()

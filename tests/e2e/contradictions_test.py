"""Stores that list what they say they do not have, and answers to removals that are none."""
import unittest

from hostile import HostileTest

ODD = {"x/../y": "x/", "plain": "", "deep/er/name": "deep/er/", "caf\u00e9/\u304c": "", "a//b": "a/", "12:00": ""}


class GhostTest(HostileTest):
    """The source lists a name and does not take it, neither for the object nor as a prefix."""

    def test_a_name_that_is_listed_and_not_taken_is_not_gone(self):
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

    def test_what_is_gone_is_deleted_at_source(self):
        for number, key in enumerate(ODD):
            with self.subTest(key):
                self.serve("plain", "aws")
                self.state = self.directory / f"{number}.db"
                self.fill({key: b"goes", "other": b"other", "zebra": b"z"})
                self.from_.fail("deleted", "GetObject", key=key)
                outcome = self.copy()
                self.assert_outcome(outcome, copied=2, deleted_at_source=1)


class RemovalTest(HostileTest):
    """A store that checks no conditions of deletions: a HEAD comes first, and what DELETE answers then has to fit."""
    destination_profile = "ceph"

    def setUp(self):
        super().setUp()
        self.fill({f"k/{number}": b"k" for number in range(5)})
        for number in range(5):
            self.into.add_object(self.destination, f"k/{number}", b"k", age_seconds=0)
        for number in range(3):
            self.into.add_object(self.destination, f"extra/{number}", b"e")

    def sync(self, *more, expect=0):
        outcome = self.run_dth("sync", *self.copy_arguments()[1:], *more)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def there(self):
        return {key.decode() for key in self.into.buckets[self.destination].objects if key.startswith(b"extra")}

    def test_what_was_seen_and_is_not_there_is_not_deleted(self):
        fault = self.into.fail("refused", "DeleteObject", key="extra/1", times=None, status=404, code="NoSuchKey")
        outcome = self.sync(expect=5)
        self.assertEqual((outcome.summary["deleted"], outcome.summary["failed"], fault.acted), (2, 1, 1), str(outcome))
        self.assertEqual(self.there(), {"extra/1"})
        self.assertIn("the store lists the object and answers that it has no such object", outcome.stderr)

    def test_what_somebody_else_removed_in_between_is_unchanged(self):
        def remove():
            self.into.buckets[self.destination].objects.pop(b"extra/1", None)
        self.into.fail("refused", "DeleteObject", key="extra/1", times=None, status=404, code="NoSuchKey", act=remove)
        outcome = self.sync()
        self.assertEqual((outcome.summary["deleted"], outcome.summary["unchanged"]), (2, 1 + 5), str(outcome))

    def test_accepted_is_not_done(self):
        fault = self.into.fail("accepted", "DeleteObject", key="extra/1", times=None)
        outcome = self.sync("--attempts", "3", expect=5)
        self.assertEqual((outcome.summary["deleted"], outcome.summary["failed"], fault.acted), (2, 1, 3), str(outcome))
        self.assertEqual(self.there(), {"extra/1"})

    def test_accepted_and_done(self):
        self.into.fail("header", "DeleteObject", key="extra/1", times=None, status=202, name="x-nothing", value=None)
        outcome = self.sync()
        self.assertEqual((outcome.summary["deleted"], outcome.summary["failed"], self.there()), (3, 0, set()), str(outcome))


class MarkerTest(HostileTest):
    """S3Proxy: folders' markers are answered without an ETag."""
    source_profile, destination_profile = "plain", "aws"

    def test_a_marker_without_an_etag(self):
        self.fill({"a": b"a", "folder/": b"", "folder/b": b"b"})
        for operation in ("HeadObject", "GetObject"):
            self.from_.fail("header", operation, key="folder/", times=None, name="ETag", value=None)
        for more in ((), ("--compare", "checksum")):
            outcome = self.copy(None, None, *more)
            self.assertEqual(outcome.summary["failed"], 0, str(outcome))
        self.assertEqual(set(self.into.bodies(self.destination)), {"a", "folder/", "folder/b"})


if __name__ == "__main__":
    unittest.main()

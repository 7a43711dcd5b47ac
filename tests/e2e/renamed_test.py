"""Mirrors to a destination that keeps some names otherwise than they were written, which no look at single names foresees."""
import unicodedata
import unittest

from hostile import HostileTest

COMPOSED = "caf\u00e9"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


class RenamedTest(HostileTest):
    destination_profile = "gateway"

    def sync(self, *more, expect=0):
        outcome = self.run_dth("sync", *self.copy_arguments()[1:], *more)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def there(self):
        return {key.decode() for key in self.into.buckets[self.destination].objects}

    def decompose(self):
        self.into.fail("names_changed", times=None, how=lambda key: unicodedata.normalize("NFD", key.decode()).encode())

    def test_what_was_copied_is_not_deleted(self):
        self.fill({COMPOSED: b"only copy", "a": b"a", "b": b"b", "c": b"c"})
        self.into.add_object(self.destination, "old", b"old")
        self.decompose()
        outcome = self.sync("--destination-vendor", "aws", expect=1)  # which asks nothing while it copies
        self.assertIn(f"does not list {COMPOSED}", str(outcome))
        self.assertIn(f"lists {DECOMPOSED} instead", str(outcome))
        self.sync("--delete-despite-failures", "--delete-max-percent", "100", expect=1)
        self.assertEqual(self.there(), {DECOMPOSED, "a", "b", "c", "old"})

    def test_a_name_that_the_source_lists_and_does_not_take(self):
        """Its copy, under the name that it has, looks extra."""
        self.fill({DECOMPOSED: b"there", "a": b"a", "b": b"b"})
        self.into.add_object(self.destination, COMPOSED, b"there", age_seconds=100_000)
        self.from_.fail("refused", "GetObject", key=DECOMPOSED, times=None, status=404, code="NoSuchKey")
        self.from_.fail("refused", "HeadObject", key=DECOMPOSED, times=None, status=404, code="NoSuchKey")
        # Nothing is listed under that prefix.
        self.from_.fail("entries_hidden", "ListObjectsV2", prefix=DECOMPOSED, times=None)
        outcome = self.sync("--delete-max-percent", "100", expect=1)
        self.assertIn("answers that it has no such object", outcome.stderr)
        self.assertIn(COMPOSED, self.there())

    def test_what_is_missing_for_other_reasons_does_not_stop_deletions(self):
        """A copy that failed, beside what is extra, young and as large; what the rules leave out."""
        self.fill({"broken": b"12345", "a": b"a", "b": b"b", "large": b"x" * 2000})
        self.into.add_object(self.destination, "young", b"54321", age_seconds=0)
        self.into.fail("refused", "PutObject", key="broken", times=None, status=403, code="AccessDenied")
        self.sync("--size-max", "1000", "--delete-despite-failures", "--delete-max-percent", "100", expect=5)
        self.assertEqual(self.there(), {"a", "b"})

    def test_an_entry_of_which_nothing_is_known_keeps_its_counterpart(self):
        self.fill({"k1": b"new", "a": b"a", "b": b"b"})
        for key in ("k1", "old"):
            self.into.add_object(self.destination, key, b"old")
        self.from_.fail("entries_without", "ListObjectsV2", elements=("Size",), of="k1", times=None)
        self.from_.fail("refused", "HeadObject", key="k1", times=None, status=403, code="AccessDenied")
        self.sync(expect=1)
        self.assertEqual(self.into.count("DeleteObject"), 0)
        self.sync("--delete-despite-failures", expect=5)
        self.assertEqual(self.into.bodies(self.destination), {"k1": b"old", "a": b"a", "b": b"b"})


if __name__ == "__main__":
    unittest.main()

"""A source that lists objects under names other than those it takes: they are not deleted, and their copies are missing."""
import unittest

from hostile import HostileTest

COMPOSED, DECOMPOSED = "caf%C3%A9", "cafe%CC%81"  # as listings write them


class ListedNamesTest(HostileTest):
    def list_as(self, pattern, text, times=None):
        return self.from_.fail("rewritten", "ListObjectsV2", pattern=f"<Key>{pattern}", text=f"<Key>{text}", times=times)

    def copy_fails(self, listed):
        outcome = self.copy(expect=5)
        self.assert_outcome(outcome, copied=3, failed=1)
        self.assertIn(f"dth: failed: {listed}: the store lists the object and answers that it has no such object", outcome.stderr)

    def test_another_name(self):
        for number, (name, pattern, text, listed) in enumerate((
                ("dir/x", "dir", "DIR", "DIR/x"),
                ("DIR/x", "DIR", "dir", "dir/x"),
                ("Some/Name", "Some/Name", "some/name", "some/name"),
                ("k3", "k3", "k9", "k9"),
                ("caf\u00e9/m", COMPOSED, DECOMPOSED, "cafe\u0301/m"),
                ("cafe\u0301/m", DECOMPOSED, COMPOSED, "caf\u00e9/m"),
                ("caf\u00e9/m", COMPOSED, "caf?", "caf?/m"))):
            with self.subTest(name):
                self.serve("aws", "aws")
                self.state = self.directory / f"{number}.db"
                self.fill({name: b"there", "a": b"a", "k1": b"1", "zebra": b"z"})
                self.list_as(pattern, text)
                self.copy_fails(listed)

    def test_a_listing_that_is_wrong_once(self):
        self.fill({"dir/x": b"there", "a": b"a", "k1": b"1", "zebra": b"z"})
        self.list_as("dir", "DIR", times=2)  # what is out of order is listed again
        self.copy_fails("DIR/x")

    def test_what_is_gone_is_deleted_at_source_whatever_else_is_called_so(self):
        self.fill({"dir/x": b"goes", "DIR/X": b"another one", "k1": b"1"})
        self.from_.fail("deleted", "GetObject", key="dir/x")
        self.assert_outcome(self.copy(), copied=2, deleted_at_source=1)


if __name__ == "__main__":
    unittest.main()

"""Refusals of HEAD, which have no words: the end of the credentials is asked about, and stops the run."""
import unittest

from hostile import HostileTest

KEYS = [f"k/{number:02}" for number in range(20)]


class AuthFailureTest(HostileTest):
    source_profile, destination_profile = "aws", "ceph"
    refusals = ((403, "InvalidAccessKeyId"), (400, "ExpiredToken"), (403, "ExpiredToken"), (400, "InvalidToken"))

    def setUp(self):
        super().setUp()
        self.fill({key: key.encode() for key in KEYS})

    def run_mode(self, mode, *options, expect=0):
        arguments = [mode, *self.copy_arguments()[1:], *options]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def lock_out(self, check, fake, mode, *options, after):
        """The credentials end once the run is under way: it stops, and goes on with others as if nothing had been."""
        for status, code in self.refusals:
            with self.subTest((status, code)):
                self.state = self.directory / f"{mode}-{status}-{code}.db"
                fake.fail("refused", times=None, status=status, code=code, after=after)
                try:
                    stopped = self.run_mode(mode, *options, expect=1)
                finally:
                    fake.heal()
                self.assertIn(code, stopped.stderr, str(stopped))
                self.assertNotIn("dth: failed:", stopped.stderr)
                check(self.run_mode(mode, *options))

    def test_removals(self):
        for key in KEYS:
            self.into.add_object(self.destination, key, key.encode(), age_seconds=0)
        for number in range(20):
            self.into.add_object(self.destination, f"extra/{number}", b"e", age_seconds=100)
        def check(outcome):
            self.assertEqual((outcome.summary["failed"], outcome.summary["deleted"]), (0, 20), str(outcome))
            for number in range(20):
                self.into.add_object(self.destination, f"extra/{number}", b"e", age_seconds=100)
        self.lock_out(check, self.into, "sync", "--concurrency", "1", after=8)

    def test_verify(self):
        for key in KEYS:
            self.into.add_object(self.destination, key, key.encode())
        for fake in (self.from_, self.into):
            def check(outcome):
                self.assertEqual((outcome.summary["failed"], outcome.summary["matched"]), (0, 20), str(outcome))
            self.lock_out(check, fake, "verify", "--concurrency", "1", after=6)

    def test_compare_checksum(self):
        for key in KEYS:
            self.into.add_object(self.destination, key, key.encode(), etag="0" * 31 + "x")
        def check(outcome):
            self.assertEqual(outcome.summary["failed"], 0, str(outcome))
            for key in KEYS:
                self.into.add_object(self.destination, key, key.encode(), etag="0" * 31 + "x")
        self.lock_out(check, self.from_, "copy", "--compare", "checksum", "--concurrency", "1", after=6)

    def test_object_list(self):
        path = self.directory / "list"
        path.write_text("\n".join(KEYS))
        def check(outcome):
            self.assertEqual((outcome.summary["failed"], outcome.summary["copied"]), (0, 20), str(outcome))
        self.lock_out(check, self.from_, "copy", "--object-list", str(path), "--always", "--concurrency", "1", after=6)

    def test_a_refusal_of_some_objects_stays_theirs(self):
        """And the store is not asked about each."""
        self.from_.fail("refused", "HeadObject", times=None, status=403, code="AccessDenied")
        path = self.directory / "list"
        path.write_text("\n".join(KEYS))
        outcome = self.run_mode("copy", "--object-list", str(path), expect=5)
        self.assertEqual(outcome.summary["failed"], 20, str(outcome))
        self.assertLessEqual(self.from_.count("ListObjectsV2"), 4 * 3, "of each lane one a second")


if __name__ == "__main__":
    unittest.main()

"""Listings that break off, repeat, are out of order or are none at all: never a shorter bucket, never an endless one."""
import unittest

from hostile import HostileTest
from s3_client import AWKWARD_KEYS

OBJECTS = {f"key/{number:03}": b"x" for number in range(250)}  # five pages
LISTING = "ListObjectsV2"


class ListingTest(HostileTest):
    source_profile = destination_profile = "ceph"

    def serve(self, source_profile, destination_profile):
        super().serve(source_profile, destination_profile)
        self.from_.page_keys_max = self.into.page_keys_max = 50
        self.fill(OBJECTS)

    def check_whole(self, outcome=None, **expected):
        expected = expected or {"copied": len(OBJECTS)}
        self.assert_copied(outcome or self.copy(), **expected)

    def check_refused(self, *words, seen_max=len(OBJECTS), attempts=8):
        """The run fails and says why; what was copied until then is right, and nothing was taken for an end."""
        outcome = self.copy(None, None, "--attempts", attempts, expect=1)
        summary = outcome.summary
        self.assertEqual((summary["state"], summary["failed"], summary["deleted_at_source"]), ("failed", 0, 0), str(outcome))
        for word in words:
            self.assertIn(word, summary["error"])
        self.assertLessEqual(summary["scanned"], seen_max)
        for key, body in self.into.bodies(self.destination).items():
            self.assertEqual(self.from_.bodies(self.source)[key], body)
        return outcome

    def test_a_page_that_fails_is_asked_for_again(self):
        for number, (name, options) in enumerate((("internal_error", {}), ("slow_down", {"retry_after": 1}), ("bad_gateway", {}),
                                                  ("truncated", {}), ("truncated", {"ending": "reset"}),
                                                  ("shortened", {}), ("shortened", {"at": 0}),
                                                  ("no_answer", {"ending": "close"}))):
            with self.subTest(name, **options):
                self.serve("ceph", "ceph")
                fault = self.from_.fail(name, LISTING, after=2, times=2, **options)
                self.check_whole(self.copy(state=self.directory / str(number)))
                self.assertEqual(fault.acted, 2)

    def test_a_destination_listing_that_fails_is_asked_for_again(self):
        """Half of it taken for the whole would copy everything once more."""
        self.copy()
        for number, name in enumerate(("internal_error", "truncated", "shortened")):
            with self.subTest(name):
                fault = self.into.fail(name, LISTING, after=2, times=2)
                self.check_whole(self.copy(state=self.directory / str(number)), unchanged=len(OBJECTS))
                self.assertEqual(fault.acted, 2)

    def test_a_source_that_is_no_s3(self):
        self.from_.fail("login_page", LISTING, times=None)
        self.check_refused("not the store's", seen_max=0, attempts=3)

    def test_a_page_that_does_not_say_whether_it_is_the_last(self):
        self.from_.fail("empty_document", LISTING, times=None)
        self.check_refused("truncated", seen_max=0)

    def test_a_destination_that_may_not_be_listed(self):
        """It is not empty: what is there is not known, so nothing is compared, nothing written."""
        self.into.fail("refused", LISTING, times=None, status=403, code="AccessDenied")
        self.check_refused("AccessDenied", seen_max=0)
        self.assertEqual(self.into.count("PutObject"), 0)

    def test_a_token_that_repeats(self):
        self.from_.fail("same_token", LISTING, after=1, times=None)
        self.check_refused("does not continue")

    def test_truncated_without_a_token(self):
        self.from_.fail("no_token", LISTING, after=1, times=None)
        self.check_refused("does not say where it continues")

    def test_empty_pages_that_go_on(self):
        fault = self.from_.fail("empty_page", LISTING, after=2, times=7)
        empty = self.into.fail("empty_page", LISTING, times=3)
        self.check_whole()
        self.assertEqual((fault.acted, empty.acted), (7, 3))

    def test_an_inversion(self):
        """It is seen, and both listings are sorted: nothing is missed, nothing seen twice."""
        fault = self.from_.fail("inverted", LISTING, times=None)
        self.check_whole()
        self.assertGreater(fault.acted, 5, "it was listed again")

    def test_an_inversion_at_the_destination(self):
        """Seen from the start, so that nothing that is there is taken for missing."""
        self.copy()
        self.into.fail("inverted", LISTING, times=None)
        self.check_whole(self.copy(state=self.directory / "again"), unchanged=len(OBJECTS))

    def test_a_key_twice(self):
        self.from_.fail("duplicate", LISTING, times=None)
        self.check_whole()

    def test_other_orders(self):
        """Directory buckets, hierarchical name spaces, servers that fold case or compare UTF-16."""
        for order, keys in (("folders", ("a-b", "a/b", "a/c")), ("folded", ("B", "a", "c")),
                            ("utf16", ("\ufffd", "\U0001f600"))):
            with self.subTest(order):
                self.serve("ceph", "ceph")
                in_byte_order = self.into.profile
                for fake in (self.from_, self.into):
                    fake.profile = fake.profile.__class__(**vars(fake.profile) | {"order": order})
                self.fill({"~" + key: b"x" for key in keys})
                count = len(OBJECTS) + len(keys)
                self.check_whole(self.copy(state=self.directory / order), copied=count)
                self.check_whole(self.copy(state=self.directory / (order + "-again")), unchanged=count)
                # Not even the two sides agree.
                self.into.profile = in_byte_order
                self.check_whole(self.copy(state=self.directory / (order + "-mixed")), unchanged=count)
                verified = self.run_dth("verify", *self.copy_arguments(state=self.directory / (order + "-verified"))[1:]).summary
                self.assertEqual((verified["matched"], verified["extra"]), (count, 0))
                mirrored = self.run_dth("sync", *self.copy_arguments(state=self.directory / (order + "-mirrored"))[1:])
                self.assertEqual((mirrored.code, mirrored.summary["deleted"]), (1, 0))
                self.assertIn("order", mirrored.summary["error"])

    def test_keys_outside_the_prefix(self):
        self.fill({"another/key": b"x"})
        self.from_.fail("wrong_prefix", LISTING, times=None)
        outcome = self.copy(f"s3://{self.source}/key/", expect=1)
        self.assertIn("prefix", outcome.summary["error"])
        self.assertEqual(self.into.bodies(self.destination), {})

    def test_encoding_type_ignored(self):
        """Keys come as they are, and that is what they are: "%2F" is no slash."""
        keys = {key: b"x" for key in AWKWARD_KEYS if key.isprintable()}  # XML has no way to tell the others
        self.fill(keys)
        for fake in (self.from_, self.into):
            fake.fail("encoding_ignored", LISTING, times=None)
        self.check_whole(copied=len(OBJECTS) + len(keys))
        self.check_whole(self.copy(state=self.directory / "again"), unchanged=len(OBJECTS) + len(keys))

    def test_control_characters_where_encoding_type_is_ignored(self):
        """AWS writes references that XML does not allow to whoever does not ask for the encoding; they can be read."""
        self.fill({"control\x01\x1f": b"x"})
        self.from_.fail("encoding_ignored", LISTING, times=None)
        self.check_whole(copied=len(OBJECTS) + 1)


class ElderProtocolTest(HostileTest):
    def check(self, list_v2):
        self.serve("plain", "plain")
        self.fill(OBJECTS | {"plus+and space": b"x", "per%2Fcent": b"x"})
        for fake in (self.from_, self.into):
            fake.page_keys_max = 50
            fake.profile = fake.profile.__class__(**vars(fake.profile) | {"list_v2": list_v2, "etag": "md5"})
        count = len(OBJECTS) + 2
        self.assert_copied(self.copy(state=self.directory / list_v2), copied=count)
        self.assert_copied(self.copy(state=self.directory / (list_v2 + "-again")), unchanged=count)

    def test_version_2_unknown(self):
        self.check("501")

    def test_version_2_malformed(self):
        self.check("400")

    def test_version_2_answered_as_version_1(self):
        """The parameter is ignored: the answer has a marker and no token."""
        self.check("version_1")


if __name__ == "__main__":
    unittest.main()

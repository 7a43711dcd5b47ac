"""Stores without Content-MD5, without encoded keys in listings, without conditions of reads: a run goes on without these."""
import unittest

from dth import EndToEndTest
from hostile import IN_PARTS, MIB, HostileTest

NOT_IMPLEMENTED = {"status": 501, "code": "NotImplemented", "message": "A header you provided implies functionality that is not "
                                                                        "implemented", "times": None}
KEYS = {f"k/{number:02}": b"body %d" % number for number in range(20)} | {"caf\u00e9 +%20": b"awkward"}


class RefusedAidsTest(HostileTest):
    destination_profile = "gateway"

    def as_vendors(self, source, destination):
        return [*EndToEndTest.endpoints(self), "--source-vendor", source, "--destination-vendor", destination]

    def test_content_md5(self):
        self.fill(KEYS)
        refusals = [self.into.fail("refused", operation, with_header="content-md5", **NOT_IMPLEMENTED)
                    for operation in ("PutObject", "UploadPart")]
        for vendor in ("minio", "generic"):
            with self.subTest(vendor):
                self.state = self.directory / f"{vendor}.db"
                self.into.buckets[self.destination].objects.clear()
                self.assert_copied(self.copy(None, None, endpoints=self.as_vendors("ceph", vendor)), copied=21)
        self.assertLessEqual(refusals[0].acted, 2 * 21)

    def test_encoded_keys(self):
        self.fill(KEYS)
        for fake in (self.from_, self.into):
            fake.fail("encoding_refused", times=None)
        for vendor in ("aws", "generic"):
            with self.subTest(vendor):
                self.state = self.directory / f"{vendor}.db"
                outcome = self.copy(None, None, endpoints=self.as_vendors(vendor, vendor))
                self.assertEqual(outcome.summary["failed"], 0, str(outcome))
                self.assertEqual(self.into.bodies(self.destination), self.from_.bodies(self.source))

    def test_conditions_of_reads(self):
        self.fill(KEYS | {"large": b"l" * (12 * MIB)})
        refusal = self.from_.fail("refused", "GetObject", with_header="if-match", **NOT_IMPLEMENTED)
        self.assert_copied(self.copy(None, None, *IN_PARTS, "--concurrency", "1", "--lanes", "1"), copied=22)
        self.assertLessEqual(refusal.acted, 3)

    def test_an_object_that_is_replaced_is_noticed_all_the_same(self):
        self.fill({"large": b"l" * (12 * MIB), "small": b"small"})
        self.from_.fail("refused", "GetObject", with_header="if-match", **NOT_IMPLEMENTED)
        self.from_.fail("replaced", "GetObject", key="large", after=3, body=b"L" * (12 * MIB))
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)


if __name__ == "__main__":
    unittest.main()

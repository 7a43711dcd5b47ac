"""A write whose answer was lost counts as copied under the same conditions as one that was answered."""
import dataclasses

from fake_s3.profiles import PROFILES
from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content


class LostPutTest(HostileTest):
    def lose(self, conflict=False, **more):
        """PUTs are done and their answers lost: two, since a connection that was idle may have closed before the PUT was read, and it goes out
        once more. conflict: what is there is seen only after the PUT was sent again."""
        self.into.fail("lost_answer", "PutObject", as_="close", times=2, **more)
        if conflict:
            self.into.fail("refused", "HeadObject", status=403, code="AccessDenied", **more)

    def each_way(self, profile):
        for conflict in (False, True):
            with self.subTest(conflict=conflict):
                self.serve("aws", profile)
                self.state = self.directory / f"{conflict}.db"
                yield conflict

    def errors(self, outcome):
        return {line["key"]: line["error"] for line in self.ledger(outcome) if line["outcome"] == "failed"}

    def test_encryption_that_is_ignored_is_a_failure(self):
        for conflict in self.each_way("aws"):
            self.fill({"a": b"bytes"})
            self.into.fail("headers_dropped", "PutObject", times=None, names=["x-amz-server-side-encryption"])
            self.lose(conflict)
            outcome = self.copy(None, None, "--encryption", "sse-s3", expect=5)
            self.assert_outcome(outcome, failed=1)
            self.assertIn("without the encryption", self.errors(outcome)["a"])

    def test_what_is_not_kept_is_a_failure_where_it_has_to_be(self):
        self.serve("aws", "gateway")
        self.fill({"a": b"bytes"}, headers={"cache-control": "no-cache"})
        self.into.fail("headers_dropped", "PutObject", times=None, names=["cache-control"])
        self.lose()
        outcome = self.copy(None, None, "--fidelity", "strict", expect=5)
        self.assert_outcome(outcome, failed=1)
        self.assertIn("does not keep Cache-Control", self.errors(outcome)["a"])

    def test_framing_is_not_left_as_encoding(self):
        self.serve("aws", "gateway")
        self.fill({"streamed": content("streamed", 2 * MIB)})
        self.into.fail("encoding_kept", "PutObject", times=None)
        self.lose()
        self.assert_copied(self.copy(), copied=1)
        self.assertIsNone(self.into.buckets[self.destination].objects[b"streamed"].headers.get("content-encoding"))

    def test_a_name_that_is_not_kept_is_a_failure(self):
        self.serve("aws", "gateway")
        self.fill({"bell\x07": b"bell"})
        self.into.fail("names_replaced", "ListObjectsV2", times=None)
        self.lose()
        outcome = self.copy(expect=5)
        self.assert_outcome(outcome, failed=1)
        self.assertIn("is listed as", self.errors(outcome)["bell\x07"])

    def test_a_file_that_was_written_meanwhile_is_copied_again(self):
        for conflict in self.each_way("aws"):
            source = self.directory / f"files-{conflict}"
            source.mkdir()
            (source / "a").write_bytes(b"first")
            self.into.fail("meanwhile", "PutObject", act=lambda: (source / "a").write_bytes(b"second"))
            self.lose(conflict)
            outcome = self.copy(f"{source}/", None, endpoints=["--destination-endpoint-url", self.into.endpoint, "--destination-vendor", "aws"])
            self.assertEqual(outcome.summary["copied"], 1, str(outcome))
            self.assertEqual(self.into.bodies(self.destination), {"a": b"second"})


class LostCompleteTest(HostileTest):
    """At a server that nobody knows: neither digests nor conditions tell whose object it is."""
    large = content("large", 11 * MIB)

    def setUp(self):
        super().setUp()
        self.serve("plain", "plain")
        for fake in (self.from_, self.into):
            fake.profile = dataclasses.replace(PROFILES["plain"], conditional_put="ignored", conditional_complete="ignored")
        self.fill({"large": self.large})

    def try_copy(self, *options):
        outcome = self.run_dth(*self.copy_arguments(None, None, *IN_PARTS, "--unverified", "warn", *options))
        self.assertIn(outcome.code, (0, 5), str(outcome))
        return outcome

    def test_an_object_of_unknown_etag_that_was_there_is_not_taken_for_the_copy(self):
        self.into.add_object(self.destination, "large", bytes(11 * MIB))
        self.into.fail("entries_without", "ListObjectsV2", times=None, elements=["ETag"])
        self.into.fail("entries_without", "ListObjects", times=None, elements=["ETag"])
        self.into.fail("lost_answer", "CompleteMultipartUpload", as_="close", undone=True, times=2)
        self.assert_copied(self.try_copy("--compare", "always"), copied=1)

    def test_an_upload_that_may_be_open_is_aborted(self):
        """Somebody else's object of the same size shows up, and nothing tells that it is not the one that was completed."""
        self.into.fail("meanwhile", "UploadPart", times=None, act=lambda: self.into.add_object(self.destination, "large", bytes(11 * MIB)))
        self.into.fail("no_answer", "CompleteMultipartUpload", ending="close", times=2)
        self.try_copy()
        self.assertEqual(self.into.buckets[self.destination].uploads, {}, "an upload was left open")
        self.assertEqual(self.into.count("AbortMultipartUpload"), 1)

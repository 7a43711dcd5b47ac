"""Answers that are not the store's, or not true: what counts as done, as gone, and as verified."""
import dataclasses
import unittest

from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

SMALL = {f"small/{number:02}": content(number, 3000) for number in range(6)}
LARGE = content("large", 11 * MIB)
VICTIM, OTHER = "small/03", "small/04"


class AnswersTest(HostileTest):
    def run_mode(self, mode, *options, expect=0, state="state", source=None, destination=None):
        arguments = [mode, *self.copy_arguments(source, destination, *options, state=self.directory / state)[1:]]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def outcomes(self, outcome):
        return {line["key"]: line["outcome"] for line in self.ledger(outcome)}

    def change(self, fake, **settings):
        fake.profile = dataclasses.replace(fake.profile, **settings)


class PageTest(AnswersTest):
    """200 OK from something that stands between: a login page, a proxy."""

    def test_pages_that_go_away_are_no_answers(self):
        self.fill(SMALL | {"large": LARGE})
        for key in (VICTIM, OTHER):
            self.into.add_object(self.destination, key, b"the one before", age_seconds=9000)
        failures = [fake.fail("login_page", operation, times=2)
                    for fake, operations in ((self.from_, ("ListObjects", "ListObjectsV2", "HeadObject", "GetObject")),
                                             (self.into, ("ListObjects", "ListObjectsV2", "PutObject", "CreateMultipartUpload",
                                                          "ListMultipartUploads", "UploadPart", "CompleteMultipartUpload")))
                    for operation in operations]
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=7)
        self.assertEqual([fault.acted for fault in failures], [2] * len(failures))
        self.assertEqual(outcome.summary["proof"]["NONE"], 0)

    def test_pages_that_stay_copy_nothing_and_spoil_nothing(self):
        self.fill(SMALL)
        self.into.add_object(self.destination, VICTIM, b"a good one", age_seconds=9000)
        self.from_.fail("login_page", "GetObject", key=VICTIM, times=None)
        self.into.fail("login_page", "PutObject", key=OTHER, times=None)
        outcome = self.copy(expect=5)
        self.assert_outcome(outcome, copied=4, failed=2)
        self.assertEqual(self.into.bodies(self.destination)[VICTIM], b"a good one")
        self.assertIn("not the store's", outcome.stderr)

    def test_a_store_that_nobody_knows_is_known_by_its_listing(self):
        self.serve("plain", "plain")
        self.change(self.into, etag="md5")
        self.fill(SMALL)
        self.from_.fail("login_page", "GetObject", key=VICTIM, times=2)
        self.into.fail("login_page", "PutObject", key=OTHER, times=2)
        self.assert_copied(self.copy(), copied=6)

    def test_a_page_deletes_nothing(self):
        for profile in ("aws", "ceph"):
            with self.subTest(profile):
                self.serve(profile, profile)
                self.fill(SMALL)
                self.into.add_object(self.destination, "extra", b"only there")
                fault = self.into.fail("login_page", "DeleteObject", times=2)
                outcome = self.run_mode("sync", state=profile)
                self.assertEqual((outcome.summary["deleted"], fault.acted), (1, 2))
                self.assertNotIn("extra", self.into.bodies(self.destination))

    def test_a_success_that_comes_before_the_body_is_none(self):
        self.fill({"large": content("in one", 40 * MIB)})
        fault = self.into.fail("early_success", "PutObject")
        self.assert_copied(self.copy(), copied=1)
        self.assertEqual(fault.acted, 1)

    def test_a_place_that_answers_200_to_everything_is_no_store(self):
        self.from_.fail("login_page", times=None)
        outcome = self.run_dth(*self.copy_arguments())
        self.assertEqual(outcome.code, 1, str(outcome))
        self.assertIn("not the store's", outcome.stderr)


class AbsenceTest(AnswersTest):
    """404 is no word of the store's where it has no document, and none that counts where the store lists the object."""

    def bare(self, fake, key=None):
        return fake.fail("page_not_found", "HeadObject", key=key, times=None)

    def test_a_large_object(self):
        self.fill(SMALL | {"large": LARGE})
        self.bare(self.from_)
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.assert_copied(outcome, "large", copied=6, failed=1)

    def test_a_large_object_that_is_gone(self):
        self.fill(SMALL | {"large": LARGE})
        self.from_.fail("deleted", "HeadObject", key="large")
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=6, deleted_at_source=1)

    def test_a_part(self):
        self.fill({"large": LARGE})
        self.from_.fail("page_not_found", "GetObject", key="large", times=None)
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.assert_copied(outcome, "large", failed=1)
        self.assertEqual(self.into.count("CreateMultipartUpload"), 1, "nothing shows that it changed")

    def test_compare_by_checksum(self):
        self.fill(SMALL)
        for key, body in SMALL.items():
            self.into.add_object(self.destination, key, body, age_seconds=9000, etag="x" * 20)
        self.bare(self.from_, VICTIM)
        outcome = self.copy(None, None, "--compare", "checksum", expect=5)
        self.assertEqual((outcome.summary["deleted_at_source"], outcome.summary["failed"]), (0, 1))

    def test_verify(self):
        self.serve("plain", "plain")
        self.fill(SMALL)
        for key, body in SMALL.items():
            self.into.add_object(self.destination, key, body)
        self.bare(self.from_)
        outcome = self.run_mode("verify", expect=5)
        self.assertEqual({name: outcome.summary[name] for name in ("deleted_at_source", "failed", "matched")},
                         {"deleted_at_source": 0, "failed": 6, "matched": 0})

    def test_verify_that_verifies_nothing(self):
        self.serve("plain", "plain")
        self.fill(SMALL)
        for key, body in SMALL.items():
            self.into.add_object(self.destination, key, body)
        self.from_.fail("deleted", "HeadObject", times=None)
        outcome = self.run_mode("verify", expect=5)
        self.assertEqual((outcome.summary["deleted_at_source"], outcome.summary["matched"]), (6, 0))
        self.assertIn("nothing was verified", outcome.stderr)

    def test_restore(self):
        self.fill(SMALL)
        self.from_.add_object(self.source, "frozen", b"frozen", headers={"x-amz-storage-class": "GLACIER"})
        self.bare(self.from_, "frozen")
        outcome = self.copy(None, None, "--archived", "restore", "--restore-poll", "1s", expect=5)
        self.assert_copied(outcome, "frozen", copied=6, failed=1)

    def test_remove(self):
        self.serve("aws", "ceph")
        self.fill(SMALL)
        self.into.add_object(self.destination, "extra", b"only there")
        self.bare(self.into, "extra")
        outcome = self.run_mode("sync", expect=5)
        self.assertEqual(self.outcomes(outcome)["extra"], "failed")
        self.assertIn("extra", self.into.bodies(self.destination))

    def test_a_bucket_that_is_gone(self):
        """HEAD cannot tell it from an object that is."""
        self.fill({"large": LARGE})
        for operation in ("HeadObject", "GetObject"):
            self.from_.fail("refused", operation, times=None, status=404, code="NoSuchBucket")
        self.from_.fail("refused", "ListObjectsV2", after=1, times=None, status=404, code="NoSuchBucket")
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.assert_outcome(outcome, failed=1)

    def test_where_listing_is_not_allowed_the_object_is_asked_for(self):
        self.fill({"large": LARGE, "small": b"small"})
        self.bare(self.from_, "large")
        self.from_.fail("refused", "ListObjectsV2", after=1, times=None, status=403, code="AccessDenied")
        self.assert_copied(self.copy(None, None, *IN_PARTS, expect=5), "large", copied=1, failed=1)


class ContradictionTest(AnswersTest):
    """A key that is listed, cannot be read because there is no such key, and is still listed."""

    def check_mirror(self, copied, failed, *there):
        outcome = self.run_mode("sync", "--delete-despite-failures", "--delete-max-percent", "100", expect=1)
        self.assertEqual({name: outcome.summary[name] for name in ("copied", "failed", "deleted_at_source", "deleted")},
                         {"copied": copied, "failed": failed, "deleted_at_source": 0, "deleted": 0}, str(outcome))
        for key in there:
            self.assertIn(key, self.into.bodies(self.destination))
        return outcome

    def test_a_ghost(self):
        self.fill(SMALL)
        self.into.add_object(self.destination, "extra", b"only there")
        self.from_.fail("refused", "GetObject", key=VICTIM, times=None, status=404, code="NoSuchKey")
        outcome = self.check_mirror(5, 1, "extra")
        self.assertIn("listings", outcome.stderr)

    def test_names_that_are_encoded_and_not_said_to_be(self):
        self.serve("plain", "aws")
        self.change(self.from_, encodes_keys="silently")
        self.fill({"plain": b"1", "with space": b"2", "a%b": b"3", "a+b": b"4", "grün": b"5"})
        self.into.add_object(self.destination, "with space", b"2")
        self.check_mirror(1, 4, "with space")

    def test_names_that_are_said_to_be_encoded_and_are_not(self):
        self.serve("plain", "aws")
        self.change(self.from_, encodes_keys="untruly")
        self.fill({"plain": b"1", "with%20space": b"2", "a+b": b"3"})
        self.into.add_object(self.destination, "a+b", b"3")
        self.check_mirror(1, 2, "a+b")

    def test_an_object_that_is_gone_is_not_one(self):
        self.fill(SMALL | {"a b": b"gone"})
        self.into.add_object(self.destination, "extra", b"only there")
        self.from_.fail("deleted", "GetObject", key="a b")
        outcome = self.run_mode("sync")
        self.assertEqual((outcome.summary["deleted_at_source"], outcome.summary["deleted"]), (1, 1))


class ConfirmationTest(AnswersTest):
    """A digest that is sent is not a digest that is checked."""
    IGNORING = {"checksums": "ignored", "content_md5": "ignored"}

    def set_vendor(self, vendor):
        """What dth is told of the destination, whatever it is."""
        arguments = super().endpoints
        self.endpoints = lambda source=None, destination=None: [
            *[word for word in arguments(source, destination)], *(("--destination-vendor", vendor) if vendor else ())]

    def serve_as(self, vendor, source="aws", **settings):
        """A destination that is none of the servers that dth knows by their answers, and is told to be `vendor`."""
        self.serve(source, "plain")
        self.change(self.into, **{"chunk_signing": "yes", "list_v2": "yes", "encodes_keys": "told", **settings})
        self.set_vendor(vendor)

    def test_digests_that_are_ignored_prove_nothing(self):
        """Damage under a profile that says that digests are enforced, where the server enforces none."""
        for vendor in ("aws", "minio"):
            for source in ("aws", "ceph"):
                with self.subTest(vendor, source=source):
                    self.serve_as(vendor, source, etag="md5", **self.IGNORING)
                    self.fill(SMALL)
                    self.into.fail("corrupt_stored", "PutObject", key=VICTIM, times=None)
                    outcome = self.copy(state=self.directory / (vendor + source), expect=5)
                    self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (5, 1), str(outcome))
                    self.assertEqual(outcome.summary["proof"]["NONE"], 0)

    def test_checksums_that_are_not_answered_give_way_to_md5(self):
        """MinIO before 2025 takes a CRC64NVME and says nothing of it."""
        self.serve_as("minio", etag="md5", **self.IGNORING)
        for key, body in SMALL.items():
            self.from_.add_object(self.source, key, body, etag="0" * 32 + "-2")
        self.into.profile = dataclasses.replace(self.into.profile, conditional_put="yes")
        outcome = self.copy()
        self.assert_copied(outcome, copied=6)
        self.assertEqual(outcome.summary["proof"]["NONE"], 0)

    def test_a_bucket_that_encrypts_is_proved_by_checksums(self):
        self.serve("ceph", "aws")
        self.into.buckets[self.destination].encryption = "aws:kms"
        self.fill(SMALL | {"large": LARGE})
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=7)
        self.assertEqual((outcome.summary["proof"]["TRANSIT_CHECKSUM"], self.into.count("PutObject")), (7, 6))

    def test_another_etag_is_a_contradiction(self):
        self.fill(SMALL)
        self.into.fail("another_etag", "PutObject", key=VICTIM)
        outcome = self.copy()
        self.assert_copied(outcome, copied=6)
        self.assertGreaterEqual(self.into.count("PutObject", VICTIM), 2)
        self.assertEqual(outcome.summary["proof"]["NONE"], 0)

    def test_signatures_prove_nothing_where_nobody_is_known_to_check_them(self):
        self.serve_as(None, etag="opaque", **self.IGNORING)
        self.fill(SMALL | {"pieces": content("pieces", 2 * MIB)})
        outcome = self.copy(expect=5)
        self.assertEqual(outcome.summary["proof"]["NONE"], 7)
        self.assertIn("--unverified", outcome.stderr)

    def assert_written(self, key, framed, plain):
        """So many PUTs of the key were accepted, by how their bodies went."""
        written = [request.header("x-amz-content-sha256").startswith("STREAMING") for request in self.into.requests
                   if request.operation == "PutObject" and request.key == key.encode() and request.status == 200]
        self.assertEqual((written.count(True), written.count(False)), (framed, plain))

    def test_framing_that_is_kept_in_the_object(self):
        for vendor in (None, "ceph"):
            with self.subTest(vendor):
                self.serve_as(vendor, etag="md5", stores_aws_chunked=True, **self.IGNORING)
                self.fill({"pieces": content("pieces", 2 * MIB), "small": b"small"})
                self.into.fail("framing_kept", "PutObject", times=None)
                outcome = self.copy(state=self.directory / str(vendor))
                self.assert_copied(outcome, copied=2)
                self.assert_written("pieces", framed=1, plain=1)
                self.assertEqual(outcome.summary["proof"]["NONE"], 0)
                self.assertEqual(["aws-chunked" in warning for warning in outcome.summary["warnings"]].count(True), 1, str(outcome))

    def test_framing_that_is_kept_where_no_etag_tells(self):
        """Neither side's ETags are MD5s: the size of what is there tells."""
        self.serve_as(None, etag="opaque", multipart_etag="opaque", stores_aws_chunked=True, **self.IGNORING)
        self.from_.profile = dataclasses.replace(self.from_.profile, etag="opaque", checksums="ignored")
        self.fill({"pieces": content("pieces", 2 * MIB)})
        self.into.fail("framing_kept", "PutObject", times=None)
        outcome = self.copy(None, None, "--unverified", "warn")
        self.assert_copied(outcome, copied=1)
        self.assert_written("pieces", framed=1, plain=1)
        self.assertEqual(len(outcome.summary["warnings"]), 1, str(outcome))

    def test_framing_that_is_kept_where_nobody_may_look(self):
        self.serve_as(None, etag="md5", stores_aws_chunked=True, **self.IGNORING)
        self.from_.profile = dataclasses.replace(self.from_.profile, etag="opaque", checksums="ignored")
        self.fill({"pieces": content("pieces", 2 * MIB)})
        self.into.fail("framing_kept", "PutObject", times=None)
        self.into.fail("refused", "HeadObject", times=None, status=403, code="AccessDenied")
        self.assert_copied(self.copy(), copied=1)
        self.assert_written("pieces", framed=1, plain=1)

    def test_framing_that_is_kept_in_parts(self):
        for denied in (False, True):
            with self.subTest(denied=denied):
                self.serve_as(None, etag="md5", stores_aws_chunked=True, **self.IGNORING)
                self.from_.profile = dataclasses.replace(self.from_.profile, etag="opaque", checksums="ignored")
                self.fill({"large": content("large", 11 * MIB)})
                self.into.fail("framing_kept", "UploadPart", times=None)
                if denied:
                    self.into.fail("refused", "ListParts", times=None, status=403, code="AccessDenied")
                outcome = self.copy(None, None, *IN_PARTS, state=self.directory / str(denied))
                self.assert_copied(outcome, copied=1)
                self.assertLessEqual(self.into.count("UploadPart"), 6, "each part at most once in chunks")

    def test_framing_that_is_kept_in_parts_where_no_etag_tells(self):
        for rule in ("fail", "warn", "read-back"):
            with self.subTest(rule):
                self.serve_as(None, etag="opaque", multipart_etag="opaque", stores_aws_chunked=True, **self.IGNORING)
                self.from_.profile = dataclasses.replace(self.from_.profile, etag="opaque", checksums="ignored")
                self.fill({"large": content("large", 11 * MIB)})
                self.into.fail("framing_kept", "UploadPart", times=None)
                outcome = self.copy(None, None, *IN_PARTS, "--unverified", rule, state=self.directory / rule,
                                    expect=5 if rule == "fail" else 0)
                self.assert_copied(outcome, copied=1)

    def test_a_page_with_an_etag_is_not_the_object(self):
        """A web server in front answers GET with a page that has an ETag, whatever If-Match asks for."""
        self.serve("plain", "plain")
        self.fill({"k": b"new", "other": b"other"})
        self.into.add_object(self.destination, "k", b"good", age_seconds=1000)
        self.from_.fail("page_with_etag", "GetObject", key="k", times=None)
        outcome = self.copy(None, None, "--attempts", "2", expect=5)
        self.assertIn("it is not the object", outcome.stderr)
        self.assertEqual(self.into.bodies(self.destination), {"k": b"good", "other": b"other"})

    def test_an_object_that_was_replaced_is_copied_as_it_is_now(self):
        """The store ignores If-Match, and says the truth."""
        self.serve("plain", "plain")
        self.fill({"k": b"old"})
        self.from_.fail("replaced", "GetObject", key="k", body=b"newer")
        self.assert_copied(self.copy(None, None, "--unverified", "warn"), copied=1)
        self.assertEqual(self.into.bodies(self.destination), {"k": b"newer"})

    def test_a_full_store_without_words_stops_the_run(self):
        self.serve("plain", "plain")
        self.fill({f"k{number}": b"x" for number in range(20)})
        self.into.fail("refused", "PutObject", times=None, status=507, code="Full", message="no room")
        outcome = self.copy(expect=3)
        self.assertIn("no space left", outcome.stderr)
        self.assertLess(self.into.count("PutObject"), 20)

    def test_damage_on_the_way_is_not_taken_for_framing(self):
        self.serve_as("ceph", etag="md5", conditional_put="ignored", stores_aws_chunked=True, **self.IGNORING)
        self.fill({"pieces": content("pieces", 2 * MIB)})
        self.into.fail("corrupt_stored", "PutObject")
        outcome = self.copy()
        self.assert_copied(outcome, copied=1)
        self.assertNotIn("warnings", outcome.summary)
        self.assert_written("pieces", framed=2, plain=0)

    def test_unverified_copies(self):
        """fail, warn, read-back; and damage that reading back finds."""
        self.serve_as(None, etag="opaque", multipart_etag="opaque", **self.IGNORING)
        self.fill(SMALL | {"large": LARGE, "empty": b""})
        for rule, code in (("fail", 5), ("warn", 0), ("read-back", 0)):
            with self.subTest(rule):
                outcome = self.copy(None, None, *IN_PARTS, "--always", "--unverified", rule, state=self.directory / rule, expect=code)
                self.assertEqual(outcome.summary["proof"]["READ_BACK" if rule == "read-back" else "NONE"], 8)
                self.assertEqual("not verified" in outcome.stderr, rule != "read-back")
        self.into.fail("corrupt_stored", "PutObject", key=VICTIM, times=None)
        self.into.fail("corrupt_stored", "UploadPart", key="large", times=1)
        outcome = self.copy(None, None, *IN_PARTS, "--always", "--unverified", "read-back", state=self.directory / "damage", expect=5)
        self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (7, 1), str(outcome))
        self.assertEqual(self.into.bodies(self.destination)["large"], LARGE)


if __name__ == "__main__":
    unittest.main()

"""A destination that loses answers, parts and uploads, fails within 200 OK, and is written by others meanwhile."""
import unittest

from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

LARGE = content("large", 12 * MIB)  # three parts
SMALL = {f"small/{number:02}": content(number, 2000) for number in range(8)}
VICTIM = "small/03"
COMPLETE, CREATE, PART, ABORT = "CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart", "AbortMultipartUpload"


class UploadTest(HostileTest):
    """Each outcome: one copy, whole, and no upload left."""

    def setUp(self):
        super().setUp()
        self.fill({"large": LARGE})

    def copy_in_parts(self, **more):
        return self.copy(None, None, *IN_PARTS, **more)

    def check_copied(self, fault, acted=1, uploads=1):
        outcome = self.copy_in_parts()
        self.assert_copied(outcome, copied=1)
        self.assertEqual(fault.acted, acted)
        self.assertEqual(self.into.count(CREATE), uploads)
        self.assertEqual(outcome.summary["proof"]["NONE"], 0)
        return outcome

    def test_complete_fails_within_200(self):
        self.check_copied(self.into.fail("error_within_200", COMPLETE, times=3, undone=True), acted=3)

    def test_upload_that_may_be_neither_completed_nor_aborted(self):
        """The run ends all the same, and names what it leaves behind."""
        self.fill({"small": b"bytes"})
        for operation in (COMPLETE, ABORT):
            self.into.fail("refused", operation, times=None, status=403, code="AccessDenied")
        outcome = self.copy_in_parts(expect=5)
        summary = outcome.summary
        self.assertEqual((summary["state"], summary["copied"], summary["failed"]), ("completed_with_failures", 1, 1))
        (upload_id,) = self.into.buckets[self.destination].uploads
        self.assertIn(f"warning: the multipart upload {upload_id} of large stays open", outcome.stderr)
        self.assertEqual([(left["key"], left["upload_id"]) for left in summary["uploads_left_open"]], [("large", upload_id)])
        shown = self.run_dth("run", "show", "latest", *self.database(self.state))
        self.assertIn(upload_id, shown.stdout)

    def test_complete_says_slow_down_within_200(self):
        self.check_copied(self.into.fail("error_within_200", COMPLETE, times=2, code="SlowDown", undone=True), acted=2)

    def test_complete_says_within_200_that_it_failed_and_did_not(self):
        self.check_copied(self.into.fail("error_within_200", COMPLETE))

    def test_complete_answers_white_space_only(self):
        self.check_copied(self.into.fail("white_space_only", COMPLETE))

    def test_complete_is_cut_off_within_its_answer(self):
        self.into.fail("chunked", COMPLETE, times=None)
        self.check_copied(self.into.fail("truncated", COMPLETE, at=60))

    def test_answer_to_complete_is_lost(self):
        """The repetition hears NoSuchUpload; the object is looked at, and is the one that these parts make."""
        for how in ("reset", "close", 500, 503):
            with self.subTest(how):
                self.serve("aws", "aws")
                self.fill({"large": LARGE})
                self.state = self.directory / str(how)
                self.check_copied(self.into.fail("lost_answer", COMPLETE, as_=how))
                self.assertEqual(self.into.count(PART), 3)

    def test_answer_to_complete_is_lost_where_no_etag_tells(self):
        """R2's ETags of uploads say nothing: whether it is ours cannot be known, so it is uploaded again."""
        self.serve("r2", "r2")
        self.fill({"large": LARGE})
        self.check_copied(self.into.fail("lost_answer", COMPLETE), uploads=2)

    def test_answer_to_complete_is_lost_on_ceph(self):
        self.serve("aws", "ceph")
        self.fill({"large": LARGE})
        self.check_copied(self.into.fail("lost_answer", COMPLETE))

    def test_answer_to_create_is_lost(self):
        """It is not repeated blindly: what it may have left is found and aborted."""
        for how in ("reset", 500):
            with self.subTest(how):
                self.serve("aws", "aws")
                self.fill({"large": LARGE})
                self.state = self.directory / str(how)
                self.check_copied(self.into.fail("lost_answer", CREATE, as_=how), uploads=2)

    def test_create_fails_within_200(self):
        self.check_copied(self.into.fail("error_within_200", CREATE, undone=True), uploads=2)

    def test_answer_to_a_part_is_lost(self):
        self.check_copied(self.into.fail("lost_answer", PART, times=3), acted=3)

    def test_part_is_stored_otherwise(self):
        """The answered digest contradicts what was sent."""
        self.check_copied(self.into.fail("corrupt_stored", PART, times=2), acted=2)

    def test_answer_to_abort_is_lost(self):
        self.from_.fail("replaced", "GetObject", key="large", after=1, body=LARGE + b"!")
        self.check_copied(self.into.fail("lost_answer", ABORT), uploads=2)

    def test_upload_is_gone_between_its_parts(self):
        self.check_copied(self.into.fail("uploads_lost", PART, after=1), uploads=2)

    def test_upload_is_gone_before_complete(self):
        self.check_copied(self.into.fail("uploads_lost", COMPLETE), uploads=2)

    def test_part_is_gone_before_complete(self):
        """InvalidPart stays: after two more tries a failure that says so, and no upload left."""
        self.into.fail("parts_kept_from", COMPLETE, times=None)
        outcome = self.copy_in_parts(expect=5)
        self.assert_copied(outcome, "large", failed=1)
        self.assertIn("InvalidPart", outcome.stderr)
        self.assertEqual((self.into.count(CREATE), self.into.count(COMPLETE)), (3, 3), "what stays is not tried for ever")

    def test_uploads_may_not_be_listed(self):
        self.check_copied(self.into.fail("refused", "ListMultipartUploads", times=None, status=403, code="AccessDenied"),
                          acted=1)

    def test_a_part_that_complete_left_out(self):
        """Each part is vouched for, and the whole is smaller: a failure, whatever the ETag of the whole says."""
        for vendor in ("r2", "gateway"):
            with self.subTest(vendor):
                self.serve("aws", vendor)
                self.fill({"large": LARGE})
                self.state = self.directory / vendor
                left_out = self.into.fail("part_left_out", COMPLETE, times=None)
                outcome = self.copy_in_parts(expect=5)
                self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (0, 1), str(outcome))
                self.assertIn("it did not join all parts", outcome.stderr)
                self.assertEqual(left_out.acted, 3, "tried twice more")

    def test_equal_parts_are_sent(self):
        self.serve("aws", "r2")
        self.fill({"large": content("odd", 17 * MIB + 1)})
        self.assert_copied(self.copy_in_parts(), copied=1)
        self.assertEqual(self.into.buckets[self.destination].objects[b"large"].parts, [5 * MIB] * 3 + [2 * MIB + 1])

    def test_early_refusal_of_a_part(self):
        """A final answer instead of 100 Continue: the body is not sent, and the connection not used again."""
        self.check_copied(self.into.fail("slow_down", PART, times=4), acted=4)

    def test_somebody_else_writes_before_complete(self):
        self.into.fail("replaced", COMPLETE, body=b"theirs")
        outcome = self.copy_in_parts(expect=5)
        self.assert_outcome(outcome, failed=1)
        self.assertIn("PreconditionFailed", outcome.stderr)
        self.assertEqual(self.into.bodies(self.destination), {"large": b"theirs"})

    def test_composite_checksums_are_not_those_of_the_object(self):
        """A source in parts with a COMPOSITE checksum: it is not declared, and the copy is proved otherwise."""
        made = self.from_.add_object(self.source, "composite", content("composite", 3 * MIB), etag="0" * 32 + "-2")
        made.checksums, made.checksum_type = {"crc32c": "AAAAAA==-2"}, "COMPOSITE"
        outcome = self.copy_in_parts()
        self.assert_copied(outcome, copied=2)
        self.assertEqual((outcome.summary["proof"]["TRANSIT_CHECKSUM"], outcome.summary["requests"]["retries"]), (2, 0))


class PutTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL)

    def check_copied(self, fault, acted=1):
        outcome = self.copy()
        self.assert_copied(outcome, copied=len(SMALL))
        self.assertEqual(fault.acted, acted)
        return outcome

    def test_answer_is_lost(self):
        """The object is found where there was none: its own, by size and ETag. Nothing is sent again but where no answer was lost."""
        for how in ("reset", "close", 500):
            with self.subTest(how):
                self.serve("aws", "aws")
                self.fill(SMALL)
                self.state = self.directory / str(how)
                self.check_copied(self.into.fail("lost_answer", "PutObject", key=VICTIM, as_=how))
                # Also where the client repeated it by itself: that answer says nothing.
                self.assertIn(self.into.count("PutObject", VICTIM), (2, 3) if how == 500 else (1, 2))

    def test_answer_is_lost_on_a_connection_used_before(self):
        """The client cannot tell it from a connection that was idle for too long, and sends the request once more by itself:
        that the second one is refused does not mean that somebody else wrote."""
        self.into.fail("lost_answer", "PutObject", key=VICTIM)
        self.assert_copied(self.copy(None, None, "--concurrency", "1"), copied=len(SMALL))

    def test_answer_is_lost_where_etags_say_nothing(self):
        self.serve("aws", "aws")
        self.into.buckets[self.destination].encryption = "aws:kms"
        self.fill(SMALL)
        self.check_copied(self.into.fail("lost_answer", "PutObject", key=VICTIM))

    def test_somebody_else_writes_after_the_listing(self):
        """Theirs stays; the item is a failure that says so."""
        self.into.fail("replaced", "PutObject", key=VICTIM, body=b"theirs")
        outcome = self.copy(expect=5)
        self.assert_outcome(outcome, copied=len(SMALL) - 1, failed=1)
        self.assertIn("somebody else wrote", outcome.stderr)
        self.assertEqual(self.into.bodies(self.destination)[VICTIM], b"theirs")
        self.assertEqual(self.into.count("PutObject", VICTIM), 1)

    def test_conflict_with_another_write_under_way(self):
        fault = self.into.fail("refused", "PutObject", key=VICTIM, status=409, code="ConditionalRequestConflict")
        self.check_copied(fault)

    def test_conditional_writes_are_unknown(self):
        """501 teaches it once, and everything is copied."""
        self.serve("aws", "aws")
        self.into.profile = self.into.profile.__class__(**vars(self.into.profile) | {"conditional_put": "501"})
        self.fill(SMALL)
        self.assert_copied(self.copy(None, None, "--concurrency", "1"), copied=len(SMALL))
        refused = [request for request in self.into.requests if request.status == 501]
        self.assertLessEqual(len(refused), 2, "at most once for each lane")

    def test_chunk_signatures_are_unknown(self):
        """A body of several pieces over plain HTTP is signed in chunks, until 501 says that this store has none."""
        self.serve("aws", "aws")
        self.into.profile = self.into.profile.__class__(**vars(self.into.profile) | {"chunk_signing": "501"})
        bodies = {f"pieces/{number}": content(number, 2 * MIB) for number in range(6)}
        self.fill(bodies)
        self.assert_copied(self.copy(None, None, "--concurrency", "1"), copied=len(bodies))
        refused = [request for request in self.into.requests if request.status == 501]
        self.assertTrue(1 <= len(refused) <= 2, len(refused))

    def test_signed_payloads_are_demanded(self):
        """Over TLS payloads are not signed, until a refusal says that this bucket wants them so."""
        certificate, key = self.make_certificate()
        self.serve("aws", "aws", certificate=(certificate, key))
        self.into.buckets[self.destination].demands_signed_payloads = True
        self.fill(SMALL | {"pieces": content("pieces", 3 * MIB)})
        outcome = self.copy(None, None, "--destination-ca-bundle", certificate)
        self.assert_copied(outcome, copied=len(SMALL) + 1)
        refused = [request for request in self.into.requests if request.status == 403]
        self.assertTrue(1 <= len(refused) <= len(SMALL) + 1, "it had to be learnt, and was")

    def test_chunked_is_not_stored_as_an_encoding(self):
        for profile in ("aws", "ceph"):
            with self.subTest(profile):
                self.serve(profile, profile)
                self.fill({"plain": content(1, 3 * MIB)})
                self.fill({"packed": content(2, 3 * MIB)}, headers={"content-encoding": "gzip"})
                # As others' clients leave it where it is kept.
                self.fill({"chunked": b"small"}, headers={"content-encoding": "aws-chunked"})
                self.fill({"chunked/packed": b"small"}, headers={"content-encoding": "aws-chunked,gzip"})
                self.assert_copied(self.copy(state=self.directory / profile), copied=4)
                encodings = {key.decode(): found.headers.get("content-encoding")
                             for key, found in self.into.buckets[self.destination].objects.items()}
                self.assertEqual(encodings, {"plain": None, "packed": "gzip", "chunked": None, "chunked/packed": "gzip"})

    def test_stored_otherwise(self):
        """The ETag answered is not that of the bytes sent."""
        self.serve("plain", "ceph")
        pieces = content("pieces", 3 * MIB)  # so that no digest of it can be sent ahead
        self.fill(SMALL | {"pieces": pieces})
        fault = self.into.fail("corrupt_stored", "PutObject", key="pieces", times=2)
        self.assert_copied(self.copy(None, None, "--unsigned-payload"), copied=len(SMALL) + 1)
        self.assertEqual(fault.acted, 2)

    def test_object_lock_demands_a_digest(self):
        self.into.buckets[self.destination].locked = True
        self.from_.buckets[self.source].encryption = "aws:kms"  # so that no ETag declares anything
        # One that does not fit into memory, and one in parts: no digest is known before they are read.
        self.fill({"medium": content("medium", 3 * MIB), "large": LARGE})
        for found in self.from_.buckets[self.source].objects.values():
            found.checksums.clear()
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=len(SMALL) + 2)

    def test_too_much_metadata(self):
        self.fill({"wordy": b"x"}, headers={f"x-amz-meta-{number}": "w" * 1000 for number in range(3)})
        outcome = self.copy(expect=5)
        self.assert_copied(outcome, "wordy", copied=len(SMALL), failed=1)
        self.assertIn("MetadataTooLarge", outcome.stderr)
        self.assertEqual(self.into.count("PutObject", "wordy"), 1, "what stays is not tried again")


if __name__ == "__main__":
    unittest.main()

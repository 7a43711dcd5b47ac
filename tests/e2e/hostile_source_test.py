"""A source that changes, breaks off, lies or refuses while it is read: what arrives is one whole version, or a failure."""
import signal
import unittest

from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

SMALL = {f"small/{number:02}": content(number, 3000) for number in range(12)}
LARGE = content("large", 12 * MIB)  # three parts
LARGER = content("larger", 13 * MIB)
VICTIM = "small/05"


class ChangingSourceTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL | {"large": LARGE})

    def test_replaced_between_listing_and_get(self):
        self.from_.fail("replaced", "GetObject", key=VICTIM, body=b"new and of another size")
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=13)
        self.assertEqual(self.from_.count("GetObject", VICTIM), 2)

    def test_replaced_between_the_gets_of_its_parts(self):
        replaced = self.from_.fail("replaced", "GetObject", key="large", after=1, body=LARGER)
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=13)
        self.assertEqual(replaced.acted, 1)
        self.assertEqual(self.into.count("AbortMultipartUpload"), 1)

    def test_replaced_where_if_match_is_ignored(self):
        """The answer's ETag is compared, so that no part of one version meets a part of another."""
        self.from_.fail("ignores", "GetObject", times=None, header="if-match")
        self.from_.fail("replaced", "GetObject", key="large", after=1, body=LARGER)
        self.from_.fail("replaced", "GetObject", key=VICTIM, body=b"new and of another size")
        lines = self.assert_copied(self.copy(None, None, *IN_PARTS), copied=13)
        etags = {line["key"]: line["source_etag"] for line in lines}
        for key in ("large", VICTIM):
            self.assertEqual(etags[key], self.from_.buckets[self.source].objects[key.encode()].etag)

    def test_replaced_by_one_of_the_same_size(self):
        self.from_.fail("replaced", "GetObject", key="large", after=2, body=content("another", 12 * MIB))
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=13)

    def test_deleted_between_listing_and_get(self):
        self.from_.fail("deleted", "GetObject", key=VICTIM)
        lines = self.assert_copied(self.copy(None, None, *IN_PARTS), copied=12, deleted_at_source=1)
        self.assertEqual([line["key"] for line in lines if line["outcome"] == "deleted_at_source"], [VICTIM])
        self.assertEqual(self.from_.count("GetObject", VICTIM), 1)

    def test_deleted_between_listing_and_upload(self):
        self.from_.fail("deleted", "HeadObject", key="large")
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=12, deleted_at_source=1)
        self.assertEqual(self.into.count("CreateMultipartUpload"), 0)

    def test_deleted_between_the_gets_of_its_parts(self):
        self.from_.fail("deleted", "GetObject", key="large", after=1)
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=12, deleted_at_source=1)

    def test_a_page_of_somebody_elses_is_no_deleted_object(self):
        """404 without a word of S3's: some proxy in between does not know the path. Nothing is known of the object."""
        self.from_.fail("page_not_found", "GetObject", key=VICTIM, times=None)
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.assert_copied(outcome, VICTIM, copied=12, failed=1)

    def test_a_bucket_that_is_gone_is_no_deleted_object(self):
        self.from_.fail("refused", "GetObject", times=None, status=404, code="NoSuchBucket")
        outcome = self.copy(None, None, "--multipart-threshold", "64MiB", expect=5)
        self.assert_outcome(outcome, failed=13)


class BrokenBodyTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL | {"large": LARGE})

    def check_heals(self, name, times=3, keys=(VICTIM, "large"), retries=3, **options):
        for key in keys:
            fault = self.from_.fail(name, "GetObject", key=key, times=times, **options)
            outcome = self.copy(None, None, *IN_PARTS, "--always", state=self.directory / key.replace("/", "-"))
            self.assert_copied(outcome, copied=13)
            self.assertEqual(fault.acted, times)
            self.assertGreaterEqual(outcome.summary["requests"]["retries"], retries)
            self.into.buckets[self.destination].objects.clear()

    def test_cut_off_by_a_clean_close(self):
        self.check_heals("truncated", ending="close")

    def test_cut_off_by_a_reset(self):
        self.check_heals("truncated", ending="reset")

    def test_cut_off_before_the_first_byte(self):
        self.check_heals("truncated", at=0, ending="close")

    def test_cut_off_in_the_middle_of_a_chunk(self):
        """No Content-Length: the range tells what must come."""
        self.from_.fail("chunked", "GetObject", key="large", times=None)
        self.check_heals("truncated", keys=("large",), at=1500, ending="close")

    def test_stalled(self):
        self.from_.fail("truncated", "GetObject", key=VICTIM, ending="stall")
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=13)
        self.assertGreater(outcome.summary["seconds"], 20)

    def test_cut_off_every_time(self):
        """Tried so often and no more, then a failure; never an object that is shorter."""
        self.from_.fail("truncated", "GetObject", key=VICTIM, times=None)
        lines = self.assert_copied(self.copy(None, None, *IN_PARTS, expect=5), VICTIM, copied=12, failed=1)
        self.assertEqual(self.from_.count("GetObject", VICTIM), 8)
        self.assertIn("1500 of 3000 bytes", next(line["error"] for line in lines if line["outcome"] == "failed"))

    def test_longer_than_announced(self):
        """What follows an answer is nobody's: the connection is not used again."""
        self.from_.fail("too_long", "GetObject", times=5)
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=13)

    def test_altered_on_the_way(self):
        """The first refusal of a digest that the source declared is no reason to wait."""
        self.check_heals("altered", times=2, keys=(VICTIM,), retries=1, at=1000)

    def test_altered_every_time(self):
        """Two stores that state and enforce checksums: what is altered is never called copied."""
        self.from_.buckets[self.source].objects[VICTIM.encode()].add_checksum("crc64nvme")
        self.from_.fail("altered", "GetObject", key=VICTIM, times=None)
        self.assert_copied(self.copy(None, None, *IN_PARTS, expect=5), VICTIM, copied=12, failed=1)

    def test_shorter_than_listed(self):
        """The answer is sound, but not as long as the object: no digest tells, its size does."""
        self.serve("plain", "plain")
        self.fill(SMALL)
        self.from_.fail("shortened", "GetObject", key=VICTIM, times=None)
        self.assert_copied(self.copy(expect=5), VICTIM, copied=11, failed=1)

    def test_part_of_an_object_that_is_shorter_than_planned(self):
        """A destination without checksums of the whole: nothing but the size tells."""
        self.serve("aws", "r2")
        self.fill(SMALL | {"large": LARGE})
        self.from_.fail("shortened", "GetObject", key="large", after=2, times=None, at=2 * MIB - 1)
        self.from_.fail("header", "GetObject", key="large", after=2, times=None, name="Content-Range",
                        value=f"bytes {10 * MIB}-{12 * MIB - 2}/{12 * MIB - 1}")
        self.assert_copied(self.copy(None, None, *IN_PARTS, "--concurrency", "1", expect=5), "large", copied=12, failed=1)

    def check_wrong_range(self, fault, **options):
        self.from_.fail(fault, "GetObject", key="large", times=None, **options)
        # Two parts of one size: what comes is as long as what was asked for.
        outcome = self.copy(None, None, "--multipart-threshold", "8MiB", "--part-size", "6MiB", expect=5)
        self.assert_copied(outcome, "large", copied=12, failed=1)

    def test_range_ignored(self):
        self.check_wrong_range("ignores", header="range")

    def test_another_range(self):
        self.check_wrong_range("header", name="Content-Range", value=f"bytes 1-{6 * MIB}/{12 * MIB}")

    def test_no_content_range(self):
        self.check_wrong_range("header", name="Content-Range", value=None)


class RefusingSourceTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL | {"large": LARGE})

    def check_failure(self, outcome, key, *words):
        lines = self.assert_copied(outcome, key, copied=12, failed=1)
        error = next(line["error"] for line in lines if line["outcome"] == "failed")
        for word in words:
            self.assertIn(word, error)
            self.assertIn(word, outcome.stderr)

    def test_archive_tier_that_the_listing_does_not_show(self):
        self.from_.fail("refused", "GetObject", key=VICTIM, times=None, status=403, code="InvalidObjectState")
        self.check_failure(self.copy(None, None, *IN_PARTS, expect=5), VICTIM, "InvalidObjectState", "restore")
        self.assertEqual(self.from_.count("GetObject", VICTIM), 1)

    def test_archived(self):
        self.fill({"small/cold": b"cold"}, headers={"x-amz-storage-class": "DEEP_ARCHIVE"})
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.assert_copied(outcome, "small/cold", copied=13, failed=1)
        self.assertEqual(self.from_.count("GetObject", "small/cold"), 0)

    def test_archived_and_restored(self):
        """Asked for once, looked at until it can be read, copied; across a process that is interrupted while it waits."""
        self.fill({"cold/small": b"cold", "cold/large": content("cold", 12 * MIB)}, headers={"x-amz-storage-class": "DEEP_ARCHIVE"})
        self.from_.restore_looks = 2
        restoring = ("--archived", "restore", "--restore-poll", "1s", "--restore-days", "2", *IN_PARTS)
        running = self.start(self.copy_arguments(None, None, *restoring))
        running.wait_until(lambda: self.from_.count("RestoreObject") == 2, "both were asked for")
        running.signal(signal.SIGINT)
        self.assertEqual(running.wait().code, 130)
        outcome = self.copy(None, None, *restoring)
        self.assert_copied(outcome, copied=15)
        self.assertEqual(self.from_.count("RestoreObject"), 2)

    def test_kms_key_that_may_not_be_used(self):
        self.from_.fail("refused", "GetObject", key=VICTIM, times=None, status=403, code="AccessDenied",
                        message="User is not authorized to perform: kms:Decrypt")
        self.check_failure(self.copy(None, None, *IN_PARTS, expect=5), VICTIM, "kms:Decrypt")
        self.assertEqual(self.from_.count("GetObject", VICTIM), 1, "what stays is not tried again")

    def test_parts_that_may_not_be_read(self):
        self.from_.fail("refused", "GetObject", key="large", times=None, status=403, code="AccessDenied")
        self.check_failure(self.copy(None, None, *IN_PARTS, expect=5), "large", "AccessDenied")

    def test_session_that_expires(self):
        """The run stops and loses nothing: the same command with new credentials goes on."""
        self.from_.tokens["TESTACCESSKEY"] = "session-token"
        session = self.environment(DTH_SOURCE_SESSION_TOKEN="session-token")
        self.from_.fail("expired_token", "GetObject", after=6, times=None)
        outcome = self.copy(None, None, *IN_PARTS, environment=session, expect=1)
        self.assertIn("ExpiredToken", outcome.stderr)
        self.from_.heal()
        self.assert_copied(self.copy(None, None, *IN_PARTS, environment=session), copied=13)

    def test_etags_that_are_no_md5s(self):
        """KMS's look like MD5s; nothing is declared by them, and nothing read twice."""
        self.serve("aws", "aws")
        self.from_.buckets[self.source].encryption = "aws:kms"
        self.into.buckets[self.destination].encryption = "aws:kms"
        self.fill(SMALL | {"large": LARGE})
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=13)
        self.assertEqual(outcome.summary["requests"]["retries"], 0)
        self.assertEqual(self.from_.count("GetObject"), 12 + 3)
        # And they are not copied for ever.
        self.assert_outcome(self.copy(None, None, *IN_PARTS, state=self.directory / "again"), unchanged=13)


if __name__ == "__main__":
    unittest.main()

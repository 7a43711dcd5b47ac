"""Features that a store does not have: what is refused is left out, once that is known to help, and the objects arrive."""
import dataclasses
import hashlib
import re

from fake_s3.profiles import PROFILES
from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

REFUSALS = ((400, "InvalidArgument"), (400, "InvalidRequest"), (501, "NotImplemented"), (400, "SomethingElse"))


class FeatureTest(HostileTest):
    def try_copy(self, *options, endpoints=None):
        """Whether what is copied can also be proved there is not what is asked here."""
        outcome = self.run_dth(*self.copy_arguments(None, None, *options, endpoints=endpoints))
        self.assertIn(outcome.code, (0, 5), str(outcome))
        return outcome

    def serve_unknown(self, **changes):
        """Servers that nobody knows, and what they do other than the plain one."""
        self.serve("plain", "plain")
        for fake in (self.from_, self.into):
            fake.profile = dataclasses.replace(PROFILES["plain"], etag="md5", multipart_etag="md5s", **changes)


class RefusalsTest(FeatureTest):
    def test_refusals_with_bodies_do_not_use_up_the_memory_that_transfers_hold(self):
        """Every transfer holds the object's bytes when its refusal has to be read."""
        self.serve("ceph", "ceph")
        self.fill({f"k{number:03}": content(str(number), 300_000) for number in range(40)})
        self.into.fail("slow_down", "PutObject", times=40, chunked=True, lines=2000)
        outcome = self.copy(None, None, "--lanes", "32", seconds=60)
        self.assert_copied(outcome, copied=40)

    def test_a_refusal_too_long_to_be_read_whole_is_still_understood(self):
        self.fill({"k": b"text"})
        self.into.fail("refused", "PutObject", times=None, status=403, code="AccessDenied", message="no " * 200_000)
        outcome = self.copy(expect=5)
        self.assertIn("access is denied", outcome.stderr)
        self.assertEqual(self.into.count("PutObject"), 1)


class AidTest(FeatureTest):
    """A transfer aid is left out of the request that was refused; the store goes without it once that succeeded."""

    def test_checksum_mode(self):
        objects = {f"k{number}": content(str(number), 100) for number in range(200)} | {"large": content("large", 11 * MIB)}
        for status, code in REFUSALS:
            with self.subTest(status=status, code=code):
                self.serve("aws", "aws")
                self.fill(objects)
                for operation in ("GetObject", "HeadObject"):
                    self.from_.fail("refused", operation, times=None, with_header="x-amz-checksum-mode", status=status, code=code)
                self.state = self.directory / f"{status}-{code}"
                self.assert_copied(self.copy(None, None, *IN_PARTS, "--lanes", "1", "--concurrency", "4"), copied=len(objects))
                with_it = sum("x-amz-checksum-mode" in request.headers for request in self.from_.requests)
                self.assertLess(with_it, 20)

    def test_what_is_refused_for_another_reason_teaches_nothing(self):
        self.fill({f"k{number}": b"bytes" for number in range(20)})
        self.from_.fail("refused", "GetObject", times=None, status=403, code="AccessDenied")
        self.assert_outcome(self.copy(None, None, expect=5), failed=20)
        self.assertEqual(self.from_.count("GetObject"), 20)
        self.assertTrue(all("x-amz-checksum-mode" in request.headers for request in self.from_.requests if request.operation == "GetObject"))

    def test_a_refusal_that_stays_is_tried_a_few_times_and_no_more(self):
        self.fill({f"k{number:02}": b"bytes" for number in range(40)})
        self.from_.fail("refused", "GetObject", times=None, status=400, code="InvalidRequest")
        self.assert_outcome(self.copy(None, None, "--lanes", "1", "--concurrency", "1", expect=5), failed=40)
        self.assertEqual(self.from_.count("GetObject"), 44)

    def test_chunk_signatures(self):
        """Then the SHA-256 of the whole is signed: nothing goes out unsigned."""
        for status, code in ((400, "XAmzContentSHA256Mismatch"), (403, "SignatureDoesNotMatch"), (400, "InvalidRequest"), (501, "NotImplemented")):
            with self.subTest(status=status, code=code):
                self.serve_unknown(chunk_signing="yes")
                objects = {"small": b"bytes", "one": content("one", 3 * MIB), "two": content("two", 2 * MIB), "large": content("large", 12 * MIB)}
                self.fill(objects)
                self.into.fail("refused", times=None, with_header="x-amz-content-sha256=STREAMING-", status=status, code=code)
                self.state = self.directory / f"{status}-{code}"
                outcome = self.try_copy(*IN_PARTS)
                self.assert_copied(outcome, copied=len(objects))
                payloads = [request.headers["x-amz-content-sha256"] for request in self.into.requests
                            if request.operation in ("PutObject", "UploadPart")]
                self.assertNotIn("UNSIGNED-PAYLOAD", payloads)
                self.assertTrue(any(re.fullmatch("[0-9a-f]{64}", payload) for payload in payloads))

    def test_expect(self):
        self.fill({"one": content("one", 3 * MIB), "large": content("large", 12 * MIB)})
        fault = self.into.fail("refused", times=None, with_header="expect", status=417, code="")
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)
        self.assertGreater(fault.acted, 0)

    def test_checksums_and_preconditions_go_one_at_a_time(self):
        """A store that does not know checksums keeps its preconditions, and the other way round."""
        for header, kept in (("x-amz-checksum-crc64nvme", "if-none-match"), ("if-none-match", "x-amz-checksum-crc64nvme")):
            with self.subTest(header):
                self.serve("aws", "aws")
                self.fill({f"k{number:03}": content(str(number), 100) for number in range(60)})
                self.into.fail("refused", "PutObject", times=None, with_header=header, status=501, code="NotImplemented",
                               message="A header you provided implies functionality that is not implemented")
                self.state = self.directory / header
                outcome = self.try_copy("--lanes", "1", "--concurrency", "2")
                self.assert_copied(outcome, copied=60)
                puts = [request.headers for request in self.into.requests if request.operation == "PutObject"]
                self.assertLess(sum(header in headers for headers in puts), 10)
                if kept == "if-none-match":  # which digest goes along is also a question of what ETags have shown
                    self.assertGreater(sum(kept in headers for headers in puts), 50)
                self.assertEqual("does not know conditional writes" in outcome.stderr, header == "if-none-match", outcome.stderr)
                self.assertLessEqual(outcome.stderr.count("conditional writes"), 1)


class UploadTest(FeatureTest):
    def test_uploads_that_cannot_be_listed(self):
        for how in ("listing", 400, 404, 405, 501):
            with self.subTest(how):
                self.serve("aws", "aws")
                self.fill({"large": content("large", 11 * MIB)})
                if how == "listing":
                    self.into.fail("lists_the_bucket", "ListMultipartUploads", times=None)
                else:
                    self.into.fail("refused", "ListMultipartUploads", times=None, status=how, code="InvalidArgument" if how == 400 else "")
                self.state = self.directory / str(how)
                self.assert_copied(self.copy(None, None, *IN_PARTS), copied=1)

    def test_an_upload_that_announces_a_checksum_wants_it_with_each_part(self):
        """As MinIO does; here it has to be found out."""
        self.fill({"a": content("a", 11 * MIB), "b": content("b", 12 * MIB)})
        for operation in ("UploadPart", "CompleteMultipartUpload"):
            self.into.fail("part_checksums_needed", operation, times=None)
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)

    def test_an_algorithm_that_the_store_does_not_know(self):
        """As older MinIO refuses CRC64NVME when an upload is created."""
        self.fill({"a": content("a", 11 * MIB)})
        self.into.fail("refused", "CreateMultipartUpload", times=None, with_header="x-amz-checksum-algorithm", status=400, code="InvalidArgument")
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=1)
        self.assertEqual(self.into.count("CreateMultipartUpload"), 2)

    def test_a_part_that_is_gone_is_no_end(self):
        self.fill({"a": content("a", 11 * MIB)})
        self.into.fail("parts_kept_from", "CompleteMultipartUpload")
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=1)
        self.assertEqual(self.into.count("CreateMultipartUpload"), 2)


class ListingTest(FeatureTest):
    source_profile = destination_profile = "ceph"

    def check(self, **fault):
        self.fill({f"k{number:02}": b"bytes" for number in range(25)})
        self.from_.page_keys_max = 10
        for operation in ("ListObjects", "ListObjectsV2"):
            self.from_.fail("rewritten", operation, times=None, **fault)
        self.assert_copied(self.copy(), copied=25)

    def test_times_with_an_offset(self):
        self.check(pattern=r"\.000Z</LastModified>", text="+00:00</LastModified>")

    def test_times_as_http_writes_them(self):
        self.check(pattern=r"<LastModified>.*?</LastModified>", text="<LastModified>Fri, 02 Jan 2026 03:04:05 GMT</LastModified>")

    def test_an_end_that_is_not_told(self):
        self.check(pattern="<IsTruncated>false</IsTruncated>", text="")

    def test_where_the_end_is_not_told_nothing_is_deleted(self):
        self.fill({"kept": b"bytes"})
        self.into.add_object(self.destination, "extra", b"bytes")
        for operation in ("ListObjects", "ListObjectsV2"):
            self.from_.fail("rewritten", operation, times=None, pattern="<IsTruncated>false</IsTruncated>", text="")
        arguments = self.copy_arguments(None, None)
        outcome = self.run_dth("sync", *arguments[1:])
        self.assertNotEqual(outcome.code, 0, str(outcome))
        self.assertIn("IsTruncated", outcome.stderr + outcome.stdout)
        self.assertEqual(set(self.into.bodies(self.destination)), {"kept", "extra"})

    def test_etags_in_upper_case(self):
        for key, body in (("small", b"bytes"), ("large", content("large", 11 * MIB))):
            self.from_.add_object(self.source, key, body, etag=hashlib.md5(body).hexdigest().upper())
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)
        again = self.copy(None, None, *IN_PARTS, state=self.directory / "again")
        self.assert_outcome(again, unchanged=2)

    def test_etags_that_are_upper_case_in_answers_only(self):
        for operation in ("GetObject", "HeadObject"):
            self.from_.fail("upper_etags", operation, times=None)
        self.fill({"small": b"bytes", "large": content("large", 11 * MIB)})
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)

    def test_etags_with_a_coding_behind_them(self):
        for operation in ("GetObject", "HeadObject"):
            self.from_.fail("coded_etags", operation, times=None)
        self.fill({"small": b"bytes", "large": content("large", 11 * MIB)})
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)

    def test_a_status_line_without_a_reason(self):
        for fake in (self.from_, self.into):
            fake.fail("bare_status", times=None)
        self.fill({"small": b"bytes", "large": content("large", 11 * MIB)})
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)

    def test_metadata_whose_names_http_cannot_carry(self):
        self.fill({"small": b"bytes"}, headers={"x-amz-meta-good": "kept", "x-amz-meta-my name": "odd"})
        outcome = self.copy()
        self.assert_copied(outcome, copied=1)
        self.assertEqual(self.into.buckets[self.destination].objects[b"small"].headers.get("x-amz-meta-good"), "kept")
        self.assertIn("my name", outcome.stderr)

    def test_metadata_that_the_source_cannot_hand_out_is_told(self):
        self.fill({"small": b"bytes"})
        self.from_.fail("header", "GetObject", times=None, name="x-amz-missing-meta", value="2")
        outcome = self.copy()
        self.assert_copied(outcome, copied=1)
        self.assertIn("x-amz-missing-meta", outcome.stderr)


class PlaceTest(FeatureTest):
    source_profile = destination_profile = "ceph"

    def test_regions_of_any_name(self):
        for fake, bucket in ((self.from_, self.source), (self.into, self.destination)):
            fake.buckets[bucket].region = "Region_One.x"
        self.fill({"a": b"bytes"})
        self.assert_copied(self.copy(None, None, "--source-region", "Region_One.x", "--destination-region", "Region_One.x"), copied=1)

    def test_endpoints_with_a_path(self):
        for fake in (self.from_, self.into):
            fake.base_path = b"api/s3"
        self.fill({"a": b"bytes", "large": content("large", 11 * MIB)})
        endpoints = [text + "/api/s3" if text.startswith("http") else text for text in self.endpoints()]
        self.assert_copied(self.copy(None, None, *IN_PARTS, endpoints=endpoints), copied=2)
        self.assertTrue(all(request.raw_path.startswith("/api/s3/") for request in self.into.requests))


class LostAnswerTest(FeatureTest):
    SLOW = (*IN_PARTS, "--answer-timeout", "1s")

    def test_a_slow_complete_is_found_done(self):
        self.serve_unknown(conditional_put="ignored")
        self.fill({"large": content("large", 11 * MIB)})
        self.into.fail("lost_answer", "CompleteMultipartUpload", as_="stall")
        outcome = self.try_copy(*self.SLOW)
        self.assertIn(outcome.code, (0, 5), str(outcome))
        self.assert_copied(outcome, copied=1)
        self.assertEqual(self.into.count("CreateMultipartUpload"), 1)
        self.assertEqual(self.into.count("CompleteMultipartUpload"), 1)

    def test_a_slow_put_is_found_done(self):
        self.serve_unknown(conditional_put="ignored", chunk_signing="yes")
        self.fill({"small": b"bytes", "one": content("one", 3 * MIB)})
        for key in ("small", "one"):
            self.into.fail("lost_answer", "PutObject", key=key, as_="stall")
        outcome = self.try_copy(*self.SLOW)
        self.assert_copied(outcome, copied=2)
        self.assertEqual(self.into.count("PutObject"), 2)

    def test_a_put_that_was_not_done_is_sent_again(self):
        self.serve_unknown(conditional_put="ignored")
        self.fill({"small": b"bytes"})
        self.into.add_object(self.destination, "small", b"older")
        self.into.fail("lost_answer", "PutObject", as_="stall", undone=True)
        outcome = self.try_copy(*self.SLOW, "--compare", "always")
        self.assert_copied(outcome, copied=1)
        self.assertEqual(self.into.count("PutObject"), 2)

    def test_what_was_there_before_is_not_taken_for_the_copy(self):
        """The same bytes with other metadata: an answer that was lost does not make them new."""
        self.serve_unknown(conditional_put="ignored")
        self.fill({"small": b"bytes"}, headers={"x-amz-meta-colour": "blue"})
        self.into.add_object(self.destination, "small", b"bytes", headers={"x-amz-meta-colour": "red"})
        self.into.fail("lost_answer", "PutObject", as_="stall", undone=True)
        self.assert_copied(self.try_copy(*self.SLOW, "--compare", "always"), copied=1)
        self.assertEqual(self.into.buckets[self.destination].objects[b"small"].headers["x-amz-meta-colour"], "blue")

    def test_the_time_that_an_answer_may_take_has_bounds(self):
        self.fill({"small": b"bytes"})
        for text in ("0s", "2d", "soon"):
            self.assertIn("answer-timeout", self.copy(None, None, "--answer-timeout", text, expect=2).stderr)

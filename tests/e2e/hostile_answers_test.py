"""Servers that throttle, fail, redirect, close and lie about the time: what is asked again, what is not, and what is never told."""
import datetime
import unittest

from fake_s3 import FakeS3
from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

SMALL = {f"small/{number:02}": content(number, 2000) for number in range(8)}
VICTIM = "small/03"
OPERATIONS = (("from_", ("ListObjects", "ListObjectsV2", "GetObject", "HeadObject")),
              ("into", ("ListObjects", "ListObjectsV2", "PutObject", "CreateMultipartUpload", "ListMultipartUploads",
                        "UploadPart", "CompleteMultipartUpload")))


class PassingFailureTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL | {"large": content("large", 11 * MIB)})

    def check_every_operation(self, name, **options):
        """Each operation is refused twice, and everything is copied all the same."""
        failures = [getattr(self, side).fail(name, operation, times=2, **options)
                    for side, operations in OPERATIONS for operation in operations]
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=9)
        self.assertEqual([fault.acted for fault in failures], [2] * len(failures))
        self.assertGreaterEqual(outcome.summary["requests"]["retries"], 8)
        return outcome

    def test_slow_down(self):
        self.check_every_operation("slow_down")

    def test_internal_error(self):
        self.check_every_operation("internal_error")

    def test_a_page_of_a_proxy(self):
        self.check_every_operation("bad_gateway")

    def test_too_many_requests(self):
        self.check_every_operation("refused", status=429)

    def test_retry_after_is_honoured(self):
        self.from_.fail("slow_down", "GetObject", key=VICTIM, retry_after=3)
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=9)
        self.assertGreater(outcome.summary["seconds"], 3)

    def test_connections_closed_at_once(self):
        """Every answer says keep-alive, and then the connection is closed."""
        for fake in (self.from_, self.into):
            fake.fail("closed_unsaid", times=None)
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=9)
        self.assertLess(self.from_.count("GetObject") + self.into.count("PutObject"), 2 * (8 + 3 + 8))

    def test_never_again_is_tried_so_often_and_no_more(self):
        self.into.fail("internal_error", "PutObject", key=VICTIM, times=None)
        lines = self.assert_copied(self.copy(None, None, *IN_PARTS, expect=5), VICTIM, copied=8, failed=1)
        self.assertEqual(self.into.count("PutObject", VICTIM), 8)
        self.assertIn("InternalError", next(line["error"] for line in lines if line["outcome"] == "failed"))

    def test_what_stays_is_not_tried_again(self):
        # An argument that is refused may be one that helps the transfer only: it is tried once without, if it was sent with one.
        # (Once other objects have shown that the store's ETags are MD5s, none is.)
        for status, code, tries_max in ((403, "AccessDenied", 1), (400, "InvalidArgument", 2), (403, "KMS.DisabledException", 1)):
            with self.subTest(code):
                self.serve("aws", "aws")
                self.fill(SMALL)
                self.into.fail("refused", "PutObject", key=VICTIM, times=None, status=status, code=code, message="why it is")
                outcome = self.copy(state=self.directory / code, expect=5)
                lines = self.assert_copied(outcome, VICTIM, copied=7, failed=1)
                self.assertIn(self.into.count("PutObject", VICTIM), range(1, tries_max + 1))
                error = next(line["error"] for line in lines if line["outcome"] == "failed")
                for word in (code, "why it is", "request id FAKE"):
                    self.assertIn(word, error)


class HeaderTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL)

    def test_many_headers(self):
        self.from_.fail("huge_headers", "GetObject", key=VICTIM, size=50_000)
        outcome = self.copy(expect=5)  # they are metadata, more than a store takes
        self.assert_copied(outcome, VICTIM, copied=7, failed=1)
        self.assertIn("MetadataTooLarge", outcome.stderr)

    def test_more_headers_than_are_read(self):
        self.from_.fail("huge_headers", "GetObject", key=VICTIM, times=None)
        outcome = self.copy(expect=5)
        self.assert_copied(outcome, VICTIM, copied=7, failed=1)
        self.assertIn("header lines of the answer are longer", outcome.stderr)

    def test_dates_that_are_wrong(self):
        """Only a refusal for the time's sake teaches the clock."""
        for fake in (self.from_, self.into):
            fake.fail("date_off", times=None, seconds=86_400 * 400)
        self.assert_copied(self.copy(), copied=8)

    def test_clocks_that_are_wrong(self):
        for minutes in (20, -20, 60 * 24 * 40):
            with self.subTest(minutes):
                self.serve("aws", "aws")
                self.from_.clock_offset = self.into.clock_offset = datetime.timedelta(minutes=minutes)
                self.fill(SMALL)
                self.assert_copied(self.copy(state=self.directory / str(minutes)), copied=8)
                for fake in (self.from_, self.into):
                    skewed = [request for request in fake.requests if request.status == 403]
                    self.assertLessEqual(len(skewed), 8, "once for each lane")

    def test_secrets_that_a_server_repeats(self):
        """Neither printed nor kept: start() looks at what is printed, this at every file."""
        self.from_.tokens["TESTACCESSKEY"] = "token-of-a-session"
        self.from_.fail("secrets_told", "GetObject", key=VICTIM, times=None)
        environment = self.environment(DTH_SOURCE_SESSION_TOKEN="token-of-a-session")
        outcome = self.copy(environment=environment, expect=5)
        self.assert_outcome(outcome, copied=7, failed=1)
        self.assertIn("I know that you have", outcome.stderr)
        shown = self.run_dth("ledger", "show", outcome.summary["ledger"]).stdout
        kept = b"".join(path.read_bytes() for path in self.directory.rglob("*") if path.is_file())
        for secret in ("testsecretkey", "token-of-a-session"):
            self.assertNotIn(secret, outcome.stdout + outcome.stderr + shown)
            self.assertNotIn(secret.encode(), kept)


class RedirectTest(HostileTest):
    def setUp(self):
        super().setUp()
        self.fill(SMALL)

    def test_region_is_learnt(self):
        for side in ("from_", "into"):
            with self.subTest(side):
                self.serve("aws", "aws")
                self.fill(SMALL)
                for bucket in getattr(self, side).buckets.values():
                    bucket.region = "ap-southeast-7"
                self.assert_copied(self.copy(state=self.directory / side), copied=8)
                refused = [request for request in getattr(self, side).requests if request.status >= 300]
                self.assertLessEqual(len(refused), 4, "once for each lane and each way to ask")

    def test_region_is_learnt_from_a_redirect(self):
        for status in (301, 307):
            with self.subTest(status):
                self.serve("aws", "aws")
                self.fill(SMALL)
                self.from_.buckets[self.source].region = "eu-west-1"
                self.from_.fail("redirect", "ListObjects", times=1, status=status, region="eu-west-1")
                self.assert_copied(self.copy(state=self.directory / str(status)), copied=8)

    def test_credentials_follow_nowhere(self):
        """Not to another host, not to another port, not under a name that looks alike: nobody there is even asked."""
        trap = FakeS3("aws")
        self.addCleanup(trap.stop)
        trap.add_bucket(self.source)
        # The last one leads to this very server, by another name: whoever follows is seen.
        for number, location in enumerate((trap.endpoint, f"http://localhost:{trap.http.port}/", "http://s3.evil.example/",
                                           f"//127.0.0.1:{trap.http.port}/", "http://user@127.0.0.1/", "http://localhost/")):
            for operation in ("ListObjects", "ListObjectsV2", "GetObject"):
                with self.subTest(location, operation=operation):
                    self.serve("aws", "aws")
                    self.fill(SMALL)
                    self.from_.fail("redirect", operation, times=None, status=301, location=location)
                    outcome = self.run_dth(*self.copy_arguments(state=self.directory / f"{number}-{operation}"))
                    self.assertIn(outcome.code, (1, 2, 5), str(outcome))
                    self.assertEqual(self.into.bodies(self.destination), {})
                    self.assertEqual({request.header("host") for request in self.from_.requests},
                                     {f"127.0.0.1:{self.from_.http.port}"})
        self.assertEqual(trap.requests, [])


if __name__ == "__main__":
    unittest.main()

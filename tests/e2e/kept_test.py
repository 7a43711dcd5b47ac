"""What a destination of unknown kind does to encodings, headers and names: found out by looking at the first objects that show it, and reported."""
from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

FOLDED = {"x/../y": b"not y", "a//b": b"not a/b", "/lead": b"not lead", "p/./q": b"not p/q"}


class KeptTest(HostileTest):
    destination_profile = "gateway"

    def there(self, key):
        return self.into.buckets[self.destination].objects[key.encode()]

    def failures(self, outcome):
        return {line["key"]: line["error"] for line in self.ledger(outcome) if line["outcome"] == "failed"}

    def warnings(self, outcome):
        """All but that of names, which has the same cause where looks are denied."""
        return [warning for warning in outcome.summary["warnings"] if "upper from lower case" not in warning]

    def looks(self, outcome):
        """As dth counts them; the server's HEADs have to be these and those that dth counts as such."""
        requests = outcome.summary["requests"]
        self.assertEqual(self.from_.count("HeadObject") + self.into.count("HeadObject"), requests["head"] + requests["look"], str(outcome))
        return requests["look"]


CASE_LOOKS = 2  # at whether names that differ in case are told apart


class EncodingTest(KeptTest):
    def fill_encoded(self):
        for encoding in ("", "gzip"):
            for size in (10, 2 * MIB, 9 * MIB):
                self.from_.add_object(self.source, f"{encoding or 'plain'}-{size}", content(encoding, size),
                                      headers={"content-encoding": encoding} if encoding else {})

    def assert_encodings(self):
        for key, found in self.from_.buckets[self.source].objects.items():
            self.assertEqual(self.there(key.decode()).headers.get("content-encoding"), found.headers.get("content-encoding"), key)

    def test_framing_is_not_stored_as_encoding(self):
        self.fill_encoded()
        self.into.fail("encoding_kept", "PutObject", times=None)
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=6)
        self.assert_encodings()
        framed = [request for request in self.into.requests
                  if request.operation == "PutObject" and request.header("x-amz-content-sha256").startswith("STREAMING")]
        self.assertEqual(len(framed), 1, "only the first one is framed in chunks")
        again = [request for request in self.into.requests if request.operation == "PutObject" and request.key == framed[0].key]
        self.assertEqual([request.header("if-match") is not None for request in again], [False, True])
        self.assertEqual(self.into.count("CopyObject"), 0)
        self.assertIn("aws-chunked", "".join(outcome.summary["warnings"]))
        self.assertIn("dth: warning: s3://destination-bucket", outcome.stderr)
        self.assertLessEqual(self.looks(outcome), 16 + CASE_LOOKS)

    def test_an_encoding_that_stays_is_a_failure(self):
        """The store keeps the headers of what is replaced (gofakes3)."""
        self.fill({"streamed/1": content(1, 2 * MIB), "streamed/2": content(2, 2 * MIB), "small": b"small"})
        self.into.fail("encoding_kept", "PutObject", times=None)
        self.into.fail("headers_merged", "PutObject", times=None)
        outcome = self.copy(expect=5)
        self.assert_outcome(outcome, copied=2, failed=1)
        (key, error), = self.failures(outcome).items()
        self.assertIn("aws-chunked", error)
        self.assertEqual([key for key, found in self.into.buckets[self.destination].objects.items() if found.headers.get("content-encoding")],
                         [key.encode()])

    def test_framing_that_is_taken_apart_goes_on(self):
        self.fill({f"streamed/{number}": content(number, 2 * MIB) for number in range(20)})
        outcome = self.copy()
        self.assert_copied(outcome, copied=20)
        self.assertNotIn("warnings", outcome.summary)
        self.assertLessEqual(self.looks(outcome), 1 + CASE_LOOKS)
        # Those that were under way with the first one went without.
        framed = [request for request in self.into.requests
                  if request.operation == "PutObject" and request.header("x-amz-content-sha256").startswith("STREAMING")]
        self.assertGreaterEqual(len(framed), 1)
        self.assertEqual(self.into.count("PutObject"), 20)

    def test_a_look_that_is_denied_is_a_warning_and_nothing_is_framed(self):
        self.fill({f"streamed/{number}": content(number, 2 * MIB) for number in range(3)} | {"small": b"small"})
        self.into.fail("refused", "HeadObject", times=None, status=403, code="AccessDenied")
        self.into.fail("encoding_kept", "PutObject", times=None)
        outcome = self.copy()
        self.assert_copied(outcome, copied=4)
        self.assert_encodings()
        self.assertEqual(len(self.warnings(outcome)), 1, str(outcome))
        self.assertIn("could not be checked", self.warnings(outcome)[0])


class HeadersTest(KeptTest):
    headers = {"cache-control": "no-cache", "content-language": "de", "x-amz-meta-color": "red"}
    lost = ["cache-control", "content-language"]

    def setUp(self):
        super().setUp()
        for number in range(10):
            self.from_.add_object(self.source, f"with/{number}", b"with", headers=self.headers)
            self.from_.add_object(self.source, f"without/{number}", b"without")

    def lose(self, *names):
        for operation in ("PutObject", "CreateMultipartUpload"):
            self.into.fail("headers_dropped", operation, times=None, names=names or self.lost)

    def test_what_is_lost_is_one_warning(self):
        self.lose()
        outcome = self.copy()
        self.assert_copied(outcome, copied=20)
        self.assertEqual(len(outcome.summary["warnings"]), 1, str(outcome))
        self.assertIn("does not keep Content-Language and Cache-Control", outcome.summary["warnings"][0])
        self.assertLessEqual(self.looks(outcome), 2 + CASE_LOOKS)
        self.assertEqual(outcome.summary["requests"]["head"], 0)
        shown = self.run_dth("run", "show", "latest", *self.database(self.state))
        self.assertIn("does not keep Content-Language and Cache-Control", shown.stdout)

    def test_what_is_kept_is_silent(self):
        outcome = self.copy()
        self.assert_copied(outcome, copied=20)
        self.assertNotIn("warnings", outcome.summary)
        self.assertLessEqual(self.looks(outcome), 2 + CASE_LOOKS)

    def test_fidelity_strict_fails_those_that_carry_it(self):
        self.lose()
        outcome = self.copy(None, None, "--fidelity", "strict", expect=5)
        self.assert_outcome(outcome, copied=10, failed=10)
        failures = self.failures(outcome)
        self.assertEqual(set(failures), {f"with/{number}" for number in range(10)})
        self.assertIn("does not keep Content-Language and Cache-Control", failures["with/3"])
        self.assertIn("--fidelity", failures["with/3"])

    def test_what_an_option_asks_for_has_to_be_kept(self):
        self.lose()
        outcome = self.copy(None, None, "--metadata", "merge", "--metadata-set", "Cache-Control=private", expect=5)
        self.assert_outcome(outcome, failed=20)
        self.assertIn("does not keep Cache-Control", self.failures(outcome)["without/3"])

    def test_objects_in_parts_are_looked_at_as_well(self):
        self.from_.add_object(self.source, "with/parts", content("parts", 9 * MIB), headers=self.headers)
        self.into.fail("headers_dropped", "CreateMultipartUpload", times=None, names=["x-amz-meta-color"])
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=21)
        self.assertIn("user metadata", outcome.summary["warnings"][0])

    def test_objects_in_parts_fail_where_it_has_to_be_kept(self):
        self.from_.add_object(self.source, "with/parts", content("parts", 9 * MIB), headers=self.headers)
        self.into.fail("headers_dropped", "CreateMultipartUpload", times=None, names=["x-amz-meta-color"])
        outcome = self.copy(None, None, *IN_PARTS, "--fidelity", "strict", expect=5)
        self.assert_outcome(outcome, copied=20, failed=1)
        self.assertIn("user metadata", self.failures(outcome)["with/parts"])


class UnseenTest(KeptTest):
    """What nobody could look for is neither kept nor lost."""
    demand = ("--metadata", "merge", "--metadata-set", "Cache-Control=private")

    def setUp(self):
        super().setUp()
        self.fill({f"k{number:02}": b"bytes" for number in range(20)})

    def test_a_denied_look_is_a_failure_where_nothing_may_be_lost(self):
        self.into.fail("refused", "HeadObject", times=None, status=403, code="AccessDenied")
        outcome = self.copy(None, None, *self.demand, "--fidelity", "strict", expect=5)
        self.assert_outcome(outcome, failed=20)
        self.assertEqual(len(self.warnings(outcome)), 1, str(outcome))
        for error in self.failures(outcome).values():
            self.assertRegex(error, "whether the destination keeps .*Cache-Control.* could not be checked, and --fidelity strict demands it")

    def test_a_denied_look_is_one_warning_elsewhere(self):
        self.into.fail("refused", "HeadObject", times=None, status=403, code="AccessDenied")
        outcome = self.copy(None, None, *self.demand)
        self.assert_copied(outcome, copied=20)
        self.assertEqual(len(self.warnings(outcome)), 1, str(outcome))

    def test_looks_that_are_used_up_are_one_warning_with_the_names(self):
        """Each look finds an object that somebody else wrote since, which tells nothing."""
        self.into.fail("another_etag", "HeadObject", times=None)
        outcome = self.copy(None, None, *self.demand, "--lanes", "1", "--concurrency", "1")
        self.assert_copied(outcome, copied=20)
        self.assertEqual(self.looks(outcome), 16 + CASE_LOOKS)
        self.assertEqual(len(outcome.summary["warnings"]), 1, str(outcome))
        self.assertIn("whether it keeps Cache-Control, which an option asks for, was not checked", outcome.summary["warnings"][0])

    def test_looks_that_are_used_up_are_failures_where_nothing_may_be_lost(self):
        self.into.fail("another_etag", "HeadObject", times=None)
        outcome = self.copy(None, None, *self.demand, "--fidelity", "strict", "--lanes", "1", "--concurrency", "1", expect=5)
        self.assertEqual(outcome.summary["failed"], 4, str(outcome))
        self.assertEqual(self.looks(outcome), 16 + CASE_LOOKS)


class KnownKindTest(HostileTest):
    def test_known_stores_are_not_looked_at(self):
        for profile in ("aws", "ceph", "r2"):
            with self.subTest(profile):
                self.serve("aws", profile)
                self.from_.add_object(self.source, "a", b"a", headers=HeadersTest.headers)
                self.from_.add_object(self.source, "b", content("b", 2 * MIB), headers=HeadersTest.headers)
                outcome = self.copy(state=self.directory / f"{profile}.db")
                self.assert_copied(outcome, copied=2)
                self.assertEqual(outcome.summary["requests"]["look"], 0)
                self.assertEqual(self.into.count("HeadObject"), 0)


class NamesTest(KeptTest):
    def test_names_that_are_folded(self):
        for conditional in ("yes", "ignored"):
            with self.subTest(conditional):
                self.serve("aws", "gateway")
                self.into.profile = __import__("dataclasses").replace(self.into.profile, conditional_put=conditional)
                self.fill(FOLDED | {"plain": b"plain", "y": b"y", "a/b": b"a/b"})
                self.into.add_object(self.destination, "y", b"y", age_seconds=0)
                self.into.fail("names_folded", times=None)
                for turn in ("first", "second"):
                    outcome = self.copy(state=self.directory / f"{conditional}.db", expect=5)
                    failures = self.failures(outcome)
                    self.assertEqual(set(failures), set(FOLDED), str(outcome))
                    self.assertEqual(outcome.summary["copied"], 2 if turn == "first" else 0, str(outcome))
                    self.assertEqual(self.there("y").body, b"y")
                    self.assertEqual(self.there("a/b").body, b"a/b")
                    self.assertIn("it answers with y", failures["x/../y"])
                    self.assertIn("Nothing was written", failures["a//b"])
                    # What the store made of a name stays, and is named.
                    self.assertEqual(self.there("lead").body, FOLDED["/lead"])
                    self.assertIn("lead", failures["/lead"])
                self.assertEqual(self.into.count("DeleteObject"), 0)

    def test_what_a_listing_replaces(self):
        self.fill({"bell\x07": b"bell", "tab\there": b"tab", "plain": b"plain"})
        self.into.fail("names_replaced", "ListObjectsV2", times=None)
        outcome = self.copy(expect=5)
        self.assertEqual(set(self.failures(outcome)), {"bell\x07", "tab\there"})
        self.assertIn("is listed as bell\ufffd", self.failures(outcome)["bell\x07"])
        again = self.copy(expect=5)
        self.assertEqual((again.summary["copied"], again.summary["failed"]), (0, 2), str(again))

    def test_names_that_are_kept_are_copied_last_and_once(self):
        odd = {key: key.encode() for key in (*FOLDED, ".", "..", "tab\there", "end/../")}
        self.fill(odd | {f"plain/{number}": b"plain" for number in range(30)})
        self.from_.add_object(self.source, "big//parts", content("big", 9 * MIB))
        outcome = self.copy(None, None, *IN_PARTS)
        self.assert_copied(outcome, copied=len(odd) + 31)
        written = [request.key.decode() for request in self.into.requests if request.operation == "PutObject"]
        self.assertEqual(set(written[:30]), {f"plain/{number}" for number in range(30)}, "the others come first")
        self.assertEqual(sorted(written[30:]), sorted(odd))
        again = self.copy(None, None, *IN_PARTS)
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, len(odd) + 31))

    def test_a_name_of_an_object_list_that_is_folded(self):
        self.fill({"a//b": b"same", "a/b": b"same"})
        self.into.fail("names_folded", times=None)
        names = self.directory / "names"
        names.write_text("a/b\na//b\n")
        outcome = self.copy(None, None, "--object-list", names, expect=5)
        self.assertEqual(set(self.failures(outcome)), {"a//b"}, str(outcome))

    def test_a_mirror_deletes_nothing_where_names_are_folded(self):
        self.fill(FOLDED | {"plain": b"plain"})
        self.into.add_object(self.destination, "old", b"old")
        self.into.fail("names_folded", times=None)
        arguments = self.copy_arguments()
        for more in ((), ("--delete-despite-failures", "--delete-max-percent", "100")):
            outcome = self.run_dth("sync", *arguments[1:], *more)
            self.assertEqual(outcome.code, 1, str(outcome))
            self.assertEqual(self.into.count("DeleteObject"), 0, str(outcome))
        self.assertIn("does not keep all names", outcome.summary["error"])
        self.assertIn(b"old", self.into.buckets[self.destination].objects)


class NewDirectoryTest(HostileTest):
    def test_lanes_share_a_directory_that_one_of_them_made(self):
        """Each lane looked for it before it was there."""
        bodies = {f"p/{number}": content(str(number), 9 * MIB) for number in range(7)}
        self.fill(bodies)
        for turn in range(5):
            directory = self.directory / f"new-{turn}"
            outcome = self.copy(None, f"{directory}/", *IN_PARTS, state=self.directory / f"{turn}.db",
                                endpoints=["--source-endpoint-url", self.from_.endpoint, "--source-vendor", "aws"])
            self.assertEqual(outcome.summary["requests"]["put"], 14, str(outcome))
            self.assertEqual({str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}, bodies)

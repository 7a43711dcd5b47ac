"""What decides that an object is copied: evidence that the two sides differ, and neither clocks nor what a store does not report."""
import datetime
import hashlib
import os
import unittest

from hostile import HostileTest

LISTING = "ListObjectsV2"


class ComparisonTest(HostileTest):
    def again(self, *options, expect=0, source=None, destination=None, mode="copy"):
        """A run with a state of its own: nothing is known from earlier ones."""
        self.runs = getattr(self, "runs", 0) + 1
        arguments = self.copy_arguments(source, destination, *options, state=self.directory / f"{self.runs}.db")
        outcome = self.run_dth(mode, *arguments[1:])
        if expect is not None:  # None: proof is not what is tested
            self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def assert_counts(self, outcome, **expected):
        found = {name: outcome.summary[name] for name in expected}
        self.assertEqual(found, expected, str(outcome))

    def heads(self):
        return self.from_.count("HeadObject") + self.into.count("HeadObject")


class EtagTest(ComparisonTest):
    """Between two buckets, where the destination was always written later."""

    def test_an_older_version_that_takes_over_is_copied(self):
        self.fill({"v": b"old", "same": b"x"}, age_seconds=7200)
        self.again()
        self.fill({"v": b"new"}, age_seconds=3600)
        self.assert_counts(self.again(), copied=1, unchanged=1)
        self.assertEqual(self.into.bodies(self.destination)["v"], b"new")
        before = self.heads()
        self.assert_counts(self.again(), copied=0, unchanged=2)
        self.assertEqual(self.heads(), before, "nothing is asked for an unchanged object")

    def test_etags_of_encrypted_objects_are_asked_about_sixteen_times(self):
        for side in ("source", "destination"):
            with self.subTest(side):
                self.serve("aws", "aws")
                (self.from_.buckets[self.source] if side == "source" else self.into.buckets[self.destination]).encryption = "aws:kms"
                self.fill({f"key/{number:03}": b"%d" % number for number in range(100)})
                self.assert_counts(self.again(), copied=100)
                before = self.heads()
                self.assert_counts(self.again(), copied=0, unchanged=100)
                self.assertGreater(self.heads(), before)
                self.assertLessEqual(self.heads() - before, 2 * (16 + 2))

    def test_etags_that_are_random_digits_are_found_out(self):
        for source, destination in (("aws", "plain"), ("plain", "aws"), ("plain", "plain")):
            with self.subTest(source=source, destination=destination):
                self.serve(source, destination)
                self.fill({f"key/{number:03}": b"%d" % number for number in range(50)})
                self.again(expect=None)
                put, got = self.into.count("PutObject"), self.into.count("GetObject")
                outcome = self.again(expect=None)
                self.assert_counts(outcome, copied=0, unchanged=50)
                self.assertEqual(self.into.count("PutObject"), put)
                self.assertLessEqual(self.into.count("GetObject") - got, 2, "a lane reads one")

    def test_a_destination_that_may_not_be_read_is_asked_once(self):
        """Whether its ETags are MD5s cannot be found out, in this run."""
        self.serve("aws", "plain")
        self.fill({f"key/{number:03}": b"%d" % number for number in range(20)})
        self.again(expect=None)
        self.into.fail("refused", "GetObject", times=None, status=403, code="AccessDenied")
        got = self.into.count("GetObject")
        self.again("--lanes", "1", expect=None)
        self.assertEqual(self.into.count("GetObject") - got, 1)

    def test_times_that_are_to_come_do_not_cause_a_copy_each_time(self):
        self.fill({"future": b"x"}, age_seconds=-400 * 86400, etag=hashlib.md5(b"").hexdigest() + "-2")
        self.again(expect=None)
        self.assert_counts(self.again(), copied=0, unchanged=1)


class UnknownTest(ComparisonTest):
    def test_a_time_that_is_not_reported_makes_nothing_the_same(self):
        self.fill({"a": b"new"}, age_seconds=60)
        self.into.add_object(self.destination, "a", b"old", age_seconds=86400)
        self.from_.fail("entries_without", LISTING, times=None, elements=["LastModified"])
        for value in (None, "2026-01-02T03:04:05.000Z", "Tue, 3 Jun 2025 10:00:00 GMT"):
            self.from_.fail("header", "HeadObject", times=None, name="Last-Modified", value=value)
            self.into.add_object(self.destination, "a", b"old", age_seconds=86400)
            self.assert_counts(self.again(), copied=1)
            self.assertEqual(self.into.bodies(self.destination)["a"], b"new")

    def test_an_answer_without_a_length_is_held_to_the_listed_size(self):
        self.fill({"a": b"one", "b": b""})
        self.from_.fail("chunked", "GetObject", times=None)
        self.assert_counts(self.again(), copied=2)
        self.assertEqual(self.into.bodies(self.destination), {"a": b"one", "b": b""})

    def test_an_entry_that_says_too_little_is_asked_for(self):
        for fake, bucket in ((self.from_, self.source), (self.into, self.destination)):
            for key in ("a", "folder/", "folder/b", "z"):
                fake.add_object(bucket, key, b"" if key.endswith("/") else key.encode() * 50, age_seconds=7200 if fake is self.from_ else 60)
        del self.into.buckets[self.destination].objects[b"z"]
        del self.into.buckets[self.destination].objects[b"folder/"]
        for fake in (self.from_, self.into):
            fake.fail("entries_without", LISTING, times=None, elements=["LastModified", "ETag", "Size"], of="/")
        self.assert_counts(self.again(), copied=2, unchanged=2)
        before = self.heads()
        self.assert_counts(self.again(), copied=0, unchanged=4)
        self.assertEqual(self.heads() - before, 2)

    def test_an_entry_that_cannot_be_asked_for_is_a_failed_item_and_a_mirror_deletes_nothing(self):
        self.fill({"a": b"x", "folder/": b""})
        self.into.add_object(self.destination, "extra", b"x")
        self.from_.fail("entries_without", LISTING, times=None, elements=["LastModified", "ETag", "Size"], of="/")
        self.from_.fail("refused", "HeadObject", times=None, key="folder/", status=403, code="AccessDenied")
        outcome = self.again("--delete-max-percent", "100", mode="sync", expect=1)
        self.assert_counts(outcome, copied=1, failed=1, deleted=0)
        self.assertIn("extra", self.into.bodies(self.destination))
        self.assertIn("nothing is deleted", outcome.summary["error"])
        self.assertIn("nothing is deleted", outcome.stderr)


class ToADirectoryTest(ComparisonTest):
    """The file's time of change is later than the source's, whatever was done to it."""

    def setUp(self):
        super().setUp()
        self.place = self.directory / "place"
        self.place.mkdir()

    def endpoints(self, source=None, destination=None):
        return ["--source-endpoint-url", self.a.endpoint, "--source-vendor", "aws"]

    def down(self, *options, **more):
        return self.again(*options, destination=f"{self.place}/", **more)

    def test_a_change_is_seen_whatever_was_done_to_the_file(self):
        self.fill({"f": b"one"}, age_seconds=60)
        self.down()
        self.fill({"f": b"two"}, age_seconds=30)
        os.chmod(self.place / "f", 0o600)
        os.setxattr(self.place / "f", "user.note", b"x")
        self.assert_counts(self.down(mode="sync"), copied=1)
        self.assertEqual((self.place / "f").read_bytes(), b"two")
        self.assert_counts(self.down(), copied=0, unchanged=1)

    def test_an_older_one_that_takes_over_is_seen(self):
        self.fill({"f": b"one"}, age_seconds=60)
        self.down()
        self.fill({"f": b"two"}, age_seconds=7200)
        self.assert_counts(self.down(), copied=1)

    def test_without_attributes_a_file_older_than_its_source_is_asked_about(self):
        self.fill({"f": b"one", "g": b"one"}, age_seconds=3600)
        self.fill({"timed": b"one"}, age_seconds=60, headers={"x-amz-meta-mtime": "1500000000.25"})
        self.down()
        for name in ("f", "g", "timed"):
            os.removexattr(self.place / name, "user.dth.object")
        before = self.heads()
        self.assert_counts(self.down(), copied=0, unchanged=3)
        self.assertEqual(self.heads() - before, 1, "only for the file whose time is of the metadata")
        self.fill({"f": b"two"}, age_seconds=1800)
        os.chmod(self.place / "f", 0o600)
        self.assert_counts(self.down(), copied=1, unchanged=2)
        self.assertEqual((self.place / "f").read_bytes(), b"two")


class DirectoriesTest(ComparisonTest):
    def setUp(self):
        super().setUp()
        self.here, self.there = self.directory / "here", self.directory / "there"
        self.here.mkdir()
        self.there.mkdir()

    def endpoints(self, source=None, destination=None):
        return []

    def over(self, **more):
        return self.again(source=f"{self.here}/", destination=f"{self.there}/", **more)

    def write(self, name, body, when):
        path = self.here / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
        os.utime(path, (when, when))

    def test_a_folder_swapped_by_renaming_is_copied(self):
        for with_attributes in (True, False):
            with self.subTest(with_attributes=with_attributes):
                self.setUp()
                self.write("cur/v", b"old", 1.5e9)
                next_ = self.directory / "next"
                next_.mkdir()
                (next_ / "v").write_bytes(b"new")
                os.utime(next_ / "v", (1.6e9, 1.6e9))
                self.over()
                if not with_attributes:
                    os.removexattr(self.there / "cur/v", "user.dth.object")
                self.assert_counts(self.over(), copied=0, unchanged=1)
                os.rename(self.here / "cur", self.directory / "was")
                os.rename(next_, self.here / "cur")
                self.assert_counts(self.over(mode="sync"), copied=1)
                self.assertEqual((self.there / "cur/v").read_bytes(), b"new")

    def test_times_to_come_and_edits_that_keep_size_and_time(self):
        self.write("f", b"one", 4e9)
        self.over()
        self.assert_counts(self.over(), copied=0, unchanged=1)
        self.write("f", b"two", 4e9)
        self.assert_counts(self.over(), copied=1)
        os.removexattr(self.there / "f", "user.dth.object")
        self.assert_counts(self.over(), copied=0, unchanged=1)
        self.write("f", b"six", 4e9)
        self.assert_counts(self.over(), copied=1)


class FromADirectoryTest(ComparisonTest):
    def setUp(self):
        super().setUp()
        self.place = self.directory / "place"
        self.place.mkdir()

    def endpoints(self, source=None, destination=None):
        return ["--destination-endpoint-url", self.b.endpoint, "--destination-vendor", "aws"]

    def up(self, *options, **more):
        return self.again(*options, source=f"{self.place}/", **more)

    def test_a_file_that_is_replaced_while_it_is_sent_is_copied_again(self):
        (self.place / "f").write_bytes(b"one")
        self.into.fail("meanwhile", "PutObject", act=lambda: (self.place / "f").write_bytes(b"two"))
        self.assert_counts(self.up(), copied=1)
        self.assertEqual(self.into.bodies(self.destination)["f"], b"two")

    def test_a_large_one_too(self):
        body = os.urandom(12 << 20)
        (self.place / "f").write_bytes(body)
        changed = b"x" + body[1:]
        self.into.fail("meanwhile", "CompleteMultipartUpload", act=lambda: (self.place / "f").write_bytes(changed))
        self.assert_counts(self.up("--multipart-threshold", "8MiB", "--part-size", "5MiB"), copied=1)
        self.assertEqual(self.into.bodies(self.destination)["f"], changed)

    def test_a_time_to_come_is_not_copied_each_time(self):
        (self.place / "f").write_bytes(b"one")
        os.utime(self.place / "f", (4e9, 4e9))
        self.into.clock_offset = datetime.timedelta(seconds=5)  # listings tell whole seconds
        self.up()
        self.assert_counts(self.up(), copied=0, unchanged=1)

    def test_a_swapped_folder_shows_with_the_ledger_of_an_earlier_run(self):
        (self.place / "cur").mkdir()
        (self.place / "next").mkdir()
        (self.place / "next/v").write_bytes(b"new")
        (self.place / "cur/v").write_bytes(b"old")
        self.into.clock_offset = datetime.timedelta(seconds=5)
        ledger = self.up().summary["ledger"]
        (self.place / "cur").rename(self.directory / "was")
        (self.place / "next").rename(self.place / "cur")
        self.assert_counts(self.up(), copied=0)
        self.assert_counts(self.up("--earlier-ledger", ledger), copied=1)
        self.assertEqual(self.into.bodies(self.destination)["cur/v"], b"new")


class FilteredMirrorTest(ComparisonTest):
    def test_what_a_filter_leaves_out_is_spared(self):
        self.fill({"a": b"x" * 10})
        for key, size in (("large", 1000), ("small", 10)):
            self.into.add_object(self.destination, key, b"x" * size)
        self.assert_counts(self.again("--size-max", "100", "--delete-max-percent", "100", mode="sync"), deleted=1)
        self.assertEqual(set(self.into.bodies(self.destination)), {"a", "large"})

    def test_a_filter_by_time_spares_what_only_a_bucket_has(self):
        self.fill({"a": b"x"})
        self.into.add_object(self.destination, "extra", b"x")
        outcome = self.again("--modified-after", "2020-01-01", "--delete-max-percent", "100", mode="sync")
        self.assert_counts(outcome, deleted=0)
        self.assertEqual(outcome.stderr.count("filter by time"), 1, str(outcome))

    def test_a_directory_recorded_the_sources_time(self):
        place = self.directory / "place"
        place.mkdir()
        self.fill({"old": b"x"}, age_seconds=30 * 86400)
        self.fill({"recent": b"x", "stays": b"x"}, age_seconds=86400)
        self.endpoints = lambda source=None, destination=None: ["--source-endpoint-url", self.a.endpoint, "--source-vendor", "aws"]
        self.again(destination=f"{place}/")
        del self.from_.buckets[self.source].objects[b"old"], self.from_.buckets[self.source].objects[b"recent"]
        since = (datetime.datetime.now() - datetime.timedelta(days=7)).strftime("%Y-%m-%d")
        self.assert_counts(self.again("--modified-after", since, "--delete-max-percent", "100", destination=f"{place}/", mode="sync"), deleted=1)
        self.assertEqual({path.name for path in place.iterdir()}, {"old", "stays"})

    def test_a_glob_without_a_slash_protects_no_folder(self):
        self.fill({"a": b"x"})
        for key in ("tmp-file", "y/tmp/x"):
            self.into.add_object(self.destination, key, b"x")
        self.assert_counts(self.again("--exclude", "tmp**", "--delete-max-percent", "100", mode="sync"), deleted=1)
        self.assertEqual(set(self.into.bodies(self.destination)), {"a", "tmp-file"})


if __name__ == "__main__":
    unittest.main()

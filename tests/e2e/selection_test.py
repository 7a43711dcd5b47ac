"""Which objects are copied, and when two are the same: filters, prefixes, lists, ways to compare."""
import unittest

from dth import EndToEndTest
from s3_client import content

MIB = 1 << 20


class FilterTest(EndToEndTest):
    def test_globs_and_regular_expressions(self):
        keys = ["a.jpg", "b.txt", "2024/c.jpg", "2024/raw/d.jpg", "2025/e.jpg", "2024/tmp/f.jpg", "\u00e4/g.jpg"]
        self.fill({"in/" + key: key.encode() for key in keys})
        summary = self.copy(f"s3://{self.source}/in/", f"s3://{self.destination}/", "--include", "2024/**", "--include", "\u00e4/*",
                            "--exclude-regex", "/(tmp|cache)/").summary
        self.assertEqual((summary["scanned"], summary["selected"], summary["copied"]), (7, 3, 3))
        self.assert_counts_add_up(summary)
        self.assertEqual(set(self.b.list(self.destination)), {"2024/c.jpg", "2024/raw/d.jpg", "\u00e4/g.jpg"})

    def test_sizes_and_times(self):
        self.fill({"small": b"x", "medium": b"x" * 2000, "large": b"x" * 200_000})
        self.assertEqual(self.copy(None, None, "--size-min", "2kB", "--size-max", "100KiB").summary["copied"], 1)
        self.assertEqual(set(self.b.list(self.destination)), {"medium"})
        summary = self.copy(None, None, "--modified-after", "1h", "--modified-before", "2100-01-01").summary
        self.assertEqual((summary["selected"], summary["copied"]), (3, 2))

    def test_storage_classes(self):
        self.a.put(self.source, "cool", b"1", {"x-amz-storage-class": "STANDARD_IA"})
        self.fill({"warm": b"2", "hot": b"3"})
        summary = self.copy(None, None, "--source-storage-class", "STANDARD_IA").summary
        self.assertEqual((summary["scanned"], summary["selected"], summary["copied"]), (3, 1, 1))
        self.assertEqual(set(self.b.list(self.destination)), {"cool"})
        summary = self.copy(None, None, "--source-storage-class", "STANDARD", state=self.directory / "2.db").summary
        self.assertEqual((summary["selected"], summary["copied"]), (2, 2))
        self.assertEqual(set(self.b.list(self.destination)), {"cool", "hot", "warm"})

    def test_nothing_selected_is_said(self):
        self.fill({"one": b"1"})
        outcome = self.copy(None, None, "--modified-before", "1h")
        self.assertEqual((outcome.summary["scanned"], outcome.summary["selected"], outcome.summary["state"]), (1, 0, "succeeded"))
        self.assertIn("nothing was selected: none of the 1 objects looked at passes the filters", outcome.stderr)

    def test_a_relative_time_stays_when_the_run_goes_on(self):
        # The run's own times are resolved from when it was created: two seconds later the same command is the same run.
        self.fill({f"{number:04}": b"x" * 100 for number in range(300)})
        arguments = self.copy_arguments(None, None, "--modified-after", "1h", "--concurrency", "1", "--lanes", "1")
        running = self.start(arguments)
        running.wait_until(lambda: len(self.b.list(self.destination)) > 5, "some were copied")
        running.process.kill()
        running.wait()
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertIn("going on with the unfinished run", outcome.stderr)
        self.assertEqual(outcome.summary["scanned"], 300)
        self.assert_counts_add_up(outcome.summary)

    def test_dry_run_counts_what_passes(self):
        self.fill({"a.jpg": b"1", "b.txt": b"22"})
        summary = self.copy(None, None, "--include", "*.jpg", "--dry-run").summary
        self.assertEqual((summary["scanned"], summary["selected"], summary["bytes"]), (2, 1, 1))
        self.assertEqual(self.b.list(self.destination), {})


class ListTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.list = self.directory / "list"

    def test_prefixes_inline(self):
        self.fill({key: b"x" for key in ("a/1", "a/b/2", "b/3", "c4")})
        summary = self.copy(None, None, "--source-prefix", "a/", "--source-prefix", "a/b/", "--source-prefix", "c").summary
        self.assertEqual((summary["scanned"], summary["copied"]), (3, 3))
        self.assertEqual(set(self.b.list(self.destination)), {"a/1", "a/b/2", "c4"})

    def test_prefixes_of_a_file_in_a_bucket(self):
        self.fill({f"{folder}/{number}": b"x" for folder in range(120) for number in range(2)})
        self.a.put(self.source, "lists/prefixes", "".join(f"{folder}/\r\n" for folder in range(119, -1, -3)).encode())
        location = f"s3://{self.source}/lists/prefixes"
        summary = self.copy(None, None, "--source-prefix-file", location).summary
        self.assertEqual((summary["scanned"], summary["copied"]), (80, 80))
        self.assert_counts_add_up(summary)
        other = self.source + "-lists"
        self.a.make_bucket(other)
        self.a.put(other, "p", b"3/")
        summary = self.copy(None, None, "--source-prefix-file", f"s3://{other}/p", state=self.directory / "other.db").summary
        self.assertEqual((summary["scanned"], summary["copied"]), (2, 2))
        self.assertGreaterEqual(summary["requests"]["get"], 3, "reading the list counts")

    def test_objects_of_a_csv_with_versions(self):
        self.a.request("PUT", f"/{self.source}", {"versioning": ""},
                       b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        first = self.a.request("PUT", f"/{self.source}/doc,1", body=b"first")[0]["x-amz-version-id"]
        self.a.put(self.source, "doc,1", b"second, longer")
        large = content("old", 9 * MIB)
        version = self.a.request("PUT", f"/{self.source}/large", body=large)[0]["x-amz-version-id"]
        self.a.put(self.source, "large", content("new", 9 * MIB))
        self.fill({"plain": b"plain", "not named": b"x"})
        self.list = self.list.with_suffix(".csv")
        self.list.write_bytes(f'key,versionId\r\n"doc,1",{first}\r\nplain\r\nlarge,{version}\r\nmissing,\r\n'.encode())
        outcome = self.copy(None, None, "--object-list", self.list, "--multipart-threshold", "8MiB", "--part-size", "5MiB", expect=5)
        summary = outcome.summary
        self.assertEqual((summary["scanned"], summary["selected"], summary["copied"], summary["failed"]), (4, 4, 3, 1))
        self.assert_counts_add_up(summary)
        self.assertIn("missing: the list names this object", outcome.stderr)
        self.assertEqual(self.b.get(self.destination, "doc,1")[1], b"first")
        self.assertTrue(self.b.get(self.destination, "large")[1] == large, "the version named is what arrives")
        self.assertEqual(set(self.b.list(self.destination)), {"doc,1", "plain", "large"})
        self.assertEqual(summary["requests"]["list"], 1, "nothing is listed but the open uploads of the large object")
        versions = {line["key"]: line.get("source_version") for line in self.ledger(outcome)}
        self.assertEqual((versions["doc,1"], versions["large"]), (first, version))

    def test_a_list_of_thousands_twice(self):
        self.fill({f"k{number:05}": b"x" for number in range(1500)})
        self.list.write_text("".join(f"k{number:05}\n" for number in range(0, 3000, 2)))
        outcome = self.copy(None, None, "--object-list", self.list, expect=5)
        self.assertEqual((outcome.summary["scanned"], outcome.summary["copied"], outcome.summary["failed"]), (1500, 750, 750))
        again = self.copy(None, None, "--object-list", self.list, expect=5).summary
        self.assertEqual((again["copied"], again["unchanged"], again["failed"]), (0, 750, 750))


class CompareTest(EndToEndTest):
    def test_ways_to_compare(self):
        self.fill({"edited": b"new", "longer": b"longer than before"})
        self.fill({"edited": b"old", "longer": b"short"}, self.b, self.destination)
        # The destination's are newer; the ETags, MD5s at both sides, show the edit of equal size all the same.
        for mode, expected in (("missing", 0), ("size", 1), ("modified", 1), ("default", 2), ("etag", 2), ("checksum", 2), ("always", 2)):
            options = ("--compare", mode, "--dry-run")
            summary = self.copy(None, None, *options).summary
            self.assertEqual(summary["selected"] - summary["unchanged"], expected, mode)
        summary = self.copy(None, None, "--compare", "etag", "--newer-only").summary
        self.assertEqual((summary["copied"], summary["unchanged"]), (0, 2))
        summary = self.copy(None, None, "--compare", "checksum").summary
        self.assertEqual((summary["copied"], summary["unchanged"]), (2, 0))
        self.assert_same_objects()

    def test_multipart_objects_by_checksum(self):
        # ETags of parts of other sizes say nothing, and Ceph states no checksum of the whole: not known is different.
        self.a.put_in_parts(self.source, "parts", [content(1, 5 * MIB), b"end"])
        self.copy()
        self.assertEqual(self.copy(None, None, "--compare", "checksum", "--dry-run").summary["unchanged"], 0)
        self.assertEqual(self.copy(None, None, "--compare", "etag", "--dry-run").summary["unchanged"], 1)


    def test_an_earlier_ledger_knows_better(self):
        parts = [content(1, 5 * MIB), b"end"]
        self.a.put_in_parts(self.source, "parts", parts)
        self.fill({f"k{number}": b"x" for number in range(20)})
        ledger = self.copy().summary["ledger"]
        # Written again, the same: newer than its copy, and their ETags cannot be compared.
        self.a.put_in_parts(self.source, "parts", parts)
        self.assertEqual(self.copy(None, None, "--dry-run").summary["unchanged"], 20)
        summary = self.copy(None, None, "--dry-run", "--earlier-ledger", ledger).summary
        self.assertEqual((summary["unchanged"], summary["requests"]["head"]), (21, 0))
        # Edited since: copied, and nothing else is.
        self.a.put_in_parts(self.source, "parts", [content(2, 5 * MIB), b"end"])
        summary = self.copy(None, None, "--earlier-ledger", ledger).summary
        self.assertEqual((summary["unchanged"], summary["copied"]), (20, 1))
        self.assert_same_objects()


class RefusalTest(EndToEndTest):
    def refused(self, words, *options, source=None, code=2):
        outcome = self.copy(source, None, *options, expect=code)
        self.assertTrue(outcome.stderr.startswith("dth: "), str(outcome))
        for word in words:
            self.assertIn(word, outcome.stderr, str(outcome))
        self.assertEqual(self.b.list(self.destination), {})

    def test_bad_options(self):
        self.a.put(self.source, "one", b"1")
        self.refused(["--include", "[a", "byte 1"], "--include", "[a")
        self.refused(["--exclude-regex", "missing )"], "--exclude-regex", "(a")
        self.refused(["--size-min", "--size-max"], "--size-min", "5", "--size-max", "4")
        self.refused(["--modified-after", "yesterday"], "--modified-after", "yesterday")
        self.refused(["--compare", "default", "checksum"], "--compare", "exact")
        self.refused(["only one of"], "--source-prefix", "a", "--object-list", "b")
        self.refused(["--source-prefix", "other/"], "--source-prefix", "other/", source=f"s3://{self.source}/in/")
        self.refused(["--earlier-ledger", "manifest.json"], "--earlier-ledger", self.directory)
        self.refused(["--earlier-ledger", "--compare size"], "--earlier-ledger", self.directory, "--compare", "size")
        self.refused(["one object"], "--source-prefix", "o", source=f"s3://{self.source}/one")

    def test_bad_lists(self):
        self.a.put(self.source, "one", b"1")
        nowhere = self.directory / "nowhere.txt"
        self.refused(["nowhere.txt", "No such file"], "--object-list", nowhere)
        self.refused(["is no file"], "--source-prefix-file", self.directory)
        self.refused(["keys.csv"], "--object-list", f"s3://{self.source}/keys.csv", code=1)
        self.refused(["--object-list", "names no object"], "--object-list", f"s3://{self.source}/")
        long = self.directory / "long.txt"
        long.write_text("one\n" + "x" * 1025 + "\n")
        outcome = self.copy(None, None, "--object-list", long, expect=1)
        self.assertIn("long.txt, line 2: ", outcome.summary["error"])

    def test_a_list_that_changes_while_a_run_stands_still(self):
        self.fill({f"k{number:04}": b"x" for number in range(400)})
        keys = self.directory / "keys.txt"
        keys.write_text("".join(f"k{number:04}\n" for number in range(400)) + "".join(f"missing-{number}\n" for number in range(200_000)))
        arguments = self.copy_arguments(None, None, "--object-list", keys)
        running = self.start([*arguments, "--concurrency", "2", "--lanes", "1"])
        running.wait_until(lambda: len(self.b.list(self.destination)) > 5, "some were copied")
        running.process.kill()
        running.wait()
        keys.write_text("k0001\n")
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, 1, str(outcome))
        self.assertIn("has changed since the run began", outcome.summary["error"])
        outcome = self.run_dth(*arguments)
        self.assertEqual((outcome.code, outcome.summary["scanned"]), (0, 1), str(outcome))


if __name__ == "__main__":
    unittest.main()

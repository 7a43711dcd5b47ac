"""dth sync and dth verify between two S3 servers: what goes, what stays, what is found, what heals."""
import http.client
import http.server
import threading
import unittest
import urllib.parse

from dth import EndToEndTest
from s3_client import AWKWARD_KEYS, content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")


class CuttingProxy:
    """Passes requests on; cuts the body of the n-th listing (from 1) in half and closes the connection cleanly."""

    def __init__(self, endpoint, cut_at):
        target = endpoint.removeprefix("http://")
        self.listings, self.cut_at, lock = 0, cut_at, threading.Lock()
        self.cuts = []  # (bytes of the body that were passed on, its size)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection = http.client.HTTPConnection(target, timeout=60)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                text = answer.read()
                connection.close()
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                cut = False
                if query.get("list-type") and query.get("max-keys") == ["1000"]:
                    with lock:
                        proxy.listings += 1
                        cut = proxy.listings >= proxy.cut_at
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                        self.send_header(name, value)
                if cut:
                    # Without a length, the end of the connection is the end of the body.
                    self.send_header("Connection", "close")
                    self.close_connection = True
                    proxy.cuts.append((len(text) // 2, len(text)))
                    text = text[:len(text) // 2]
                else:
                    self.send_header("Content-Length", answer.headers.get("Content-Length", str(len(text))))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class CommandTest(EndToEndTest):
    def run_mode(self, mode, *options, source=None, destination=None, endpoints=None, state=None, output="json", expect=0):
        arguments = [mode, source or f"s3://{self.source}", destination or f"s3://{self.destination}",
                     *(endpoints or self.endpoints()), *self.database(state or self.directory / f"{mode}.db"), "--output", output, *options]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def outcomes(self, outcome):
        """{outcome: {keys}} of the run's ledger."""
        found = {}
        for line in self.ledger(outcome):
            found.setdefault(line["outcome"], set()).add(line.get("key"))
        return found


class SyncTest(CommandTest):
    def test_destination_becomes_the_source(self):
        keys = [key for key in AWKWARD_KEYS if not key.endswith("/")]
        self.fill({key: content(key, 40) for key in keys})
        self.fill({key: b"same" for key in ("kept", "kept too")})
        self.fill({key: b"same" for key in ("kept", "kept too")}, self.b, self.destination)
        extras = {f"extra/{key}" for key in keys if len(key) < 1000} | {"extra", "zzz"}
        self.fill({key: b"extra" for key in extras}, self.b, self.destination)
        outcome = self.run_mode("sync", "--delete-max-percent", "100")
        summary = outcome.summary
        self.assertEqual((summary["deleted"], summary["extra"], summary["unchanged"]), (len(extras), len(extras), 2), str(outcome))
        self.assertEqual(summary["copied"], len(keys))
        self.assertGreaterEqual(summary["requests"]["delete"], len(extras))
        self.assert_same_objects()
        self.assertEqual(self.outcomes(outcome)["deleted"], extras)
        for line in self.ledger(outcome):
            if line["outcome"] == "deleted":
                self.assertEqual((line["size"], len(line["destination_etag"])), (5, 32))
        again = self.run_mode("sync").summary
        self.assertEqual((again["deleted"], again["copied"], again["extra"]), (0, 0, 0))

    def test_prefixes_are_mirrored_and_nothing_beside_them_is_touched(self):
        self.fill({"in/a": b"a", "other/x": b"x"})
        self.fill({"out/a": b"old", "out/gone": b"g", "out": b"beside", "outside": b"beside", "a": b"beside"}, self.b, self.destination)
        summary = self.run_mode("sync", source=f"s3://{self.source}/in/", destination=f"s3://{self.destination}/out/").summary
        self.assertEqual((summary["copied"], summary["deleted"]), (1, 1))
        self.assertEqual(set(self.b.list(self.destination)), {"out/a", "out", "outside", "a"})

    def test_brakes_end_the_run_as_failed_and_delete_nothing(self):
        self.fill({f"key/{number}": b"same" for number in range(10)} | {"new": b"new"})
        self.fill({f"key/{number}": b"same" for number in range(10)} | {f"extra/{number}": b"e" for number in range(5)},
                  self.b, self.destination)
        outcome = self.run_mode("sync", "--delete-max", "4", expect=1)
        self.assertIn("--delete-max", outcome.summary["error"])
        self.assertEqual((outcome.summary["deleted"], outcome.summary["extra"], outcome.summary["copied"]), (0, 5, 1))
        outcome = self.run_mode("sync", "--delete-max-percent", "20", expect=1, output="table")
        self.assertIn("5 of its 16 objects", outcome.stdout)
        self.assertIn("--delete-max-percent", outcome.stdout)
        self.assertEqual(len(self.b.list(self.destination)), 16)
        self.assertEqual(self.run_mode("sync").summary["deleted"], 5)
        self.assert_same_objects()

    def test_an_empty_source_deletes_nothing_unless_it_may(self):
        self.fill({"a": b"a", "b": b"b"}, self.b, self.destination)
        outcome = self.run_mode("sync", "--delete-max-percent", "100", expect=1)
        self.assertIn("--allow-empty-source", outcome.summary["error"])
        self.assertEqual(len(self.b.list(self.destination)), 2)
        self.run_mode("sync", "--delete-max-percent", "100", "--allow-empty-source")
        self.assertEqual(self.b.list(self.destination), {})

    def test_dry_run_names_what_would_go(self):
        self.fill({f"key/{number}": b"same" for number in range(10)})
        self.fill({f"key/{number}": b"same" for number in range(8)} | {"extra/1": b"one", "extra/2": b"two two"}, self.b, self.destination)
        before = self.b.list(self.destination)
        outcome = self.run_mode("sync", "--dry-run")
        summary = outcome.summary
        self.assertEqual((summary["extra"], summary["deleted"], summary["copied"]), (2, 0, 0))
        self.assertEqual([(line["key"], line["size"]) for line in summary["would_delete"]], [("extra/1", 3), ("extra/2", 7)])
        table = self.run_mode("sync", "--dry-run", output="table").stdout
        self.assertIn("would delete extra/1 (3 B)\nwould delete extra/2 (7 B)\n", table)
        self.assertRegex(table, r"To delete +2 ")
        self.assertEqual(self.b.list(self.destination), before)

    def test_a_listing_cut_off_half_way_deletes_nothing(self):
        self.fill({f"{number:05}": b"x" for number in range(2200)})
        self.fill({f"{number:05}": b"x" for number in range(2300)}, self.b, self.destination)
        # Three pages by the scan, three by the survey.
        for cut_at in (2, 5):
            proxy = CuttingProxy(self.a.endpoint, cut_at)
            self.addCleanup(proxy.close)
            outcome = self.run_mode("sync", "--attempts", "3", endpoints=self.endpoints(source=proxy.endpoint), expect=1, state=self.directory / f"{cut_at}.db")
            self.assertGreaterEqual(proxy.listings, cut_at)
            for passed_on, whole in proxy.cuts:
                self.assertGreater(passed_on, 50_000, "half a page of a thousand keys")
                self.assertLess(passed_on, whole)
            self.assertEqual(len(proxy.cuts), proxy.listings - cut_at + 1)
            self.assertIn("the listing ended before its end tag", outcome.summary["error"])
            self.assertEqual((outcome.summary["deleted"], outcome.summary["state"]), (0, "failed"), str(outcome))
            self.assertEqual(len(self.b.list(self.destination)), 2300)
        self.assertEqual(self.run_mode("sync").summary["deleted"], 100)

    def test_what_is_excluded_stays(self):
        self.fill({"a": b"a", "cache/x": b"x"})
        self.fill({"a": b"a", "cache/y": b"y", "gone": b"g"}, self.b, self.destination)
        summary = self.run_mode("sync", "--exclude", "cache/**").summary
        self.assertEqual((summary["copied"], summary["deleted"], summary["extra"]), (0, 1, 1))
        self.assertEqual(set(self.b.list(self.destination)), {"a", "cache/y"})
        for option in ("--object-list", "--source-prefix-file"):
            self.assertIn(option[2:], self.run_mode("sync", option, "list", expect=2).stderr)

    def test_what_begins_otherwise_stays(self):
        self.fill({"a/kept": b"k", "a/new": b"n", "b/new": b"n"})
        self.fill({"a/kept": b"k", "a/gone": b"g", "b/gone": b"g", "c": b"c"}, self.b, self.destination)
        outcome = self.run_mode("sync", "--source-prefix", "a/", "--source-prefix", "none/")
        self.assertEqual(self.outcomes(outcome)["deleted"], {"a/gone"})
        self.assertEqual(set(self.b.list(self.destination)), {"a/kept", "a/new", "b/gone", "c"})
        checked = self.run_mode("verify", "--source-prefix", "a/").summary
        self.assertEqual((checked["selected"], checked["matched"], checked["extra"]), (2, 2, 0))
        listed = self.directory / "prefixes"
        listed.write_text("b/\n")
        checked = self.run_mode("verify", "--source-prefix-file", listed, state=self.directory / "listed.db", expect=5).summary
        self.assertEqual((checked["missing"], checked["extra"]), (1, 1))

    def test_one_object_cannot_be_mirrored(self):
        outcome = self.run_mode("sync", source=f"s3://{self.source}/one", expect=2)
        self.assertIn("end the source with a slash", outcome.stderr)

    def test_a_versioned_destination_keeps_what_was_deleted(self):
        document = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        self.b.request("PUT", f"/{self.destination}", {"versioning": ""}, document)
        self.fill({"a": b"a"})
        self.fill({"a": b"a", "gone": b"g"}, self.b, self.destination)
        self.assertEqual(self.run_mode("sync").summary["deleted"], 1)
        self.assertEqual(set(self.b.list(self.destination)), {"a"})
        versions = self.b.document("GET", f"/{self.destination}", {"versions": ""})
        self.assertEqual([marker.findtext("Key") for marker in versions.iter("DeleteMarker")], ["gone"])
        self.assertEqual(sorted(version.findtext("Key") for version in versions.iter("Version")), ["a", "gone"])


class VerifyTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.fill({f"key/{number:02}": content(number, 3000) for number in range(30)})
        self.copy()

    def spoil(self):
        self.b.put(self.destination, "key/03", content("spoilt", 3000))
        self.b.put(self.destination, "key/04", b"shorter")
        self.b.request("DELETE", f"/{self.destination}/key/05")
        self.b.put(self.destination, "extra", b"extra")

    def test_what_was_copied_is_verified(self):
        for method, proof in (("checksum", "SOURCE_CHECKSUM"), ("listing", "SOURCE_CHECKSUM"), ("read-back", "READ_BACK")):
            outcome = self.run_mode("verify", "--method", method, state=self.directory / f"{method}.db")
            summary = outcome.summary
            self.assertEqual((summary["matched"], summary["failed"], summary["proof"][proof]), (30, 0, 30), method)
            self.assertEqual({line["proof"] for line in self.ledger(outcome)}, {proof})
            self.assertEqual(summary["requests"]["put"] + summary["requests"]["delete"], 0)

    def test_what_differs_is_found_and_healed(self):
        self.spoil()
        for method in ("checksum", "read-back"):
            outcome = self.run_mode("verify", "--method", method, "--report-extra", expect=5, state=self.directory / f"{method}.db")
            summary = outcome.summary
            self.assertEqual([summary[name] for name in ("matched", "differs", "missing", "extra", "failed")], [27, 2, 1, 1, 3], method)
            found = self.outcomes(outcome)
            self.assertEqual((found["DIFFERS"], found["MISSING"], found["EXTRA"]), ({"key/03", "key/04"}, {"key/05"}, {"extra"}))
            self.assertIn("--repair", outcome.stderr)
            self.assertIn("key/03", outcome.stderr)
        # The spoilt object has the same size and is younger; its ETag shows the difference to a copy, too.
        self.assertEqual(self.copy(None, None, "--dry-run").summary["unchanged"], 27)
        outcome = self.run_mode("verify", "--repair")
        self.assertEqual([outcome.summary[name] for name in ("matched", "copied", "failed")], [27, 3, 0], str(outcome))
        self.assertEqual(self.run_mode("verify").summary["matched"], 30)
        self.assertEqual(self.b.get(self.destination, "extra")[1], b"extra")

    def test_text_says_what_matters(self):
        self.spoil()
        text = self.run_mode("verify", output="table", expect=5).stdout
        for line in (r"Matched +27: 27 by the digests that both sides state, 0 by reading both", "Differ +2", "Missing +1", "Extra +1"):
            self.assertRegex(text, line)

    def test_objects_in_parts_are_proved_by_reading(self):
        self.a.put(self.source, "large", content("large", 9 * MIB))
        self.copy(None, None, *IN_PARTS)
        outcome = self.run_mode("verify", expect=5)
        self.assertEqual((outcome.summary["matched"], outcome.summary["undetermined"], outcome.summary["failed"]), (30, 1, 0))
        summary = self.run_mode("verify", "--method", "read-back").summary
        self.assertEqual((summary["matched"], summary["proof"]["READ_BACK"]), (31, 31))

    def test_a_sample_is_read_back(self):
        summary = self.run_mode("verify", "--method", "read-back", "--sample", "40").summary
        self.assertEqual(summary["matched"], 30)
        self.assertTrue(0 < summary["proof"]["READ_BACK"] < 30, summary)
        self.assertEqual(summary["requests"]["get"], 2 * summary["proof"]["READ_BACK"])
        outcome = self.run_mode("verify", "--sample", "40", expect=2)
        self.assertIn("--method read-back", outcome.stderr)

    def test_a_destination_that_is_not_there_is_no_missing_object(self):
        outcome = self.run_mode("verify", destination=f"s3://{self.destination}-none", expect=1)
        self.assertIn("does not exist", outcome.stderr)


if __name__ == "__main__":
    unittest.main()

"""dth copy between two S3 servers: what arrives, what is said of it, what a second run does."""
import json
import os
import pathlib
import subprocess
import time
import unittest

from dth import EndToEndTest, setting
from s3_client import AWKWARD_KEYS, content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")
COUNTERS = ("scanned", "selected", "copied", "unchanged", "deleted_at_source", "failed", "deleted", "bytes")
REQUESTS = ("get", "put", "list", "head", "delete", "other", "look", "retries")
PROOFS = ("SOURCE_CHECKSUM", "TRANSIT_CHECKSUM", "RECOMPUTED_ETAG", "READ_BACK", "EQUAL_ETAGS", "NONE")
METADATA = {
    "content-type": "text/x-test; charset=utf-8", "cache-control": "max-age=60, private", "content-language": "en, de",
    "content-disposition": 'attachment; filename="a b.txt"', "content-encoding": "gzip",
    "expires": "Thu, 01 Jan 2037 00:00:00 GMT", "x-amz-meta-color": "red", "x-amz-meta-with-dash": "a=b; c, \"d\"",
}


class EverythingTest(EndToEndTest):
    def test_every_awkward_key_arrives(self):
        self.fill({key: b"" if key.endswith("/") else content(key, 50 + len(key)) for key in AWKWARD_KEYS})
        self.a.put(self.source, "markers/with-content/", b"a marker that is not empty")
        summary = self.copy().summary
        self.assertEqual(summary["copied"], len(AWKWARD_KEYS) + 1)
        self.assert_same_objects()

    def test_every_size_arrives(self):
        sizes = [0, 1, 4095, 4096, 65_536, MIB - 1, MIB, 5 * MIB + 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 10 * MIB,
                 25 * MIB + 7, 40 * MIB]
        self.fill({f"size/{size}": content(size, size) for size in sizes})
        summary = self.copy(None, None, *IN_PARTS).summary
        self.assertEqual(summary["copied"], len(sizes))
        self.assertEqual(summary["bytes"], sum(sizes))
        self.assert_same_objects()
        for size in sizes:
            # Whether an object came in parts shows in its ETag.
            in_parts = "-" in self.b.head(self.destination, f"size/{size}")["ETag"]
            self.assertEqual(in_parts, size > 8 * MIB, size)
        self.assertEqual(self.b.uploads(self.destination), [])

    def test_metadata_is_kept(self):
        self.a.put(self.source, "small", b"body", METADATA)
        self.a.put(self.source, "in-parts", content("parts", 9 * MIB), METADATA)
        self.a.put(self.source, "empty", b"", METADATA)
        self.a.put_in_parts(self.source, "source-in-parts", [content(1, 5 * MIB), b"end"], METADATA)
        self.copy(None, None, *IN_PARTS)
        for key in ("small", "in-parts", "empty", "source-in-parts"):
            headers = self.b.head(self.destination, key)
            self.assertEqual({name: headers[name] for name in METADATA}, METADATA, key)
        self.assert_same_objects()

    def test_no_content_encoding_is_invented(self):
        self.a.put(self.source, "streamed", content("streamed", 7 * MIB))
        self.a.put_in_parts(self.source, "source-in-parts", [content(1, 5 * MIB), b"end"])
        self.a.put(self.source, "in-parts", content("parts", 9 * MIB))
        self.copy(None, None, *IN_PARTS)
        for key in ("streamed", "source-in-parts", "in-parts"):
            self.assertIsNone(self.b.head(self.destination, key)["Content-Encoding"], key)

    def test_summary_tells_all(self):
        self.fill({f"key/{number}": content(number, 1000) for number in range(20)})
        outcome = self.copy()
        summary = outcome.summary
        for name in COUNTERS:
            self.assertIsInstance(summary[name], int, name)
        self.assertEqual(set(summary["requests"]), set(REQUESTS))
        self.assertEqual(set(summary["proof"]), set(PROOFS))
        self.assertGreater(summary["seconds"], 0)
        self.assertEqual((summary["scanned"], summary["selected"], summary["copied"], summary["bytes"]), (20, 20, 20, 20_000))
        self.assertEqual((summary["state"], summary["dry_run"], summary["interrupted"]), ("succeeded", False, False))
        self.assertEqual(pathlib.Path(summary["ledger"]), pathlib.Path(f"{self.state}.ledger") / summary["run"])
        self.assertEqual((summary["requests"]["get"], summary["requests"]["put"]), (20, 20))
        self.assertEqual(summary["proof"]["SOURCE_CHECKSUM"], 20, "RGW's ETags are MD5s")
        self.assert_counts_add_up(summary)

    def test_second_run_has_nothing_to_do(self):
        self.fill({f"key/{number}": content(number, 1000) for number in range(30)})
        self.a.put(self.source, "in-parts", content("parts", 9 * MIB))
        self.a.put_in_parts(self.source, "source-in-parts", [content(1, 5 * MIB), b"end"])
        self.copy(None, None, *IN_PARTS)
        for state in (self.state, self.directory / "another.db"):
            summary = self.copy(None, None, *IN_PARTS, state=state).summary
            self.assertEqual((summary["scanned"], summary["unchanged"], summary["copied"], summary["bytes"]), (32, 32, 0, 0))
            self.assertEqual((summary["requests"]["get"], summary["requests"]["put"]), (0, 0))
            self.assert_counts_add_up(summary)

    def test_change_of_equal_size_is_copied(self):
        self.fill({"same": b"same", "changed": b"old", "in-parts": content("old", 9 * MIB)})
        self.copy(None, None, *IN_PARTS)
        self.fill({"changed": b"new", "in-parts": content("new", 9 * MIB)})
        summary = self.copy(None, None, *IN_PARTS).summary
        self.assertEqual((summary["copied"], summary["unchanged"]), (2, 1))
        self.assert_same_objects()

    def test_always_copies_what_is_the_same(self):
        self.fill({"one": b"1", "two": b"2"})
        self.copy()
        summary = self.copy(None, None, "--always", state=self.directory / "always.db").summary
        self.assertEqual((summary["copied"], summary["unchanged"]), (2, 0))
        self.assert_same_objects()

    def test_other_objects_at_the_destination_stay(self):
        self.fill({"one": b"1"})
        self.fill({"zero": b"0", "two": b"2"}, self.b, self.destination)
        self.assertEqual(self.copy().summary["copied"], 1)
        self.assertEqual(set(self.b.list(self.destination)), {"one", "zero", "two"})

    def test_empty_bucket_is_copied_to_nothing(self):
        summary = self.copy().summary
        self.assertEqual((summary["scanned"], summary["copied"], summary["state"]), (0, 0, "succeeded"))
        self.assert_counts_add_up(summary)

    def test_listings_of_many_pages(self):
        self.fill({f"{number % 7}/{number:05}": b"x" for number in range(2500)})
        summary = self.copy().summary
        self.assertEqual(summary["copied"], 2500)
        # Three pages of the source, one of the empty destination.
        self.assertEqual(summary["requests"]["list"], 4)
        self.assertEqual(self.a.list(self.source), self.b.list(self.destination))


class LocationTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.objects = {"foo": b"foo", "foo/a": b"foo/a", "foo/b/c": b"foo/b/c", "foobar": b"foobar", "other": b"other",
                        "foobar/d": b"foobar/d"}
        self.fill(self.objects)

    def arrived(self):
        return {key: self.b.get(self.destination, key)[1] for key in self.b.list(self.destination)}

    def copy_to(self, source, destination, *options, **more):
        return self.copy(f"s3://{self.source}{source}", f"s3://{self.destination}{destination}", *options, **more)

    def test_one_object_keeps_its_name(self):
        summary = self.copy_to("/foo/b/c", "/into/").summary
        self.assertEqual(self.arrived(), {"into/c": b"foo/b/c"})
        self.assertEqual((summary["scanned"], summary["copied"]), (1, 1))
        self.assert_counts_add_up(summary)

    def test_one_object_to_a_bucket_keeps_its_name(self):
        self.copy_to("/foo/b/c", "")
        self.assertEqual(self.arrived(), {"c": b"foo/b/c"})

    def test_one_object_is_renamed(self):
        self.copy_to("/foo", "/new-name")
        self.assertEqual(self.arrived(), {"new-name": b"foo"})

    def test_one_object_again_is_unchanged(self):
        self.copy_to("/foo", "/new-name")
        summary = self.copy_to("/foo", "/new-name").summary
        self.assertEqual((summary["copied"], summary["unchanged"]), (0, 1))

    def test_prefix_is_replaced(self):
        self.copy_to("/foo/", "/into/")
        self.assertEqual(self.arrived(), {"into/a": b"foo/a", "into/b/c": b"foo/b/c"})

    def test_prefix_match_is_of_the_string(self):
        self.copy_to("/foo", "/bar", "--prefix-match")
        self.assertEqual(self.arrived(), {"bar" + key[3:]: body for key, body in self.objects.items() if key != "other"})

    def test_missing_object_suggests_the_slash(self):
        outcome = self.copy_to("/foo/b", "/into/", expect=1)
        self.assertIn("slash", outcome.stderr + outcome.stdout)
        self.assertIn("foo/b", outcome.stderr + outcome.stdout)
        self.assertEqual(self.arrived(), {})

    def test_awkward_object_by_name(self):
        key = "a b/../+%2F\U0001f600"
        self.a.put(self.source, key, b"awkward")
        self.copy_to("/" + key, "/new " + key)
        self.assertEqual(self.arrived(), {"new " + key: b"awkward"})

    def test_within_one_bucket(self):
        self.copy(f"s3://{self.source}/foo/", f"s3://{self.source}/copy-of-foo/", endpoints=self.endpoints(None, self.a.endpoint))
        self.assertEqual(self.a.get(self.source, "copy-of-foo/b/c")[1], b"foo/b/c")
        self.assertEqual(len(self.a.list(self.source)), len(self.objects) + 2)


class DryRunTest(EndToEndTest):
    def test_changes_nothing(self):
        self.fill({"one": b"1", "two": b"22", "same": b"same"})
        self.fill({"same": b"same"}, self.b, self.destination)
        summary = self.copy(None, None, "--dry-run").summary
        self.assertTrue(summary["dry_run"])
        self.assertEqual((summary["scanned"], summary["unchanged"], summary["copied"], summary["bytes"]), (3, 1, 0, 3))
        self.assertEqual((summary["requests"]["get"], summary["requests"]["put"]), (0, 0))
        self.assertEqual(set(self.b.list(self.destination)), {"same"})
        self.assertEqual(list(self.directory.iterdir()), [], "a dry run keeps no state and no ledger")

    def test_says_so_to_a_person(self):
        self.fill({"one": b"1"})
        self.assertIn("To copy", self.copy(None, None, "--dry-run", output="table").stdout)


class TlsTest(EndToEndTest):
    def test_with_the_certificate(self):
        self.fill({"one": b"1", "large": content("large", 9 * MIB)})
        tls = setting("DTH_TEST_S3_TLS_ENDPOINT")
        self.copy(None, None, "--source-ca-bundle", setting("DTH_TEST_S3_CA_BUNDLE"), *IN_PARTS, endpoints=self.endpoints(tls))
        self.assert_same_objects()

    def test_to_a_tls_destination(self):
        self.fill({"one": b"1", "empty": b"", "large": content("large", 9 * MIB)})
        target = self.destination + "-tls"
        self.a.make_bucket(target)
        tls = setting("DTH_TEST_S3_TLS_ENDPOINT")
        summary = self.copy(None, f"s3://{target}", "--destination-ca-bundle", setting("DTH_TEST_S3_CA_BUNDLE"), *IN_PARTS,
                            endpoints=self.endpoints(None, tls)).summary
        self.assertEqual((summary["copied"], summary["proof"]["NONE"]), (3, 0))
        for key in self.a.list(self.source):
            self.assertEqual(self.a.get(target, key)[1], self.a.get(self.source, key)[1])

    def test_without_it_is_refused(self):
        self.fill({"one": b"1"})
        outcome = self.copy(endpoints=self.endpoints(setting("DTH_TEST_S3_TLS_ENDPOINT")), expect=1)
        self.assertIn("ca-bundle", outcome.stderr)
        self.assertEqual(self.b.list(self.destination), {})


class LedgerTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.objects = {key: content(key, 30) for key in AWKWARD_KEYS}
        self.objects["large"] = content("large", 9 * MIB)
        self.fill(self.objects)
        self.outcome = self.copy(None, None, *IN_PARTS)

    def test_has_a_line_for_each_object(self):
        lines = {line["key"]: line for line in self.ledger(self.outcome)}
        self.assertEqual(len(self.ledger(self.outcome)), len(self.objects))
        self.assertEqual(set(lines), set(self.objects))
        listed = self.b.list(self.destination)
        for key, line in lines.items():
            self.assertEqual((line["outcome"], line["size"]), ("copied", len(self.objects[key])), line)
            self.assertIn(line["proof"], ("SOURCE_CHECKSUM", "TRANSIT_CHECKSUM"), line)
            self.assertEqual(line["destination_etag"], listed[key][1], line)
            self.assertTrue(line["algorithm"] and line["at"], line)
        self.assertEqual(lines["large"]["proof"], "TRANSIT_CHECKSUM", "the parts of an upload are proved by what was computed of them")

    def test_files_are_zstd_of_json_lines(self):
        directory = pathlib.Path(self.outcome.summary["ledger"])
        files = sorted(directory.glob("*.ndjson.zst"))
        self.assertTrue(files)
        text = subprocess.run(["zstdcat", *files], capture_output=True, check=True).stdout.decode()
        self.assertEqual(sorted(json.loads(line)["key"] for line in text.splitlines()), sorted(self.objects))
        manifest = json.loads((directory / "manifest.json").read_text())
        self.assertIn(self.outcome.summary["run"], json.dumps(manifest))

    def test_damage_is_found(self):
        directory = pathlib.Path(self.outcome.summary["ledger"])
        file = sorted(directory.glob("*.ndjson.zst"))[0]
        damaged = bytearray(file.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        file.write_bytes(damaged)
        shown = self.run_dth("ledger", "show", directory)
        self.assertEqual(shown.code, 1, str(shown))
        self.assertIn(file.name, shown.stderr)

    def test_missing_ledger_is_told(self):
        shown = self.run_dth("ledger", "show", self.directory / "nowhere")
        self.assertEqual(shown.code, 2, str(shown))
        self.assertIn("nowhere", shown.stderr)

    def test_renamed_objects_show_both_keys(self):
        outcome = self.copy(f"s3://{self.source}/dir/", f"s3://{self.destination}/renamed/", state=self.directory / "2.db")
        self.assertIn(("dir/.hidden", "renamed/.hidden"),
                      [(line["key"], line["destination_key"]) for line in self.ledger(outcome)])


class CredentialsTest(EndToEndTest):
    NO_OWN_KEYS = {f"DTH_{side}_{name}": None for side in ("SOURCE", "DESTINATION")
                   for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}

    def setUp(self):
        super().setUp()
        self.fill({"one": b"1"})

    def write_profiles(self):
        file = self.directory / "credentials"
        wrong = (setting("DTH_TEST_S3_OTHER_ACCESS_KEY_ID"), setting("DTH_TEST_S3_OTHER_SECRET_ACCESS_KEY"))
        file.write_text("".join(f"[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
                                for name, (key, secret) in {"default": wrong, "good": self.key}.items()))
        return self.environment(AWS_SHARED_CREDENTIALS_FILE=str(file), **self.NO_OWN_KEYS)

    def test_from_a_profile(self):
        environment = self.write_profiles()
        self.copy(None, None, "--source-profile", "good", "--destination-profile", "good", environment=environment)
        self.assert_same_objects()

    def test_the_default_profile_is_another(self):
        self.copy(None, None, "--source-profile", "good", environment=self.write_profiles(), expect=1)
        self.assertEqual(self.b.list(self.destination), {})

    def test_profile_that_is_not_there_is_named(self):
        outcome = self.copy(None, None, "--source-profile", "absent", environment=self.write_profiles(), expect=1)
        self.assertIn("absent", outcome.stderr)

    def test_from_aws_variables(self):
        environment = self.environment(AWS_ACCESS_KEY_ID=self.key[0], AWS_SECRET_ACCESS_KEY=self.key[1], **self.NO_OWN_KEYS)
        self.copy(environment=environment)
        self.assert_same_objects()

    def test_own_variables_come_first(self):
        environment = self.environment(AWS_ACCESS_KEY_ID="wrong", AWS_SECRET_ACCESS_KEY="alsowrong")
        self.copy(environment=environment)

    def test_half_a_key_is_refused(self):
        outcome = self.copy(environment=self.environment(DTH_SOURCE_SECRET_ACCESS_KEY=None), expect=2)
        self.assertIn("DTH_SOURCE_SECRET_ACCESS_KEY", outcome.stderr)

    def test_secret_is_written_nowhere(self):
        self.fill({f"{number:04}": b"x" for number in range(200)})
        secret = self.key[1].encode()
        running = self.start(self.copy_arguments())
        command_line, give_up = b"", time.monotonic() + 10
        while not command_line and time.monotonic() < give_up:  # it is empty for a moment while the program is loaded
            command_line = pathlib.Path(f"/proc/{running.process.pid}/cmdline").read_bytes()
        self.assertIn(self.source.encode(), command_line)
        self.assertNotIn(secret, command_line)
        outcome = running.wait()
        self.assertEqual(outcome.code, 0, str(outcome))
        text = json.dumps(self.ledger(outcome))
        self.assertNotIn(secret.decode(), text)
        files = [pathlib.Path(root) / name for root, _, names in os.walk(self.directory) for name in names]
        self.assertIn(self.state, files)
        for file in files:
            self.assertNotIn(secret, file.read_bytes(), file)
        self.assertEqual(self.state.stat().st_mode & 0o077, 0, "the state is for its owner only")


class OutputTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.fill({"one": b"1", "two": b"22"})

    def test_table(self):
        text = self.copy(output="table").stdout
        found = {line.split()[0]: line.split(None, 1)[1] for line in text.splitlines()}
        self.assertTrue(found["Copied"].startswith("2 (3 B, "), text)
        self.assertTrue(found["Verified"].startswith("2 of 2 copied"), text)
        self.assertTrue(found["Requests"].startswith("2 GET, 2 PUT, 2 LIST"), text)
        self.assertTrue(pathlib.Path(found["Ledger"]).is_dir(), text)

    def test_yaml(self):
        lines = self.copy(output="yaml").stdout.splitlines()
        for line in ("copied: 2", "bytes: 3", "requests:", "  get: 2", 'state: "succeeded"', "dry_run: false"):
            self.assertIn(line, lines)

    def test_quiet_says_nothing_on_standard_error(self):
        self.assertEqual(self.copy(None, None, "--quiet").stderr, "")

    def test_version_and_help(self):
        self.assertRegex(self.run_dth("--version").stdout, r"^dth \d+\.\d+\.\d+")
        text = self.run_dth("copy", "--help").stdout
        for option in ("--source-endpoint-url", "--prefix-match", "--dry-run", "--database", "Exit codes"):
            self.assertIn(option, text)

    def test_state_has_a_place_of_its_own(self):
        arguments = ["copy", f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), "--output", "json"]
        for expected in (2, 0):
            outcome = self.run_dth(*arguments, environment=self.environment(XDG_STATE_HOME=str(self.directory / "xdg")))
            self.assertEqual(outcome.summary["copied"], expected, str(outcome))
        self.assertEqual(len(list((self.directory / "xdg" / "dth").glob("state.db"))), 1)


if __name__ == "__main__":
    unittest.main()

"""What dth refuses: the message names what was tried, the exit code is the promised one, nothing is changed."""
import pathlib
import socket
import sqlite3
import subprocess
import unittest

from dth import BenchServer, EndToEndTest, free_port, setting


class RefusalTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.a.put(self.source, "dir/one", b"1")
        self.b.put(self.destination, "there", b"was there before")
        self.before = self.b.list(self.destination), self.a.list(self.source)

    def assert_untouched(self):
        self.assertEqual((self.b.list(self.destination), self.a.list(self.source)), self.before)

    def assert_refused(self, outcome, code, *words):
        self.assertEqual(outcome.code, code, str(outcome))
        self.assertEqual(outcome.stdout, "", str(outcome))
        self.assertTrue(outcome.stderr.startswith("dth: "), str(outcome))
        for word in words:
            self.assertIn(word, outcome.stderr, str(outcome))
        self.assert_untouched()

    def refused(self, code, words, source=None, destination=None, *options, **more):
        self.assert_refused(self.copy(source, destination, *options, expect=code, **more), code, *words)


class ServerTest(RefusalTest):
    def test_unknown_source_bucket(self):
        self.refused(1, ["source", "e2e-that-is-not-there"], "s3://e2e-that-is-not-there/")

    def test_unknown_destination_bucket(self):
        self.refused(1, ["destination", "e2e-that-is-not-there"], None, "s3://e2e-that-is-not-there/")

    def test_wrong_secret(self):
        environment = self.environment(DTH_SOURCE_SECRET_ACCESS_KEY="thisisnotthesecret")
        # RGW with STS on says AccessDenied of any key that it cannot make out.
        self.refused(1, ["source", self.source, "AccessDenied"], environment=environment)

    def test_wrong_secret_that_the_server_tells(self):
        server = BenchServer("--verify-signatures", "--bucket", "from")
        self.addCleanup(server.stop)
        environment = self.environment(DTH_SOURCE_SECRET_ACCESS_KEY="thisisnotthesecret")
        self.refused(1, ["source", "s3://from", "SignatureDoesNotMatch"], "s3://from", environment=environment,
                     endpoints=self.endpoints(server.endpoint))

    def test_unknown_access_key(self):
        environment = self.environment(DTH_DESTINATION_ACCESS_KEY_ID="NOSUCHKEY")
        self.refused(1, ["destination", self.destination, "AccessDenied"], environment=environment)

    def test_user_without_rights(self):
        other = (setting("DTH_TEST_S3_OTHER_ACCESS_KEY_ID"), setting("DTH_TEST_S3_OTHER_SECRET_ACCESS_KEY"))
        for side, bucket in (("SOURCE", self.source), ("DESTINATION", self.destination)):
            environment = self.environment(**{f"DTH_{side}_ACCESS_KEY_ID": other[0], f"DTH_{side}_SECRET_ACCESS_KEY": other[1]})
            self.refused(1, [side.lower(), bucket, "AccessDenied"], environment=environment)

    def test_no_credentials(self):
        environment = self.environment(DTH_SOURCE_ACCESS_KEY_ID=None, DTH_SOURCE_SECRET_ACCESS_KEY=None,
                                       AWS_EC2_METADATA_DISABLED="true")
        self.refused(1, ["source", "no AWS credentials", "AWS_ACCESS_KEY_ID"], environment=environment)

    def test_nobody_listens(self):
        endpoint = f"http://127.0.0.1:{free_port()}"
        self.refused(1, ["source", endpoint.removeprefix("http://"), "refused"], endpoints=self.endpoints(endpoint), seconds=60)
        self.refused(1, ["destination", endpoint.removeprefix("http://")], endpoints=self.endpoints(None, endpoint), seconds=60)

    def test_server_that_never_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
            self.refused(1, ["source", endpoint.removeprefix("http://")], None, None, "--answer-timeout", "2s", "--attempts", "2",
                         endpoints=self.endpoints(endpoint), seconds=60)

    def test_numbers_out_of_range(self):
        for option, text in (("--attempts", "0"), ("--attempts", "101"), ("--concurrency", "4097")):
            self.refused(2, [option], None, None, option, text)

    def test_unknown_host(self):
        self.refused(1, ["source", "no-such-host.invalid"], endpoints=self.endpoints("http://no-such-host.invalid:80"), seconds=120)

    def test_not_an_s3_server(self):
        bench = BenchServer("--bucket", "x")
        self.addCleanup(bench.stop)
        self.refused(1, ["source"], endpoints=self.endpoints(bench.endpoint + "/"))

    def test_certificate_of_another(self):
        other = self.directory / "other.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                        self.directory / "other.key", "-out", other], check=True, capture_output=True)
        tls = setting("DTH_TEST_S3_TLS_ENDPOINT")
        self.refused(1, ["source", "certificate", "ca-bundle"], None, None, "--source-ca-bundle", other, endpoints=self.endpoints(tls))

    def test_bundle_that_is_not_there(self):
        self.refused(2, ["--source-ca-bundle", "nowhere.pem"], None, None, "--source-ca-bundle", self.directory / "nowhere.pem")

    def test_bundle_that_is_no_certificate(self):
        file = self.directory / "text.pem"
        file.write_text("not a certificate\n")
        self.refused(2, ["--destination-ca-bundle", "text.pem"], None, None, "--destination-ca-bundle", file)

    def test_tls_where_there_is_none(self):
        self.refused(1, ["source"], endpoints=self.endpoints(self.a.endpoint.replace("http:", "https:")))

    def test_plain_where_there_is_tls(self):
        self.refused(1, ["source"], endpoints=self.endpoints(setting("DTH_TEST_S3_TLS_ENDPOINT").replace("https:", "http:")))


class UsageTest(RefusalTest):
    def test_options(self):
        for option, words in {
            ("--no-such-option",): ["--no-such-option"],
            ("--part-size", "5XB"): ["--part-size", "5XB"],
            ("--part-size", "-1"): ["--part-size"],
            ("--multipart-threshold", "99999999999999999999"): ["--multipart-threshold", "99999999999999999999"],
            ("--multipart-threshold", "6GiB"): ["--multipart-threshold", "5GiB"],
            ("--concurrency", "5000"): ["--concurrency", "4096"],
            ("--concurrency", "many"): ["--concurrency", "many"],
            ("--lanes", "0"): ["--lanes"],
            ("--lanes", "65"): ["--lanes"],
            ("--output", "xml"): ["--output", "xml"],
            ("--source-addressing", "sideways"): ["--source-addressing", "sideways", "virtual"],
            ("--source-endpoint-url", "ftp://127.0.0.1"): ["--source-endpoint-url", "ftp://127.0.0.1"],
            ("--source-endpoint-url", "http://"): ["--source-endpoint-url"],
            ("--source-endpoint-url", "127.0.0.1:1"): ["--source-endpoint-url", "127.0.0.1:1"],
        }.items():
            with self.subTest(option=option):
                arguments = self.copy_arguments()
                if option[0] in arguments:  # given once only
                    at = arguments.index(option[0])
                    del arguments[at : at + 2]
                self.assert_refused(self.run_dth(*arguments, *option), 2, *words)
                self.assertFalse(self.state.exists())

    def test_locations(self):
        for source in ("", "bucket/key", "etc/passwd", "S3://bucket", "s3://", "s3:///key", "s3://a..b", "s3://bu cket", "http://host/bucket"):
            with self.subTest(source=source):
                self.refused(2, ["s3://"], source or " ")
                self.refused(2, ["s3://"], None, source or " ")

    def test_missing_arguments(self):
        for arguments in ([], ["copy"], ["copy", f"s3://{self.source}"], ["ledger"], ["ledger", "show"], ["move"]):
            with self.subTest(arguments=arguments):
                outcome = self.run_dth(*arguments)
                self.assert_refused(outcome, 2, "--help")

    def test_equal_locations(self):
        same = self.endpoints(None, self.a.endpoint)
        for location in (f"s3://{self.source}", f"s3://{self.source}/dir/", f"s3://{self.source}/dir/one"):
            self.refused(2, ["same place"], location, location, endpoints=same)

    def test_overlapping_locations(self):
        same = self.endpoints(None, self.a.endpoint)
        for source, destination in (("", "/dir/"), ("/dir/", ""), ("/dir/", "/dir/deeper/"), ("/dir/deeper/", "/dir/")):
            self.refused(2, ["overlap"], f"s3://{self.source}{source}", f"s3://{self.source}{destination}", endpoints=same)

    def test_endpoints_spelt_differently_are_the_same(self):
        for other in (self.a.endpoint + "/", self.a.endpoint.replace("http:", "HTTP:")):
            self.refused(2, ["same place"], f"s3://{self.source}", f"s3://{self.source}", endpoints=self.endpoints(None, other))

    def test_many_objects_to_one_name(self):
        self.refused(2, ["slash", "name"], f"s3://{self.source}/dir/", f"s3://{self.destination}/name")


class StateTest(RefusalTest):
    def test_place_that_cannot_be_written(self):
        for path in ("/proc/nowhere/state.db", "/proc/state.db", "/dev/null/state.db"):
            with self.subTest(path=path):
                self.refused(1, [str(pathlib.Path(path).parent)], state=path)

    def test_a_directory(self):
        self.refused(2, [str(self.directory), "is a directory"], state=self.directory)

    def test_garbage(self):
        for text in (b"this is not a database, but somebody's only copy of something" * 100, b"SQLite format 3\0" + b"\xff" * 5000):
            self.state.write_bytes(text)
            self.refused(1, [str(self.state)])
            self.assertEqual(self.state.read_bytes(), text, "what is not ours is left as it is")

    def test_database_of_another_program(self):
        with sqlite3.connect(self.state) as database:
            database.execute("CREATE TABLE recipe (name TEXT)")
            database.execute("INSERT INTO recipe VALUES ('soup')")
        database.close()
        before = self.state.read_bytes()
        self.refused(1, [str(self.state)])
        self.assertEqual(self.state.read_bytes(), before)

    def test_two_processes_do_not_do_the_same(self):
        """The second one is refused and told who is at work; another task runs beside the first."""
        slow = BenchServer("--delay-ms", "500", "--synthetic", "from:key/:20:100")
        self.addCleanup(slow.stop)
        endpoints = self.endpoints(slow.endpoint)
        first = self.start(self.copy_arguments("s3://from", None, "--concurrency", "1", endpoints=endpoints))
        workers = pathlib.Path(f"{self.state}.workers")
        first.wait_until(lambda: workers.exists() and list(workers.iterdir()), "the first process works on its run")
        second = self.copy("s3://from", None, "--concurrency", "1", endpoints=endpoints, expect=1)
        self.assertIn(f"process {first.process.pid} on", second.stderr)
        self.assertEqual(second.stdout, "")
        beside = self.copy("s3://from", f"s3://{self.destination}/beside/", "--concurrency", "20", endpoints=endpoints)
        self.assertEqual(beside.summary["copied"], 20)
        outcome = first.wait()
        self.assertEqual((outcome.code, outcome.summary["copied"]), (0, 20), str(outcome))
        self.assertEqual(list(workers.iterdir()), [], "processes that have ended leave nothing")

    def test_ledger_place_is_a_file(self):
        pathlib.Path(f"{self.state}.ledger").write_text("in the way")
        self.refused(1, [f"{self.state}.ledger"])


if __name__ == "__main__":
    unittest.main()

"""Words on the command line, AWS's environment and files, output that cannot be written: what was meant is what is done."""
import json
import os
import pathlib
import shlex
import subprocess
import tempfile
import unittest

from dth import EndToEndTest, setting
from fake_s3 import FakeS3
from hostile import KEY, HostileTest

AWKWARD = ("[x]/k", "x/k", "[2024]", "2024", "a,b", "{a}", "%%", "0-9", "plain")


class ValuesTest(HostileTest):
    """Every value arrives as it was typed."""

    def setUp(self):
        super().setUp()
        self.fill({key: key.encode() for key in AWKWARD})

    def copied(self, *options):
        state = self.directory / f"{len(self.into.requests)}.db"
        self.copy(None, None, *options, state=state)
        there = set(self.into.bodies(self.destination))
        self.into.buckets[self.destination].objects.clear()
        return there

    def test_patterns_and_prefixes_in_brackets(self):
        self.assertEqual(self.copied("--source-prefix", "[x]"), {"[x]/k"})
        self.assertEqual(self.copied("--source-prefix=[x]", "--source-prefix", "{a"), {"[x]/k", "{a}"})
        self.assertEqual(self.copied("--include-regex", "[0-9]{4}"), {"[2024]", "2024"})
        self.assertEqual(self.copied("--include", "[pq]lain", "--include=a,b"), {"plain", "a,b"})
        self.assertEqual(self.copied("--exclude-regex=[a-z]"), {"[2024]", "2024", "0-9", "%%"})
        self.assertEqual(self.copied("--include", "%%"), {"%%"})

    def test_what_a_pattern_in_brackets_protects_is_not_deleted(self):
        for key in (*AWKWARD, "2025-report", "x/only-there"):
            self.into.add_object(self.destination, key, b"precious")
        sync = ["sync", f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints()]
        outcome = self.run_dth(*sync, *self.database(self.directory / "1.db"), "--exclude-regex", "[0-9]", "--exclude", "only-[t]here")
        self.assertEqual(outcome.code, 0, str(outcome))
        outcome = self.run_dth(*sync, *self.database(self.directory / "2.db"), "--source-prefix", "[x]")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertLessEqual({"2025-report", "x/only-there"}, set(self.into.bodies(self.destination)))

    def test_the_word_after_an_empty_value_is_not_taken_for_it(self):
        """`--exclude=$UNSET --dry-run` was a pattern named --dry-run, and a run that is none of the dry ones."""
        for name in ("--exclude=", "--source-region=", "--object-list="):
            outcome = self.run_dth(*self.copy_arguments(), name, "--dry-run")
            self.assertEqual(outcome.code, 2, str(outcome))
            self.assertIn("empty", outcome.stderr)
            self.assertEqual(self.into.bodies(self.destination), {})

    def test_a_word_after_a_value_is_no_second_one(self):
        outcome = self.run_dth("copy", "--include", "plain", f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), *self.database(self.state))
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(set(self.into.bodies(self.destination)), {"plain"})

    def test_keys_of_a_retry(self):
        for key in ("[2024]", "a,b", "plain"):
            self.into.fail("refused", "PutObject", key=key, status=403, code="AccessDenied", times=1)
        run = self.copy(None, None, expect=5).summary["run"]
        outcome = self.run_dth("run", "retry", run, "--key", "[2024]", "--key=a,b", *self.database(self.state), "-o", "json")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(set(self.into.bodies(self.destination)), set(AWKWARD) - {"plain"})

    def test_directories_named_by_any_bytes(self):
        place = os.fsencode(self.directory) + b"/[d]\xff,%%"
        os.mkdir(place)
        arguments = ["copy", f"s3://{self.source}/plain", os.fsdecode(place) + "/", *self.endpoints()[:4], "--source-vendor", "aws", *self.database(self.state)]
        for _ in range(2):
            outcome = self.run_dth(*arguments)
            self.assertEqual(outcome.code, 0, str(outcome))
        with open(place + b"/plain", "rb") as file:
            self.assertEqual(file.read(), b"plain")
        for command in (["run", "list"], ["run", "show", "latest"]):
            for form in ("table", "json", "yaml"):
                outcome = self.run_dth(*command, *self.database(self.state), "-o", form)
                self.assertEqual(outcome.code, 0, str(outcome))


class WordsTest(EndToEndTest):
    """Words that mean nothing get an answer that helps. No server is needed."""

    @classmethod
    def setUpClass(cls):
        cls.key = KEY

    def setUp(self):
        self.directory = pathlib.Path(os.environ.get("TMPDIR", "/tmp"))

    def tearDown(self):
        pass

    def told(self, *words):
        outcome = self.run_dth(*words)
        self.assertEqual((outcome.code, outcome.stdout), (2, ""), str(outcome))
        self.assertRegex(outcome.stderr, "^dth: ")
        return outcome.stderr

    def test_commands(self):
        self.assertIn('no command "cpoy". Did you mean "copy"', self.told("cpoy", "s3://a", "s3://b"))
        self.assertIn('dth: run: there is no command "lst". Did you mean "list" or "set"?\nTry: dth run --help', self.told("run", "lst"))
        self.assertIn('Did you mean "dth run list"', self.told("list"))
        self.assertIn("It takes list, show, failures, pause, set, resume, retry, approve, reject or cancel", self.told("run"))

    def test_options_and_values(self):
        self.assertIn('no option --exlude. Did you mean "--exclude"', self.told("copy", "--exlude", "x", "s3://a", "s3://b"))
        self.assertIn("It belongs to dth sync", self.told("copy", "--delete-max", "3", "s3://a", "s3://b"))
        self.assertIn('invalid value "xml" for --output: expected table, json or yaml', self.told("run", "list", "-o", "xml"))
        self.assertIn('invalid value "1" for --output', self.told("run", "list", "-o", "1"))
        self.assertIn('Did you mean "json"', self.told("run", "list", "-ojsn"))
        self.assertIn('Did you mean "checksum"', self.told("copy", "s3://a", "s3://b", "--compare", "chekcsum"))
        self.assertIn("expected a whole number from 1 to 64", self.told("copy", "s3://a", "s3://b", "--lanes", "many"))
        self.assertIn('"s3://c" is one word too many', self.told("copy", "s3://a", "s3://b", "s3://c"))

    def test_help_and_version(self):
        outcome = self.run_dth("version")
        self.assertEqual((outcome.code, outcome.stdout), (0, self.run_dth("--version").stdout), str(outcome))
        self.assertEqual(self.run_dth("help").stdout, self.run_dth("--help").stdout)
        self.assertEqual(self.run_dth("help", "run", "list").stdout, self.run_dth("run", "list", "--help").stdout)
        self.assertEqual(self.run_dth("run", "help").stdout, self.run_dth("run", "--help").stdout)
        self.assertIn("Usage: dth copy", self.run_dth("help", "copy").stdout)
        self.assertNotIn("what to copy", self.run_dth("verify", "--help").stdout)
        self.assertNotIn("given again", self.run_dth("copy", "--help").stdout)

    def test_completion_offers_names_as_they_are(self):
        """Names of files that a shell would take for patterns, and values in brackets before the word that is completed."""
        script = self.run_dth("completion", "bash").stdout
        with tempfile.TemporaryDirectory() as place:
            for name in ("[0-9]", "0", "a b", "$x", "{a,b}", "'q"):
                (pathlib.Path(place) / name).touch()
            def offered(*words):
                quoted = " ".join(shlex.quote(word) for word in words)
                told = subprocess.run(["bash", "--norc", "-c", f"{script}\ncompopt() {{ :; }}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}\n_dth\n"
                                       "printf '%s\\n' \"${COMPREPLY[@]}\""], capture_output=True, text=True, check=True, cwd=place)
                self.assertEqual(told.stderr, "")
                return set(told.stdout.splitlines())
            self.assertEqual(offered("dth", "run", "list", "--database", ""), {"[0-9]", "0", "a b", "$x", "{a,b}", "'q"})
            self.assertEqual(offered("dth", "copy", "--exclude-regex", "[0-9]", "--include", "*", "--quie"), {"--quiet"})


class OutputTest(HostileTest):
    """Output that cannot be written is an error, whoever prints it."""

    def full(self, *words):
        """Exit code and standard error with a full disk as standard output, and with none."""
        told = []
        for shell in ('exec "$@" > /dev/full', 'exec "$@" >&-'):
            done = subprocess.run(["sh", "-c", shell, "sh", setting("DTH_TEST_BINARY"), *map(str, words)], env=self.environment(), capture_output=True, timeout=60)
            told.append((done.returncode, done.stderr.decode()))
        return told

    def test_of_every_command(self):
        self.fill({"a": b"one"})
        done = self.copy()
        ledger = done.summary["ledger"]
        for words in (["--help"], ["--version"], ["help", "copy"], ["man"], ["man", "run", "list"], ["completion", "bash"], ["completion", "zsh"],
                      ["completion", "fish"], self.copy_arguments(), self.copy_arguments(output="yaml"), ["run", "list", *self.database(self.state)],
                      ["run", "show", "latest", *self.database(self.state)], ["run", "failures", "latest", *self.database(self.state), "-o", "json"],
                      ["ledger", "show", ledger], ["ledger", "verify", ledger], ["ledger", "export", ledger], ["key", "show"], ["config", "check"],
                      ["config", "check", "-o", "json"], ["serve", "--listen", "127.0.0.1:0", "--data-dir", self.directory / "hub"]):
            for code, told in self.full(*words):
                self.assertEqual(code, 1, f"{words}: {told}")
                self.assertIn("standard output cannot be written", told, words)

    def test_nothing_else_gets_what_was_printed(self):
        """A file that is opened where standard output was closed must not get its number."""
        self.fill({"a": b"one"})
        for _, told in self.full(*self.copy_arguments()):
            self.assertIn("standard output cannot be written", told)
        shown = self.run_dth("run", "list", *self.database(self.state), "-o", "json")
        self.assertEqual(shown.code, 0, str(shown))
        self.assertEqual(len(json.loads(shown.stdout)), 2)


NOWHERE = "http://127.0.0.1:9"  # whoever is sent there fails


class EndpointTest(HostileTest):
    """Where AWS's environment and files send requests. What would go to Amazon ends at a proxy that is not there."""

    def setUp(self):
        super().setUp()
        (self.directory / "in").mkdir()
        (self.directory / "in/one").write_text("1")
        (self.directory / ".aws").mkdir()

    def write_config(self, text, file="config"):
        (self.directory / ".aws" / file).write_text(text.replace("INTO", self.into.endpoint).replace("NOWHERE", NOWHERE))

    def upload(self, *options, expect=0, **environment):
        """Uploads a directory with AWS's own keys; returns what was said."""
        self.into.buckets[self.destination].objects.clear()
        keys = dict.fromkeys(("DTH_SOURCE_ACCESS_KEY_ID", "DTH_SOURCE_SECRET_ACCESS_KEY", "DTH_DESTINATION_ACCESS_KEY_ID", "DTH_DESTINATION_SECRET_ACCESS_KEY"))
        keys |= {"AWS_ACCESS_KEY_ID": KEY[0], "AWS_SECRET_ACCESS_KEY": KEY[1], "https_proxy": NOWHERE}
        outcome = self.run_dth("copy", f"{self.directory}/in/", f"s3://{self.destination}", "--destination-vendor", "aws", *options,
                               *self.database(self.directory / f"{len(self.into.requests)}.db"), "-o", "json", environment=self.environment(**keys | environment))
        self.assertEqual(outcome.code, expect, str(outcome))
        if expect == 0:
            self.assertEqual(set(self.into.bodies(self.destination)), {"one"}, str(outcome))
        return outcome

    def test_variables_name_the_store(self):
        outcome = self.upload(AWS_ENDPOINT_URL=self.into.endpoint)
        self.assertIn(f"the destination's endpoint is {self.into.endpoint} (AWS_ENDPOINT_URL)", outcome.stderr)
        self.upload(AWS_ENDPOINT_URL_S3=self.into.endpoint, AWS_ENDPOINT_URL=NOWHERE)
        self.upload("--destination-endpoint-url", self.into.endpoint, AWS_ENDPOINT_URL_S3=NOWHERE, AWS_ENDPOINT_URL=NOWHERE)

    def test_profiles_name_the_store(self):
        keys = f"aws_access_key_id = {KEY[0]}\naws_secret_access_key = {KEY[1]}\n"
        self.write_config("[default]\nendpoint_url = NOWHERE\n[profile plain]\nendpoint_url = INTO\n" + keys +
                          "[profile section]\nservices = mine\nendpoint_url = NOWHERE\n" + keys +
                          "[services mine]\ns3 =\n  endpoint_url = INTO\n[profile block]\n" + keys + "s3 =\n    endpoint_url = INTO\n    addressing_style = path\n")
        for profile in ("plain", "section", "block"):
            self.upload("--destination-profile", profile, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
            self.upload(AWS_PROFILE=profile)
            self.upload("--destination-profile", profile, AWS_ENDPOINT_URL=NOWHERE, AWS_ENDPOINT_URL_S3=NOWHERE, AWS_ACCESS_KEY_ID="other", AWS_SECRET_ACCESS_KEY="anothersecret")

    def test_files_in_every_form(self):
        keys = f"aws_access_key_id: {KEY[0]}\n  aws_secret_access_key = {KEY[1]}\n"
        self.write_config("\ufeff# mine\n\n  [default] ; the only one\r\n  " + keys.replace("\n", "\r\n") + "\r\n  # near\r\n  Endpoint_URL=INTO # here\r\n  region : eu-west-1\r\n")
        self.into.buckets[self.destination].region = "eu-west-1"
        self.upload(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)

    def test_ignored_where_that_is_said(self):
        self.write_config("[default]\nendpoint_url = INTO\n")
        self.upload(AWS_ENDPOINT_URL=self.into.endpoint, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true", expect=1)
        self.assertEqual(len(self.into.requests), 0)

    def test_what_cannot_be_read_is_called_so_and_nothing_is_sent(self):
        (self.directory / ".aws/config").mkdir()
        outcome = self.upload(expect=2)
        self.assertIn(f"cannot read {self.directory}/.aws/config", outcome.stderr)
        outcome = self.upload("--destination-profile", "private", expect=2)
        self.assertIn(f"cannot read {self.directory}/.aws/config", outcome.stderr)
        (self.directory / ".aws/config").rmdir()
        self.assertIn("there is no profile 'private'", self.upload("--destination-profile", "private", expect=1).stderr)
        self.write_config("[default]\nservices = lost\n")
        self.assertIn("'lost', which is not there", self.upload(expect=2).stderr)

    def test_a_run_stays_with_the_store_that_it_was_begun_with(self):
        self.into.fail("refused", "PutObject", status=403, code="AccessDenied")
        run = self.upload(AWS_ENDPOINT_URL=self.into.endpoint, expect=5).summary["run"]
        state = next(path for path in self.directory.glob("*.db"))
        outcome = self.run_dth("run", "retry", run, *self.database(state), environment=self.environment(https_proxy=NOWHERE, AWS_ENDPOINT_URL=NOWHERE))
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(set(self.into.bodies(self.destination)), {"one"})

    def test_authorities_to_trust(self):
        certificate = self.make_certificate()
        self.serve("aws", "aws", certificate)
        to = ("--destination-endpoint-url", self.into.endpoint)
        self.upload(*to, expect=1)
        self.upload(*to, AWS_CA_BUNDLE=str(certificate[0]), no_proxy="*")
        self.assertIn("AWS_CA_BUNDLE", self.upload(*to, AWS_CA_BUNDLE=str(self.directory / "none.pem"), no_proxy="*", expect=2).stderr)
        self.upload(*to, "--destination-ca-bundle", certificate[0], AWS_CA_BUNDLE=str(self.directory / "none.pem"), no_proxy="*")
        self.write_config(f"[default]\nca_bundle = {certificate[0]}\n")
        self.upload(*to, no_proxy="*")


class HostTest(HostileTest):
    """A way of its own to S3 is never left. The fake is the HTTP proxy through which every host is asked."""
    interface = "bucket.vpce-1a2b-3c.s3.us-east-1.vpce.amazonaws.com"
    others = ("s3.eu-west-1.amazonaws.com", "s3.us-east-1.amazonaws.com", "s3.amazonaws.com", "ec2-1-2-3-4.compute-1.amazonaws.com")

    def serve_at(self, host):
        self.from_ = FakeS3("aws", hosts=(host, *self.others))
        self.addCleanup(self.from_.stop)
        self.from_.add_bucket(self.source, region="eu-west-1")
        self.fill({"a": b"one", "b": b"two"})
        return ["--source-endpoint-url", f"http://{host}", "--source-proxy", self.from_.endpoint, *super().endpoints()[4:6], "--destination-vendor", "aws"]

    def hosts_asked(self):
        """Without the bucket that may stand before them."""
        return {request.header("host").removeprefix(self.source + ".") for request in self.from_.requests}

    def test_an_interface_endpoint_is_never_left(self):
        for host in (self.interface, "my-lb-123.us-east-1.elb.amazonaws.com"):
            endpoints = self.serve_at(host)
            self.into.buckets[self.destination].objects.clear()
            self.copy(None, None, endpoints=endpoints, state=self.directory / f"{host}.db")
            self.assertEqual(set(self.into.bodies(self.destination)), {"a", "b"})
            self.assertEqual(self.hosts_asked(), {host})

    def test_a_redirect_leads_to_no_other_host_of_the_domain(self):
        for number, (host, location) in enumerate(((self.interface, f"http://{self.source}.s3.us-east-1.amazonaws.com/"),
                                                   ("s3.us-east-1.amazonaws.com", f"http://{self.source}.ec2-1-2-3-4.compute-1.amazonaws.com/"))):
            endpoints = self.serve_at(host)
            self.from_.buckets[self.source].region = "us-east-1"
            self.from_.fail("redirect", times=None, status=307, location=location)
            outcome = self.run_dth(*self.copy_arguments(endpoints=endpoints, state=self.directory / f"{number}.db"))
            self.assertEqual(outcome.code, 1, str(outcome))
            self.assertEqual(self.hosts_asked(), {host})


class FirstLookTest(HostileTest):
    """The look before a run asks for no more than the run does."""

    def setUp(self):
        super().setUp()
        self.fill({"team/me/a": b"one", "team/me/b": b"two"})

    def deny(self, prefix=None):
        for fake in (self.from_, self.into):
            fake.fail("other_prefixes_denied", times=None, prefix=prefix)

    def test_a_policy_with_a_prefix(self):
        self.deny("team/me/")
        self.copy(f"s3://{self.source}/team/me/", f"s3://{self.destination}/team/me/")
        self.copy(f"s3://{self.source}", f"s3://{self.destination}", "--source-prefix", "team/me/a", state=self.directory / "2.db")
        outcome = self.run_dth("verify", f"s3://{self.source}/team/me/", f"s3://{self.destination}/team/me/", *self.endpoints(), *self.database(self.directory / "3.db"))
        self.assertEqual(outcome.code, 0, str(outcome))
        outcome = self.copy(f"s3://{self.source}/team/", None, state=self.directory / "4.db", expect=1)
        self.assertIn("AccessDenied", outcome.stderr)

    def test_nothing_is_listed_for_objects_that_are_named(self):
        self.deny()
        self.copy(f"s3://{self.source}/team/me/a", f"s3://{self.destination}/team/me/a")
        names = self.directory / "names"
        names.write_text("team/me/a\nteam/me/b\n")
        self.copy(None, None, "--object-list", names, state=self.directory / "2.db")
        self.assertEqual(set(self.into.bodies(self.destination)), {"team/me/a", "team/me/b"})
        for fake in (self.from_, self.into):
            self.assertEqual(fake.count("ListObjectsV2") + fake.count("ListObjects"), 0)

    def test_a_bucket_that_is_missing_is_found_all_the_same(self):
        outcome = self.copy(f"s3://{self.source}/team/me/a", "s3://not-there/a", expect=1)
        self.assertIn("the destination cannot be used", outcome.stderr)

    def test_a_dry_run_of_a_bucket_that_is_still_to_be_made(self):
        for number, location in enumerate((f"s3://{self.source}", f"s3://{self.source}/team/me/a")):
            outcome = self.copy(location, "s3://not-there/x/", "--dry-run", "--create-bucket")
            self.assertEqual(outcome.summary["selected"] - outcome.summary["unchanged"], 2 - number)
            self.assertIn("without --dry-run it would be made", outcome.stderr)
            self.assertNotIn("not-there", self.into.buckets)
        sync = ["sync", f"s3://{self.source}", "s3://not-there", *self.endpoints(), "--dry-run"]
        outcome = self.run_dth(*sync, "--create-bucket", "-o", "json")
        self.assertEqual((outcome.code, outcome.summary["extra"]), (0, 0), str(outcome))
        self.assertEqual(self.run_dth(*sync).code, 1)
        self.assertEqual(self.into.count("CreateBucket"), 0)
        self.copy(None, "s3://not-there", "--create-bucket")
        self.assertEqual(set(self.into.bodies("not-there")), {"team/me/a", "team/me/b"})


class MovedLedgerTest(HostileTest):
    def test_a_ledger_may_be_moved_and_renamed(self):
        self.fill({"a": b"one", "b": b"two"})
        done = self.copy()
        moved = self.directory / "elsewhere" / "of march [1]"
        moved.parent.mkdir()
        pathlib.Path(done.summary["ledger"]).rename(moved)
        key = self.run_dth("key", "show").stdout.strip()
        outcome = self.run_dth("ledger", "verify", moved, "--public-key", key)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertIn("authentic: signed with the key " + key, outcome.stdout)
        self.assertIn(f"note: the place is named of march [1], the ledger is of run {done.summary['run']}", outcome.stdout)
        self.assertEqual(len(self.run_dth("ledger", "show", moved).stdout.splitlines()), 2)
        self.assertEqual(self.run_dth("ledger", "export", moved).code, 0)
        again = self.copy(None, None, "--earlier-ledger", moved, state=self.directory / "2.db")
        self.assertEqual(again.summary["unchanged"], 2)
        with open(moved / "manifest.json", "r+b") as manifest:
            text = manifest.read().replace(b'"copied":2', b'"copied":3')
            manifest.seek(0)
            manifest.write(text)
        self.assertEqual(self.run_dth("ledger", "verify", moved).code, 1)


if __name__ == "__main__":
    unittest.main()

"""The real dth between two fake S3 servers that do wrong on demand: what every test of hostile servers stands on."""
import pathlib
import shutil
import subprocess
import tempfile

from dth import EndToEndTest
from fake_s3 import FakeS3
from s3_client import Client

KEY = ("TESTACCESSKEY", "testsecretkey")
MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")


class HostileTest(EndToEndTest):
    """self.from_ and self.into: the servers; self.a and self.b: well-behaved clients of them."""
    source_profile, destination_profile = "aws", "aws"
    source, destination = "source-bucket", "destination-bucket"

    @classmethod
    def setUpClass(cls):
        cls.key = KEY

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dth-hostile."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.state = self.directory / "state.db"
        self.serve(self.source_profile, self.destination_profile)

    def remove_buckets(self, client):
        """They go with their servers."""

    def serve(self, source_profile, destination_profile, certificate=None):
        """New, empty servers of these profiles; the destination over TLS where it has a certificate."""
        self.from_, self.into = FakeS3(source_profile), FakeS3(destination_profile, certificate=certificate)
        for fake, bucket in ((self.from_, self.source), (self.into, self.destination)):
            self.addCleanup(fake.stop)
            fake.add_bucket(bucket)
        self.a, self.b = Client(self.from_.endpoint, *KEY), Client(self.into.endpoint, *KEY)

    def make_certificate(self):
        """(certificate, key): files, of a server on 127.0.0.1 that is its own authority."""
        certificate, key = self.directory / "server.pem", self.directory / "server.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        return certificate, key

    def endpoints(self, source=None, destination=None):
        vendors = []
        for side, fake in (("source", self.from_), ("destination", self.into)):
            if fake.profile.known:
                vendors += [f"--{side}-vendor", fake.profile.name]
        return super().endpoints(source, destination) + vendors

    def fill(self, objects, **more):
        for key, body in objects.items():
            self.from_.add_object(self.source, key, body, **more)

    def assert_outcome(self, outcome, **expected):
        """The summary's counts are these, all others are zero, and they add up; nothing is left open at the destination."""
        summary = outcome.summary
        found = {name: summary[name] for name in ("copied", "unchanged", "deleted_at_source", "failed")}
        self.assertEqual(found, {name: expected.get(name, 0) for name in found}, str(outcome))
        self.assert_counts_add_up(summary)
        self.assertEqual(self.into.buckets[self.destination].uploads, {}, "an upload was left open")
        lines = self.ledger(outcome)
        for name in ("copied", "deleted_at_source", "failed"):
            self.assertEqual(sum(line["outcome"] == name for line in lines), found[name], str(lines))
        self.assertEqual(len({line["key"] for line in lines}), len(lines), "a key has two lines")
        return lines

    def assert_copied(self, outcome, *without, **expected):
        """As assert_outcome(), and the destination holds the source's bytes: all keys but those `without`."""
        lines = self.assert_outcome(outcome, **expected)
        there = {key: body for key, body in self.from_.bodies(self.source).items() if key not in without}
        self.assertEqual(self.into.bodies(self.destination), there)
        return lines

"""dth and the S3 servers of other people: an awkward set of objects is copied in, out and to a directory, and all of it is compared by other
code than dth's. What a server cannot hold stands in real_servers.py: dth has to report it, and never to lose it in silence."""
import unittest
import uuid

from hostile import IN_PARTS, KEY, MIB, HostileTest
from real_servers import SERVERS, RunningServer, is_wanted
from s3_client import AWKWARD_KEYS, Client, S3Error, content

HEADERS = {"cache-control": "no-cache", "content-language": "de", "content-disposition": "inline; filename=a", "content-encoding": "gzip",
           "content-type": "text/x-dth", "expires": "Wed, 21 Oct 2015 07:28:00 GMT", "x-amz-meta-color": "red"}
BODIES = {"plain": content("plain", 1000), "empty": b"", "streamed": content("streamed", 2 * MIB), "parts": content("parts", 11 * MIB),
          "streamed-gzip": content("gzip", 2 * MIB)}


def as_path(key):
    """What a file system makes of it, or None where nothing is left."""
    names = []
    for name in key.split("/"):
        if name == "..":
            names = names[:-1]
        elif name not in ("", "."):
            names.append(name)
    return "/".join(names)


class RealServerTest(HostileTest):
    """No tests of its own: each server has a class below."""
    server = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not is_wanted(cls.server):
            raise unittest.SkipTest(f"{cls.server} is not in DTH_TEST_SERVERS: see tests/e2e/real_servers.py")
        cls.what = SERVERS[cls.server]
        cls.running = RunningServer(cls.server)
        cls.addClassCleanup(cls.running.stop)
        cls.there = Client(cls.running.endpoint, *KEY)
        cls.addClassCleanup(cls.there.close)
        cls.running.wait(cls.there)

    def setUp(self):
        super().setUp()
        self.bucket = "dth-" + uuid.uuid4().hex[:12]
        self.there.make_bucket(self.bucket)

    def copy_in(self, expect, *options):
        return self.copy(None, f"s3://{self.bucket}", *IN_PARTS, *options, expect=expect,
                         endpoints=["--source-endpoint-url", self.from_.endpoint, "--source-vendor", "aws",
                                    "--destination-endpoint-url", self.running.endpoint])

    def copy_out(self, destination, *options, expect=0):
        return self.copy(f"s3://{self.bucket}", destination, *IN_PARTS, *options, expect=expect,
                         endpoints=["--source-endpoint-url", self.running.endpoint])

    def failed(self, outcome):
        return {line["key"] for line in self.ledger(outcome) if line["outcome"] == "failed"}

    def found_there(self, key):
        """The body, None where there is none."""
        try:
            return self.there.get(self.bucket, key)[1]
        except S3Error:
            return None

    def check_keys(self):
        objects = {key: b"" if key.endswith("/") else b"of " + key.encode() for key in AWKWARD_KEYS}
        if self.what.folders:
            objects = {key: body for key, body in objects.items() if key != "a" and not key.endswith("/")}
        self.fill(objects)
        lost = set(self.what.lost_keys)
        # One server answers 500 to what its file system does not hold.
        outcome = self.copy_in(5 if lost else 0, "--attempts", "2")
        self.assertEqual(self.failed(outcome), lost, str(outcome))
        kept = {key: body for key, body in objects.items() if key not in lost}
        self.assertEqual({key: self.found_there(key) for key in kept}, kept)
        again = self.copy_in(5 if lost else 0, "--attempts", "2")
        self.assertEqual((again.summary["copied"], self.failed(again)), (0, lost - set(self.what.late_keys)), str(again))

        # What the server made of a name that it does not keep is there as well.
        false = set(self.what.false_keys)
        out = self.copy_out(f"s3://{self.destination}", "--destination-endpoint-url", self.into.endpoint, "--destination-vendor", "aws",
                            expect=5 if false else 0)
        self.assertEqual(self.failed(out), false, str(out))
        arrived = self.into.bodies(self.destination)
        self.assertEqual({key: arrived.get(key) for key in kept}, kept)
        made = set(arrived) - set(kept)
        self.assertLessEqual(made, {as_path(key) for key in lost}, "the server made something else of names")

    def check_contents(self):
        for key, body in BODIES.items():
            if (key == "streamed" and self.what.merges) or (key == "parts" and not self.what.parts):
                continue  # the first one that is framed fails there
            self.from_.add_object(self.source, key, body, headers={"content-encoding": "gzip"} if key.endswith("gzip") else {})
        for name, value in HEADERS.items():
            self.from_.add_object(self.source, f"with/{name}", name.encode(), headers={name: value})
        if self.what.parts:
            self.from_.add_object(self.source, "in-parts", content("all", 9 * MIB), headers=HEADERS)
        sent = self.from_.buckets[self.source].objects
        outcome = self.copy_in(0, "--unverified", "warn")
        self.assertEqual(outcome.summary["copied"], len(sent))
        for key, object_ in sent.items():
            headers, body = self.there.get(self.bucket, key.decode())
            self.assertTrue(body == object_.body, f"{key} is other bytes at {self.server}")
            for name, value in object_.headers.items():
                if name not in self.what.lost_headers:
                    self.assertEqual(headers[name], value, key)
            self.assertNotIn("aws-chunked", headers["content-encoding"] or "", key)
        told = "\n".join(outcome.summary.get("warnings", []))
        for name in HEADERS:
            word = "user metadata" if name.startswith("x-amz-meta") else name
            (self.assertIn if name in self.what.lost_headers else self.assertNotIn)(word, told.lower())

        self.copy_out(f"s3://{self.destination}", "--destination-endpoint-url", self.into.endpoint, "--destination-vendor", "aws")
        arrived = self.into.buckets[self.destination].objects
        self.assertEqual(set(arrived), set(sent))
        for key, object_ in sent.items():
            self.assertTrue(arrived[key].body == object_.body, key)
            kept = {name: value for name, value in object_.headers.items() if name not in self.what.lost_headers}
            self.assertEqual({name: arrived[key].headers.get(name) for name in kept}, kept, key)

        directory = self.directory / "copied"
        self.copy_out(f"{directory}/")
        files = {str(path.relative_to(directory)): path for path in directory.rglob("*") if path.is_file()}
        self.assertEqual(set(files), {key.decode() for key in sent})
        for key, object_ in sent.items():
            self.assertTrue(files[key.decode()].read_bytes() == object_.body, key)


class MotoTest(RealServerTest):
    server = "moto"

    def test_keys(self):
        self.check_keys()

    def test_contents(self):
        self.check_contents()


class GofakesTest(RealServerTest):
    server = "gofakes3"

    def test_keys(self):
        self.check_keys()

    def test_contents(self):
        self.check_contents()


class VersityTest(RealServerTest):
    server = "versitygw"

    def test_keys(self):
        self.check_keys()

    def test_contents(self):
        self.check_contents()


class RustTest(RealServerTest):
    server = "s3s"

    def test_keys(self):
        self.check_keys()

    def test_contents(self):
        self.check_contents()


class MockTest(RealServerTest):
    server = "s3mock"

    def test_keys(self):
        self.check_keys()

    def test_contents(self):
        self.check_contents()


class ProxyTest(RealServerTest):
    server = "s3proxy"

    def test_keys(self):
        self.check_keys()

    def test_contents(self):
        self.check_contents()

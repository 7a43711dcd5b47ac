"""dth and moto, an S3 server in Python that keeps the checksums of objects, which Ceph 16 does not: what proves which copy.

DTH_TEST_MOTO names the program moto_server, else it is looked for on the PATH (tests/servers/moto.sh finds or installs one);
where there is none these tests are skipped. moto is nobody's vendor to dth. Told that it is AWS, dth states digests as it does
there; moto believes them, so that what is stated has to be held to the bytes here.
"""
import base64
import hashlib
import os
import shutil
import subprocess
import time
import unittest

from dth import EndToEndTest, free_port
from fake_s3.checksums import crc32c, crc64nvme
from s3_client import Client, content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "5MiB", "--part-size", "5MiB")
ONE_LANE = ("--lanes", "1")  # what one lane learns, another one has to learn by itself
AS_AWS = ("--source-vendor", "aws", "--destination-vendor", "aws")
DIGESTS = {"CRC64NVME": crc64nvme, "CRC32C": crc32c, "SHA256": lambda body: hashlib.sha256(body).digest()}
SMALL = content("small", 70_000)
LARGE = content("large", 6 * MIB)


def find_moto():
    given = os.environ.get("DTH_TEST_MOTO")
    return given if given is not None else shutil.which("moto_server")


class Moto:
    def __init__(self, program):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(self.port)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def wait(self, client):
        deadline = time.monotonic() + 60
        while True:
            try:
                return client.buckets()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()


@unittest.skipUnless(find_moto(), "no moto_server: see tests/servers/moto.sh")
class MotoTest(EndToEndTest):
    """self.m: a client of moto; self.from_moto and self.to_moto: buckets there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moto = Moto(find_moto())
        cls.addClassCleanup(cls.moto.stop)
        cls.m = Client(cls.moto.endpoint, *cls.key)
        cls.addClassCleanup(cls.m.close)
        cls.moto.wait(cls.m)

    def setUp(self):
        super().setUp()
        self.from_moto, self.to_moto = self.name + "-moto-from", self.name + "-moto-to"
        self.m.make_bucket(self.from_moto)
        self.m.make_bucket(self.to_moto)

    def copy_into_moto(self, *options):
        """From RGW."""
        return self.copy(None, f"s3://{self.to_moto}", *IN_PARTS, *options, endpoints=self.endpoints(None, self.moto.endpoint))

    def copy_within_moto(self, *options):
        endpoints = self.endpoints(self.moto.endpoint, self.moto.endpoint)
        return self.copy(f"s3://{self.from_moto}", f"s3://{self.to_moto}", *IN_PARTS, *options, endpoints=endpoints)

    def proofs(self, outcome):
        """{key: (proof, algorithm, checksum in hex)} of the ledger."""
        return {line["key"]: (line["proof"], line.get("algorithm", ""), line.get("checksum", "")) for line in self.ledger(outcome)}

    def put_with_digest(self, key, body, algorithm):
        """As an SDK does: moto keeps what it is told."""
        stated = base64.b64encode(DIGESTS[algorithm](body)).decode()
        headers = {"x-amz-sdk-checksum-algorithm": algorithm, f"x-amz-checksum-{algorithm.lower()}": stated}
        self.m.put(self.from_moto, key, body, headers)
        self.assertEqual(self.m.request("HEAD", f"/{self.from_moto}/{key}", headers={"x-amz-checksum-mode": "ENABLED"})[0]
                         [f"x-amz-checksum-{algorithm.lower()}"], stated)

    def assert_arrived(self, bodies):
        self.assertEqual(set(self.m.list(self.to_moto)), set(bodies))
        for key, body in bodies.items():
            self.assertTrue(self.m.get(self.to_moto, key)[1] == body, key)


class IntoMotoTest(MotoTest):
    def test_to_nobodys_vendor_etags_are_the_proof(self):
        """Every payload is signed over plain HTTP, and nothing shows that anybody checks it: the ETags do."""
        bodies = {"small": SMALL, "empty": b"", "large": LARGE}
        self.fill(bodies)
        md5s = {key: ("TRANSIT_CHECKSUM", "MD5", "" if key == "large" else hashlib.md5(body).hexdigest()) for key, body in bodies.items()}
        self.assertEqual(self.proofs(self.copy_into_moto()), md5s)
        self.assert_arrived(bodies)

    def test_to_aws_objects_in_parts_are_proved_by_their_parts(self):
        """moto takes the CRC of the whole and does not answer it: it is sent again, with MD5s of its parts."""
        bodies = {"small": SMALL, "large": LARGE}
        self.fill(bodies)
        proofs = self.proofs(self.copy_into_moto("--destination-vendor", "aws", *ONE_LANE))
        self.assertEqual(proofs["small"], ("SOURCE_CHECKSUM", "MD5", hashlib.md5(SMALL).hexdigest()))
        self.assertEqual(proofs["large"], ("TRANSIT_CHECKSUM", "MD5", ""))
        self.assert_arrived(bodies)

    def test_a_source_without_an_md5_is_proved_by_the_etag(self):
        """moto takes a CRC and does not answer it: the object is sent again with an MD5."""
        self.a.put_in_parts(self.source, "one-part", [SMALL])
        outcome = self.copy_into_moto("--destination-vendor", "aws")
        self.assertEqual(self.proofs(outcome), {"one-part": ("TRANSIT_CHECKSUM", "MD5", hashlib.md5(SMALL).hexdigest())})
        self.assert_arrived({"one-part": SMALL})


class WithinMotoTest(MotoTest):
    def test_checksums_that_the_source_states_are_declared(self):
        bodies = {}
        for algorithm in DIGESTS:
            for name, body in (("small", SMALL), ("empty", b"")):
                bodies[f"{name}-{algorithm}"] = body
                self.put_with_digest(f"{name}-{algorithm}", body, algorithm)
        proofs = self.proofs(self.copy_within_moto(*AS_AWS, "--server-side-copy", "never"))
        for key, body in bodies.items():
            # moto does not answer what it was told; its ETag is that of the source.
            self.assertEqual(proofs[key], ("SOURCE_CHECKSUM", "MD5", hashlib.md5(body).hexdigest()), key)
        self.assert_arrived(bodies)

    def test_checksums_are_not_declared_to_nobodys_vendor(self):
        """Who is not known to hold a copy to its checksum has confirmed nothing by taking it."""
        for algorithm in DIGESTS:
            self.put_with_digest(algorithm, SMALL, algorithm)
        proofs = self.proofs(self.copy_within_moto())
        self.assertEqual(proofs, dict.fromkeys(DIGESTS, ("TRANSIT_CHECKSUM", "MD5", hashlib.md5(SMALL).hexdigest())))

    def test_objects_in_parts(self):
        """Their composite checksums are not those of the bytes; where the object's own is stated, it may be none at all."""
        bodies = {}
        for algorithm in DIGESTS:
            key = f"in-parts-{algorithm}"
            self.m.put_in_parts(self.from_moto, key, [LARGE[:5 * MIB], algorithm.encode()], {"x-amz-checksum-algorithm": algorithm})
            bodies[key] = LARGE[:5 * MIB] + algorithm.encode()
        proofs = self.proofs(self.copy_within_moto(*AS_AWS, *ONE_LANE, "--server-side-copy", "never"))
        for key, body in bodies.items():
            self.assertEqual(proofs[key], ("TRANSIT_CHECKSUM", "MD5", ""), key)
        self.assert_arrived(bodies)

    def test_what_is_no_digest_is_not_declared(self):
        """moto without a library for CRC64NVME states CRC32s under that name."""
        wrong = {"short": ("CRC64NVME", "q83vEg=="), "long": ("CRC32C", "AAECAwQFBgc="), "no-base64": ("SHA256", "?")}
        for key, (algorithm, stated) in wrong.items():
            self.m.put(self.from_moto, key, SMALL, {"x-amz-sdk-checksum-algorithm": algorithm, f"x-amz-checksum-{algorithm.lower()}": stated})
        proofs = self.proofs(self.copy_within_moto(*AS_AWS, "--server-side-copy", "never"))
        self.assertEqual(proofs, dict.fromkeys(wrong, ("SOURCE_CHECKSUM", "MD5", hashlib.md5(SMALL).hexdigest())))

    def test_within_one_moto_no_byte_passes(self):
        bodies = {"small": SMALL, "empty": b""}
        for key, body in bodies.items():
            self.put_with_digest(key, body, "SHA256")
        outcome = self.copy_within_moto(*AS_AWS)
        self.assertEqual((outcome.summary["requests"]["get"], outcome.summary["copied"]), (0, 2), str(outcome))
        self.assertEqual(self.proofs(outcome), {key: ("SOURCE_CHECKSUM", "MD5", hashlib.md5(body).hexdigest()) for key, body in bodies.items()})
        self.assert_arrived(bodies)


if __name__ == "__main__":
    unittest.main()

"""What a copy looks like at the destination: tags, metadata, ACLs, encryption, locks; buckets that are made; copies within a
store and in place."""
import base64
import datetime
import hashlib
import os
import unittest

from dth import EndToEndTest, setting
from s3_client import S3Error

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "6MiB", "--part-size", "5MiB")
LARGE = os.urandom(64) * (7 * MIB // 64)


def customer_headers(key):
    prefix = "x-amz-server-side-encryption-customer-"
    return {prefix + "algorithm": "AES256", prefix + "key": base64.b64encode(key).decode(),
            prefix + "key-md5": base64.b64encode(hashlib.md5(key).digest()).decode()}


class PropertiesTest(EndToEndTest):
    def tags_of(self, key):
        document = self.b.document("GET", f"/{self.destination}/{key}", {"tagging": ""})
        return {tag.findtext("Key"): tag.findtext("Value") for tag in document.iter("Tag")}

    def test_tags(self):
        self.a.put(self.source, "plain", b"1")
        self.a.put(self.source, "tagged", b"2", {"x-amz-tagging": "colour=red&a%20b=c%2Bd"})
        self.a.put(self.source, "large", LARGE, {"x-amz-tagging": "all=own&shape=round"})
        summary = self.copy(None, None, "--tags", "preserve", "--tag", "all=1", *IN_PARTS).summary
        self.assertEqual(summary["copied"], 3)
        self.assertEqual(self.tags_of("plain"), {"all": "1"})
        self.assertEqual(self.tags_of("tagged"), {"all": "1", "colour": "red", "a b": "c+d"})
        self.assertEqual(self.tags_of("large"), {"all": "1", "shape": "round"})

    def test_tags_stay_behind_unless_they_are_asked_for(self):
        self.a.put(self.source, "tagged", b"2", {"x-amz-tagging": "colour=red"})
        summary = self.copy().summary
        self.assertEqual(self.tags_of("tagged"), {})
        self.assertEqual((summary["requests"]["get"], summary["requests"]["put"]), (1, 1))

    def test_metadata_is_merged_and_replaced(self):
        headers = {"content-type": "text/plain", "cache-control": "no-store", "x-amz-meta-colour": "red"}
        for key, body in (("small", b"1"), ("large", LARGE)):
            self.a.put(self.source, key, body, headers)
        self.copy(None, f"s3://{self.destination}/merged/", "--metadata", "merge", "--metadata-set", "Cache-Control=max-age=9",
                  "--metadata-set", "shape=round", "--metadata-set", "x-amz-meta-colour=", *IN_PARTS)
        self.copy(None, f"s3://{self.destination}/replaced/", "--metadata", "replace", "--metadata-set",
                  "Content-Type=image/png", *IN_PARTS, state=self.directory / "replaced.db")
        for key in ("small", "large"):
            merged = self.b.head(self.destination, "merged/" + key)
            self.assertEqual([merged[name] for name in ("content-type", "cache-control", "x-amz-meta-shape", "x-amz-meta-colour")],
                             ["text/plain", "max-age=9", "round", None])
            replaced = self.b.head(self.destination, "replaced/" + key)
            self.assertEqual([replaced[name] for name in ("content-type", "cache-control", "x-amz-meta-colour")],
                             ["image/png", None, None])

    def test_acl(self):
        self.fill({"small": b"1", "large": LARGE})
        self.copy(None, None, "--acl", "public-read", *IN_PARTS)
        for key in ("small", "large"):
            acl = self.b.document("GET", f"/{self.destination}/{key}", {"acl": ""})
            self.assertIn("http://acs.amazonaws.com/groups/global/AllUsers", [uri.text for uri in acl.iter("URI")], key)

    def test_storage_class(self):
        """ceph_rgw.sh makes the class; S3 names none where it is STANDARD."""
        self.fill({"small": b"1", "empty": b"", "middle": LARGE[:3 * MIB], "large": LARGE})
        self.copy(None, None, "--storage-class", "STANDARD_IA", *IN_PARTS)
        self.assertEqual(self.b.storage_classes(self.destination), dict.fromkeys(("small", "empty", "middle", "large"), "STANDARD_IA"))
        for key in ("small", "middle", "large"):
            self.assertEqual(self.b.head(self.destination, key)["x-amz-storage-class"], "STANDARD_IA", key)
        self.assert_same_objects()
        self.copy(None, None, "--storage-class", "STANDARD", "--always", *IN_PARTS, state=self.directory / "2.db")
        self.assertEqual(set(self.b.storage_classes(self.destination).values()), {"STANDARD"})
        outcome = self.copy(None, None, "--storage-class", "NO_SUCH_CLASS", "--always", expect=5, state=self.directory / "3.db")
        self.assertEqual(outcome.summary["failed"], 4)

    def test_the_storage_class_is_preserved(self):
        self.a.put(self.source, "cool", b"1", {"x-amz-storage-class": "STANDARD_IA"})
        self.a.put_in_parts(self.source, "cool-in-parts", [LARGE[:5 * MIB], LARGE[:2 * MIB]], {"x-amz-storage-class": "STANDARD_IA"})
        self.fill({"warm": b"2", "warm-large": LARGE})
        self.copy(None, None, "--storage-class", "preserve", *IN_PARTS)
        self.assertEqual(self.b.storage_classes(self.destination),
                         {"cool": "STANDARD_IA", "cool-in-parts": "STANDARD_IA", "warm": "STANDARD", "warm-large": "STANDARD"})
        # Without being asked for it stays behind.
        self.copy(None, f"s3://{self.destination}/default/", *IN_PARTS, state=self.directory / "2.db")
        classes = self.b.storage_classes(self.destination, "default/")
        self.assertEqual(classes, dict.fromkeys((f"default/{key}" for key in ("cool", "cool-in-parts", "warm", "warm-large")), "STANDARD"))

    def test_kms(self):
        self.fill({"small": b"1", "middle": LARGE[:3 * MIB], "large": LARGE})
        summary = self.copy(None, None, "--encryption", "sse-kms", "--kms-key-id", "testkey-1", *IN_PARTS).summary
        self.assertEqual((summary["copied"], summary["proof"]["NONE"]), (3, 0))
        for key in ("small", "middle", "large"):
            head = self.b.head(self.destination, key)
            self.assertEqual(head["x-amz-server-side-encryption"], "aws:kms", key)
            self.assertEqual(head["x-amz-server-side-encryption-aws-kms-key-id"], "testkey-1", key)
        self.assert_same_objects()
        self.assertEqual(self.copy(None, None, "--encryption", "sse-kms", "--kms-key-id", "testkey-1", *IN_PARTS,
                                   state=self.directory / "2.db").summary["copied"], 0)

    def test_a_kms_key_that_is_none_is_a_failure(self):
        self.fill({"small": b"1"})
        outcome = self.copy(None, None, "--encryption", "sse-kms", "--kms-key-id", "no-such-key", expect=5)
        self.assertEqual(outcome.summary["failed"], 1)
        self.assertEqual(self.b.list(self.destination), {})

    def test_encryption_that_the_store_ignores_is_noticed(self):
        """RGW 16 takes the header of SSE-S3 and encrypts nothing; a later RGW may encrypt."""
        self.fill({f"key/{number}": b"secret" for number in range(50)})
        outcome = self.run_dth(*self.copy_arguments(None, None, "--encryption", "sse-s3", "--concurrency", "1", "--lanes", "1"))
        if outcome.code == 0:
            self.assertEqual(self.b.head(self.destination, "key/1")["x-amz-server-side-encryption"], "AES256")
            return
        self.assertEqual((outcome.code, outcome.summary["failed"]), (5, 50), str(outcome))
        self.assertEqual(len(self.b.list(self.destination)), 1)


class CustomerKeyTest(EndToEndTest):
    """SSE-C, over TLS, there and back."""

    def setUp(self):
        super().setUp()
        self.customer_key = os.urandom(32)
        self.text = base64.b64encode(self.customer_key).decode()

    def test_there_and_back(self):
        tls = setting("DTH_TEST_S3_TLS_ENDPOINT")
        back = self.source + "-back"
        self.a.make_bucket(self.destination)
        self.b.make_bucket(back)
        self.fill({"small": b"1", "middle": LARGE[:3 * MIB], "large": LARGE})
        outcome = self.copy(None, None, "--encryption", "sse-c", "--destination-ca-bundle", setting("DTH_TEST_S3_CA_BUNDLE"),
                            *IN_PARTS, endpoints=self.endpoints(None, tls),
                            environment=self.environment(DTH_DESTINATION_SSE_C_KEY=self.text))
        self.assertEqual((outcome.summary["copied"], outcome.summary["proof"]["NONE"]), (3, 0))
        self.assertNotIn(self.text, outcome.stdout + outcome.stderr)
        for key in ("small", "middle", "large"):
            with self.assertRaises(S3Error):
                self.a.get(self.destination, key)
            self.a.request("GET", f"/{self.destination}/{key}", headers=customer_headers(self.customer_key))
        self.a.put(self.destination, "plain", b"not encrypted")
        summary = self.copy(f"s3://{self.destination}", f"s3://{back}", "--source-ca-bundle", setting("DTH_TEST_S3_CA_BUNDLE"),
                            *IN_PARTS, endpoints=self.endpoints(tls), state=self.directory / "back.db",
                            environment=self.environment(DTH_SOURCE_SSE_C_KEY=self.text)).summary
        self.assertEqual(summary["copied"], 4)
        for key, body in (("small", b"1"), ("middle", LARGE[:3 * MIB]), ("large", LARGE), ("plain", b"not encrypted")):
            self.assertTrue(self.b.get(back, key)[1] == body, key)
        for directory, _, names in os.walk(self.directory):
            for name in names:
                with open(os.path.join(directory, name), "rb") as file:
                    held = file.read()
                self.assertFalse(self.text.encode() in held or self.customer_key in held, name)

    def test_the_key_and_the_option_go_together(self):
        outcome = self.copy(None, None, "--encryption", "sse-c", expect=2)
        self.assertIn("DTH_DESTINATION_SSE_C_KEY", outcome.stderr)
        outcome = self.copy(expect=2, environment=self.environment(DTH_DESTINATION_SSE_C_KEY=self.text))
        self.assertIn("--encryption", outcome.stderr)
        self.assertNotIn(self.text, outcome.stderr)
        outcome = self.copy(None, None, "--encryption", "sse-c", expect=2,
                            environment=self.environment(DTH_DESTINATION_SSE_C_KEY="c2hvcnQ="))
        self.assertIn("32 bytes", outcome.stderr)
        self.assertNotIn("c2hvcnQ", outcome.stderr)


class BucketTest(EndToEndTest):
    def test_a_bucket_is_made_when_that_is_asked_for(self):
        self.fill({"one": b"1"})
        missing = self.destination + "-new"
        outcome = self.copy(None, f"s3://{missing}", expect=1)
        self.assertIn("does not exist", outcome.stderr)
        outcome = self.copy(None, f"s3://{missing}", "--create-bucket", "--dry-run")
        self.assertEqual(outcome.summary["selected"], 1)
        self.assertNotIn(missing, [bucket.text for bucket in self.b.document("GET", "/").iter("Name")])
        self.assertEqual(self.copy(None, f"s3://{missing}", "--create-bucket").summary["copied"], 1)
        self.assertEqual(set(self.b.list(missing)), {"one"})

    def test_locks(self):
        """The bucket is made so that objects in it can be locked."""
        self.fill({"small": b"1", "middle": LARGE[:3 * MIB], "large": LARGE})
        self.a.put_in_parts(self.source, "no-md5", [LARGE[:5 * MIB], b"end"])
        locked = self.destination + "-locked"
        summary = self.copy(None, f"s3://{locked}", "--create-bucket", "--object-lock", "governance", "--retain-for", "1h",
                            "--legal-hold", *IN_PARTS).summary
        self.assertEqual((summary["copied"], summary["proof"]["NONE"]), (4, 0))
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=30)).isoformat()
        for key in ("small", "middle", "large", "no-md5"):
            head = self.b.head(locked, key)
            self.assertEqual((head["x-amz-object-lock-mode"], head["x-amz-object-lock-legal-hold"]), ("GOVERNANCE", "ON"), key)
            self.assertGreater(head["x-amz-object-lock-retain-until-date"], soon, key)

    def test_locks_where_the_bucket_has_none_are_failures(self):
        self.fill({"small": b"1"})
        self.assertEqual(self.copy(None, None, "--legal-hold", expect=5).summary["failed"], 1)
        self.assertEqual(self.b.list(self.destination), {})


class WithinTest(EndToEndTest):
    """Both sides on one server."""

    def setUp(self):
        super().setUp()
        self.there = self.source + "-there"
        self.a.make_bucket(self.there)

    def copy_within(self, *options, **more):
        return self.copy(None, f"s3://{self.there}", *IN_PARTS, *options, endpoints=self.endpoints(None, self.a.endpoint), **more)

    def test_no_byte_passes(self):
        headers = {"content-type": "text/x-within", "x-amz-meta-colour": "red", "x-amz-tagging": "a=b"}
        keys = {"small": b"1", "large": LARGE, "empty": b"", "od+d/k%y \u00fc&": b"2"}
        for key, body in keys.items():
            self.a.put(self.source, key, body, headers)
        summary = self.copy_within("--tags", "preserve").summary
        self.assertEqual((summary["copied"], summary["proof"]["SOURCE_CHECKSUM"]), (4, 4))
        self.assertEqual((summary["requests"]["get"], summary["requests"]["put"], summary["requests"]["head"]), (0, 4, 0))
        for key, body in keys.items():
            head, copied = self.a.get(self.there, key)
            self.assertTrue(copied == body, key)
            self.assertEqual((head["content-type"], head["x-amz-meta-colour"], head["x-amz-tagging-count"]),
                             ("text/x-within", "red", "1"), key)

    def test_what_could_not_be_proved_is_moved(self):
        self.a.put_in_parts(self.source, "in-parts", [LARGE[:5 * MIB], b"end"])
        summary = self.copy_within().summary
        self.assertEqual((summary["copied"], summary["proof"]["NONE"]), (1, 0))
        self.assertTrue(self.a.get(self.there, "in-parts")[1] == LARGE[:5 * MIB] + b"end")

    def test_what_the_store_would_not_do_is_moved(self):
        self.a.put(self.source, "small", b"1", {"x-amz-tagging": "a=b"})
        summary = self.copy_within("--encryption", "sse-kms", "--kms-key-id", "testkey-1", "--tags", "preserve").summary
        self.assertEqual((summary["copied"], summary["requests"]["get"]), (1, 1))
        head = self.a.head(self.there, "small")
        self.assertEqual((head["x-amz-server-side-encryption"], head["x-amz-tagging-count"]), ("aws:kms", "1"))

    def test_always_and_never(self):
        self.fill({"small": b"1"})
        self.assertEqual(self.copy_within("--server-side-copy", "never").summary["requests"]["get"], 1)
        outcome = self.copy(None, None, "--server-side-copy", "always", expect=1, state=self.directory / "2.db")
        self.assertIn("--server-side-copy", outcome.stderr)

    def test_in_place(self):
        self.a.put(self.source, "small", b"1", {"content-type": "text/plain", "x-amz-tagging": "a=b"})
        self.a.put(self.source, "large", LARGE)
        here = f"s3://{self.source}"
        arguments = {"endpoints": self.endpoints(None, self.a.endpoint)}
        outcome = self.copy(here, here, expect=2, **arguments)
        self.assertIn("same place", outcome.stderr)
        summary = self.copy(here, here, "--metadata", "merge", "--metadata-set", "owner=me", *IN_PARTS, **arguments).summary
        self.assertEqual((summary["copied"], summary["proof"]["NONE"]), (2, 0))
        small = self.a.head(self.source, "small")
        self.assertEqual((small["content-type"], small["x-amz-meta-owner"], small["x-amz-tagging-count"]),
                         ("text/plain", "me", "1"))
        self.assertEqual(self.a.head(self.source, "large")["x-amz-meta-owner"], "me")
        self.assertTrue(self.a.get(self.source, "large")[1] == LARGE)


if __name__ == "__main__":
    unittest.main()

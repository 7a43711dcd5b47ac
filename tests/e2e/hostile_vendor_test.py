"""Every vendor's ways, as source and as destination: the same objects arrive, and what is proved is told."""
import gzip
import unittest

from hostile import IN_PARTS, MIB, HostileTest
from s3_client import AWKWARD_KEYS, content

# By host name only: tested where names can be made to lead here.
PROFILES = ("aws", "ceph", "r2", "google", "plain")


class VendorTest(HostileTest):
    def objects(self, profile):
        keys = [key for key in AWKWARD_KEYS if key.isprintable() or profile != "plain"]
        objects = {key: content(key, 50) for key in keys}
        objects |= {"empty": b"", "pieces": content("pieces", 2 * MIB), "large": content("large", 11 * MIB)}
        return objects

    def check_from(self, source_profile):
        for destination_profile in PROFILES:
            with self.subTest(destination_profile):
                self.serve(source_profile, destination_profile)
                objects = self.objects("plain" if "plain" in (source_profile, destination_profile) else "any")
                self.fill(objects, headers={"content-type": "text/x-test", "x-amz-meta-colour": "blue",
                                            "cache-control": "no-store"})
                self.from_.page_keys_max = self.into.page_keys_max = 10
                # That one confirms no digest, and of what does not fit one piece no signature either: told, not hidden.
                unproved = destination_profile == "plain"
                outcome = self.copy(None, None, *IN_PARTS, state=self.directory / destination_profile, expect=5 if unproved else 0)
                self.assert_copied(outcome, copied=len(objects))
                self.assertEqual(outcome.summary["proof"]["NONE"] > 0, unproved)
                self.assertEqual(outcome.summary["requests"]["retries"], 0)
                for found in self.into.buckets[self.destination].objects.values():
                    self.assertEqual(found.headers, {"content-type": "text/x-test", "x-amz-meta-colour": "blue",
                                                     "cache-control": "no-store"})
                again = self.copy(None, None, *IN_PARTS, state=self.directory / (destination_profile + "-again"))
                self.assert_outcome(again, unchanged=len(objects))

    def test_from_aws(self):
        self.check_from("aws")

    def test_from_ceph(self):
        self.check_from("ceph")

    def test_from_r2(self):
        self.check_from("r2")

    def test_from_google(self):
        self.check_from("google")

    def test_from_a_server_that_nobody_knows(self):
        self.check_from("plain")

    def test_user_metadata_that_is_not_ascii(self):
        """AWS hands it out in RFC 2047's form and decodes that; others keep the bytes. What it means comes over."""
        text = "grün, 中文, " * 20 + "\N{CHART WITH UPWARDS TREND}"
        raw = text.encode().decode("latin-1")  # how bytes of headers are kept here
        kept = {"aws": text, "ceph": raw}
        for source, destination in (("aws", "aws"), ("aws", "ceph"), ("ceph", "aws"), ("ceph", "ceph")):
            with self.subTest(source=source, destination=destination):
                self.serve(source, destination)
                headers = {"x-amz-meta-what": kept[source], "x-amz-meta-plain": "plain"}
                for key, body in (("small", b"bytes"), ("large", content("large", 12 * MIB))):
                    self.from_.add_object(self.source, key, body, headers=headers)
                self.state = self.directory / f"{source}-{destination}"
                self.assert_copied(self.copy(None, None, *IN_PARTS), copied=2)
                for found in self.into.buckets[self.destination].objects.values():
                    self.assertEqual(found.headers["x-amz-meta-what"], kept[destination])
                    self.assertEqual(found.headers["x-amz-meta-plain"], "plain")

    def test_gzip_is_not_unpacked_on_the_way(self):
        """Google unpacks what is stored as gzip for whoever does not say that gzip is welcome, and not under a signature."""
        packed = gzip.compress(b"text " * 1000)
        self.serve("google", "google")
        self.fill({"packed": packed, "plain": b"text"}, headers={"content-encoding": "gzip"})
        self.fill({"plain": b"text"})
        outcome = self.copy()
        self.assert_copied(outcome, copied=2)
        found = self.into.buckets[self.destination].objects[b"packed"]
        self.assertEqual(found.headers["content-encoding"], "gzip")

    def test_gzip_that_is_unpacked_all_the_same(self):
        """A server of which that is not known: the size tells, and no object is written that is another one."""
        packed = gzip.compress(b"text " * 1000)
        self.serve("google", "plain")
        self.from_.profile = self.from_.profile.__class__(**vars(self.from_.profile) | {"name": "plain", "headers": (), "known": False})
        self.fill({"packed": packed}, headers={"content-encoding": "gzip"})
        self.fill({"plain": b"text"})
        outcome = self.copy(expect=5)
        self.assert_copied(outcome, "packed", copied=1, failed=1)
        self.assertIn("unpacks gzip", outcome.stderr)


if __name__ == "__main__":
    unittest.main()

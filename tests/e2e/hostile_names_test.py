"""Vendors' own host names: each fake is the HTTP proxy through which they are asked for, so that any name leads to it."""
import unittest

from fake_s3 import FakeS3
from hostile import IN_PARTS, MIB, HostileTest
from s3_client import content

SMALL = {f"small/{number:02}": content(number, 300) for number in range(6)} | {"a b+c/%2F": b"awkward"}


class NamesTest(HostileTest):
    def serve_names(self, source, destination):
        """Each is (profile, endpoint's host, all host names)."""
        for name, (profile, host, hosts) in (("from_", source), ("into", destination)):
            fake = FakeS3(profile, hosts=hosts)
            self.addCleanup(fake.stop)
            setattr(self, name, fake)
            setattr(self, name.rstrip("_") + "_host", host)
        self.from_.add_bucket(self.source)
        self.into.add_bucket(self.destination)
        self.fill(SMALL | {"large": content("large", 11 * MIB)})

    def endpoints(self, source=None, destination=None):
        """No vendor is named: the host gives it away."""
        return ["--source-endpoint-url", "http://" + self.from_host, "--source-proxy", self.from_.endpoint,
                "--destination-endpoint-url", "http://" + self.into_host, "--destination-proxy", self.into.endpoint]

    def hosts_asked(self, fake):
        return {request.header("host") for request in fake.requests}

    def test_virtual_hosts_only(self):
        aliyun, tencent = "oss-cn-hangzhou.aliyuncs.com", "cos.ap-guangzhou.myqcloud.com"
        self.serve_names(("aliyun", aliyun, (aliyun,)), ("tencent", tencent, (tencent,)))
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=8)
        self.assertEqual(self.hosts_asked(self.from_), {f"{self.source}.{aliyun}"})
        self.assertEqual(self.hosts_asked(self.into), {f"{self.destination}.{tencent}"})
        looks = {"HeadObject"}  # at whether upper and lower case are told apart
        self.assertEqual([request.status for request in self.from_.requests + self.into.requests
                          if request.status >= 300 and request.operation not in looks], [])

    def test_a_bucket_with_dots(self):
        self.source = "bucket.with.dots"
        aliyun, aws = "oss-cn-hangzhou.aliyuncs.com", "s3.us-east-1.amazonaws.com"
        self.serve_names(("aliyun", aliyun, (aliyun,)), ("aws", aws, (aws,)))
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=8)
        self.assertEqual(self.hosts_asked(self.from_), {f"bucket.with.dots.{aliyun}"})

    def test_a_region_that_is_elsewhere(self):
        """301 to the bucket's own region: the host moves with it, and requests are signed for it."""
        near, far = "s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"
        self.serve_names(("aws", near, (near, far)), ("aws", near, (near, far)))
        for fake, bucket in ((self.from_, self.source), (self.into, self.destination)):
            fake.buckets[bucket].region, fake.buckets[bucket].host = "eu-west-1", far
        self.assert_copied(self.copy(None, None, *IN_PARTS), copied=8)
        for fake in (self.from_, self.into):
            moved = [request for request in fake.requests if request.status == 301]
            self.assertTrue(1 <= len(moved) <= 4, "once for each lane")

    def check_stays(self, location, region=None):
        near = "s3.us-east-1.amazonaws.com"
        self.serve_names(("aws", near, (near,)), ("aws", near, (near,)))
        options = {"location": location} | ({"region": region} if region else {})
        self.from_.fail("redirect", "ListObjectsV2", times=None, status=301, **options)
        outcome = self.run_dth(*self.copy_arguments())
        self.assertIn(outcome.code, (1, 2), str(outcome))
        self.assertIn("PermanentRedirect", outcome.stdout + outcome.stderr)
        self.assertEqual(self.hosts_asked(self.from_), {f"{self.source}.{near}"})
        self.assertEqual(self.into.bodies(self.destination), {})

    def test_another_owners_host_is_not_asked(self):
        self.check_stays(f"http://{self.source}.s3.evil.example/")

    def test_a_name_that_only_ends_alike_is_not_asked(self):
        self.check_stays(f"http://{self.source}.s3.evilamazonaws.com/")

    def test_another_partition_is_not_asked(self):
        self.check_stays(f"http://{self.source}.s3.cn-north-1.amazonaws.com.cn/", "cn-north-1")


if __name__ == "__main__":
    unittest.main()

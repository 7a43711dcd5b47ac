"""What a copy costs: requests, counted at the servers and by dth, which must agree."""
import unittest

from dth import BenchServer, EndToEndTest

OBJECTS = 10_000
OBJECT_BYTES = 4096
MIB = 1 << 20
# How dth's summary names what the servers count.
NAMES = {"GetObject": "get", "PutObject": "put", "UploadPart": "put", "ListObjectsV2": "list", "HeadObject": "head",
         "ListMultipartUploads": "list", "ListParts": "list"}


class CountsTest(EndToEndTest):
    def serve(self, *options):
        server = BenchServer(*options)
        self.addCleanup(server.stop)
        return server

    def copy_between(self, source, destination, *options, **more):
        """(summary, requests at the source, requests at the destination)"""
        before = [server.requests() for server in (source, destination)]
        summary = self.copy("s3://from", "s3://into", *options, endpoints=self.endpoints(source.endpoint, destination.endpoint),
                            **more).summary
        after = [server.requests() for server in (source, destination)]
        spent = [{name: count - old.get(name, 0) for name, count in new.items() if count != old.get(name, 0)}
                 for old, new in zip(before, after)]
        self.assert_counts_add_up(summary)
        seen = dict.fromkeys(("get", "put", "list", "head", "delete"), 0)
        for server in spent:
            for operation, count in server.items():
                if operation in NAMES:
                    seen[NAMES[operation]] += count
        told = {name: summary["requests"][name] for name in seen}
        told["head"] += summary["requests"]["look"]  # at what a server that nobody knows has kept
        self.assertLessEqual(summary["requests"]["look"], 16)
        self.assertEqual(seen, told, (summary, spent))
        return summary, *spent

    def test_small_object_costs_one_get_and_one_put(self):
        source = self.serve("--synthetic", f"from:key/:{OBJECTS}:{OBJECT_BYTES}")
        destination = self.serve("--bucket", "into")
        summary, read, written = self.copy_between(source, destination)
        self.assertEqual((summary["copied"], summary["bytes"]), (OBJECTS, OBJECTS * OBJECT_BYTES))
        self.assertEqual((read["GetObject"], written["PutObject"]), (OBJECTS, OBJECTS))
        self.assertEqual((read["ListObjectsV2"], written["ListObjectsV2"]), (OBJECTS // 1000, 1))
        self.assertEqual(summary["requests"]["retries"], 0)
        # Besides those, each lane and the look beforehand ask once whether the buckets can be used.
        for server in (read, written):
            self.assertLess(sum(count for name, count in server.items() if name not in NAMES), 70, server)
        # And again: two listings, nothing else.
        summary, read, written = self.copy_between(source, destination, state=self.directory / "again.db")
        self.assertEqual((summary["unchanged"], summary["copied"]), (OBJECTS, 0))
        self.assertEqual((read["ListObjectsV2"], written["ListObjectsV2"]), (OBJECTS // 1000, OBJECTS // 1000))
        for name in ("GetObject", "PutObject", "HeadObject"):
            self.assertNotIn(name, read | written)

    def test_large_object_costs_a_request_for_each_part(self):
        source = self.serve("--synthetic", f"from:key/:2:{100 * MIB}")
        destination = self.serve("--bucket", "into", "--discard")
        summary, read, written = self.copy_between(source, destination, "--part-size", "16MiB")
        self.assertEqual((summary["copied"], summary["bytes"]), (2, 200 * MIB))
        self.assertEqual((read["GetObject"], read["HeadObject"]), (14, 2))
        self.assertEqual({name: written[name] for name in ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")},
                         {"CreateMultipartUpload": 2, "UploadPart": 14, "CompleteMultipartUpload": 2})
        self.assertNotIn("AbortMultipartUpload", written)

    def test_throttled_requests_are_repeated_and_counted(self):
        source = self.serve("--synthetic", f"from:key/:2000:{OBJECT_BYTES}", "--throttle-percent", "5")
        destination = self.serve("--bucket", "into", "--throttle-percent", "5")
        summary, read, written = self.copy_between(source, destination)
        self.assertEqual((summary["copied"], summary["failed"]), (2000, 0))
        self.assertGreater(summary["requests"]["retries"], 100)
        refused = read["GetObject"] + written["PutObject"] - 4000
        self.assertLess(refused, 800, "no more is repeated than was refused")


if __name__ == "__main__":
    unittest.main()

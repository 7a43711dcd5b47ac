"""What a copy takes of memory, whatever the sizes. Sanitizers multiply it: only for a build without them."""
import os
import sys
import unittest

from dth import BenchServer, EndToEndTest

MIB = 1 << 20
GIB = 1 << 30


class MemoryTest(EndToEndTest):
    def serve(self, *options):
        server = BenchServer("--etag", "crc", *options)
        self.addCleanup(server.stop)
        return server

    def copy_measured(self, source, destination):
        """(summary, most memory in use at once, bytes)"""
        # The server's ETags are not MD5s, as those of such buckets.
        vendors = ("--source-vendor", "aws-directory", "--destination-vendor", "aws-directory")
        running = self.start(self.copy_arguments("s3://from", "s3://into", *vendors,
                                                 endpoints=self.endpoints(source.endpoint, destination.endpoint)))
        # The kernel's mark of the highest use, read until the process is gone.
        peak = 0
        while running.process.poll() is None:
            try:
                with open(f"/proc/{running.process.pid}/status", encoding="ascii") as status:
                    peak = max([peak, *(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))])
            except OSError:
                break
            os.sched_yield()
        outcome = running.wait()
        self.assertEqual(outcome.code, 0, str(outcome))
        print(f"memory_test: {peak / MIB:.0f} MiB at most, {outcome.summary['seconds']} s", file=sys.stderr, flush=True)
        return outcome.summary, peak

    def test_one_very_large_object(self):
        source = self.serve("--synthetic", f"from:key/:1:{3 * GIB}")
        summary, peak = self.copy_measured(source, self.serve("--bucket", "into", "--discard"))
        self.assertEqual((summary["copied"], summary["bytes"]), (1, 3 * GIB))
        self.assertLessEqual(peak, 256 * MIB)

    def test_a_million_keys_that_are_the_same(self):
        keys = "key/:1000000:4096"
        summary, peak = self.copy_measured(self.serve("--synthetic", "from:" + keys), self.serve("--synthetic", "into:" + keys))
        self.assertEqual((summary["scanned"], summary["unchanged"]), (1_000_000, 1_000_000))
        self.assertLessEqual(peak, 64 * MIB)


if __name__ == "__main__":
    unittest.main()

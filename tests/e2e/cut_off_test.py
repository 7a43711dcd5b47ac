"""A real server behind a proxy that breaks connections: what is copied is whole, and what is not is never taken for an end."""
import unittest

from dth import EndToEndTest
from fault_proxy import FaultProxy
from s3_client import content

MIB = 1 << 20
OBJECTS = 1500  # two pages


class CutOffTest(EndToEndTest):
    def proxy(self, client):
        proxy = FaultProxy(client.endpoint)
        self.addCleanup(proxy.close)
        return proxy

    def check_whole(self, outcome, proxy, acted, copied):
        self.assertEqual(proxy.acted, acted, str(outcome))
        self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (copied, 0), str(outcome))
        self.assert_counts_add_up(outcome.summary)
        self.assert_same_objects()
        self.assertEqual(self.b.uploads(self.destination), [])

    def test_listing_cut_in_the_middle_is_asked_for_again(self):
        self.fill({f"key/{number:04}": b"x" for number in range(OBJECTS)})
        for action in ("reset", "close"):
            with self.subTest(action):
                proxy = self.proxy(self.a)
                proxy.add(action, when=b"continuation-token=", after_bytes=20_000, times=2)
                outcome = self.copy(None, None, "--always", endpoints=self.endpoints(proxy.endpoint))
                self.check_whole(outcome, proxy, 2, OBJECTS)

    def test_listing_that_never_comes_whole_ends_the_run_as_failed(self):
        """Never as a shorter bucket: what was listed is copied, and the exit code says that it is not all."""
        self.fill({f"key/{number:04}": b"x" for number in range(OBJECTS)})
        proxy = self.proxy(self.a)
        for second_page in (b"continuation-token=", b"start-after="):  # a scan that begins again asks for what follows its cursor
            proxy.add("close", when=second_page, after_bytes=20_000, times=1 << 30)
        outcome = self.copy(None, None, "--attempts", "3", endpoints=self.endpoints(proxy.endpoint), expect=1)
        self.assertEqual(outcome.summary["state"], "failed")
        self.assertGreater(proxy.acted, 1)
        self.assertIn(f"GET s3://{self.source}", outcome.summary["error"])
        # Once it comes whole, the same command copies the rest.
        summary = self.copy().summary
        self.assertEqual(summary["copied"] + summary["unchanged"], OBJECTS)
        self.assert_same_objects(["key/0000", "key/1499"])

    def test_bodies_broken_on_the_way(self):
        self.fill({f"key/{number:02}": content(number, 200_000) for number in range(10)})
        for action, direction in (("reset", "down"), ("close", "down"), ("reset", "up"), ("close", "up")):
            with self.subTest(action, direction=direction):
                side = self.a if direction == "down" else self.b
                proxy = self.proxy(side)
                verb = b"GET /" if direction == "down" else b"PUT /"
                proxy.add(action, direction=direction, when=verb + f"{self.bucket_of(side)}/key/0".encode(),
                          after_bytes=150_000, times=5)
                endpoints = self.endpoints(*((proxy.endpoint, None) if direction == "down" else (None, proxy.endpoint)))
                outcome = self.copy(None, None, "--always", endpoints=endpoints)
                self.check_whole(outcome, proxy, 5, 10)
                self.assertGreater(outcome.summary["requests"]["retries"], 0)

    def bucket_of(self, client):
        return self.source if client is self.a else self.destination

    def test_parts_broken_on_the_way(self):
        self.fill({"large": content("large", 17 * MIB)})
        proxies = self.proxy(self.a), self.proxy(self.b)
        proxies[0].add("close", when=b"GET /" + self.source.encode() + b"/large", after_bytes=3 * MIB)
        proxies[1].add("reset", direction="up", when=b"partNumber=2", after_bytes=2 * MIB)
        outcome = self.copy(None, None, "--multipart-threshold", "8MiB", "--part-size", "5MiB",
                            endpoints=self.endpoints(*(proxy.endpoint for proxy in proxies)))
        self.check_whole(outcome, proxies[0], 1, 1)
        self.assertEqual(proxies[1].acted, 1)

    def test_answer_to_complete_that_is_lost(self):
        """It was done: the object is there, and nothing is written twice nor failed."""
        self.fill({"large": content("large", 17 * MIB)})
        proxy = self.proxy(self.b)
        proxy.add("reset", when=b"POST /" + self.destination.encode() + b"/large?uploadId=")
        outcome = self.copy(None, None, "--multipart-threshold", "8MiB", "--part-size", "5MiB",
                            endpoints=self.endpoints(None, proxy.endpoint))
        self.check_whole(outcome, proxy, 1, 1)


if __name__ == "__main__":
    unittest.main()

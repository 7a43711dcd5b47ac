"""dth behind an HTTP proxy."""
import unittest

from dth import BenchServer, EndToEndTest, setting
from fronts import Proxy
from s3_client import content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")


class ProxyTest(EndToEndTest):
    def proxy(self, **options):
        proxy = Proxy(**options)
        self.addCleanup(proxy.stop)
        return proxy

    def tls(self):
        return {"endpoints": self.endpoints(setting("DTH_TEST_S3_TLS_ENDPOINT"))}

    def test_tls_goes_through_tunnels(self):
        self.fill({f"small/{number:03}": content(number, 100) for number in range(40)} | {"large": content("large", 9 * MIB)})
        proxy = self.proxy()
        self.copy(None, None, "--source-proxy", proxy.url, "--source-ca-bundle", setting("DTH_TEST_S3_CA_BUNDLE"), *IN_PARTS,
                  **self.tls())
        self.assert_same_objects()
        authority = setting("DTH_TEST_S3_TLS_ENDPOINT").removeprefix("https://")
        self.assertEqual({target for target, _ in proxy.tunnels}, {authority})
        self.assertLess(len(proxy.tunnels), 300, "connections are used again")
        for _, headers in proxy.tunnels:
            self.assertEqual(set(headers), {"Host"}, "the proxy learns nothing but where to")
        self.assertEqual(proxy.requests, [])

    def test_a_user_comes_from_the_environment(self):
        self.fill({"one": b"1"})
        proxy = self.proxy(user="me:p@ss word")
        options = ("--source-ca-bundle", setting("DTH_TEST_S3_CA_BUNDLE"))
        outcome = self.copy(None, None, *options, "--source-proxy", proxy.url, expect=1, **self.tls())
        for words in (proxy.url, "wants a user and a password", "DTH_SOURCE_PROXY"):
            self.assertIn(words, outcome.stderr)
        wrong = self.environment(DTH_SOURCE_PROXY=f"http://me:hidden-word@127.0.0.1:{proxy.port}")
        outcome = self.copy(None, None, *options, environment=wrong, expect=1, **self.tls())
        self.assertIn("does not accept the user and password", outcome.stderr)
        self.assertNotIn("hidden-word", outcome.stderr)
        self.assertEqual((proxy.tunnels, proxy.refused > 0), ([], True))
        right = self.environment(DTH_SOURCE_PROXY=f"http://me:p%40ss%20word@127.0.0.1:{proxy.port}")
        self.copy(None, None, *options, environment=right, **self.tls())
        self.assert_same_objects()
        self.assertGreater(len(proxy.tunnels), 0)

    def test_plain_http_by_the_environment(self):
        server = BenchServer("--verify-signatures", "--synthetic", "source:k:20:1000")
        self.addCleanup(server.stop)
        port = int(server.endpoint.rsplit(":", 1)[1])
        proxy = self.proxy(names={"storage.test": ("127.0.0.1", port)})
        endpoints = self.endpoints(f"http://storage.test:{port}")
        through = self.environment(http_proxy=proxy.url, HTTP_PROXY="http://127.0.0.1:1")
        outcome = self.copy("s3://source", None, endpoints=endpoints, environment=through)
        self.assertEqual(outcome.summary["copied"], 20)
        self.assertEqual(len([path for method, path in proxy.requests if path.startswith("http://storage.test")]),
                         len(proxy.requests), "what is on this machine is reached straight")
        self.assertGreaterEqual(len(proxy.requests), 21)
        before = len(proxy.requests)
        for exception in ({"NO_PROXY": "other, .test"}, {"DTH_SOURCE_PROXY": "none"}):
            outcome = self.copy("s3://source", None, endpoints=endpoints, environment=through | exception, expect=1)
            self.assertIn("cannot find the address of storage.test", outcome.stderr)
        self.assertEqual(len(proxy.requests), before)

    def test_a_proxy_that_is_not_there(self):
        outcome = self.copy(None, None, "--destination-proxy", "http://127.0.0.1:9", expect=1)
        for words in ("127.0.0.1:9", "--destination-proxy", self.b.endpoint):
            self.assertIn(words, outcome.stderr)


if __name__ == "__main__":
    unittest.main()

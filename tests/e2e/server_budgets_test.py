"""What a hub lets clients cost it: bytes, processor time, places. Each test is an attack, and a bound on what it causes."""
import json

import server_attacks as attacks
from hub import HubTest

JSON = {"Content-Type": "application/json"}
MIB = 1 << 20


class BudgetTest(HubTest):
    def start(self, *options):
        served = self.hub("--log-level", "warning", *options)
        self.addCleanup(served.kill)
        return served

    def assert_well(self, served):
        self.assertEqual(served.request("GET", "/healthz")[0], 200)
        self.assertTrue(served.ask("{ hub { version } }")["hub"]["version"])
        self.assertEqual(served.stop(), 0)


class AnswerBytesTest(BudgetTest):
    def test_an_alias_repeated_for_each_item(self):
        served = self.start()
        caused = attacks.Caused(served.process.pid)
        for alias_bytes in (120_000, 60_000, 256):
            _, _, answer = served.request("POST", "/graphql", attacks.body_of(attacks.amplified(alias_bytes, 20)), JSON)
            self.assertLess(len(answer), 2000)
            self.assertIn("A name has", json.loads(answer)["errors"][0]["message"])
        self.assertLess(caused.memory_bytes(), 50 * MIB)
        self.assertLess(caused.cpu_seconds(), 2)
        self.assert_well(served)

"""The audit log of a hub, as its host sees it."""
import json
import sqlite3
import time
import unittest

from hub import HubTest


class AuditTest(HubTest):
    def setUp(self):
        super().setUp()
        self.running = self.hub()

    def host(self, *arguments, expect=0):
        outcome = self.run_dth(*arguments, "--data-dir", self.data)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def change(self, count):
        """Each of these is an audited change."""
        for _ in range(count):
            self.host("vault", "rotate")

    def chained(self):
        """Waits until the hub has chained all of it; what verify prints then."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            outcome = self.host("audit", "verify")
            if "Not yet" not in outcome.stdout and "End" in outcome.stdout:
                return outcome.stdout
            time.sleep(0.05)
        self.fail("the hub never chained the log:\n" + outcome.stdout + self.running.log)

    @staticmethod
    def end_of(text):
        return next(line.split()[1] for line in text.splitlines() if line.startswith("End"))

    def execute(self, sql):
        with sqlite3.connect(self.state, timeout=30) as database:
            database.execute(sql)
        database.close()

    def test_the_log_is_chained_while_the_hub_runs_and_verified_on_its_host(self):
        self.change(3)
        before = self.end_of(self.chained())
        self.assertRegex(before, r"^\d+:[0-9a-f]{64}$")
        self.change(1)
        text = self.chained()
        self.assertIn("none was changed", text)
        self.host("audit", "verify", "--expect", before)
        self.host("audit", "verify", "--expect", "nonsense", expect=2)
        self.host("audit", "verify", "--expect", before[:-64] + "0" * 64, expect=1)

    def test_a_changed_entry_is_named_and_a_cut_end_is_seen_by_who_kept_it(self):
        self.change(3)
        end = self.end_of(self.chained())
        self.running.stop()
        lines = [json.loads(line) for line in self.host("audit", "export").stdout.splitlines()]
        second = next(line for line in lines if line["link"] == 2)
        self.execute("update audit_event set actor_name = 'somebody else' where link = 2")
        broken = self.host("audit", "verify", expect=1)
        self.assertIn(second["id"], broken.stderr)
        self.execute(f"update audit_event set actor_name = '{second.get('actor_name', '')}' where link = 2")
        self.host("audit", "verify")
        self.execute(f"delete from audit_event where link = {end.split(':')[0]}")
        self.host("audit", "verify")
        self.assertIn("broken", self.host("audit", "verify", "--expect", end, expect=1).stderr)

    def test_export_is_lines_of_json_and_filtered(self):
        self.change(2)
        exported = self.host("audit", "export", "--action", "rotateMasterKey")
        lines = [json.loads(line) for line in exported.stdout.splitlines()]
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertEqual((line["actor_kind"], line["outcome"], line["target_kind"]), ("host", "ok", "vault"))
            self.assertEqual(line["changes"][0]["field"], "key")
        self.assertEqual(self.host("audit", "export", "--until", "2020-01-01").stdout, "")
        self.assertEqual(len(self.host("audit", "export", "--since", lines[0]["at"]).stdout.splitlines()), 1)
        self.host("audit", "export", "--since", "yesterday", expect=2)


if __name__ == "__main__":
    unittest.main()

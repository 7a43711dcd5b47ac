"""The Grafana dashboard asks for metrics that a hub has."""
import json
import pathlib
import re
import unittest

from hub import HubTest

DASHBOARD = pathlib.Path(__file__).resolve().parents[2] / "docs/grafana/data-transfer-hub.json"
ONLY_WHILE_JOBS_WAIT = {"dth_jobs", "dth_job_items", "dth_oldest_job_age_seconds", "dth_worker_jobs", "dth_worker_job_slots", "dth_worker_busy_seconds_total"}


class GrafanaTest(HubTest):
    def test_every_metric_of_the_dashboard_is_there(self):
        panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
        asked = set()
        for panel in panels:
            for target in panel.get("targets", []):
                asked |= set(re.findall(r"\b(?:dth|process)_[a-z_]+", target["expr"]))
        self.assertGreater(len(asked), 15)
        hub = self.hub()
        hub.request("GET", "/healthz")
        text = hub.request("GET", "/metrics")[2].decode()
        told = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
        told |= {f"{name}_bucket" for name in told}
        self.assertEqual(asked - told - ONLY_WHILE_JOBS_WAIT, set())


if __name__ == "__main__":
    unittest.main()

"""Workers, hubs and the primary of the database are killed at random instants, again and again; runs end exact all the same.

DTH_SOAK_SECONDS: for how long (20). DTH_SOAK_SEED: the seed that a failure printed, to have the same choices again.
"""
import os
import random
import sys
import time
import unittest

import postgres_server
from hub import Hub
from postgres_faults_test import FaultsTest

SECONDS = float(os.environ.get("DTH_SOAK_SECONDS", "20"))
PAUSE_SECONDS_MAX = 2.0  # between two of them
RUNS_AT_ONCE = 2


class SoakTest(FaultsTest):
    FSYNC = True

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("DTH_SOAK_SEED", random.SystemRandom().randrange(1 << 32)))
        print(f"soak_test: DTH_SOAK_SEED={self.seed} DTH_SOAK_SECONDS={SECONDS}", file=sys.stderr, flush=True)
        self.random = random.Random(self.seed)
        self.standby = None
        self.ports = [self.postgres.port]
        self.killed = {"worker": 0, "hub": 0, "primary": 0}
        self.add_standby()

    def environment(self, **changes):
        """Two servers at a time: a primary, and its standby on one of the other ports."""
        ports = getattr(self, "ports", None)
        if ports:
            hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
            changes = {"DTH_DATABASE": f"postgresql://dth@{hosts}/dth"} | changes
        return super().environment(**changes)

    def add_standby(self):
        if len(self.ports) == 1:
            self.standby = postgres_server.PostgresServer(fsync=True, standby_of=self.postgres)
            self.ports.append(self.standby.port)
        else:  # where the last primary was
            port = next(port for port in self.ports if port != self.postgres.port)
            self.standby = postgres_server.PostgresServer(fsync=True, standby_of=self.postgres, port=port)
        self.addCleanup(self.standby.stop)

    def kill_primary(self):
        self.postgres.kill()
        self.standby.promote()
        self.postgres = self.standby
        self.add_standby()
        self.killed["primary"] += 1

    def kill_worker(self):
        place = self.random.randrange(len(self.workers))
        self.workers[place].kill()
        self.workers[place] = self.start(["worker", "--lanes", "1"])
        self.killed["worker"] += 1

    def new_hub(self):
        hub = Hub(self.directory / "hub", ["--listen", "127.0.0.1:0", "--worker-lanes", "1"], self.environment())
        self.addCleanup(hub.kill)
        return hub

    def kill_hub(self):
        self.hub.kill()
        self.hub = self.new_hub()
        self.killed["hub"] += 1

    def test_everything_is_killed_at_random(self):
        self.workers = [self.work("--lanes", "1") for _ in range(2)]
        self.hub = self.new_hub()
        kills = []
        runs, over = {}, set()
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            over.update(run for run in runs if run not in over and self.status(run) == "succeeded")
            while len(runs) - len(over) < RUNS_AT_ONCE:
                name = f"soak-{len(runs)}"
                runs[self.begin(name)] = name
            time.sleep(self.random.uniform(0, PAUSE_SECONDS_MAX))
            if not kills:  # each of them within short
                kills = [self.kill_worker, self.kill_worker, self.kill_hub, self.kill_primary]
                self.random.shuffle(kills)
            kills.pop()()
        for run, name in runs.items():
            self.until_over(run)
            self.check_exact(run, name)
        print(f"soak_test: {len(runs)} runs, killed {self.killed}", file=sys.stderr, flush=True)
        self.assertGreater(sum(self.killed.values()), 0)
        self.assertEqual(self.hub.stop(), 0)
        for worker in self.workers:
            self.end_worker(worker)


if __name__ == "__main__":
    unittest.main()

"""What befalls a database that several workers share: a run ends exact all the same.

DTH_LONG_FAULTS: leases run out by themselves, which takes minutes; otherwise the database is told that they did.
"""
import functools
import os
import pathlib
import signal
import subprocess
import time
import unittest

import postgres_server
from fault_proxy import FaultProxy
from postgres_test import OnPostgres
from processes_test import LARGE, LARGE_BYTES, LEASE_SECONDS, SMALL, SMALL_BYTES, LargeRunTest
from s3_client import Client

LONG = os.environ.get("DTH_LONG_FAULTS", "") not in ("", "0")


class FaultsTest(OnPostgres, LargeRunTest):
    def setUp(self):
        super().setUp()
        # Unlike that of the other tests, it keeps what it is given.
        self.to_server = self.serve("--bucket", "into")
        self.to = Client(self.to_server.endpoint, *self.key)
        self.addCleanup(self.to.close)

    @functools.cached_property
    def there(self):
        """{key: (size, ETag)} of the source, and {key: body} of its large objects."""
        quick = self.serve("--synthetic", f"from:small/:{SMALL}:{SMALL_BYTES}", "--synthetic", f"from:zlarge/:{LARGE}:{LARGE_BYTES}")
        source = Client(quick.endpoint, *self.key)
        self.addCleanup(source.close)
        told = source.list("from")
        return told, {key: source.get("from", key)[1] for key in told if key.startswith("zlarge/")}

    def check_exact(self, run, name):
        super().check_exact(run, name)
        copied = self.to.list("into", f"{name}/")
        small = {key: told for key, told in self.there[0].items() if key.startswith("small/")}
        # The server computes its ETags, MD5s, of what it was given.
        self.assertEqual(small, {key.removeprefix(f"{name}/"): told for key, told in copied.items() if key.startswith(f"{name}/small/")})
        for key, body in self.there[1].items():
            self.assertTrue(body == self.to.get("into", f"{name}/{key}")[1], f"{key} differs")

    def until_copied(self, part):
        self.until(lambda: self.puts() >= part * SMALL, "objects were written")

    def holder(self, workers):
        """One of them that holds jobs."""
        self.until(lambda: any(self.held_by(worker.id) for worker in workers), "a worker held jobs")
        return next(worker for worker in workers if self.held_by(worker.id))

    def lose_leases(self, worker):
        """What it holds goes to others."""
        if LONG:
            self.until(lambda: self.held_by(worker.id) == 0, "its leases had run out", 4 * LEASE_SECONDS)
            return
        self.postgres.sql(f"update worker set heartbeat_at = heartbeat_at - 120000000 where id = '{worker.id}'")
        self.postgres.sql(f"update job set lease_until = 1 where state = 1 and worker = '{worker.id}'")
        self.until(lambda: self.held_by(worker.id) == 0, "others had its jobs")


class FailoverTest(FaultsTest):
    FSYNC = True

    def setUp(self):
        super().setUp()
        self.standby = postgres_server.PostgresServer(fsync=True, standby_of=self.postgres)
        self.addCleanup(self.standby.stop)
        both = f"postgresql://dth@127.0.0.1:{self.postgres.port},127.0.0.1:{self.standby.port}/dth"
        self.both = {"DTH_DATABASE": both}

    def environment(self, **changes):
        return super().environment(**(getattr(self, "both", {}) | changes))

    def test_the_standby_takes_over(self):
        self.assertEqual(self.postgres.value("select count(*) from pg_stat_replication where sync_state = 'sync'"), "1")
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.begin("failover")
        self.until_copied(0.3)
        self.postgres.kill()
        # Until then the one that they reach can only be read.
        for worker in workers:
            worker.wait_for_words("waiting for it")
        self.standby.promote()
        self.postgres = self.standby
        self.until_over(run)
        self.check_exact(run, "failover")
        for worker in workers:
            self.end_worker(worker)


class NetworkTest(FaultsTest):
    def test_the_way_to_the_database_is_silent_for_longer_than_a_lease(self):
        proxy = FaultProxy(f"tcp://127.0.0.1:{self.postgres.port}")
        self.addCleanup(proxy.close)
        away = proxy.endpoint.removeprefix("tcp://")
        cut = self.work("--lanes", "1", environment=self.environment(DTH_DATABASE=f"postgresql://dth@{away}/dth"))
        run = self.begin("silent")
        self.until_copied(0.1)
        self.holder([cut])
        proxy.freeze()
        other = self.work("--lanes", "1")
        self.lose_leases(cut)
        self.until_over(run)
        self.check_exact(run, "silent")
        proxy.thaw()
        outcome = cut.wait()
        self.assertEqual(outcome.code, 1, "it was taken for dead, and says so")
        self.assertIn("taken for dead", outcome.stderr)
        self.check_exact(run, "silent")
        self.end_worker(other)

    def test_the_way_to_the_database_is_cut_for_a_moment(self):
        proxy = FaultProxy(f"tcp://127.0.0.1:{self.postgres.port}")
        self.addCleanup(proxy.close)
        away = self.environment(DTH_DATABASE=f"postgresql://dth@{proxy.endpoint.removeprefix('tcp://')}/dth")
        workers = [self.work("--lanes", "1", environment=away) for _ in range(2)]
        run = self.begin("cut")
        for part in (0.1, 0.4, 0.7):
            self.until_copied(part)
            proxy.cut_off()
            workers[0].wait_for_words("waiting for it")
            proxy.heal()
        self.until_over(run)
        self.check_exact(run, "cut")
        for worker in workers:
            self.end_worker(worker)


class ConnectionsTest(FaultsTest):
    def setUp(self):
        super().setUp()
        self.postgres.variables["MAX_CONNECTIONS"] = "10"
        self.postgres.restart()

    def test_the_server_lets_nobody_in(self):
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.begin("crowded")
        self.until_copied(0.2)
        crowd = [subprocess.Popen([postgres_server.BINARIES / "psql", "-X", "-q", self.postgres.url, "-c", "set application_name = crowd",
                                   "-c", "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dth'", "-c", "select pg_sleep(3)"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(20)]
        workers[0].wait_for_words("waiting for it")
        for one in crowd:
            one.wait()
        self.until_over(run)
        self.check_exact(run, "crowded")
        for worker in workers:
            self.end_worker(worker)


class StoppedTest(FaultsTest):
    def stop(self, worker):
        """Between two transactions: the rows that one has locked would be waited for, until the server ends it after a minute."""
        for _ in range(200):
            worker.signal(signal.SIGSTOP)
            busy = self.postgres.value("select count(*) from pg_stat_activity where application_name = 'dth' and state <> 'idle'")
            if busy == "0" and self.held_by(worker.id) > 0:
                return
            worker.signal(signal.SIGCONT)
            time.sleep(0.01)
        self.fail("it was never between two transactions")

    def test_a_worker_stands_still_for_longer_than_its_leases(self):
        stopped = self.work("--lanes", "1")
        run = self.begin("still")
        self.until_copied(0.1)
        self.stop(stopped)
        other = self.work("--lanes", "1")
        self.lose_leases(stopped)
        self.until_over(run)
        self.check_exact(run, "still")
        shown = self.json("run", "show", run)
        stopped.signal(signal.SIGCONT)
        self.assertEqual(stopped.wait().code, 1)
        self.assertEqual(self.json("run", "show", run), shown)
        self.check_exact(run, "still")
        self.end_worker(other)


class FullTest(FaultsTest):
    """A disk of the server that is full, as its clients see it."""

    def test_the_database_is_full(self):
        self.dth("database", "migrate")
        self.postgres.sql("create function full_disk() returns trigger language plpgsql as "
                          "$$ begin raise sqlstate '53100' using message = 'could not extend file: No space left on device'; end $$")
        worker = self.work("--lanes", "1")
        run = self.begin("full")
        self.until_copied(0.2)
        self.postgres.sql("create trigger full_disk before insert or update on run_count for each row execute function full_disk()")
        outcome = worker.wait()
        self.assertEqual(outcome.code, 1)
        self.assertIn("the server's disk is full; free some space", outcome.stderr)
        self.assertEqual(self.status(run), "interrupted")
        self.postgres.sql("drop trigger full_disk on run_count")
        other = self.work("--lanes", "1")
        self.until_over(run)
        self.check_exact(run, "full")
        self.end_worker(other)


class ClocksTest(FaultsTest):
    """Workers whose clocks are ten minutes apart, on either side of the database's."""

    def clock(self, seconds):
        library = self.directory / "skewed_clock.so"
        if not library.exists():
            source = pathlib.Path(__file__).with_name("skewed_clock.c")
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        return {"LD_PRELOAD": str(library), "SKEW_SECONDS": str(seconds), "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def test_clocks_that_are_ten_minutes_apart(self):
        workers = [self.work("--lanes", "1", environment=self.environment(**self.clock(skew))) for skew in (-300, 300)]
        started = [int(row[0]) for row in self.postgres.sql("select started_at / 1000000 from worker")]
        self.assertLess(max(started) - min(started), 60, "the database's clock counts")
        run = self.begin("clocks")
        victim = None
        self.until_copied(0.3)
        victim = self.holder(workers)
        workers.remove(victim)
        victim.kill()
        self.until_over(run)
        self.check_exact(run, "clocks")
        self.end_worker(workers[0])


if __name__ == "__main__":
    unittest.main()

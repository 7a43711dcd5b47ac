"""The state on a PostgreSQL server: workers as processes that share it, and what the server does to them."""
import json
import pathlib
import os
import time
import unittest

import postgres_server
from processes_test import LARGE, SMALL, LargeRunTest, ProcessesTest


WAITS_FOR_ITS_STATE = (pathlib.Path(__file__).resolve().parents[2] / "src/engine/state_outage.h").exists()


class OnPostgres:
    """For tests whose state is a server's."""

    FSYNC, PASSWORD = False, ""

    def setUp(self):
        self.postgres = postgres_server.PostgresServer(self.FSYNC, self.PASSWORD)
        self.addCleanup(self.postgres.stop)
        super().setUp()

    def environment(self, **changes):
        return super().environment(**({"DTH_DATABASE": self.postgres.url} | changes))

    def detach(self, *arguments, environment=None):
        return super().detach(*arguments, "--ledger", self.directory / ".local/state/dth/ledger", environment=environment)

    def lines(self, run):
        """As those of a state in a file: of a ledger that both workers write, in one directory."""
        self.state = self.directory / ".local/state/dth/server"
        ledgers = self.state.with_name("server.ledger")
        if not ledgers.exists():
            ledgers.symlink_to("ledger")
        return super().lines(run)

    def held_by(self, worker):
        return int(self.postgres.value(f"select count(*) from job where state = 1 and worker = '{worker}'"))

    def segments_of(self, run, worker):
        """Files of a ledger bear the name of who wrote them."""
        return int(self.postgres.value(f"select count(*) from segment join run on run.number = segment.run where run.id = '{run}' and file like '%{worker}%'"))


class SharedRunTest(OnPostgres, LargeRunTest):
    def test_two_workers_share_a_run(self):
        # A lane of several does not take more jobs than it can work on.
        workers = [self.work("--lanes", "2") for _ in range(2)]
        did_jobs = set()
        for number in range(5):  # one may be too quick for the other
            run = self.begin(f"shared-{number}")
            self.until_over(run)
            self.check_exact(run, f"shared-{number}")
            did_jobs = {worker.id for worker in workers if self.segments_of(run, worker.id) > 0}
            if len(did_jobs) == 2:
                break
        self.assertEqual(len(did_jobs), 2, "one worker did all")
        for worker in workers:
            self.end_worker(worker)

    def test_one_of_two_workers_is_killed(self):
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.begin("killed")
        self.until(lambda: self.puts() >= self.random.randrange(200, SMALL // 2), "objects were written")
        victim = next(worker for worker in workers if self.held_by(worker.id))
        workers.remove(victim)
        victim.kill()
        # Its process is known to be gone: nobody waits for the end of its leases.
        self.until(lambda: self.held_by(victim.id) == 0, "its jobs were free", 30)
        self.until_over(run)
        self.check_exact(run, "killed")
        self.end_worker(workers.pop())

    def test_copy_of_the_terminal(self):
        outcome = self.dth(*self.arguments("here"))
        self.check_exact(outcome.summary["run"], "here")
        self.assertEqual(self.postgres.value("select count(*) from worker"), "0")
        self.assertEqual(self.runs()[outcome.summary["run"]]["database"], self.postgres.url)


class LargeObjectTest(OnPostgres, ProcessesTest):
    BYTES = 2 << 30  # twice as many part jobs as a lane takes at once

    @unittest.skipUnless(os.environ.get("DTH_LONG_FAULTS"), "takes a minute: DTH_LONG_FAULTS=1")
    def test_two_workers_share_one_object(self):
        source = self.serve("--synthetic", f"from:large/:1:{self.BYTES}")
        into = self.serve("--bucket", "into", "--discard")
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.detach("s3://from", "s3://into", *self.endpoints(source.endpoint, into.endpoint), "--part-size", "16MiB")
        did_parts = set()

        def is_over():
            held = self.postgres.sql("select distinct worker from job where state = 1 and kind like '%part'")
            did_parts.update(row[0] for row in held)
            return self.json("run", "show", run)["state"] == "succeeded"
        self.until(is_over, "the run had ended")
        self.assertEqual(did_parts, {worker.id for worker in workers})
        shown = self.json("run", "show", run)
        self.assertEqual((shown["copied"], shown["bytes"], sum(shown["proof"].values())), (1, self.BYTES, 1), shown)
        self.assertEqual(len(self.lines(run)), 1)
        self.assertEqual(into.requests()["UploadPart"], self.BYTES // (16 << 20), "a part was sent twice")
        for worker in workers:
            self.end_worker(worker)


class RestartTest(OnPostgres, LargeRunTest):
    """The server dies and comes back, and what it said was kept is kept."""

    FSYNC = True

    @unittest.skipUnless(WAITS_FOR_ITS_STATE, "the engine gives up where its state cannot be reached")
    def test_the_server_is_killed_in_the_middle(self):
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.begin("restarted")
        for part in (0.2, 0.5):
            self.until(lambda: self.puts() >= part * SMALL, "objects were written")
            self.postgres.restart()
        self.until_over(run)
        self.check_exact(run, "restarted")
        for worker in workers:
            self.end_worker(worker)


class CostTest(OnPostgres, ProcessesTest):
    """Jobs, and what long jobs record of themselves as time passes: the slower a build, the more of that."""

    def transactions(self):
        """That wrote; this one is counted as well."""
        return int(self.postgres.value("select pg_current_xact_id()"))

    def copied(self, objects):
        """What copying so many small objects costs: transactions, seconds."""
        began = time.monotonic()
        server = self.serve("--synthetic", f"from:key/:{objects}:100", "--bucket", "into", "--discard")
        before = self.transactions()
        outcome = self.dth("copy", "s3://from", f"s3://into/{objects}/", *self.endpoints(server.endpoint, server.endpoint), "--output", "json")
        self.assertEqual(outcome.summary["copied"], objects)
        return self.transactions() - before, time.monotonic() - began

    def test_two_transactions_for_a_thousand_objects(self):
        (few, _), (many, seconds) = self.copied(1000), self.copied(21000)
        self.assertLessEqual(many - few, 2 * 20 + 8 * seconds, f"{few} and {many} in {seconds:.1f} s")


class RefusedTest(OnPostgres, ProcessesTest):
    PASSWORD = "not shown"

    def setUp(self):
        super().setUp()
        self.file = self.directory / "password"
        self.file.write_text(self.PASSWORD + "\n")
        self.file.chmod(0o600)

    def refused(self, *words, code=1, database=None, environment=None):
        outcome = self.dth("run", "list", "--database", database or self.postgres.url, expect=code, environment=environment)
        for word in words:
            self.assertIn(word, outcome.stderr)
        self.assertNotIn(self.PASSWORD, outcome.stderr)
        self.assertEqual(outcome.stdout, "")

    def test_who_may_not_connect(self):
        self.refused("refuses the login", "PGPASSWORD")
        self.refused("refuses the login", environment=self.environment(PGPASSWORD="wrong"))
        known = self.environment(PGPASSWORD=self.PASSWORD)
        self.refused("does not exist", code=2, database=self.postgres.url + "2", environment=known)
        self.refused("holds a password", code=2, database=self.postgres.url.replace("dth@", "dth:secret@"))
        self.dth("database", "status", environment=known)
        self.dth("database", "status", "--database-password-file", self.file)

    def test_certificate_of_the_server(self):
        known = self.environment(PGPASSWORD=self.PASSWORD)
        verified = self.postgres.url + "?sslmode=verify-full"
        self.refused("cannot be reached", database=verified + "&sslrootcert=/etc/ssl/certs/ca-certificates.crt", environment=known)
        authority = self.postgres.use_tls()
        self.refused("cannot be reached", "certificate verify failed",
                     database=verified + "&sslrootcert=/etc/ssl/certs/ca-certificates.crt", environment=known)
        self.dth("database", "status", "--database", f"{verified}&sslrootcert={authority}", environment=known)
        by_name = verified.replace("127.0.0.1", "localhost")
        self.refused("cannot be reached", database=f"{by_name}&sslrootcert={authority}", environment=known)

    def test_server_that_is_not_there(self):
        self.postgres.control("stop")
        self.refused("cannot be reached")

    def test_standby_is_read_and_not_worked_with(self):
        known = self.environment(PGPASSWORD=self.PASSWORD)
        source, into = self.directory / "from", self.directory / "into"
        for directory in (source, into):
            directory.mkdir()
        (source / "one").write_text("1")
        run = json.loads(self.dth("copy", f"{source}/", f"{into}/", "--output", "json", environment=known).stdout)["run"]
        self.postgres.sql("alter database dth set default_transaction_read_only = on")
        self.assertIn(run, self.dth("run", "list", environment=known).stdout)
        outcome = self.dth("copy", f"{source}/", f"{into}/", expect=1, environment=known)
        self.assertIn("can only be read", outcome.stderr)
        lagging = self.dth("database", "backup", self.directory / "backup", expect=1, environment=known)
        self.assertIn("can only be read", lagging.stderr)

    def test_newer_schema(self):
        known = self.environment(PGPASSWORD=self.PASSWORD)
        self.end_worker(self.work(environment=known))
        self.postgres.sql("update meta set value = '99' where name = 'schema_version'")
        self.refused("made by a newer version", environment=known)


class DatabaseTest(OnPostgres, ProcessesTest):
    """`dth database`: from a file to the server and back."""

    def test_runs_go_from_a_file_to_a_server_and_back(self):
        source, into = self.directory / "from", self.directory / "into"
        for directory in (source, into):
            directory.mkdir()
        (source / "one").write_text("1")
        first, second = f"sqlite:{self.directory}/first.db", f"sqlite:{self.directory}/second.db"
        run = json.loads(self.dth("copy", f"{source}/", f"{into}/", "--database", first, "--output", "json").stdout)["run"]
        self.assertIn("none", self.dth("database", "status").stdout)
        refused = self.dth("worker", "--no-migrate", expect=1)
        self.assertIn("dth database migrate", refused.stderr)
        self.assertIn("is that of this version", self.dth("database", "migrate").stdout)
        worker = self.work("--database", first)
        busy = self.dth("database", "copy", "--from", first, "--to", self.postgres.url, expect=1)
        self.assertIn("would not be copied: stop it", busy.stderr)
        self.end_worker(worker)
        copied = self.dth("database", "copy", "--from", first, "--to", self.postgres.url)
        self.assertIn(": 1 run, ", copied.stderr)
        self.assertIn(f"move what is in {self.directory}/first.db.ledger to ", copied.stderr)
        alone = self.dth("copy", f"{source}/", f"{into}/", "--detach", expect=2)
        self.assertIn("needs --ledger", alone.stderr)
        shown = self.json("run", "show", run)
        self.assertEqual((shown["state"], shown["copied"]), ("succeeded", 1))
        backup = self.directory / "backup"
        self.dth("database", "backup", backup)
        self.assertIn("there is a file", self.dth("database", "backup", backup, expect=1).stderr)
        self.dth("database", "restore", backup, "--database", second)
        again = self.json("run", "show", run, "--database", second)
        self.assertEqual({**again, "database": "", "ledger": ""}, {**shown, "database": "", "ledger": ""})
        self.assertIn("has runs already", self.dth("database", "restore", backup, expect=1).stderr)
        backup.write_bytes(backup.read_bytes()[:-5])
        third = f"sqlite:{self.directory}/third.db"
        self.assertIn("cannot be used", self.dth("database", "restore", backup, "--database", third, expect=1).stderr)
        self.dth("database", "restore", self.directory / "none", "--database", third, expect=1)
        self.assertFalse((self.directory / "third.db").exists(), "an empty database was left")


if __name__ == "__main__":
    unittest.main()

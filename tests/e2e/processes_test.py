"""Many runs and many processes on one state: none of them notices what becomes of the others.

DTH_PROCESS_KILLS: how many workers are killed (2). DTH_CRASH_SEED: the seed that a failure printed, to have the same instants again.
"""
import contextlib
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

from dth import BenchServer, EndToEndTest, setting
from identity_test import statement
from s3_client import Client, content

SMALL, SMALL_BYTES = 2000, 4096
LARGE, LARGE_BYTES = 3, 12 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")
LEASE_SECONDS = 60


class ProcessesTest(EndToEndTest):
    """The state is the user's own, the one that is found without --database."""

    def setUp(self):
        super().setUp()
        self.state = self.directory / ".local/state/dth/state.db"

    def serve(self, *options):
        server = BenchServer(*options)
        self.addCleanup(server.stop)
        return server

    def dth(self, *arguments, expect=0, environment=None):
        outcome = self.run_dth(*arguments, environment=environment)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def json(self, *arguments):
        return json.loads(self.dth(*arguments, "--output", "json").stdout)

    def runs(self):
        """{id: the run as `dth run list` shows it}"""
        return {run["run"]: run for run in self.json("run", "list")}

    def detach(self, *arguments, environment=None):
        return self.dth("copy", *arguments, "--detach", environment=environment).stdout.strip()

    def work(self, *options, environment=None):
        """A worker that claims jobs; its `id` is the one that it is registered with."""
        worker = self.start(["worker", *options], environment)
        worker.wait_for_words(" works on ")
        worker.id = worker.read.decode().split(" works on ")[0].split()[-1]
        return worker

    def end_worker(self, worker):
        worker.signal(signal.SIGTERM)
        outcome = worker.wait()
        self.assertEqual(outcome.code, 0, str(outcome))

    def until(self, condition, what, seconds=120):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s in vain until {what}")
            time.sleep(0.02)

    def change_state(self, sql, *values, seconds=30):
        """Changes the state by hand, as if time had passed; waits so long for its lock. Returns how many rows it changed."""
        with contextlib.closing(sqlite3.connect(self.state, timeout=seconds)) as database, database:
            return database.execute(sql, values).rowcount

    def lines(self, run):
        """{key: line} of the ledger of a run that is over; the ledger has to be intact."""
        ledger = f"{self.state}.ledger/{run}"
        self.assertIn("intact", self.dth("ledger", "verify", ledger).stdout)
        lines = [json.loads(line) for line in self.dth("ledger", "show", ledger).stdout.splitlines()]
        by_key = {line["key"]: line for line in lines}
        self.assertEqual(len(lines), len(by_key), "a key has two lines")
        return by_key


class ManyRunsTest(ProcessesTest):
    """Ten runs of two kinds of store and with three credentials, all executed by one worker."""

    def profiles(self, **changed):
        """Writes the file with the credentials `main`, `fragile` and `other`; `changed` have another key."""
        keys = {"main": self.key, "fragile": self.key,
                "other": (setting("DTH_TEST_S3_OTHER_ACCESS_KEY_ID"), setting("DTH_TEST_S3_OTHER_SECRET_ACCESS_KEY"))} | changed
        place = self.directory / ".aws" / "credentials"
        place.parent.mkdir(exist_ok=True)
        written = place.with_suffix(".new")
        written.write_text("".join(f"[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n" for name, (key, secret) in keys.items()))
        written.rename(place)

    def setUp(self):
        super().setUp()
        self.profiles()
        keys = {f"DTH_{side}_{name}": None for side in ("SOURCE", "DESTINATION") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
        self.profile_environment = self.environment(**keys)
        self.expected = {}  # {run: {key at the destination: content}}
        # Only the second user may read this one.
        self.others = self.name + "-others"
        self.a.make_bucket(self.others)
        who = [{"AWS": [f"arn:aws:iam:::user/{user}"]} for user in ("other", "test")]
        policy = [statement("Allow", who[0], ["s3:ListBucket", "s3:GetObject"], [f"arn:aws:s3:::{self.others}", f"arn:aws:s3:::{self.others}/*"]),
                  statement("Deny", who[1], ["s3:GetObject"], [f"arn:aws:s3:::{self.others}/*"])]
        self.a.request("PUT", f"/{self.others}", {"policy": ""}, json.dumps({"Version": "2012-10-17", "Statement": policy}).encode())

    def begin(self, source, destination, *options):
        return self.detach(source, destination, *options, environment=self.profile_environment)

    def from_bucket(self, number, bucket, profile):
        objects = {f"{number}/{n:02}": content(f"{number}/{n}", 100 + n) for n in range(20 + number)}
        self.fill(objects, bucket=bucket)
        run = self.begin(f"s3://{bucket}/{number}/", f"s3://{self.destination}/{number}/", *self.endpoints(),
                         "--source-profile", profile, "--destination-profile", "main")
        self.expected[run] = objects
        return run

    def from_directory(self, number):
        place = self.directory / str(number)
        place.mkdir()
        bodies = {f"{n:02}": content(f"{number}/{n}", 100 + n) for n in range(20 + number)}
        for name, body in bodies.items():
            (place / name).write_bytes(body)
        run = self.begin(f"{place}/", f"s3://{self.destination}/{number}/", "--destination-endpoint-url", self.b.endpoint,
                         "--destination-addressing", "path", "--destination-profile", "main")
        self.expected[run] = {f"{number}/{name}": body for name, body in bodies.items()}
        return run

    def slow_run(self):
        """It would take a minute."""
        server = self.serve("--delay-ms", "100", "--synthetic", "from:key/:2000:10")
        run = self.begin("s3://from", f"s3://{self.destination}/slow/", *self.endpoints(server.endpoint, self.b.endpoint), "--concurrency", "4",
                         "--source-profile", "main", "--destination-profile", "main")
        return run, server

    def check(self, run):
        shown = self.json("run", "show", run)
        self.assertEqual((shown["state"], shown["copied"], shown["failed"], shown["bytes"]),
                         ("succeeded", len(self.expected[run]), 0, sum(map(len, self.expected[run].values()))), shown)
        self.assertEqual({line["outcome"] for line in self.lines(run).values()}, {"copied"})
        self.assertEqual(len(self.lines(run)), len(self.expected[run]))
        for key, body in self.expected[run].items():
            self.assertTrue(self.b.get(self.destination, key)[1] == body, f"{key} differs")

    def test_ten_runs_of_one_worker(self):
        good = [self.from_bucket(0, self.source, "main"), self.from_directory(1), self.from_bucket(2, self.others, "other"),
                self.from_directory(3), self.from_bucket(4, self.source, "main"), self.from_bucket(5, self.others, "other"),
                self.from_directory(6), self.from_bucket(7, self.source, "main")]
        fragile = self.from_bucket(8, self.source, "fragile")
        slow, server = self.slow_run()
        self.assertEqual({run["state"] for run in self.runs().values()}, {"queued"})
        paused = good.pop()
        self.dth("run", "pause", paused)
        self.profiles(fragile=(self.key[0], "no longer this"))
        worker = self.work("--lanes", "2", environment=self.profile_environment)

        def states():
            return {run: shown["state"] for run, shown in self.runs().items()}

        def read():
            return server.counts().get("GetObject", 0)
        self.until(lambda: all(state == "succeeded" for run, state in states().items() if run in good), "seven runs had ended")
        self.until(lambda: states()[fragile] == "waiting" and read() > 8, "one run waited, and the slow one had begun")
        self.assertEqual(len(states()), 10)
        self.assertEqual((states()[slow], states()[paused]), ("running", "paused"))
        self.assertEqual(self.json("run", "show", paused)["scanned"], 0)
        self.dth("run", "resume", paused)
        self.until(lambda: states()[paused] == "succeeded", "the paused run went on")
        waiting = self.json("run", "show", fragile)
        self.assertIn(f"s3://{self.source}", waiting["waiting"]["why"])
        self.assertIn("AccessDenied", waiting["waiting"]["why"])
        self.assertIn("AccessDenied", self.dth("run", "show", fragile).stdout)
        self.dth("run", "cancel", slow)
        self.assertEqual((states()[slow], states()[fragile]), ("cancelled", "waiting"))
        self.dth("run", "resume", fragile)
        self.until(lambda: states()[fragile] == "waiting", "it waited again")
        before = read()
        # It is tried again within a minute, or now where somebody says so.
        self.profiles()
        resumed = self.dth("run", "resume", fragile)
        self.assertEqual(resumed.stdout, "")
        self.assertIn(f"run {fragile} goes on", resumed.stderr)
        self.until(lambda: states()[fragile] == "succeeded", "the run went on with its credential")
        for run in [*good, paused, fragile]:
            self.check(run)
        cancelled = self.json("run", "show", slow)
        self.assertEqual(len(self.lines(slow)), cancelled["copied"])
        self.assertEqual(len(self.b.list(self.destination, "slow/")), cancelled["copied"])
        self.assertEqual(read(), before, "a cancelled run is still worked on")
        self.end_worker(worker)


class LargeRunTest(ProcessesTest):
    """A run of small objects, and of large ones that are copied in parts."""

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("DTH_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
        print(f"processes_test: DTH_CRASH_SEED={self.seed}", file=sys.stderr, flush=True)
        self.random = random.Random(self.seed)
        self.from_server = self.serve("--delay-ms", "20", "--synthetic", f"from:small/:{SMALL}:{SMALL_BYTES}", "--synthetic", f"from:zlarge/:{LARGE}:{LARGE_BYTES}")
        self.to_server = self.serve("--bucket", "into", "--discard")
        self.to = Client(self.to_server.endpoint, *self.key)
        self.addCleanup(self.to.close)

    def task(self, name):
        """What takes some two seconds."""
        return ["s3://from", f"s3://into/{name}/", *self.endpoints(self.from_server.endpoint, self.to_server.endpoint), *IN_PARTS, "--concurrency", "32"]

    def begin(self, name):
        return self.detach(*self.task(name))

    def arguments(self, name):
        return ["copy", *self.task(name), "--output", "json"]

    def puts(self):
        return self.to_server.counts().get("PutObject", 0)

    def status(self, run):
        return self.json("run", "show", run)["state"]

    def until_over(self, run):
        self.until(lambda: self.status(run) == "succeeded", f"run {run} had ended")

    def check_exact(self, run, name):
        shown = self.json("run", "show", run)
        self.assertEqual((shown["state"], shown["scanned"], shown["selected"], shown["copied"], shown["failed"], shown["bytes"]),
                         ("succeeded", SMALL + LARGE, SMALL + LARGE, SMALL + LARGE, 0, SMALL * SMALL_BYTES + LARGE * LARGE_BYTES), shown)
        self.assertEqual(shown["copied"], sum(shown["proof"].values()), shown)
        self.assertEqual(shown["backlog"], {})
        lines = self.lines(run)
        self.assertEqual(set(lines), set(self.to_keys(name)))
        self.assertEqual({line["outcome"] for line in lines.values()}, {"copied"})
        self.assertEqual(self.to.uploads("into"), [], "an upload was left open")

    def to_keys(self, name):
        """The source's keys of what is at the destination."""
        found = self.to.list("into", f"{name}/")
        return [key.removeprefix(f"{name}/") for key in found]


class SharedRunTest(LargeRunTest):
    """Two workers share it."""

    def test_one_of_two_workers_is_killed(self):
        """Its jobs come back long before their leases end: with a new worker at once, without one in some seconds."""
        workers = [self.work("--lanes", "1")]
        for number in range(int(os.environ.get("DTH_PROCESS_KILLS", "2"))):
            workers.append(self.work("--lanes", "1"))
            before = self.puts()
            run = self.begin(f"killed-{number}")
            self.until(lambda: self.puts() >= before + self.random.randrange(1, SMALL // 2), "objects were written")
            victim = next(worker for worker in self.random.sample(workers, 2) if self.jobs_held_by(worker.id) > 0)
            workers.remove(victim)
            victim.kill()
            if number % 2 == 0:
                self.end_worker(workers.pop())
                self.assertEqual(self.status(run), "interrupted")
                workers.append(self.work("--lanes", "1"))
            self.until(lambda: self.jobs_held_by(victim.id) == 0, "its jobs were free", LEASE_SECONDS / 2)
            self.until_over(run)
            self.check_exact(run, f"killed-{number}")
        self.end_worker(workers.pop())

    def test_all_workers_are_killed(self):
        run = self.begin("all")
        for after in (0.1, 0.5):
            workers = [self.work("--lanes", "1") for _ in range(2)]
            before = self.puts()
            self.until(lambda: self.puts() >= before + after * SMALL, "objects were written")
            for worker in workers:
                worker.kill()
            self.assertEqual(self.status(run), "interrupted")
        # The command of the terminal may take over what no worker is left for, and is asked to.
        self.assertIn("when a worker takes it", self.dth("run", "resume").stderr)
        self.assertEqual(self.status(run), "interrupted")
        resumed = self.dth("run", "resume", "--here", "--output", "json")
        self.assertEqual(resumed.summary["run"], run)
        self.check_exact(run, "all")

    def jobs_held_by(self, worker, seconds=30):
        return self.change_state("update job set lease_until = lease_until where state = 1 and worker = ?", worker, seconds=seconds)

    def stop_one(self, workers):
        """Stops a worker that holds jobs, between two transactions; returns it."""
        for _ in range(200):
            for worker in workers:
                worker.signal(signal.SIGSTOP)
                try:
                    if self.jobs_held_by(worker.id, seconds=0.2) > 0:
                        return worker
                except sqlite3.OperationalError:
                    pass  # it holds the state locked
                worker.signal(signal.SIGCONT)
            time.sleep(0.01)
        self.fail("no worker held a job")

    def test_a_worker_that_was_stopped_goes_on(self):
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.begin("stopped")
        self.until(lambda: self.puts() >= 200, "objects were written")
        stopped = self.stop_one(workers)
        time.sleep(0.5)
        self.assertEqual(self.status(run), "running")
        stopped.signal(signal.SIGCONT)
        self.until_over(run)
        self.check_exact(run, "stopped")
        for worker in workers:
            self.end_worker(worker)

    def test_a_worker_that_was_stopped_for_longer_than_its_leases(self):
        """The state is told that the leases have ended. Its jobs are done by the other; what it says of them later counts for nothing."""
        workers = [self.work("--lanes", "1") for _ in range(2)]
        run = self.begin("lost")
        self.until(lambda: self.puts() >= 200, "objects were written")
        stopped = self.stop_one(workers)
        self.assertGreater(self.change_state("update job set lease_until = 1 where state = 1 and worker = ?", stopped.id), 0)
        self.until_over(run)
        self.check_exact(run, "lost")
        shown, lines = self.json("run", "show", run), self.lines(run)
        stopped.signal(signal.SIGCONT)
        time.sleep(1)  # so that a fault can be seen; nothing waits for it
        for worker in workers:
            self.end_worker(worker)
        self.assertEqual(self.json("run", "show", run), shown)
        self.assertEqual(self.lines(run), lines)
        self.check_exact(run, "lost")


class TwoCopiesTest(LargeRunTest):
    """`dth copy` of two tasks at once on one state."""

    def start_both(self):
        copies = [self.start(self.arguments(name)) for name in ("one", "two")]
        self.until(lambda: all(len(self.to_keys(name)) > 100 for name in ("one", "two")), "both had written objects")
        return copies

    def test_both_are_killed_and_resumed(self):
        copies = self.start_both()
        listed = self.runs()
        self.assertEqual([run["state"] for run in listed.values()], ["running", "running"])
        time.sleep(self.random.uniform(0, 0.5))
        copies[0].kill()
        self.assertEqual(sorted(run["state"] for run in self.runs().values()), ["interrupted", "running"])
        copies[1].kill()
        refused = self.dth("run", "resume", expect=2)
        self.assertEqual(refused.stdout, "")
        for run in listed:
            self.assertIn(run, refused.stderr)
        self.assertIn("name the one to resume", refused.stderr)
        resumed = [self.start(self.arguments(name)) for name in ("one", "two")]
        for name, running in zip(("one", "two"), resumed):
            outcome = running.wait()
            self.assertEqual(outcome.code, 0, str(outcome))
            self.assertIn(outcome.summary["run"], listed)
            self.check_exact(outcome.summary["run"], name)
        self.assertEqual(set(self.runs()), set(listed), "the same runs were resumed")


class CancelTest(LargeRunTest):
    """`dth run cancel` of runs that this, another or no process works on."""

    def cancel(self, run, expect=0):
        began = time.monotonic()
        outcome = self.dth("run", "cancel", run, expect=expect)
        self.assertLess(time.monotonic() - began, 20, str(outcome))
        return outcome

    def check_cancelled(self, run, name):
        """What was written is counted, and nothing more is written."""
        shown = self.json("run", "show", run)
        self.assertEqual((shown["state"], shown["backlog"]), ("cancelled", {}), shown)
        self.assertEqual(len(self.lines(run)), shown["copied"])
        self.assertEqual(len(self.to_keys(name)), shown["copied"])
        self.assertEqual(self.to.uploads("into"), [], "an upload was left open")
        self.assertIn("is over already (cancelled)", self.cancel(run, expect=2).stderr)

    def test_by_another_process(self):
        copy = self.start(self.arguments("copy"))
        copy.wait_until(lambda: self.puts() > 100, "objects were written")
        run, = self.runs()
        self.cancel(run)
        outcome = copy.wait()
        self.assertEqual((outcome.code, outcome.summary["state"]), (1, "cancelled"), str(outcome))
        self.assertIn("cancelled", outcome.stderr)
        self.check_cancelled(run, "copy")
        worker = self.work()
        before = self.puts()
        run = self.begin("worker")
        self.until(lambda: self.puts() > before + 100, "objects were written")
        self.cancel(run)
        self.check_cancelled(run, "worker")
        self.end_worker(worker)

    def test_that_nobody_works_on(self):
        queued = self.begin("queued")
        self.cancel(queued)
        self.check_cancelled(queued, "queued")
        copy = self.start(self.arguments("killed"))
        copy.wait_until(lambda: len(self.to_keys("killed")) > 0, "objects were written")
        copy.kill()
        interrupted = next(run for run, shown in self.runs().items() if shown["state"] == "interrupted")
        self.cancel(interrupted)
        shown = self.json("run", "show", interrupted)
        self.assertEqual((shown["state"], len(self.lines(interrupted))), ("cancelled", shown["copied"]))
        self.assertEqual(self.to.uploads("into"), [], "an upload was left open")

    def test_of_a_run_that_is_not_there(self):
        for run in ("nothing", "latest"):
            self.assertIn("there is no run", self.cancel(run, expect=2).stderr)
        self.assertFalse(self.state.exists(), "looking makes nothing")


class RefusedTest(ProcessesTest):
    """States that cannot be, and options that contradict each other: each is refused with words, before anything is written."""

    def setUp(self):
        super().setUp()
        self.place = self.directory / "from"
        self.place.mkdir()
        (self.place / "one").write_bytes(b"1")
        self.into = self.directory / "into"

    def commands(self, *options, run="latest"):
        copying = ["copy", f"{self.place}/", f"{self.into}/"]
        return [[*copying, *options], [*copying, "--detach", *options], ["worker", *options], ["run", "list", *options], ["run", "resume", *options],
                ["run", "cancel", run, *options]]

    def refuse(self, *options, words, expect, commands=None):
        for command in commands or self.commands(*options):
            with self.subTest(command=" ".join(command[:3])):
                outcome = self.run_dth(*command, seconds=20)
                self.assertEqual((outcome.code, outcome.stdout), (expect, ""), str(outcome))
                self.assertEqual(len(outcome.stderr.splitlines()), 2 if "Try: " in outcome.stderr else 1, str(outcome))
                for word in words:
                    self.assertIn(word, outcome.stderr)
        self.assertFalse(self.into.exists(), "something was copied")

    def test_databases_that_are_not_known(self):
        for given in ("mysql://host/dth", "state.db", "sqlite:", "SQLITE:state.db"):
            self.refuse("--database", given, words=[f'--database: "{given}"', "sqlite:FILE"], expect=2)
        self.assertIn("sqlite:state.db", self.dth("worker", "--database", "state.db", expect=2).stderr)
        self.refuse("--database", "", words=["--database is empty"], expect=2)
        outcome = self.dth("run", "list", environment=self.environment(DTH_DATABASE="mysql://host/dth"), expect=2)
        self.assertIn("DTH_DATABASE", outcome.stderr)

    def test_files_that_are_not_states(self):
        self.refuse(*self.database(self.directory), words=[str(self.directory), "is a directory"], expect=2)
        self.refuse(*self.database("/dev/null"), words=["/dev/null"], expect=1)
        note = self.directory / "note"
        note.write_bytes(b"not a database\n" * 100)
        self.refuse(*self.database(note), words=[str(note), "is not a SQLite database"], expect=1)
        self.assertEqual(note.read_bytes(), b"not a database\n" * 100)

    def test_state_of_a_newer_version(self):
        self.detach(f"{self.place}/", f"{self.into}/")
        self.change_state("update meta set value = 1000 where name = 'schema_version'")
        self.refuse(words=["was made by a newer version of dth", "use that version"], expect=1)

    def file_system(self, size):
        """A small file system for a state; (place, remount)."""
        place = pathlib.Path(tempfile.mkdtemp(prefix="dth-full."))
        self.addCleanup(os.rmdir, place)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest("only root can mount a small file system: " + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", place], check=True)
        return place, lambda options: subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)

    def test_state_that_cannot_be_written(self):
        place, remount = self.file_system("4m")
        self.state = place / "state.db"
        remount("ro")
        known = self.database(self.state)
        self.refuse(words=["cannot create", str(self.state), "Read-only file system"], expect=1, commands=self.commands(*known)[:3])
        remount("rw")
        run = self.detach(f"{self.place}/", f"{self.into}/", *known)
        remount("ro")
        self.refuse(words=[str(self.state), "cannot be opened"], expect=1, commands=self.commands(*known, run=run))
        remount("rw")
        self.assertEqual(self.dth("run", "resume", "--here", *known, "--output", "json").summary["copied"], 1)

    def test_full_disk_under_a_worker(self):
        """It ends with words, and another goes on once there is room."""
        place, remount = self.file_system("1000k")
        self.state = place / "state.db"
        server = self.serve("--synthetic", "from:" + "k" * 200 + "/:5000:10", "--bucket", "into")
        known = self.database(self.state)
        run = self.detach("s3://from", "s3://into", *self.endpoints(server.endpoint, server.endpoint), *known)
        full = self.dth("worker", *known, expect=1)
        self.assertIn("the disk is full; free some space", full.stderr)
        self.assertEqual(self.json("run", "show", run, *known)["state"], "interrupted")
        remount("size=40m")
        worker = self.work(*known)
        self.until(lambda: self.json("run", "show", run, *known)["state"] == "succeeded", "the run had ended")
        self.assertEqual((self.json("run", "show", run, *known)["copied"], len(self.lines(run))), (5000, 5000))
        self.end_worker(worker)

    def test_options_that_contradict_each_other(self):
        outcome = self.dth("copy", f"{self.place}/", f"{self.into}/", "--detach", "--dry-run", expect=2)
        self.assertIn("--detach and --dry-run contradict each other", outcome.stderr)
        self.assertFalse(self.state.exists(), "a run was begun")

    def test_the_same_run_is_not_left_to_workers_twice(self):
        run = self.detach(f"{self.place}/", f"{self.into}/")
        outcome = self.dth("copy", f"{self.place}/", f"{self.into}/", "--detach", expect=1)
        self.assertIn(run, outcome.stderr)
        self.assertEqual(list(self.runs()), [run])

    def test_a_worker_makes_the_state_that_it_waits_for(self):
        worker = self.work("--lanes", "1")
        self.assertEqual(self.runs(), {})
        run = self.detach(f"{self.place}/", f"{self.into}/")
        self.until(lambda: self.runs()[run]["state"] == "succeeded", "the run had ended")
        self.assertEqual((self.into / "one").read_bytes(), b"1")
        self.end_worker(worker)


if __name__ == "__main__":
    unittest.main()

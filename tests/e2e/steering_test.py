"""Runs that are steered from outside while they are executed, and a state that is busy for long."""
import contextlib
import json
import signal
import sqlite3
import threading
import time
import unittest

from hostile import HostileTest
from processes_test import ProcessesTest
from s3_client import Client

BUSY_SECONDS = 13  # a call waits ten for another process's lock
OBJECTS = 400


class SteeringTest(ProcessesTest):
    """Runs between two servers, slow enough to be met while they run."""

    def setUp(self):
        super().setUp()
        self.from_server = self.serve("--delay-ms", "20", "--synthetic", f"from:key/:{OBJECTS}:100")
        self.to_server = self.serve("--bucket", "into")
        self.to = Client(self.to_server.endpoint, *self.key)
        self.addCleanup(self.to.close)

    def task(self, name, *options):
        return ["s3://from", f"s3://into/{name}/", *self.endpoints(self.from_server.endpoint, self.to_server.endpoint), "--concurrency", "4", *options]

    def show(self, run):
        return self.json("run", "show", run)

    def written(self, name):
        return len(self.to.list("into", f"{name}/"))

    def until_some_are_written(self, name):
        self.until(lambda: self.written(name) >= 10, "objects were written")

    def until_over(self, run):
        self.until(lambda: self.show(run)["state"] == "succeeded", f"run {run} had ended")

    def check_exact(self, run, name):
        shown = self.show(run)
        self.assertEqual((shown["state"], shown["copied"], shown["failed"], shown["backlog"]), ("succeeded", OBJECTS, 0, {}), shown)
        self.assertEqual(len(self.lines(run)), OBJECTS)
        self.assertEqual(self.written(name), OBJECTS)


class BusyStateTest(SteeringTest):
    def test_is_waited_for_by_a_worker_and_by_a_copy(self):
        worker = self.work("--lanes", "2")
        run = self.detach(*self.task("one"))
        copying = self.start(["copy", *self.task("two"), "--output", "json"])
        for name in ("one", "two"):
            self.until_some_are_written(name)
        with contextlib.closing(sqlite3.connect(self.state, timeout=30, isolation_level=None)) as database:
            database.execute("begin immediate")
            time.sleep(BUSY_SECONDS)
            self.assertEqual({shown["run"] for shown in self.runs().values()}, set(self.runs()), "the state cannot be read meanwhile")
            database.execute("rollback")
        copied = copying.wait()
        self.assertEqual(copied.code, 0, str(copied))
        self.until_over(run)
        self.check_exact(run, "one")
        self.check_exact(copied.summary["run"], "two")
        worker.signal(signal.SIGTERM)
        said = []
        for outcome in (worker.wait(), copied):
            self.assertEqual(outcome.code, 0, str(outcome))
            said.append(outcome.stderr.count("is busy"))
            self.assertLessEqual(said[-1], 1, str(outcome))
            self.assertEqual(outcome.stderr.count("the state answers again"), said[-1], str(outcome))
        self.assertGreater(sum(said), 0)


class SameCommandTest(SteeringTest):
    def test_of_one_instant_makes_one_run(self):
        self.dth("run", "list")
        place = self.directory / "from"
        place.mkdir()
        (place / "a").write_text("a")
        for number in range(6):
            arguments = ["copy", f"{place}/", f"{self.directory}/to{number}/", "--detach"]
            outcomes = [running.wait() for running in [self.start(arguments) for _ in range(4)]]
            self.assertEqual(sorted(outcome.code for outcome in outcomes), [0, 1, 1, 1], "\n".join(map(str, outcomes)))
            begun = next(outcome.stdout.strip() for outcome in outcomes if outcome.code == 0)
            for outcome in outcomes:
                if outcome.code:
                    self.assertIn(begun, outcome.stderr)
        self.assertEqual(len(self.runs()), 6)

    def test_of_one_instant_is_executed_once(self):
        commands = [self.start(["copy", *self.task("here"), "--output", "json"]) for _ in range(3)]
        outcomes = [command.wait() for command in commands]
        done = [outcome for outcome in outcomes if outcome.code == 0]
        self.assertGreaterEqual(len(done), 1, "\n".join(map(str, outcomes)))
        for outcome in outcomes:
            self.assertIn(outcome.code, (0, 1), str(outcome))
            if outcome.code:
                self.assertRegex(outcome.stderr, "works on run|is not over", str(outcome))
        self.assertEqual(sum(outcome.summary["copied"] for outcome in done if outcome.summary["unchanged"] == 0), OBJECTS)


class PauseTest(SteeringTest):
    def test_a_run_of_a_worker_goes_on_there(self):
        worker = self.work("--lanes", "2")
        run = self.detach(*self.task("one"))
        self.until_some_are_written("one")
        self.assertIn(f"`dth run resume {run}`", self.dth("run", "pause", run).stderr)
        self.assertEqual(self.show(run)["state"], "paused")
        self.dth("run", "pause", run)
        self.until(lambda: self.json("worker", "list")[0]["jobs_held"] == 0, "its jobs were handed back")
        before = self.written("one")
        self.assertLess(before, OBJECTS)
        resumed = self.dth("run", "resume", run)
        self.assertEqual(resumed.stdout, "")
        self.assertIn("goes on in the process that works on it", resumed.stderr)
        self.until_over(run)
        self.check_exact(run, "one")
        self.assertIn("is over", self.dth("run", "pause", run, expect=2).stderr)
        self.end_worker(worker)

    def test_a_run_of_a_terminal_ends_its_command(self):
        copying = self.start(["copy", *self.task("one"), "--output", "json"])
        self.until_some_are_written("one")
        run = next(iter(self.runs()))
        self.dth("run", "pause", run)
        outcome = copying.wait()
        self.assertEqual(outcome.code, 130, str(outcome))
        self.assertIn("the run was paused; the same command resumes the run", outcome.stderr)
        self.assertEqual(self.show(run)["state"], "paused")
        self.assertEqual(self.json("run", "resume", run)["copied"], OBJECTS)
        self.check_exact(run, "one")

    def test_a_run_that_was_left_to_workers_stays_with_them(self):
        run = self.detach(*self.task("one"))
        self.dth("run", "pause", run)
        resumed = self.dth("run", "resume", run)
        self.assertIn("goes on when a worker takes it", resumed.stderr)
        self.assertEqual(self.show(run)["copied"], 0)
        worker = self.work("--lanes", "1")
        self.until_some_are_written("one")
        here = self.dth("run", "resume", run, "--here", "--output", "json")
        self.assertEqual(here.summary["run"], run)
        self.check_exact(run, "one")
        self.end_worker(worker)


class PlacementTest(SteeringTest):
    def test_a_label_weight_and_the_run_as_json(self):
        begun = self.json("copy", *self.task("one"), "--detach", "--placement", "label:east", "--weight", "7")
        self.assertEqual((begun["state"], begun["placement"], begun["weight"]), ("queued", "label:east", 7))
        run = begun["run"]
        self.dth("run", "set", run, expect=2)
        self.assertIn("has the weight 9 from now on", self.dth("run", "set", run, "--weight", "9").stderr)
        self.assertEqual(self.show(run)["weight"], 9)
        wrong = self.work("--lanes", "1", "--label", "west")
        right = self.work("--lanes", "1", "--label", "north", "--label", "east")
        self.until_some_are_written("one")
        workers = {worker["worker"]: worker for worker in self.json("worker", "list")}
        self.assertEqual(workers[wrong.id]["labels"], ["west"])
        self.assertEqual(workers[wrong.id]["jobs_held"], 0)
        self.assertGreater(workers[right.id]["jobs_held"], 0)
        self.assertEqual({worker["state"] for worker in workers.values()}, {"alive"})
        self.assertIn("label:north, label:east", self.dth("worker", "list").stdout)
        self.dth("worker", "drain", right.id)
        drained = right.wait()
        self.assertEqual(drained.code, 0, str(drained))
        self.assertNotEqual(self.show(run)["state"], "succeeded")
        self.end_worker(self.work("--lanes", "1"))
        last = self.work("--label", "east")
        self.until_over(run)
        self.check_exact(run, "one")
        self.assertIn("is over", self.dth("run", "set", run, "--weight", "1", expect=2).stderr)
        for worker in (wrong, last):
            self.end_worker(worker)

    def test_words_that_do_not_fit_are_refused(self):
        for options in (["--placement", "there"], ["--placement", "label:"], ["--placement", "here", "--detach"], ["--weight", "0"],
                        ["--placement", "any", "--restart"]):
            self.dth("copy", *self.task("one"), *options, expect=2)
        self.detach(*self.task("one"))
        self.assertIn("there is no worker nobody", self.dth("worker", "drain", "nobody", expect=2).stderr)
        self.assertIn("options come behind the command", self.dth("worker", "--lanes", "2", "list", expect=2).stderr)

    def test_a_drained_copy_can_be_resumed(self):
        copying = self.start(["copy", *self.task("one"), "--output", "json"])
        self.until_some_are_written("one")
        worker = self.json("worker", "list")[0]["worker"]
        self.dth("worker", "drain", worker)
        outcome = copying.wait()
        self.assertEqual(outcome.code, 130, str(outcome))
        done = self.json("copy", *self.task("one"))
        self.assertEqual(done["run"], outcome.summary["run"])
        self.check_exact(done["run"], "one")


class ToldTest(ProcessesTest):
    def test_a_state_that_is_not_there(self):
        self.assertEqual(self.json("run", "list"), [])
        named = self.dth("run", "list", "--database", f"sqlite:{self.directory}/typo.db", expect=1)
        self.assertIn("there is no state", named.stderr)
        self.assertIn("would be gone", self.dth("run", "list", "--database", "sqlite::memory:", expect=2).stderr)

    def test_a_profile_that_is_missing_is_a_credential_to_wait_for(self):
        (self.directory / ".aws").mkdir()
        profiles = self.directory / ".aws" / "credentials"
        key = f"aws_access_key_id = {self.key[0]}\naws_secret_access_key = {self.key[1]}\n"
        profiles.write_text(f"[good]\n{key}")
        bare = self.environment(**{f"DTH_{side}_{name}": None for side in ("SOURCE", "DESTINATION") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")})
        self.fill({"a": b"a"})
        run = self.detach(f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), "--source-profile", "good", "--destination-profile", "good",
                          environment=bare)
        profiles.write_text("[other]\n" + key)
        worker = self.work("--lanes", "1", environment=bare)
        self.until(lambda: self.json("run", "show", run)["state"] == "waiting", "it waited")
        waiting = self.json("run", "show", run)["waiting"]
        self.assertEqual(waiting["for"], "credential", waiting)
        self.assertNotIn("\\\\", self.dth("run", "show", run).stdout)
        profiles.write_text(f"[good]\n{key}")
        self.dth("run", "resume", run)
        self.until(lambda: self.json("run", "show", run)["state"] == "succeeded", "it went on")
        self.end_worker(worker)


class InFlightTest(HostileTest):
    def test_one_at_a_time_also_on_many_lanes_of_a_worker(self):
        self.serve("aws", "aws")
        self.fill({f"k/{number:03}": b"body" for number in range(40)})
        lock, under_way, most = threading.Lock(), 0, 0

        def hold(request):
            nonlocal under_way, most
            if request.method != "GET" or b"/k/" not in request.path:
                return
            with lock:
                under_way += 1
                most = max(most, under_way)
            time.sleep(0.01)  # so that a second one could be met
            with lock:
                under_way -= 1
        self.from_.on_request = hold
        arguments = self.copy_arguments(None, None, "--concurrency", "1", "--detach", output="table")
        run = self.run_dth(*arguments).stdout.strip()
        worker = self.start(["worker", "--lanes", "4", *self.database(self.state)])
        worker.wait_until(lambda: len(self.into.bodies(self.destination)) == 40, "all were copied")
        self.assertEqual(most, 1, run)
        worker.signal(signal.SIGTERM)
        self.assertEqual(worker.wait().code, 0)


if __name__ == "__main__":
    unittest.main()

"""`dth run …`: runs that are over, that go on, that were interrupted; and what processes on one state say to each other."""
import csv
import io
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import tempfile
import unittest

from dth import BenchServer, EndToEndTest
from failure_test import denial
from s3_client import content


class RunCommandsTest(EndToEndTest):
    def dth(self, *arguments, expect=0):
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def json(self, *arguments):
        return json.loads(self.dth(*arguments, "--output", "json").stdout)

    def serve(self, *options):
        server = BenchServer(*options)
        self.addCleanup(server.stop)
        return server

    def slow(self, objects=800):
        """Two servers, and the arguments of a copy between them that takes a while."""
        self.from_server = self.serve("--delay-ms", "150", "--synthetic", f"from:key/:{objects}:4096")
        self.to_server = self.serve("--bucket", "into")
        endpoints = self.endpoints(self.from_server.endpoint, self.to_server.endpoint)
        return self.copy_arguments("s3://from", "s3://into", "--concurrency", "20", endpoints=endpoints)

    def puts(self):
        return self.to_server.counts().get("PutObject", 0)


class ListTest(RunCommandsTest):
    def test_runs_of_a_state(self):
        self.fill({"a": b"1", "b": b"22"})
        first = self.copy().summary
        second = self.copy().summary
        listed = self.json("run", "list", *self.database(self.state))
        self.assertEqual([run["run"] for run in listed], [second["run"], first["run"]])
        self.assertEqual((listed[1]["copied"], listed[1]["bytes"], listed[1]["proof"]["SOURCE_CHECKSUM"]), (2, 3, 2))
        self.assertEqual((listed[0]["unchanged"], listed[0]["state"], listed[0]["action"]), (2, "succeeded", "COPY"))
        self.assertEqual((listed[0]["source"], listed[0]["destination"]), (f"s3://{self.source}", f"s3://{self.destination}"))
        self.assertEqual(listed[0]["ledger"], second["ledger"])
        self.assertEqual(len(self.json("run", "list", *self.database(self.state), "--limit", "1")), 1)
        table = self.dth("run", "list", *self.database(self.state)).stdout
        self.assertEqual(len(table.splitlines()), 3)
        self.assertIn(first["run"], table)
        self.assertIn("run: ", self.dth("run", "list", *self.database(self.state), "--output", "yaml").stdout)

    def test_one_state_has_all_runs(self):
        self.fill({"a": b"1"})
        arguments = [argument for argument in self.copy_arguments() if argument not in self.database(self.state)]
        one = self.dth(*arguments).summary
        two = self.dth(*[f"s3://{self.destination}/sub/" if argument == f"s3://{self.destination}" else argument for argument in arguments]).summary
        self.assertEqual([run["run"] for run in self.json("run", "list")], [two["run"], one["run"]])
        shown = self.json("run", "show", "latest")
        self.assertEqual((shown["run"], shown["options"]["destination"]), (two["run"], f"s3://{self.destination}/sub/"))
        self.assertEqual(self.json("run", "show", one["run"])["copied"], 1)
        # One that cannot be read is told.
        broken = self.directory / "broken.db"
        broken.write_bytes(b"no database" * 100)
        self.assertIn("broken.db", self.dth("run", "list", *self.database(broken), expect=1).stderr)

    def test_what_is_not_there(self):
        self.assertEqual(self.json("run", "list"), [])
        for arguments in (["show", "latest"], ["show", "nothing"], ["failures", "latest"], ["resume"], ["retry", "latest"]):
            outcome = self.dth("run", *arguments, expect=2)
            self.assertEqual(outcome.stdout, "")
            self.assertIn("there is no", outcome.stderr)
            outcome = self.dth("run", *arguments, *self.database(self.directory / "none.db"), expect=2)
            self.assertIn("none.db", outcome.stderr)
        self.assertFalse((self.directory / "none.db").exists(), "looking makes nothing")


class UnfinishedTest(RunCommandsTest):
    def test_a_run_is_read_while_it_goes_on(self):
        running = self.start(self.slow())
        running.wait_until(lambda: self.puts() > 50, "objects were written")
        listed = self.json("run", "list", *self.database(self.state))
        self.assertEqual([run["state"] for run in listed], ["running"])
        shown = self.json("run", "show", "latest", *self.database(self.state))
        self.assertLessEqual(shown["copied"], self.puts())
        self.assertTrue(shown["backlog"], shown)
        self.assertEqual(self.json("run", "failures", "latest", *self.database(self.state)), [])
        lines = self.dth("ledger", "show", shown["ledger"], *self.database(self.state)).stdout.splitlines()
        self.assertGreaterEqual(len(lines), shown["copied"])
        refused = self.dth("run", "resume", *self.database(self.state), expect=1)
        self.assertIn(f"process {running.process.pid} on", refused.stderr)
        self.assertEqual(running.wait().code, 0)

    def test_resume_needs_no_options(self):
        running = self.start(self.slow())
        running.wait_until(lambda: self.puts() > 100, "objects were written")
        running.signal(signal.SIGINT)
        first = running.wait()
        self.assertEqual(first.code, 130, str(first))
        self.assertEqual(self.json("run", "list", *self.database(self.state))[0]["state"], "interrupted")
        self.assertEqual(self.json("run", "show", "latest", *self.database(self.state))["state"], "interrupted")
        self.assertIn("interrupting: what is in flight may end (10 s); once more to stop at once", first.stderr)
        retried = self.dth("run", "retry", "latest", *self.database(self.state), expect=2)
        self.assertIn("dth run resume", retried.stderr)
        done = self.dth("run", "resume", *self.database(self.state), "--concurrency", "50", "--output", "json").summary
        self.assertEqual((done["run"], done["state"], done["copied"]), (first.summary["run"], "succeeded", 800))
        self.assert_counts_add_up(done)
        self.assertEqual(self.puts(), 800, "nothing was written twice")
        over = self.dth("run", "resume", done["run"], *self.database(self.state), expect=2)
        self.assertIn("is over", over.stderr)
        self.assertIn("--always", self.dth("run", "resume", "--always", expect=2).stderr, "only what may change can be given")

    def test_several_unfinished_runs_have_to_be_named(self):
        arguments = [argument for argument in self.slow() if argument not in self.database(self.state)]
        ids = []
        for destination in ("s3://into/1/", "s3://into/2/"):
            before = self.puts()
            running = self.start([destination if argument == "s3://into" else argument for argument in arguments])
            running.wait_until(lambda: self.puts() > before + 10, "objects were written")
            running.signal(signal.SIGTERM)
            ids.append(running.wait().summary["run"])
        refused = self.dth("run", "resume", expect=2)
        for run in ids:
            self.assertIn(run, refused.stderr)
        for run in ids:
            self.dth("run", "pause", run)
        refused = self.dth("run", "resume", expect=2)
        for run in ids:
            self.assertIn(f"{run} (copy, paused)", refused.stderr)
        done = self.dth("run", "resume", ids[0], "--output", "json").summary
        self.assertEqual((done["run"], done["copied"]), (ids[0], 800))
        self.assertEqual(self.dth("run", "resume", "--output", "json").summary["run"], ids[1])


class RetryTest(RunCommandsTest):
    def setUp(self):
        super().setUp()
        self.objects = {f"good/{number}": content(number, 500) for number in range(20)}
        self.objects |= {f"bad/{number}": content(number, 700) for number in range(5)} | {"bad/=1+1": b"x", "bad/large": content("large", 9 << 20)}
        self.bad = {key for key in self.objects if key.startswith("bad/")}
        self.fill(self.objects)
        self.deny()
        self.failed = self.copy(None, None, "--multipart-threshold", "8MiB", "--part-size", "5MiB", expect=5).summary

    def deny(self):
        self.a.request("PUT", f"/{self.source}", {"policy": ""}, denial(self.source, ["s3:GetObject"], "bad/*"))

    def allow(self):
        self.a.request("DELETE", f"/{self.source}", {"policy": ""})

    def retry(self, *options, run="latest", expect=0):
        return self.dth("run", "retry", run, *self.database(self.state), "--output", "json", *options, expect=expect)

    def test_failures_are_listed(self):
        failures = self.json("run", "failures", "latest", *self.database(self.state))
        self.assertEqual({failure["key"] for failure in failures}, self.bad)
        for failure in failures:
            self.assertEqual(failure["code"], "permission_denied")
            # The large one was refused its HEAD, and such an answer has no body to say so.
            self.assertIn("HTTP 403" if failure["key"] == "bad/large" else "AccessDenied", failure["detail"])
            self.assertRegex(failure["detail"], "tx[0-9a-f]+")
            self.assertGreaterEqual(failure["attempts"], 1)
        self.assertEqual(len(self.json("run", "failures", self.failed["run"], *self.database(self.state), "--limit", "3")), 3)
        table = self.dth("run", "failures", "latest", *self.database(self.state)).stdout
        self.assertEqual(len(table.splitlines()), 1 + len(self.bad))
        rows = list(csv.DictReader(io.StringIO(self.dth("run", "failures", "latest", *self.database(self.state), "--output", "csv").stdout, newline="")))
        self.assertEqual({row["key"] for row in rows}, self.bad)

    def test_all_of_them(self):
        self.allow()
        done = self.retry().summary
        self.assertNotEqual(done["run"], self.failed["run"])
        self.assertEqual((done["selected"], done["copied"], done["failed"]), (7, 7, 0))
        self.assertEqual(done["requests"]["list"], 1, "of the large object's uploads; no bucket is listed")
        self.assert_counts_add_up(done)
        self.assert_same_objects()
        self.assertEqual(self.json("run", "show", "latest", *self.database(self.state))["retry_of"], self.failed["run"])
        self.dth("ledger", "verify", done["ledger"])
        again = self.retry()
        self.assertIn("nothing to try again", again.stderr)

    def test_chosen_ones(self):
        self.allow()
        done = self.retry("--key", "bad/1", "--key", "bad/=1+1").summary
        self.assertEqual((done["selected"], done["copied"]), (2, 2))
        self.assertEqual({key for key in self.b.list(self.destination) if key.startswith("bad/")}, {"bad/1", "bad/=1+1"})
        refused = self.retry("--key", "good/1", run=self.failed["run"], expect=2)
        self.assertIn("did not fail", refused.stderr)
        # The others of the first run; those that were copied meanwhile are seen to be there.
        done = self.retry(run=self.failed["run"]).summary
        self.assertEqual((done["selected"], done["copied"], done["unchanged"]), (7, 5, 2))
        self.assert_same_objects()

    def test_what_fails_again_can_be_tried_again(self):
        again = self.retry(expect=5).summary
        self.assertEqual((again["selected"], again["failed"]), (7, 7))
        self.allow()
        self.a.request("DELETE", f"/{self.source}/bad/0")
        done = self.retry().summary
        self.assertEqual((done["copied"], done["deleted_at_source"]), (6, 1))

    def test_the_command_that_began_it_does_not_take_a_retry_for_its_own(self):
        with sqlite3.connect(self.state) as database:
            # As if a retry had been killed in its first moments.
            spec = json.loads(database.execute("select spec from run").fetchone()[0]) | {"retry": {"run": self.failed["run"], "keys": []}}
            database.execute("insert into run (id, kind, spec, state, created_at) select 'retrying', kind, ?, 'queued', created_at + 1 from run", (json.dumps(spec),))
            database.execute("insert into job (run, kind, priority, items, continues, payload) select number, 'object_copy/retry', 0, 0, 0, ? from run where id = 'retrying'",
                             (json.dumps({"run": self.failed["run"], "offset": 0, "keys": []}).encode(),))
        database.close()
        refused = self.copy(None, None, "--multipart-threshold", "8MiB", "--part-size", "5MiB", expect=2)
        self.assertIn(f"it repeats the failed items of run {self.failed['run']}", refused.stderr)
        self.allow()
        done = self.dth("run", "resume", "--here", *self.database(self.state), "--output", "json").summary
        self.assertEqual((done["run"], done["copied"]), ("retrying", 7))


class StateTest(RunCommandsTest):
    def test_newer_version(self):
        self.fill({"a": b"1"})
        self.copy()
        with sqlite3.connect(self.state) as database:
            database.execute("update meta set value = 1000 where name = 'schema_version'")
        database.close()
        for arguments in (self.copy_arguments(), ["run", "list", *self.database(self.state)]):
            refused = self.dth(*arguments, expect=1)
            self.assertIn("was made by a newer version of dth", refused.stderr)
            self.assertIn("use that version", refused.stderr)

    def test_unreleased_earlier_build(self):
        """Its runs cannot be read; it must not look as if somebody had changed the file."""
        self.fill({"a": b"1"})
        self.copy()
        with sqlite3.connect(self.state) as database:
            database.execute("update meta set value = 6 where name = 'schema_version'")
        database.close()
        for arguments in (self.copy_arguments(), ["run", "list", *self.database(self.state)]):
            refused = self.dth(*arguments, expect=1)
            self.assertIn("an unreleased earlier build of dth made it", refused.stderr)
            self.assertIn("Move it away", refused.stderr)
            self.assertNotIn("by hand", refused.stderr)

    def test_full_disk(self):
        """A file system of 400 KiB for the state; the copy stops with words, and goes on when there is room."""
        place = pathlib.Path(tempfile.mkdtemp(prefix="dth-full."))
        self.addCleanup(os.rmdir, place)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", place], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest("only root can mount a small file system: " + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", place], check=True)
        server = self.serve("--synthetic", "from:" + "k" * 200 + "/:5000:10", "--bucket", "into")
        arguments = self.copy_arguments("s3://from", "s3://into", endpoints=self.endpoints(server.endpoint, server.endpoint), state=place / "state.db")
        stopped = self.dth(*arguments, expect=1)
        self.assertIn("the disk is full; free some space, then ", stopped.stderr)
        subprocess.run(["mount", "-o", "remount,size=40m", place], check=True)
        done = self.dth(*arguments).summary
        self.assertEqual((done["copied"], done["state"]), (5000, "succeeded"))


class CompletionTest(RunCommandsTest):
    def offered(self, *words):
        script = self.dth("completion", "bash").stdout
        quoted = " ".join(f"'{word}'" for word in words)
        told = subprocess.run(["bash", "--norc", "-c", f"{script}\ncompopt() {{ :; }}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}\n_dth\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""],
                              capture_output=True, text=True, check=True, cwd=self.directory)
        self.assertEqual(told.stderr, "")
        return told.stdout.split()

    def test_bash_completes(self):
        commands = self.offered("dth", "")
        self.assertLessEqual({"copy", "run", "ledger", "key", "completion"}, set(commands))
        self.assertNotIn("man", commands)
        self.assertEqual(set(self.offered("dth", "run", "re")), {"resume", "retry", "reject"})
        self.assertEqual(self.offered("dth", "copy", "--source-addr"), ["--source-addressing"])
        self.assertEqual(set(self.offered("dth", "copy", "--source-addressing", "")), {"auto", "path", "virtual"})
        self.assertEqual(self.offered("dth", "copy", "s3://a", "s3://b", "--output", "y"), ["yaml"])
        self.assertNotIn("--always", self.offered("dth", "run", "resume", "--"))
        (self.directory / "some-state").touch()
        self.assertEqual(self.offered("dth", "run", "list", "--database", "some"), ["some-state"])

    def test_every_option_of_help_is_completed(self):
        for command in (["copy"], ["run", "resume"], ["ledger", "verify"]):
            told = set(re.findall(r"^ +(?:-\w,)?(--[a-z][a-z-]*)", self.dth(*command, "--help").stdout, re.MULTILINE))
            self.assertGreater(len(told), 2)
            self.assertLessEqual(told, set(self.offered("dth", *command, "--")))


class ManualTest(RunCommandsTest):
    def test_pages_are_good_roff(self):
        pages = self.directory / "man"
        pages.mkdir()
        self.dth("man", "--directory", pages)
        names = {page.name for page in pages.iterdir()}
        self.assertLessEqual({"dth.1", "dth-copy.1", "dth-run-retry.1", "dth-ledger-verify.1"}, names)
        for page in pages.iterdir():
            done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-P-cbou", page], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), page.name)
            for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
                self.assertIn(f"\n{section}\n", done.stdout, page.name)
        self.assertIn("--multipart-threshold", (pages / "dth-copy.1").read_text().replace("\\-", "-"))
        self.assertEqual((pages / "dth-run-list.1").read_text(), self.dth("man", "run", "list").stdout)


if __name__ == "__main__":
    unittest.main()

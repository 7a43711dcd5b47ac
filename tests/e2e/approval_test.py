"""Deletions that wait until somebody approves their number: by the hub's API and by `dth run`, with the state in a file and on a server."""
import signal
import unittest

from hub import Hub
from postgres_test import OnPostgres
from processes_test import ProcessesTest
from dth import EndToEndTest

DECIDE = "mutation { %s(input: {runId: \"%s\" %s}) { run { state } userErrors { code message } } }"


class ApprovalTest(EndToEndTest):
    """Two buckets: what is to be copied, and at the destination one object that both have and some that only it has."""

    def setUp(self):
        super().setUp()
        self.fill({"kept": b"same", "new": b"new"})
        self.fill({"kept": b"same"}, self.b, self.destination)
        self.add_extras("x1", "x2", "x3")

    def add_extras(self, *keys):
        self.fill({key: b"extra" for key in keys}, self.b, self.destination)

    def there(self):
        return sorted(self.b.list(self.destination))

    def task(self, *options):
        return ["sync", f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), "--approve-deletions", *options]


class WorkersTest(ApprovalTest, ProcessesTest):
    """Runs that are left to workers, decided on the host."""

    def begin(self):
        return self.dth(*self.task(), "--detach", *self.ledger_options()).stdout.strip()

    def ledger_options(self):
        return []

    def show(self, run):
        return self.json("run", "show", run)

    def until_it_waits(self, run, count):
        self.until(lambda: self.show(run)["state"] == "waiting" and self.show(run)["deletions"]["count"] == count, f"run {run} waited with {count}")

    def until_over(self, run, state="succeeded"):
        self.until(lambda: self.show(run).get("ended_at"), f"run {run} had ended")
        shown = self.show(run)
        self.assertEqual(shown["state"], state, shown)
        return shown

    def test_the_counted_number_is_approved_and_exactly_that_is_deleted(self):
        worker = self.work("--lanes", "2")
        run = self.begin()
        self.until_it_waits(run, 3)
        self.assertEqual(self.there(), ["kept", "new", "x1", "x2", "x3"], "copies do not wait, deletions do")
        shown = self.show(run)
        self.assertEqual((shown["waiting"]["for"], shown["deletions"]["sample_keys"]), ("approval", ["x1", "x2", "x3"]))
        self.assertEqual(self.json("worker", "list")[0]["jobs_held"], 0)
        told = self.dth("run", "show", run).stdout
        self.assertIn(f"dth run approve {run} --deletions 3", told)
        self.assertIn(f"`dth run approve {run} --deletions 3", self.dth("run", "list").stderr)
        refused = self.dth("run", "approve", run, "--deletions", "2", expect=1)
        self.assertIn("would delete 3 objects, not 2", refused.stderr)
        self.assertEqual(self.show(run)["state"], "waiting")
        # More than was approved is counted again.
        self.add_extras("x4")
        self.dth("run", "approve", run, "--deletions", "3")
        self.until_it_waits(run, 4)
        self.assertEqual(len(self.there()), 6)
        self.dth("run", "approve", run, "--deletions", "4")
        shown = self.until_over(run)
        self.assertEqual((shown["deleted"], shown["extra"], shown["deletions"]["decision"]), (4, 4, "approved"))
        self.assertEqual(self.there(), ["kept", "new"])
        self.assertIn("is over", self.dth("run", "approve", run, "--deletions", "4", expect=2).stderr)
        self.end_worker(worker)

    def test_it_waits_through_kill_pause_and_resume(self):
        worker = self.work("--lanes", "1")
        run = self.begin()
        self.until_it_waits(run, 3)
        worker.signal(signal.SIGKILL)
        worker.wait()
        self.assertEqual(self.show(run)["state"], "waiting", "nobody has to run for that")
        worker = self.work("--lanes", "1")
        self.dth("run", "pause", run)
        self.assertEqual(self.show(run)["state"], "paused")
        self.add_extras("x4")
        self.dth("run", "resume", run)
        self.until_it_waits(run, 4)
        self.assertEqual(len(self.there()), 6)
        self.dth("run", "approve", run, "--deletions", "4")
        self.assertEqual(self.until_over(run)["deleted"], 4)
        self.end_worker(worker)

    def test_rejected_deletions_delete_nothing(self):
        worker = self.work("--lanes", "1")
        run = self.begin()
        self.until_it_waits(run, 3)
        self.dth("run", "reject", run, "--comment", "wrong bucket")
        shown = self.until_over(run, "cancelled")
        self.assertIn("dth run rejected the deletion of 3 objects (wrong bucket)", shown["warnings"][0])
        self.assertEqual((shown["deleted"], shown["deletions"]["decision"]), (0, "rejected"))
        self.assertEqual(self.there(), ["kept", "new", "x1", "x2", "x3"])
        self.end_worker(worker)

    def test_a_cancelled_run_deletes_nothing_and_the_next_one_asks_again(self):
        worker = self.work("--lanes", "1")
        run = self.begin()
        self.until_it_waits(run, 3)
        self.dth("run", "cancel", run)
        self.until_over(run, "cancelled")
        self.assertIn("is over", self.dth("run", "approve", run, "--deletions", "3", expect=2).stderr)
        run = self.begin()
        self.until_it_waits(run, 3)
        self.assertEqual(len(self.there()), 5)
        self.dth("run", "cancel", run)
        self.end_worker(worker)

    def test_nothing_to_delete_never_waits(self):
        for key in ("x1", "x2", "x3"):
            self.b.request("DELETE", f"/{self.destination}/{key}")
        worker = self.work("--lanes", "1")
        shown = self.until_over(self.begin())
        self.assertNotIn("deletions", shown)
        self.end_worker(worker)


class WorkersOnPostgresTest(OnPostgres, WorkersTest):
    def ledger_options(self):
        return ["--ledger", self.directory / ".local/state/dth/ledger"]


class CommandTest(ApprovalTest, ProcessesTest):
    """Runs of a command of their own."""

    def test_the_command_ends_and_goes_on_once_it_is_approved(self):
        waits = self.dth(*self.task("--output", "json"), expect=3)
        self.assertEqual((waits.summary["state"], waits.summary["interrupted"]), ("waiting", False), str(waits))
        run = waits.summary["run"]
        self.assertIn(f"run {run} waits: 3 of 5 objects", waits.stderr)
        self.assertEqual(self.json("run", "show", run)["state"], "waiting")
        again = self.dth(*self.task("--output", "json"), expect=3)
        self.assertEqual(again.summary["run"], run, "the same command counts again")
        # Without the option it is another task: it does not go on with this one.
        other = [word for word in self.task() if word != "--approve-deletions"]
        self.assertIn("approve-deletions", self.dth(*other, expect=2).stderr)
        self.dth("run", "resume", run, "--approve-deletions", "false", expect=2)
        self.assertEqual(len(self.there()), 5)
        approved = self.dth("run", "approve", run, "--deletions", "3")
        self.assertIn(f"`dth run resume {run}`", approved.stderr)
        done = self.dth("run", "resume", run, "--output", "json")
        self.assertEqual((done.summary["deleted"], done.summary["state"]), (3, "succeeded"), str(done))
        self.assertEqual(self.there(), ["kept", "new"])

    def test_a_rejected_run_is_ended_here(self):
        run = self.dth(*self.task("--output", "json"), expect=3).summary["run"]
        self.assertIn("nothing was deleted", self.dth("run", "reject", run).stderr)
        self.assertEqual(self.json("run", "show", run)["state"], "cancelled")
        self.assertEqual(len(self.there()), 5)

    def test_limits_that_are_given_hold_and_defaults_do_not(self):
        failed = self.dth(*self.task("--delete-max", "2"), expect=1)
        self.assertIn("--delete-max", failed.stderr)
        self.add_extras("x4", "x5")  # more than half
        self.dth(*self.task(), expect=3)
        self.assertEqual(len(self.there()), 7)


class HubApprovalTest(ApprovalTest, ProcessesTest):
    """Runs of the hub's worker, decided through the API."""

    def hub(self):
        self.state.parent.mkdir(parents=True, exist_ok=True)
        hub = Hub(self.state.parent, ["--listen", "127.0.0.1:0", "--worker-lanes", "1"], self.environment())
        self.addCleanup(hub.kill)
        return hub

    def decide(self, hub, mutation, run, more=""):
        return hub.ask(DECIDE % (mutation, run, more))[mutation]

    def wait_for(self, hub, run, state):
        query = "{ run(id: \"%s\") { state waiting { for } deletions { count decision decidedBy sampleKeys } } }" % run
        self.until(lambda: hub.ask(query)["run"]["state"] == state, f"run {run} was {state}")
        return hub.ask(query)["run"]

    def test_approve_reject_and_a_hub_that_is_killed(self):
        hub = self.hub()
        run = self.dth(*self.task(), "--detach").stdout.strip()
        shown = self.wait_for(hub, run, "WAITING")
        self.assertEqual((shown["waiting"], shown["deletions"]["count"], shown["deletions"]["decision"]), ({"for": "APPROVAL"}, "3", None))
        hub.process.kill()
        hub.process.wait()
        hub = self.hub()
        self.assertEqual(self.wait_for(hub, run, "WAITING")["deletions"]["count"], "3")
        refused = self.decide(hub, "approveDeletions", run, 'expectedCount: "4"')
        self.assertEqual((refused["run"], refused["userErrors"][0]["code"]), (None, "STALE_REVISION"))
        self.assertEqual(len(self.there()), 5)
        approved = self.decide(hub, "approveDeletions", run, 'expectedCount: "3"')
        self.assertEqual(approved["userErrors"], [])
        shown = self.wait_for(hub, run, "SUCCEEDED")
        self.assertEqual(shown["deletions"]["decision"], "APPROVED")
        self.assertTrue(shown["deletions"]["decidedBy"])
        self.assertEqual(self.there(), ["kept", "new"])
        self.add_extras("y")
        run = self.dth(*self.task(), "--detach").stdout.strip()
        self.wait_for(hub, run, "WAITING")
        self.assertEqual(self.decide(hub, "rejectDeletions", run, 'comment: "no"')["userErrors"], [])
        self.assertEqual(self.wait_for(hub, run, "CANCELLED")["deletions"]["decision"], "REJECTED")
        self.assertEqual(self.there(), ["kept", "new", "y"])
        audit = hub.ask("{ auditEvents(first: 20) { edges { node { action targetId } } } }")["auditEvents"]["edges"]
        actions = [edge["node"]["action"] for edge in audit]
        self.assertEqual((actions.count("approveDeletions"), actions.count("rejectDeletions")), (1, 1), actions)


if __name__ == "__main__":
    unittest.main()

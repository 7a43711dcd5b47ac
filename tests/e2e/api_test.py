"""The hub's API: conventions, lists, steering of runs, progress."""
import json
import time

from dth import BenchServer
from fake_s3 import FakeS3
from hub import HubTest


class ApiTest(HubTest):
    def stores(self):
        """Two stores with the buckets from and into, and the arguments of a copy between them."""
        source, destination = FakeS3("aws"), FakeS3("aws")
        for fake, bucket in ((source, "from"), (destination, "into")):
            self.addCleanup(fake.stop)
            fake.add_bucket(bucket)
        arguments = self.copy_arguments("s3://from", "s3://into", "--source-vendor", "aws", "--destination-vendor", "aws",
                                        endpoints=self.endpoints(source.endpoint, destination.endpoint))
        return source, destination, arguments

    def slow_copy(self, objects):
        """A copy that takes a while, in a process of its own. Its run's id once it is there."""
        source, destination = BenchServer("--delay-ms", "100", "--synthetic", f"from:key/:{objects}:4096"), BenchServer("--bucket", "into")
        self.addCleanup(source.stop)
        self.addCleanup(destination.stop)
        return self.start(self.copy_arguments("s3://from", "s3://into", "--concurrency", "20",
                                              endpoints=self.endpoints(source.endpoint, destination.endpoint)))

    def wait_for_run(self, hub, running):
        found = []

        def is_there():
            found[:] = hub.ask("{ runs { nodes { id } } }")["runs"]["nodes"]
            return bool(found)
        running.wait_until(is_there, "the run was there")
        return found[0]["id"]

    def state_of(self, hub, run):
        return hub.ask("query Q($id: ID!) { run(id: $id) { state } }", {"id": run})["run"]["state"]

    def mutate(self, hub, name, **values):
        query = f"mutation M($input: {name[0].upper() + name[1:]}Input!) {{ {name}(input: $input) {{ run {{ id state retryOf }} userErrors {{ field code message }} }} }}"
        return hub.ask(query, {"input": values})[name]


class ConventionsTest(ApiTest):
    def test_ids_are_the_same_everywhere(self):
        source, _, arguments = self.stores()
        source.add_object("from", "a", b"content")
        hub = self.hub()
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, 0, str(outcome))
        run = outcome.summary["run"]
        self.assertRegex(run, r"^run_[0-9a-z]{26}$")
        self.assertTrue(outcome.summary["ledger"].endswith("/" + run))
        node = hub.ask("query Q($id: ID!) { node(id: $id) { id __typename ... on Run { state } } }", {"id": run})["node"]
        self.assertEqual(node, {"id": run, "__typename": "Run", "state": "SUCCEEDED"})
        self.assertEqual(hub.ask('{ node(id: "run_nope") { id } }')["node"], None)

    def test_a_page_that_is_too_large_names_the_argument(self):
        hub = self.hub()
        _, answer = hub.post("{ runs(first: 100000) { nodes { failures(first: 500) { nodes { key } } } } }")
        (error,) = answer["errors"]
        self.assertEqual(error["message"], "first is 100000: give a number from 1 to 500.")
        self.assertEqual(error["extensions"], {"code": "BAD_USER_INPUT", "field": "first"})


class ListsTest(ApiTest):
    def test_runs_by_filter_and_page(self):
        source, _, arguments = self.stores()
        source.add_object("from", "a", b"content")
        source.fail("refused", "GetObject", key="b", times=None, status=403, code="AccessDenied")
        hub = self.hub()
        good = self.run_dth(*arguments).summary["run"]
        source.add_object("from", "b", b"content")
        bad = self.run_dth(*arguments).summary["run"]

        def runs(arguments):
            return hub.ask(f"{{ runs{arguments} {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}")["runs"]
        self.assertEqual([node["id"] for node in runs("(filter: {state: [COMPLETED_WITH_FAILURES]})")["nodes"]], [bad])
        self.assertEqual([node["id"] for node in runs('(filter: {action: [COPY], text: "FROM"}, orderBy: {direction: ASC})')["nodes"]], [good, bad])
        self.assertEqual(runs("(filter: {action: [SYNC]})")["nodes"], [])
        first = runs("(first: 1)")
        self.assertEqual((first["totalCount"], first["pageInfo"]["hasNextPage"]), ("2", True))
        cursor = json.dumps(first["pageInfo"]["endCursor"])
        self.assertEqual([node["id"] for node in runs(f"(after: {cursor})")["nodes"]], [good])
        _, refused = hub.post(f"{{ runs(after: {cursor}, orderBy: {{direction: ASC}}) {{ nodes {{ id }} }} }}")
        self.assertIn("with this filter and order", refused["errors"][0]["message"])
        (group,) = hub.ask("query Q($id: ID!) { run(id: $id) { failureGroups { code count sampleKey advice } } }", {"id": bad})["run"]["failureGroups"]
        self.assertEqual((group["code"], group["count"], group["sampleKey"]), ("PERMISSION_DENIED", "1", "b"))
        self.assertIn("Grant", group["advice"])
        self.assertEqual(hub.stop(), 0)


class SteeringTest(ApiTest):
    def test_a_run_of_another_process_is_paused(self):
        hub = self.hub()
        running = self.slow_copy(3000)
        run = self.wait_for_run(hub, running)
        self.assertEqual(self.mutate(hub, "pauseRun", id=run), {"run": {"id": run, "state": "PAUSED", "retryOf": None}, "userErrors": []})
        running.wait()
        self.assertEqual(self.state_of(hub, run), "PAUSED")
        (error,) = self.mutate(hub, "resumeRun", id=run)["userErrors"]
        self.assertEqual(error["code"], "WRONG_STATE")
        self.assertIn(f"`dth run resume {run}`", error["message"], "its process is gone, with its credentials")
        self.assertEqual(self.state_of(hub, run), "PAUSED")
        self.assertEqual(hub.stop(), 0)

    def test_a_run_of_another_process_is_cancelled(self):
        hub = self.hub()
        running = self.slow_copy(3000)
        run = self.wait_for_run(hub, running)
        self.assertEqual(self.mutate(hub, "resumeRun", id=run, idempotencyKey="k")["run"]["state"], "RUNNING", "nothing changes")
        self.assertEqual(self.mutate(hub, "cancelRun", id=run, idempotencyKey="k")["userErrors"], [], "keys belong to their mutation")
        running.wait()
        self.assertEqual(self.state_of(hub, run), "CANCELLED")
        (error,) = self.mutate(hub, "pauseRun", id=run)["userErrors"]
        self.assertEqual((error["code"], error["field"]), ("WRONG_STATE", ["input", "id"]))
        self.assertIn("is over (cancelled)", error["message"])
        self.assertEqual(hub.stop(), 0)

    def test_failed_items_of_a_process_of_its_own_are_left_to_its_host(self):
        source, _, arguments = self.stores()
        for key in ("a", "b"):
            source.add_object("from", key, b"content")
        source.fail("refused", "GetObject", key="b", times=None, status=403, code="AccessDenied")
        hub = self.hub()
        run = self.run_dth(*arguments).summary["run"]
        for _ in range(2):
            (error,) = self.mutate(hub, "retryRun", id=run, codes=["PERMISSION_DENIED"], idempotencyKey="once")["userErrors"]
            self.assertEqual(error["code"], "WRONG_STATE")
            self.assertIn(f"dth run retry {run}", error["message"])
        self.assertEqual(len(hub.ask("{ runs { nodes { id } } }")["runs"]["nodes"]), 1)

    def test_a_mutation_is_not_taken_by_get(self):
        hub = self.hub()
        status, _, _ = hub.request("GET", "/graphql?query=mutation%7BpauseRun(input%3A%7Bid%3A%22x%22%7D)%7BuserErrors%7Bcode%7D%7D%7D")
        self.assertEqual(status, 405)


class ProgressTest(ApiTest):
    PROGRESS = """query Q($id: ID!) { run(id: $id) { state progress {
      items { listed leftOut selected toDelete copied unchanged skipped matched undetermined deletedAtSource failed deleted pending }
      phases { phase state items } timeLeft { kind low high } } series { step points { items } } } }"""

    def test_numbers_add_up_while_a_run_goes_on(self):
        hub = self.hub()
        running = self.slow_copy(1200)
        run = self.wait_for_run(hub, running)
        looks = 0
        while (seen := hub.ask(self.PROGRESS, {"id": run})["run"])["state"] == "RUNNING":
            items = {name: int(value) for name, value in seen["progress"]["items"].items()}
            self.assertEqual(items["listed"], items["leftOut"] + items["selected"], items)
            settled = sum(items[name] for name in ("copied", "unchanged", "skipped", "matched", "undetermined", "deletedAtSource", "failed", "deleted"))
            self.assertEqual(items["selected"] + items["toDelete"], settled + items["pending"], items)
            self.assertGreaterEqual(items["pending"], 0)
            looks += 1
        self.assertEqual(running.wait().code, 0)
        self.assertGreater(looks, 3)
        seen = hub.ask(self.PROGRESS, {"id": run})["run"]
        self.assertEqual([(phase["phase"], phase["state"]) for phase in seen["progress"]["phases"]],
                         [("LIST", "DONE"), ("COPY", "DONE"), ("VERIFY", "DONE"), ("DELETE", "SKIPPED"), ("CLOSE", "DONE")])
        self.assertEqual(seen["progress"]["items"]["copied"], "1200")
        self.assertIsNone(seen["progress"]["timeLeft"])
        self.assertLessEqual(sum(int(point["items"]) for point in seen["series"]["points"]), 1200)

    def test_the_overview_follows_runs(self):
        hub = self.hub()
        events = hub.events("subscription { overview { queueJobs running { id } last24Hours { runs copied } } }")
        self.assertEqual(next(events)["data"]["overview"], {"queueJobs": "0", "running": [], "last24Hours": {"runs": "0", "copied": "0"}})
        running = self.slow_copy(300)
        started = time.monotonic()
        while not (seen := next(events)["data"]["overview"])["running"]:
            self.assertLess(time.monotonic() - started, 60)
        self.assertEqual(running.wait().code, 0)
        while (seen := next(events)["data"]["overview"])["last24Hours"]["runs"] == "0":
            pass
        self.assertEqual(seen["last24Hours"], {"runs": "1", "copied": "300"})
        self.assertEqual(hub.stop(), 0)

"""Tasks of a hub on real servers: their schedules, and what becomes of them when hubs die."""
import datetime
import sqlite3
import time
import unittest

import postgres_server
from dth import BenchServer, EndToEndTest
from endpoints_test import EndpointHost
from s3_client import Client

TASK = "id name state activity runCount revision nextRunAt lastRun { state number trigger counts { copied unchanged failed } } currentRun { id state }"


class TaskHost(EndpointHost):
    """What these tests do with tasks. They use two servers, which they start or are given."""

    def start_hub(self, *options):
        return self.start("--worker-lanes", "1", *options)

    def make_endpoints(self, source, destination):
        key = self.make_key("key", *self.key)
        self.here = self.create("here", key, endpoint_url=source, addressing="path")
        self.there = self.create("there", key, endpoint_url=destination, addressing="path")

    def task_input(self, name, source, destination, options=None, **schedule):
        return {"name": name, "action": "COPY", "source": {"endpointId": self.here, "path": source},
                "destination": {"endpointId": self.there, "path": destination},
                "options": self.pairs(options or {}), "schedule": dict({"kind": "MANUAL"}, **schedule)}

    def make_task(self, *arguments, **schedule):
        made = self.mutate("createTask", {"task": self.task_input(*arguments, **schedule)}, "task { id }")
        self.assertEqual(made["userErrors"], [])
        return made["task"]["id"]

    def task(self, task, fields=TASK):
        return self.answer_of(f"query($id: ID!) {{ task(id: $id) {{ {fields} }} }}", {"id": task})["task"]

    def each(self, verb, *tasks, fields="task { state activity } run { id number } error { message code }", **more):
        payload = {"run": "RunTasksInput"}.get(verb, "TaskIdsInput")
        query = f"mutation($input: {payload}!) {{ {verb}Tasks(input: $input) {{ results {{ {fields} }} userErrors {{ message }} }} }}"
        answer = self.answer_of(query, {"input": {"ids": list(tasks), **more}})[verb + "Tasks"]
        self.assertEqual(answer["userErrors"], [])
        return answer["results"]

    def until(self, condition, what, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s in vain until {what}: {self.running.log[-2000:]}")
            time.sleep(0.05)

    def ran(self, task, count):
        now = self.task(task)
        return now["runCount"] >= count and now["activity"] == "IDLE"

    @staticmethod
    def soon(seconds):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat()

    def restart(self, *options):
        token, log = self.running.token, self.running.log
        self.start_hub(*options)
        self.running.made_token = token
        self.headers = self.of(token)
        return log


class ScheduledTest(TaskHost):
    """On two Ceph RGW."""

    @classmethod
    def setUpClass(cls):
        EndToEndTest.setUpClass.__func__(cls)

    def setUp(self):
        EndToEndTest.setUp(self)
        self.data = self.directory / "data"
        self.state = self.data / "state.db"

    def tearDown(self):
        EndToEndTest.tearDown(self)

    def test_tasks_run_once_at_intervals_by_cron_and_on_demand(self):
        self.fill({f"in/{i}": b"x" * i for i in range(20)})
        self.start_hub()
        self.make_endpoints(self.a.endpoint, self.b.endpoint)
        tasks = {"once": self.make_task("once", f"{self.source}/in/", f"{self.destination}/once/", kind="ONCE", at=self.soon(1)),
                 "every": self.make_task("every", f"{self.source}/in/", f"{self.destination}/every/", kind="EVERY", everyCount=1,
                                         everyUnit="HOURS", anchor=self.soon(1)),
                 "manual": self.make_task("manual", f"{self.source}/in/", f"{self.destination}/manual/")}
        cron = self.make_task("cron", f"{self.source}/in/", f"{self.destination}/cron/", kind="CRON", cron="0 * * * *", zone="Asia/Kolkata")
        self.assertIsNone(self.each("run", tasks["manual"])[0]["error"])
        for name, task in tasks.items():
            self.until(lambda task=task: self.ran(task, 1), f"{name} ran")
            last = self.task(task)["lastRun"]
            self.assertEqual((last["state"], last["counts"]["copied"], last["trigger"]),
                             ("SUCCEEDED", "20", "MANUAL" if name == "manual" else "SCHEDULE"), name)
            self.assertEqual(len(self.b.list(self.destination, prefix=name + "/")), 20)
        self.assertIsNone(self.task(tasks["once"])["nextRunAt"])
        self.assertIsNotNone(self.task(tasks["every"])["nextRunAt"])
        # No hub is there for seven hours: one run makes up for what was missed.
        self.running.stop()
        with sqlite3.connect(self.state) as database:
            database.execute("update task set looked_at = looked_at - 25200000000, next_run_at = next_run_at - 25200000000 where name = 'cron'")
        self.restart()
        self.until(lambda: self.ran(cron, 1), "cron ran")
        [line] = [line for line in self.running.log_lines() if line.get("name") == "cron"]
        self.assertEqual((line["decision"], line["slots"], line["missed"]), ("started", 7, 7), line)
        self.assertEqual(self.task(cron)["runCount"], 1)
        self.assertEqual(self.task(cron)["lastRun"]["counts"]["copied"], "20")
        events = self.answer_of('{ auditEvents(filter: {action: "startScheduledRun"}) { nodes { targetName } } }')["auditEvents"]["nodes"]
        self.assertEqual(sorted(event["targetName"] for event in events), ["cron", "every", "once"])
        # The runs of a task are found by it, and say where they come from.
        runs = self.answer_of("query($id: ID!) { runs(filter: {taskId: [$id]}) { nodes { number trigger triggeredBy task { name } } } }",
                              {"id": cron})["runs"]["nodes"]
        self.assertEqual(runs, [{"number": 1, "trigger": "SCHEDULE", "triggeredBy": "schedule", "task": {"name": "cron"}}])

    def test_deletions_of_a_task_wait_for_an_approval(self):
        self.fill({"in/a": b"1"})
        self.b.put(self.destination, "out/extra", b"2")
        self.start_hub()
        self.make_endpoints(self.a.endpoint, self.b.endpoint)
        task = dict(self.task_input("mirror", f"{self.source}/in/", f"{self.destination}/out/"), action="SYNC")
        made = self.mutate("createTask", {"task": task, "start": True}, "task { id } run { id }")
        self.assertEqual(made["userErrors"], [])
        self.until(lambda: self.task(made["task"]["id"])["activity"] == "WAITS_FOR_APPROVAL", "it waits")
        self.assertIn("out/extra", self.b.list(self.destination))
        self.mutate("approveDeletions", {"runId": made["run"]["id"], "expectedCount": 1}, "run { id }")
        self.until(lambda: self.ran(made["task"]["id"], 1), "it ran")
        self.assertEqual(sorted(self.b.list(self.destination)), ["out/a"])

    def test_a_document_is_the_task_and_the_command_copies_the_same(self):
        self.fill({"in/a": b"1", "in/b.tmp": b"2"})
        self.start_hub()
        self.make_endpoints(self.a.endpoint, self.b.endpoint)
        task = self.make_task("nightly", f"{self.source}/in/", f"{self.destination}/out/", {"exclude": "*.tmp"})
        document = self.answer_of("query($id: ID!) { taskDocument(id: $id, format: YAML) }", {"id": task})["taskDocument"]
        self.assertNotIn(self.key[1], document)
        applied = self.mutate("applyTask", {"document": document.replace("name: nightly", "name: daily")}, "created task { id name }")
        self.assertEqual((applied["created"], applied["userErrors"]), (True, []))
        self.assertIsNone(self.each("run", applied["task"]["id"])[0]["error"])
        self.until(lambda: self.ran(applied["task"]["id"], 1), "it ran")
        self.assertEqual(sorted(self.b.list(self.destination)), ["out/a"])
        command = self.answer_of("query($id: ID!) { taskDocument(id: $id, format: CLI) }", {"id": task})["taskDocument"]
        self.assertNotIn(self.key[1], command)
        self.assertIn("--exclude '*.tmp'", command)
        self.assertIn("DTH_SOURCE_SECRET_ACCESS_KEY=", command)


class KilledTest(TaskHost):
    """On servers of its own, which answer slowly enough that something happens meanwhile."""

    OBJECTS = 1200

    def serve(self):
        source = BenchServer("--delay-ms", "5", "--synthetic", f"from:key/:{self.OBJECTS}:1024")
        into = BenchServer("--bucket", "into")
        self.addCleanup(source.stop)
        self.addCleanup(into.stop)
        self.make_endpoints(source.endpoint, into.endpoint)
        return source, into

    def check_exact(self, task, into):
        last = self.task(task)["lastRun"]
        self.assertEqual((last["state"], last["counts"]["copied"], last["counts"]["failed"]), ("SUCCEEDED", str(self.OBJECTS), "0"), last)
        there = Client(into.endpoint, *self.key)
        self.addCleanup(there.close)
        self.assertEqual(len(set(there.list("into"))), self.OBJECTS)

    def test_a_hub_that_is_killed_in_the_middle_goes_on_after_its_restart(self):
        self.start_hub()
        _, into = self.serve()
        task = self.make_task("t", "from/", "into/", {"concurrency": "8"}, kind="EVERY", everyCount=1, everyUnit="HOURS", anchor=self.soon(1))
        self.until(lambda: into.counts().get("PutObject", 0) > 100, "objects were copied")
        self.running.kill()
        self.restart()
        self.until(lambda: self.ran(task, 1), "it ran", 120)
        self.assertEqual(self.task(task)["runCount"], 1)
        self.check_exact(task, into)

    def test_a_task_is_paused_edited_and_resumed_in_the_middle_of_its_run(self):
        self.start_hub()
        _, into = self.serve()
        task = self.make_task("t", "from/", "into/", {"concurrency": "8"})
        self.assertIsNone(self.each("run", task)[0]["error"])
        self.assertEqual(self.each("run", task)[0]["error"]["code"], "WRONG_STATE")
        self.until(lambda: into.counts().get("PutObject", 0) > 100, "objects were copied")
        self.assertEqual(self.each("pause", task)[0]["task"], {"state": "PAUSED", "activity": "PAUSED"})
        self.assertEqual(self.each("archive", task)[0]["error"]["code"], "WRONG_STATE")
        edited = self.task_input("edited", "from/", "into/", {"concurrency": "8", "exclude": "key/*"})
        changed = self.mutate("updateTask", {"id": task, "revision": self.task(task)["revision"], "task": edited}, "task { name }")
        self.assertEqual((changed["task"], changed["userErrors"]), ({"name": "edited"}, []))
        stale = self.mutate("updateTask", {"id": task, "revision": 1, "task": edited}, "task { name }")
        self.assertEqual(stale["userErrors"][0]["code"], "STALE_REVISION")
        self.assertEqual(self.each("resume", task)[0]["task"]["state"], "READY")
        self.until(lambda: self.ran(task, 1), "it ran", 120)
        self.check_exact(task, into)
        self.assertIsNone(self.each("run", task)[0]["error"])
        self.until(lambda: self.ran(task, 2), "it ran again")
        self.assertEqual(self.task(task)["lastRun"]["counts"], {"copied": "0", "unchanged": "0", "failed": "0"}, "the edit counts from then on")

    def test_only_operators_steer_tasks_and_the_hubs_own_files_are_the_administrators(self):
        self.start_hub()
        self.serve()
        disk = self.create("disk", kind="file")
        task = self.task_input("t", "from/", "into/")
        for role in ("viewer", "operator"):
            headers = self.of(self.running.make_token(role))
            answer = self.ask("mutation($input: CreateTaskInput!) { createTask(input: $input) { task { id } userErrors { message } } }",
                              {"input": {"task": dict(task, name=role)}}, headers)
            if role == "viewer":
                self.assertEqual(answer["errors"][0]["extensions"]["code"], "PERMISSION_DENIED")
                continue
            self.assertEqual(answer["data"]["createTask"]["userErrors"], [])
            for bad in (dict(task, name="x", options=self.pairs({"object-list": "/etc/passwd"})),
                        dict(task, name="x", options=self.pairs({"source-endpoint-url": "http://127.0.0.1:1"})),
                        dict(task, name="x", source={"endpointId": disk, "path": "/etc/"})):
                refused = self.mutate("createTask", {"task": bad}, "task { id }", headers)
                self.assertIsNone(refused["task"], bad)
                self.assertTrue(refused["userErrors"][0]["field"][:2] == ["input", "task"], refused)


class TwoHubsTest(TaskHost):
    """Two hubs on one PostgreSQL."""

    def setUp(self):
        self.postgres = postgres_server.PostgresServer()
        self.addCleanup(self.postgres.stop)
        super().setUp()

    def environment(self, **changes):
        return super().environment(**({"DTH_DATABASE": self.postgres.url} | changes))

    def test_no_slot_is_lost_or_doubled_while_hubs_come_and_go(self):
        tasks = 12
        ledger = ["--no-worker"]
        self.start_hub(*ledger)
        self.here = self.create("here", endpoint_url="http://127.0.0.1:1", addressing="path")
        self.there = self.create("there", endpoint_url="http://127.0.0.1:2", addressing="path")
        key = self.data / "master.key"
        other = self.hub("--no-worker", "--master-key", key, data=self.directory / "other")
        made = [self.make_task(f"t{i}", f"from/{i}/", f"into/{i}/", kind="ONCE", at=self.soon(2 + i / 4)) for i in range(tasks)]
        self.until(lambda: self.task(made[0])["runCount"] > 0, "the first slot was used")
        other.kill()  # -9: whether it held the lease or not
        self.until(lambda: all(self.task(each)["runCount"] == 1 for each in made), "every slot was used once", 60)
        for counted in ("count(*)", "count(distinct task)"):
            self.assertEqual(self.postgres.value(f"select {counted} from run"), str(tasks), counted)


if __name__ == "__main__":
    unittest.main()
